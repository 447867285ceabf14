#include "directory/shared_checkpoint.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ringbook {
namespace {

// What an entry is of, its first octet.
enum class Entry : std::uint8_t { present = 'p', absent = 'a', released = 'r' };

constexpr std::size_t number_octets = 5;
constexpr std::size_t place_octets = 6;  // Of sequences and times: a row has 47 bits for each.

void add_octets(std::string& out, std::uint64_t number, std::size_t octets) {
  while (octets-- > 0) {
    out.push_back(static_cast<char>(number >> (8 * octets)));
  }
}

void add_user(std::string& out, const StoredState& user) {
  out.push_back(static_cast<char>(user.is_present ? Entry::present : Entry::absent));
  out.append(user.id.bytes().begin(), user.id.bytes().end());
  add_octets(out, user.extension ? user.extension->packed() : 0, number_octets);
  for (const std::uint64_t word : {user.number_sequence, static_cast<std::uint64_t>(user.since.ms),
                                   user.version, static_cast<std::uint64_t>(user.updated_at.ms)}) {
    add_octets(out, word, place_octets);
  }
}

void add_released(std::string& out, Extension number, std::uint64_t sequence) {
  out.push_back(static_cast<char>(Entry::released));
  add_octets(out, number.packed(), number_octets);
  add_octets(out, sequence, place_octets);
}

// Reads an entry after the other; what is not there reads as nothing, and is told.
class PartReader {
 public:
  explicit PartReader(std::string_view part) : rest_(part) {}

  bool is_over() const { return rest_.empty(); }
  bool is_damaged() const { return is_damaged_; }

  std::uint64_t number(std::size_t octets) {
    std::uint64_t out = 0;
    for (const char octet : take(octets)) {
      out = out << 8 | static_cast<std::uint8_t>(octet);
    }
    return out;
  }
  Entry entry() { return static_cast<Entry>(number(1)); }
  std::optional<Extension> extension() {
    const std::uint64_t packed = number(number_octets);
    const auto out = Extension::from_packed(packed);
    is_damaged_ = is_damaged_ || (packed != 0 && !out);
    return out;
  }
  StoredState user(bool is_present) {
    UserId::Bytes id{};
    const std::string_view octets = take(id.size());
    std::copy(octets.begin(), octets.end(), id.begin());
    StoredState out;
    out.id = UserId(id);
    out.is_present = is_present;
    out.extension = extension();
    out.number_sequence = number(place_octets);
    out.since.ms = static_cast<std::int64_t>(number(place_octets));
    out.version = number(place_octets);
    out.updated_at.ms = static_cast<std::int64_t>(number(place_octets));
    return out;
  }

 private:
  std::string_view take(std::size_t octets) {
    if (octets > rest_.size()) {
      is_damaged_ = true;
      return rest_ = {};
    }
    const std::string_view taken = rest_.substr(0, octets);
    rest_.remove_prefix(octets);
    return taken;
  }

  std::string_view rest_;
  bool is_damaged_ = false;
};

std::unexpected<Error> no_part() {
  return fail(Errc::damaged, "a checkpoint of the journal has a part that is none");
}

}  // namespace

void CheckpointPacker::before(const Change& change) {
  if (const auto slot = registry_.slot_of(change.user);
      slot && *slot >= next_ && *slot < slots_ && !users_.contains(*slot)) {
    users_.emplace(*slot, registry_.stored(*slot));
  }
  for (const auto& number : {change.from, change.to}) {
    if (number && Registry::shard_of(*number) >= shard_ && !numbers_.contains(*number)) {
      numbers_.emplace(*number, registry_.released_by(*number));
    }
  }
}

std::optional<std::string> CheckpointPacker::next_part(std::size_t octets) {
  std::string out;
  for (; next_ < slots_ && out.size() < octets; ++next_) {
    const auto kept = users_.extract(next_);
    const StoredState user = kept ? kept.mapped() : registry_.stored(next_);
    if (user.version != 0) {  // Else another program's, of whom the journal says nothing.
      add_user(out, user);
    }
  }
  for (; next_ == slots_ && shard_ < Registry::shards && out.size() < octets; ++shard_) {
    registry_.visit_released(shard_, [&](Extension number, std::uint64_t sequence) {
      if (!numbers_.contains(number)) {
        add_released(out, number, sequence);
      }
    });
    std::erase_if(numbers_, [&](const auto& kept) {
      const bool is_here = Registry::shard_of(kept.first) == shard_;
      if (is_here && kept.second != 0) {
        add_released(out, kept.first, kept.second);
      }
      return is_here;
    });
  }
  return !out.empty() ? std::optional(std::move(out)) : std::nullopt;
}

Result<void> restore_part(std::string_view part, const ProfileView& profile, Registry& registry) {
  PartReader read(part);
  RestoredUsers users;
  std::vector<std::pair<Extension, std::uint64_t>> released;
  while (!read.is_over()) {
    const Entry entry = read.entry();
    const bool is_present = entry == Entry::present;
    if (entry == Entry::released) {
      const auto number = read.extension();
      const std::uint64_t sequence = read.number(place_octets);
      if (!number || read.is_damaged()) {
        return no_part();
      }
      released.emplace_back(*number, sequence);
    } else if (is_present || entry == Entry::absent) {
      const StoredState user = read.user(is_present);
      if (read.is_damaged()) {
        return no_part();
      }
      if (auto added = users.add(user, is_present ? std::optional(profile) : std::nullopt);
          !added) {
        return added;
      }
    } else {
      return no_part();
    }
  }
  if (auto restored = registry.restore(std::move(users)); !restored) {
    return restored;
  }
  for (const auto& [number, sequence] : released) {
    if (auto restored = registry.restore_released(number, sequence); !restored) {
      return restored;
    }
  }
  return {};
}

}  // namespace ringbook

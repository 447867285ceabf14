#include "directory/shared_batch.h"

#include <algorithm>

#include "base/distinct.h"
#include "base/limits.h"
#include "directory/turn_record.h"

namespace ringbook {
namespace {

void add_number(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift));
  }
}

// With its length before it, so that no two batches give the same octets.
void add_text(std::string& out, std::string_view text) {
  add_number(out, text.size());
  out.append(text);
}

}  // namespace

void add_digest(std::string& octets, const Digest& digest) {
  octets.append(digest.begin(), digest.end());
}

std::string octets_of_part(const BatchContents& part) {
  std::string out;
  add_number(out, part.records.size());
  for (const std::string& record : part.records) {
    add_text(out, record);
  }
  return out;
}

std::string hashed_octets(const SharedBatch& batch, const Digest& before) {
  std::string out;
  add_digest(out, before);
  add_number(out, batch.number);
  add_text(out, batch.by);
  add_number(out, batch.first);
  add_number(out, batch.changes);
  add_number(out, static_cast<std::uint64_t>(batch.at.ms));
  add_number(out, batch.set ? 1 : 0);
  if (!batch.set) {
    out += octets_of_part(batch.contents);
  }
  if (batch.set) {
    add_text(out, batch.set->id);
    add_number(out, batch.set->parts);
    add_digest(out, batch.set->digest);
    add_number(out, batch.set->base);
  }
  add_number(out, batch.drop ? 1 : 0);
  if (batch.drop) {
    add_text(out, *batch.drop);
  }
  return out;
}

BatchContents to_contents(const Batch& batch, std::size_t begin, std::size_t end) {
  BatchContents contents;
  for (std::size_t first = begin; first < end; first += limits::turn_changes) {
    append_turn_record(batch, first, std::min(first + limits::turn_changes, end),
                       contents.records.emplace_back());
  }
  for (std::size_t i = begin; i < end; ++i) {
    const Change& change = batch.changes[i];
    contents.users.push_back(change.user);
    for (const auto& number : {change.from, change.to}) {
      if (number) {
        contents.numbers.push_back(*number);
      }
    }
    if (change.profile) {
      contents.profiles.push_back({change.sequence, change.profile});
    }
  }
  keep_distinct(contents.users);
  keep_distinct(contents.numbers);
  return contents;
}

std::size_t octets_of(const Batch& batch, std::size_t begin, std::size_t end) {
  constexpr std::size_t record = 64;  // With the user and the numbers once more, for the indexes.
  std::size_t octets = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const PackedProfile& profile = batch.changes[i].profile;
    octets += record + (profile ? profile.bytes().size() : 0);
  }
  return octets;
}

std::vector<BatchContents> to_parts(const Batch& batch, std::size_t changes) {
  std::vector<BatchContents> parts;
  for (std::size_t begin = 0; begin < batch.changes.size();) {
    std::size_t end = begin;
    for (std::size_t octets = 0; end < batch.changes.size() && end - begin < changes; ++end) {
      octets += octets_of(batch, end, end + 1);
      if (octets > limits::shared_part_bytes && end > begin) {
        break;
      }
    }
    parts.push_back(to_contents(batch, begin, end));
    begin = end;
  }
  return parts;
}

Result<std::vector<RecordedChange>> read_changes(const SharedBatch& batch) {
  std::vector<RecordedChange> changes;
  const std::uint64_t base = batch.set ? batch.set->base : batch.first - 1;
  const auto moved = [&](std::uint64_t sequence) {
    return sequence > base ? sequence + batch.first - 1 - base : sequence;
  };
  auto profile = batch.contents.profiles.begin();
  for (const std::string& record : batch.contents.records) {
    auto cursor = TurnCursor::begin(record);
    if (!cursor) {
      return std::unexpected(std::move(cursor.error()));
    }
    for (auto more = cursor->next(); !more || *more; more = cursor->next()) {
      if (!more) {
        return std::unexpected(std::move(more.error()));
      }
      RecordedChange& read =
          changes.emplace_back(cursor->change(), std::string(cursor->issuer()),
                               std::string(cursor->subject()), std::string(cursor->request_id()));
      for (; profile != batch.contents.profiles.end() && profile->sequence <= read.change.sequence;
           ++profile) {
        if (profile->sequence == read.change.sequence) {
          read.change.profile = profile->profile;
        }
      }
      read.change.sequence = moved(read.change.sequence);
      read.change.set = moved(read.change.set);
      read.change.at = batch.at;
      read.change.previous_of_user = moved(read.change.previous_of_user);
      read.change.previous_of_number = moved(read.change.previous_of_number);
    }
  }
  return changes;
}

}  // namespace ringbook

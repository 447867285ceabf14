// The questions a registry answers about the present.
#include <algorithm>

#include "directory/registry.h"

namespace ringbook {

std::optional<User> Registry::user(UserId id) const {
  const Slot slot = find_present(id);
  return slot != nobody ? std::optional(to_user(rows_[slot])) : std::nullopt;
}

std::optional<std::string> Registry::name_of(UserId id) const {
  const Slot slot = find_present(id);
  const auto name = slot != nobody ? rows_[slot].profile().name() : std::nullopt;
  return name ? std::optional<std::string>(*name) : std::nullopt;
}

std::optional<std::uint32_t> Registry::slot_of(UserId id) const {
  const Slot slot = find(id);
  return slot != nobody ? std::optional(slot) : std::nullopt;
}

StoredState Registry::stored(std::uint32_t slot) const {
  const Row& row = rows_[slot];
  return {.id = row.id(),
          .is_present = row.is_present(),
          .extension = row.extension(),
          .number_sequence = row.number_sequence(),
          .since = row.since(),
          .version = row.version(),
          .updated_at = row.updated_at()};
}

std::optional<ProfileView> Registry::profile_of(std::uint32_t slot) const {
  const Row& row = rows_[slot];
  return row.is_present() ? std::optional(row.profile().view()) : std::nullopt;
}

std::size_t Registry::shard_of(Extension extension) {
  static_assert(shards == decltype(released_)::shard_count);
  return decltype(released_)::shard_of(hash_of(extension.packed()));
}

void Registry::visit_released(std::size_t shard,
                              std::move_only_function<void(Extension, std::uint64_t)> visit) const {
  released_.visit_shard(shard, [&](const Released& released) {
    visit(*Extension::from_packed(released.packed), released.sequence);
  });
}

bool Registry::step(UserScan& scan, std::size_t most) const {
  if (scan.way == UserScan::Way::unplanned) {
    scan.page.last_change = last_sequence_;
  }
  return search_.step(scan, most);
}

void Registry::visit_in_order(std::move_only_function<bool(const User&)> visit) const {
  std::ranges::all_of(search_.present_in_order(),
                      [&](Slot slot) { return visit(to_user(rows_[slot])); });
}

ExtensionState Registry::extension(Extension extension) const {
  const Slot slot = holder_of(extension);
  if (slot == nobody) {
    return {};
  }
  const Row& holder = rows_[slot];
  return {holder.id(), name_of(holder.id()), holder.since()};
}

std::optional<std::uint64_t> Registry::newest_of(UserId id) const {
  const Slot slot = find(id);
  return slot != nobody ? std::optional(rows_[slot].number_sequence()) : std::nullopt;
}

std::optional<Version> Registry::last_version_of(UserId id) const {
  const Slot slot = find(id);
  return slot != nobody ? std::optional(rows_[slot].version()) : std::nullopt;
}

std::uint64_t Registry::newest_of(Extension extension) const {
  const Slot slot = holder_of(extension);
  return slot != nobody ? rows_[slot].number_sequence() : released_by(extension);
}

}  // namespace ringbook

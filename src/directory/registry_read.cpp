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

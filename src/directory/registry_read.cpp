// The questions a registry answers about the present.
#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "directory/registry.h"

namespace ringbook {
User Registry::to_user(const Row& row) {
  return User{row.id, row.profile.unpack(), row.extension, row.version, row.updated_at};
}

std::optional<User> Registry::user(UserId id) const {
  const Slot slot = find_present(id);
  return slot != nobody ? std::optional(to_user(rows_[slot])) : std::nullopt;
}

std::optional<std::string> Registry::name_of(UserId id) const {
  const Slot slot = find_present(id);
  if (slot == nobody || !rows_[slot].profile.name()) {
    return std::nullopt;
  }
  return std::string(*rows_[slot].profile.name());
}

ExtensionState Registry::extension(Extension extension) const {
  const Number* number = find(extension);
  if (number == nullptr || number->holder() == nobody) {
    return {};
  }
  const Row& holder = rows_[number->holder()];
  return {holder.id, name_of(holder.id), holder.since};
}

std::optional<std::uint64_t> Registry::newest_of(UserId id) const {
  const Slot slot = find(id);
  return slot != nobody ? std::optional(rows_[slot].number_sequence) : std::nullopt;
}

std::optional<Version> Registry::last_version_of(UserId id) const {
  const Slot slot = find(id);
  return slot != nobody ? std::optional(rows_[slot].version) : std::nullopt;
}

std::uint64_t Registry::newest_of(Extension extension) const {
  const Number* number = find(extension);
  if (number == nullptr) {
    return 0;
  }
  return number->holder() != nobody ? rows_[number->holder()].number_sequence
                                    : number->released_by();
}

}  // namespace ringbook

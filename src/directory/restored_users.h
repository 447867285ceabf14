// Users of consecutive slots on their way from what an engine stored into a registry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/error.h"
#include "directory/registry_rows.h"
#include "directory/stored_user.h"

namespace ringbook {

// Threads: one at a time; several threads may each fill their own.
class RestoredUsers {
 public:
  // Adds the user of the next slot. Errors: damaged, for one that contradicts itself.
  Result<void> add(const StoredState& user, const std::optional<ProfileView>& profile);
  std::size_t size() const { return rows_.size(); }

 private:
  friend class Registry;

  RegistryRows rows_;
  std::size_t present_ = 0;
  std::uint64_t newest_ = 0;  // The last change that any of them names.
};

}  // namespace ringbook

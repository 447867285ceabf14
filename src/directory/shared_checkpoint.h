// The state of a shared directory as octets, without any profile: packed part by part while changes
// go on, and read again by a start.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "directory/change.h"
#include "directory/registry.h"

namespace ringbook {

// Packs what a registry holds when this is made, whatever happens to it later: who changes before
// its turn comes is kept as it was. Needs that nothing is decided that is not committed. Threads:
// the registry's. Cost: 42 octets for each user who has or had a number or a profile by a change,
// 12 for each number that was released; some 100 octets of memory for each that is kept.
class CheckpointPacker {
 public:
  // Lifetime: the registry outlives this.
  explicit CheckpointPacker(const Registry& registry)
      : registry_(registry), slots_(registry.slots()) {}

  // Told of every change before it takes effect.
  void before(const Change& change);
  // The next part: of so many octets at least, unless it is the last. Nothing when all is packed.
  std::optional<std::string> next_part(std::size_t octets);
  // Users and numbers that are kept because they changed.
  std::size_t kept() const { return users_.size() + numbers_.size(); }

 private:
  const Registry& registry_;
  std::uint32_t slots_;     // Those who were there.
  std::uint32_t next_ = 0;  // Of these.
  std::size_t shard_ = 0;   // Of the released numbers, as the registry parts them.
  std::unordered_map<std::uint32_t, StoredState> users_;
  std::map<Extension, std::uint64_t> numbers_;  // And by which change it was released, or 0.
};

// Restores what a part holds. Present users get `profile`. Errors: damaged.
Result<void> restore_part(std::string_view part, const ProfileView& profile, Registry& registry);

}  // namespace ringbook

// A profile in as few octets as it takes: what the registry keeps by the million.
#pragma once

#include <memory>

#include "directory/user.h"

namespace ringbook {

// A profile in one allocation; empty holds none. Cost: an octet, and one for each text beside its
// own (two when it is long); the role that people have unless told otherwise takes none.
class CompactProfile {
 public:
  CompactProfile() = default;
  explicit CompactProfile(const ProfileView& profile);
  explicit operator bool() const { return bytes_ != nullptr; }
  // Views into this object. Need a profile.
  ProfileView view() const;
  std::optional<std::string_view> name() const { return view().name; }

 private:
  std::unique_ptr<char[]> bytes_;
};

}  // namespace ringbook

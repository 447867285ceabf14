// A profile in one allocation, in the form in which engines store it.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "directory/user.h"

namespace ringbook {

// A profile in one allocation; empty holds none. What changes carry, and the fold keeps by the
// million.
class PackedProfile {
 public:
  PackedProfile() = default;
  explicit PackedProfile(const ProfileView& profile);
  explicit PackedProfile(const Profile& profile) : PackedProfile(profile.view()) {}
  PackedProfile(const PackedProfile& other);
  PackedProfile(PackedProfile&&) noexcept = default;
  PackedProfile& operator=(PackedProfile other) noexcept {
    bytes_ = std::move(other.bytes_);
    return *this;
  }
  explicit operator bool() const { return bytes_ != nullptr; }
  Profile unpack() const { return to_profile(view()); }  // Needs a profile.
  // Views into this object; name is nothing when absent. Need a profile.
  ProfileView view() const;
  std::optional<std::string_view> name() const;
  std::optional<std::string_view> email() const;
  std::optional<std::string_view> department() const;
  std::string_view role() const;
  bool active() const;
  bool operator==(const PackedProfile& other) const;
  // The bytes as engines store them, and back (nothing when they are not of that form).
  std::string_view bytes() const;
  static std::optional<PackedProfile> from_bytes(std::string_view bytes);

 private:
  std::unique_ptr<char[]> bytes_;
};

}  // namespace ringbook

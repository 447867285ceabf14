// What a registry keeps of each user, in 48 octets: people are there by the million, and a change
// of one should touch a line or two of memory.
//
// Invariants: 1. A row has a profile exactly while its user is present. 2. Sequences are at most
// limits::changes, and times from 1970 on, up to the year 6429: what is beyond is kept as the
// nearest of these.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "directory/compact_profile.h"
#include "directory/extension.h"
#include "directory/user.h"

namespace ringbook {

class RegistryRow {
 public:
  explicit RegistryRow(const UserId& id) : id_(id) {}

  const UserId& id() const { return id_; }
  bool is_present() const { return static_cast<bool>(profile_); }
  const CompactProfile& profile() const { return profile_; }
  std::optional<Extension> extension() const { return Extension::from_packed(packed_extension()); }
  bool holds(Extension extension) const { return packed_extension() == extension.packed(); }
  // The last change of the number; 0 when there was none.
  std::uint64_t number_sequence() const { return number_sequence_.value(); }
  // When the present number was given.
  Instant since() const { return {static_cast<std::int64_t>(since_.value())}; }
  Version version() const { return version_.value(); }
  Instant updated_at() const { return {static_cast<std::int64_t>(updated_at_.value())}; }

  void set_profile(CompactProfile profile) { profile_ = std::move(profile); }
  CompactProfile take_profile() { return std::exchange(profile_, {}); }
  void set_number(const std::optional<Extension>& extension, std::uint64_t sequence,
                  Instant since) {
    const std::uint64_t packed = extension ? extension->packed() : 0;
    extension_low_ = static_cast<std::uint32_t>(packed);
    version_.spare = packed >> 32 & 1;
    number_sequence_.spare = packed >> 33 & 1;
    since_.spare = packed >> 34 & 1;
    number_sequence_.set(sequence);
    since_.set(nearest(since));
  }
  void set_version(Version version, Instant updated_at) {
    version_.set(version);
    updated_at_.set(nearest(updated_at));
  }

  // The same but for the profile, which it has none of.
  RegistryRow without_profile() const {
    RegistryRow row(id_);
    row.extension_low_ = extension_low_;
    row.version_ = version_;
    row.number_sequence_ = number_sequence_;
    row.since_ = since_;
    row.updated_at_ = updated_at_;
    return row;
  }

 private:
  // 47 bits of a number, and one that is free.
  struct Narrow {
    std::uint16_t low = 0;
    std::uint16_t middle = 0;
    std::uint16_t high : 15 = 0;
    std::uint16_t spare : 1 = 0;

    std::uint64_t value() const {
      return low | (std::uint64_t{middle} << 16) | (std::uint64_t{high} << 32);
    }
    void set(std::uint64_t value) {
      low = static_cast<std::uint16_t>(value);
      middle = static_cast<std::uint16_t>(value >> 16);
      high = static_cast<std::uint16_t>(value >> 32) & 0x7FFF;
    }
  };

  // 0 for none.
  std::uint64_t packed_extension() const {
    return extension_low_ | (std::uint64_t{version_.spare} << 32) |
           (std::uint64_t{number_sequence_.spare} << 33) | (std::uint64_t{since_.spare} << 34);
  }
  static std::uint64_t nearest(Instant at) {
    constexpr std::int64_t last = (std::int64_t{1} << 47) - 1;
    return static_cast<std::uint64_t>(std::clamp<std::int64_t>(at.ms, 0, last));
  }

  UserId id_;
  std::uint32_t extension_low_ = 0;  // The other bits of the number are the spare ones below.
  CompactProfile profile_;
  Narrow version_;
  Narrow number_sequence_;
  Narrow since_;
  Narrow updated_at_;
};

static_assert(limits::changes < std::uint64_t{1} << 47);
static_assert(sizeof(RegistryRow) == 48);

// Needs a present user.
inline User to_user(const RegistryRow& row) {
  return {row.id(), to_profile(row.profile().view()), row.extension(), row.version(),
          row.updated_at()};
}

}  // namespace ringbook

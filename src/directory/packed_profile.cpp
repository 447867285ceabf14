// The packed form of a profile: a 16-bit length of what follows, a byte of flags, then role, name,
// e-mail and department, each with a 16-bit length; absent ones are left out. Lengths are
// little-endian.
#include <array>
#include <cstring>

#include "base/check.h"
#include "base/limits.h"
#include "directory/packed_profile.h"

namespace ringbook {
namespace {

using Flag = unsigned char;
constexpr Flag none = 0, is_active = 1, has_name = 2, has_email = 4, has_department = 8;
// The texts in the order in which they are stored; the role is always there.
constexpr std::array<Flag, 4> texts{none, has_name, has_email, has_department};

constexpr std::size_t length_bytes = 2;
constexpr std::size_t header_bytes = length_bytes + 1;
// A code point is at most 4 bytes.
static_assert(header_bytes + 4 * length_bytes +
                      4 * (limits::role_chars + limits::name_chars + limits::email_chars +
                           limits::department_chars) <=
                  0xFFFF,
              "the largest profile has a 16-bit length");

std::size_t read_length(const char* at) {
  return static_cast<unsigned char>(at[0]) + 256U * static_cast<unsigned char>(at[1]);
}

void write_length(char* at, std::size_t length) {
  at[0] = static_cast<char>(length & 0xFF);
  at[1] = static_cast<char>(length >> 8);
}

bool is_stored(Flag flags, Flag text) {
  return text == none || (flags & text) != 0;
}

// The text with this flag, found by skipping those before it.
std::optional<std::string_view> find(const char* bytes, Flag wanted) {
  const auto flags = static_cast<Flag>(bytes[length_bytes]);
  if (!is_stored(flags, wanted)) {
    return std::nullopt;
  }
  const char* at = bytes + header_bytes;
  for (const Flag flag : texts) {
    if (!is_stored(flags, flag)) {
      continue;
    }
    const std::size_t length = read_length(at);
    if (flag == wanted) {
      return std::string_view(at + length_bytes, length);
    }
    at += length_bytes + length;
  }
  return std::nullopt;
}

}  // namespace

PackedProfile::PackedProfile(const ProfileView& profile) {
  const std::pair<Flag, const std::optional<std::string_view>*> optional_texts[] = {
      {has_name, &profile.name},
      {has_email, &profile.email},
      {has_department, &profile.department}};
  std::size_t size = header_bytes + length_bytes + profile.role.size();
  Flag flags = profile.active ? is_active : none;
  for (const auto& [flag, text] : optional_texts) {
    if (is_given(*text)) {
      size += length_bytes + (*text)->size();
      flags = static_cast<Flag>(flags | flag);
    }
  }
  check(size <= 0xFFFF, "a profile is within its limits");
  bytes_ = std::make_unique_for_overwrite<char[]>(size);
  write_length(bytes_.get(), size - length_bytes);
  bytes_[length_bytes] = static_cast<char>(flags);
  char* at = bytes_.get() + header_bytes;
  const auto append = [&at](std::string_view text) {
    write_length(at, text.size());
    std::memcpy(at + length_bytes, text.data(), text.size());
    at += length_bytes + text.size();
  };
  append(profile.role);
  for (const auto& [flag, text] : optional_texts) {
    if (is_given(*text)) {
      append(**text);
    }
  }
}

PackedProfile::PackedProfile(const PackedProfile& other) {
  if (other) {
    const std::string_view from = other.bytes();
    bytes_ = std::make_unique_for_overwrite<char[]>(from.size());
    std::memcpy(bytes_.get(), from.data(), from.size());
  }
}

std::string_view PackedProfile::bytes() const {
  return {bytes_.get(), length_bytes + read_length(bytes_.get())};
}

std::optional<PackedProfile> PackedProfile::from_bytes(std::string_view bytes) {
  if (bytes.size() < header_bytes || length_bytes + read_length(bytes.data()) != bytes.size()) {
    return std::nullopt;
  }
  const auto flags = static_cast<Flag>(bytes[length_bytes]);
  std::size_t at = header_bytes;
  for (const Flag flag : texts) {
    if (!is_stored(flags, flag)) {
      continue;
    }
    if (bytes.size() - at < length_bytes) {
      return std::nullopt;
    }
    at += length_bytes + read_length(bytes.data() + at);
    if (at > bytes.size()) {
      return std::nullopt;
    }
  }
  if (at != bytes.size()) {
    return std::nullopt;
  }
  PackedProfile packed;
  packed.bytes_ = std::make_unique_for_overwrite<char[]>(bytes.size());
  std::memcpy(packed.bytes_.get(), bytes.data(), bytes.size());
  return packed;
}

std::optional<std::string_view> PackedProfile::name() const {
  return find(bytes_.get(), has_name);
}
std::optional<std::string_view> PackedProfile::email() const {
  return find(bytes_.get(), has_email);
}
std::optional<std::string_view> PackedProfile::department() const {
  return find(bytes_.get(), has_department);
}
std::string_view PackedProfile::role() const {
  return *find(bytes_.get(), none);
}
bool PackedProfile::active() const {
  return (bytes_[length_bytes] & is_active) != 0;
}

ProfileView PackedProfile::view() const {
  return {name(), email(), department(), role(), active()};
}

bool PackedProfile::operator==(const PackedProfile& other) const {
  if (!*this || !other) {
    return !*this && !other;
  }
  return bytes() == other.bytes();
}

}  // namespace ringbook

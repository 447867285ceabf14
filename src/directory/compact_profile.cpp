// The compact form: an octet of marks, then name, e-mail, department and role, each with its
// length; those without a mark are left out. A length of 128 or more takes two octets, its low
// seven bits first.
#include "directory/compact_profile.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using Mark = unsigned char;
constexpr Mark active_mark = 1, name_mark = 2, email_mark = 4, department_mark = 8, role_mark = 16;

constexpr std::string_view usual_role = "user";

constexpr std::size_t short_length = 0x80;
// A code point is at most 4 bytes.
static_assert(4 * std::max({limits::role_chars, limits::name_chars, limits::email_chars,
                            limits::department_chars}) <
                  short_length * 0x100,
              "the length of every text takes two octets at most");

std::size_t packed_size(std::string_view text) {
  return (text.size() < short_length ? 1 : 2) + text.size();
}

char* append_text(char* at, std::string_view text) {
  if (text.size() < short_length) {
    *at++ = static_cast<char>(text.size());
  } else {
    *at++ = static_cast<char>(short_length | (text.size() % short_length));
    *at++ = static_cast<char>(text.size() / short_length);
  }
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

std::string_view take_text(const char*& at) {
  std::size_t length = static_cast<unsigned char>(*at++);
  if (length >= short_length) {
    length = length % short_length + short_length * static_cast<unsigned char>(*at++);
  }
  const std::string_view text(at, length);
  at += length;
  return text;
}

}  // namespace

CompactProfile::CompactProfile(const ProfileView& profile) {
  const std::pair<Mark, std::optional<std::string_view>> texts[] = {
      {name_mark, profile.name},
      {email_mark, profile.email},
      {department_mark, profile.department},
      {role_mark, profile.role != usual_role ? std::optional(profile.role) : std::nullopt}};
  check(!profile.role.empty(), "a profile has a role");
  std::size_t size = 1;
  Mark marks = profile.active ? active_mark : 0;
  for (const auto& [mark, text] : texts) {
    if (is_given(text)) {
      size += packed_size(*text);
      marks = static_cast<Mark>(marks | mark);
    }
  }
  bytes_ = std::make_unique_for_overwrite<char[]>(size);
  char* at = bytes_.get();
  *at++ = static_cast<char>(marks);
  for (const auto& [mark, text] : texts) {
    if ((marks & mark) != 0) {
      at = append_text(at, *text);
    }
  }
}

ProfileView CompactProfile::view() const {
  const char* at = bytes_.get();
  const auto marks = static_cast<Mark>(*at++);
  const auto next = [&](Mark mark) {
    return (marks & mark) != 0 ? std::optional(take_text(at)) : std::nullopt;
  };
  ProfileView view;
  view.name = next(name_mark);
  view.email = next(email_mark);
  view.department = next(department_mark);
  view.role = next(role_mark).value_or(usual_role);
  view.active = (marks & active_mark) != 0;
  return view;
}

}  // namespace ringbook

// Edits of users who are numbers, for the tests of the registry.
#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "directory/change.h"
#include "directory/registry.h"

namespace ringbook::test {

inline UserId id(std::uint8_t n) {
  UserId::Bytes bytes{};
  bytes[11] = n;
  return UserId(bytes);
}

// Of many, in no order.
inline UserId scattered_id(std::uint32_t n) {
  UserId::Bytes bytes{};
  const std::uint64_t scattered = mix(n);
  std::memcpy(bytes.data(), &scattered, sizeof scattered);
  return UserId(bytes);
}

inline Extension number(std::string_view text) {
  return *Extension::parse(text);
}

inline Edit put(UserId user, std::optional<std::string> name = {}) {
  Edit edit;
  edit.user = user;
  edit.person = Edit::Person::put;
  edit.profile.name = std::move(name);
  return edit;
}

inline Edit assign(UserId user, std::string_view extension) {
  Edit edit;
  edit.user = user;
  edit.number = Edit::Number::assign;
  edit.extension = number(extension);
  return edit;
}

inline Edit remove(UserId user) {
  Edit edit;
  edit.user = user;
  edit.person = Edit::Person::remove;
  return edit;
}

// All of it at once.
inline void prepare_search(Registry& registry) {
  while (!registry.prepare_search(1000)) {
  }
}

}  // namespace ringbook::test

// The members of one JSON Web Key, and what about their spelling is odd but harmless.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace ringbook {

class JwkMembers {
 public:
  // Lifetime: that of the key's document.
  explicit JwkMembers(const JsonDocument::Value& jwk) : jwk_(jwk) {}

  // Nothing for a member that is absent, and for null, with which some programs write that.
  std::optional<JsonDocument::Value> find(std::string_view name);
  std::optional<std::string_view> string(std::string_view name);
  // The octets of a member in base64url, with or without the right padding, in either alphabet;
  // nothing when there are none or they are spelled in any other way.
  std::optional<std::string> bytes(std::string_view name);
  // A number, big-endian: without zero octets in front (RFC 7518 §2), or with as many as make it
  // `size` octets (§6.2.1.2). Nothing for zero, and for one that is longer than `size`.
  std::optional<std::string> number(std::string_view name, std::size_t size = 0);

  // What was met that is written otherwise, in words for the operator.
  std::vector<std::string> oddities() && { return std::move(oddities_); }

 private:
  void note(std::string_view name, std::string_view what);

  JsonDocument::Value jwk_;
  std::vector<std::string> oddities_;
};

}  // namespace ringbook

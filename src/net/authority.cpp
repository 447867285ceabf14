#include "net/authority.h"

#include <algorithm>
#include <charconv>

namespace ringbook {
namespace {

constexpr std::string_view of_names =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
constexpr std::string_view of_ipv6 = "abcdefABCDEF0123456789.:";

}  // namespace

std::optional<Authority> Authority::split(std::string_view text) {
  Authority out;
  out.is_bracketed = text.starts_with('[');
  const std::size_t end = text.find(out.is_bracketed ? ']' : ':');
  if (out.is_bracketed && end == std::string_view::npos) {
    return std::nullopt;
  }
  out.host = out.is_bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  const std::string_view rest =
      text.substr(std::min(out.is_bracketed ? end + 1 : end, text.size()));
  const std::string_view allowed = out.is_bracketed ? of_ipv6 : of_names;
  if (out.host.empty() || out.host.find_first_not_of(allowed) != std::string_view::npos ||
      !(rest.empty() || rest.starts_with(':'))) {
    return std::nullopt;
  }
  if (!rest.empty()) {
    out.port = rest.substr(1);
  }
  return out;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && last == end ? std::optional(port) : std::nullopt;
}

std::string bracketed(std::string_view host) {
  return host.contains(':') ? "[" + std::string(host) + "]" : std::string(host);
}

}  // namespace ringbook

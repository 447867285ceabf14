#include "cli/setting_values.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace ringbook {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-') {
    return std::nullopt;
  }
  return value;
}

bool is_plain_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_ipv6_char(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == '.' ||
         c == ':';
}

// Splits "HOST:PORT", "[HOST]:PORT" or, where no port is needed, the host alone.
struct HostAndPort {
  std::string_view host;
  std::optional<std::string_view> port;
};
std::optional<HostAndPort> split_authority(std::string_view text) {
  HostAndPort out;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) {
      return std::nullopt;
    }
    out.host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (!std::ranges::all_of(out.host, is_ipv6_char) || (!text.empty() && text.front() != ':')) {
      return std::nullopt;
    }
  } else {
    out.host = text.substr(0, text.find(':'));
    text.remove_prefix(out.host.size());
    if (!std::ranges::all_of(out.host, is_plain_host_char)) {
      return std::nullopt;
    }
  }
  if (!text.empty()) {
    out.port = text.substr(1);
  }
  return out.host.empty() ? std::nullopt : std::optional(out);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  using std::chrono::milliseconds;
  constexpr milliseconds longest = std::chrono::days{366};
  constexpr std::array<std::pair<std::string_view, milliseconds>, 5> units{{
      {"ms", milliseconds{1}},
      {"s", std::chrono::seconds{1}},
      {"m", std::chrono::minutes{1}},
      {"h", std::chrono::hours{1}},
      {"d", std::chrono::days{1}},
  }};
  if (text == "0") {
    return milliseconds{0};
  }
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto unit =
      std::ranges::find(units, text.substr(digits), &decltype(units)::value_type::first);
  if (digits == 0 || unit == units.end()) {
    return std::nullopt;
  }
  const auto count = parse_number<std::int64_t>(text.substr(0, digits));
  if (!count || *count > longest / unit->second) {
    return std::nullopt;
  }
  return *count * unit->second;
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto parts = split_authority(text);
  if (!parts || !parts->port || parts->port->empty()) {
    return std::nullopt;
  }
  const auto port = parse_number<std::uint16_t>(*parts->port);
  if (!port) {
    return std::nullopt;
  }
  return ListenAddress{.host = std::string(parts->host), .port = *port};
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") &&
          host.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::optional<std::vector<std::string>> parse_list(std::string_view text) {
  std::vector<std::string> out;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    more = comma != std::string_view::npos;
    out.emplace_back(text.substr(0, comma));
    if (out.back().empty()) {
      return std::nullopt;
    }
    text.remove_prefix(more ? comma + 1 : text.size());
  }
  return out;
}

std::optional<std::string> parse_server_url(std::string_view text) {
  if (text.ends_with('/')) {
    text.remove_suffix(1);
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) {
      const auto parts = split_authority(text.substr(scheme.size()));
      if (!parts ||
          (parts->port && (parts->port->empty() || !parse_number<std::uint16_t>(*parts->port)))) {
        return std::nullopt;
      }
      return std::string(text);
    }
  }
  return std::nullopt;
}

bool is_origin(std::string_view text) {
  const bool has_upper = std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool has_default_port = (text.starts_with("http://") && text.ends_with(":80")) ||
                                (text.starts_with("https://") && text.ends_with(":443"));
  return parse_server_url(text) == text && !has_upper && !has_default_port;
}

std::string host_of_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const auto parts =
      split_authority(scheme == std::string_view::npos ? url : url.substr(scheme + 3));
  return parts ? std::string(parts->host) : std::string();
}

std::string bracketed(std::string_view host) {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  return is_ipv6 ? "[" + std::string(host) + "]" : std::string(host);
}

std::string without_secrets(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) {
    return std::string(text);
  }
  std::string out(text.substr(0, scheme + 3));
  text.remove_prefix(out.size());
  const std::size_t at = text.rfind('@');
  const std::size_t query = text.find_first_of("?#");
  if (at != std::string_view::npos && query < at) {
    return out + "…";
  }
  if (query != std::string_view::npos) {
    text = text.substr(0, query + 1);
  }
  out += text.substr(at == std::string_view::npos ? 0 : at + 1);
  return query == std::string_view::npos ? out : out + "…";
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::uint64_t> parse_version(const std::string& text) {
  std::uint64_t version = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, version);
  const bool is_version = error == std::errc() && last == end && version > 0;
  return is_version ? std::optional(version) : std::nullopt;
}

}  // namespace ringbook

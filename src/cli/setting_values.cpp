#include "cli/setting_values.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "net/authority.h"
#include "net/url.h"

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
  const auto parts = Authority::split(text);
  const auto port = parts ? parse_port(parts->port.value_or("")) : std::nullopt;
  return port ? std::optional(ListenAddress{.host = std::string(parts->host), .port = *port})
              : std::nullopt;
}

std::optional<std::vector<std::string>> parse_list(std::string_view text) {
  std::vector<std::string> out;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    more = comma != std::string_view::npos;
    out.emplace_back(trimmed(text.substr(0, comma)));
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
  auto url = Url::parse(text);
  return url && url->target().empty() ? std::optional(std::move(url->text)) : std::nullopt;
}

bool is_origin(std::string_view text) {
  const bool has_upper = std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool has_default_port = (text.starts_with("http://") && text.ends_with(":80")) ||
                                (text.starts_with("https://") && text.ends_with(":443"));
  return parse_server_url(text) == text && !has_upper && !has_default_port;
}

std::optional<std::uint64_t> parse_version(const std::string& text) {
  std::uint64_t version = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, version);
  const bool is_version = error == std::errc() && last == end && version > 0;
  return is_version ? std::optional(version) : std::nullopt;
}

}  // namespace ringbook

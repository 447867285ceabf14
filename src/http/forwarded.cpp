#include "http/forwarded.h"

#include <algorithm>

#include "base/limits.h"
#include "http/field_lines.h"
#include "net/authority.h"

namespace ringbook {
namespace {

bool is_in(std::span<const Network> networks, const Address& address) {
  return std::ranges::any_of(networks,
                             [&](const Network& network) { return network.contains(address); });
}

// The values of all X-Forwarded-For lines, as one list: RFC 9110 §5.3.
std::string forwarded_for(std::string_view head) {
  std::string all;
  FieldLines lines(head);
  while (const auto line = lines.next()) {
    if (line->is("x-forwarded-for")) {
      all.append(all.empty() ? "" : ",").append(line->value);
    }
  }
  return all;
}

// Proxies write any number there.
bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && grammar::all(text, grammar::digit);
}

// "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; with ":PORT" behind the first and the last.
std::optional<Address> node(std::string_view element) {
  if (const auto address = Address::parse(element)) {
    return address;
  }
  const auto parts = Authority::split(element);
  const bool is_node = parts && (!parts->port || is_port(*parts->port)) &&
                       parts->is_bracketed == parts->host.contains(':');
  return is_node ? Address::parse(parts->host) : std::nullopt;
}

}  // namespace

bool is_in(std::span<const Network> networks, std::string_view peer) {
  const auto address = Address::parse(peer);
  return address && is_in(networks, *address);
}

std::string forwarded_client(std::string_view head, std::span<const Network> proxies) {
  const std::string all = forwarded_for(head);
  std::string_view left = all;
  std::string client;
  for (std::size_t hop = 0; hop < limits::forwarded_hops && !left.empty();) {
    const std::size_t comma = left.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::string_view element = grammar::trimmed(left.substr(begin));
    left = left.substr(0, begin == 0 ? 0 : begin - 1);
    if (element.empty()) {
      continue;
    }
    const auto address = node(element);
    if (!address) {
      break;
    }
    client = address->text();
    if (!is_in(proxies, *address)) {
      break;
    }
    ++hop;
  }
  return client;
}

}  // namespace ringbook

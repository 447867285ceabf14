#include "cli/surroundings.h"

#include <algorithm>
#include <array>
#include <string>

#include "net/address.h"
#include "net/authority.h"

namespace ringbook {
namespace {

constexpr std::array<std::string_view, 3> protocols{"TCP", "UDP", "SCTP"};

bool is_number(std::string_view text) {
  return parse_port(text).has_value();
}

bool is_address(std::string_view text) {
  return Address::parse(text).has_value();
}

bool is_protocol(std::string_view text) {
  return text == "tcp" || text == "udp" || text == "sctp";
}

// "tcp://10.96.1.1:2000"
bool is_endpoint(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == text.npos || !is_protocol(text.substr(0, colon))) {
    return false;
  }
  const auto authority = Authority::split(text.substr(colon + 3));
  return authority && is_address(authority->host) && is_number(authority->port.value_or(""));
}

// Whether the name ends with _PORT, a number, a protocol and then `rest`: "…_PORT_2000_TCP_ADDR".
bool is_of_port(std::string_view variable, std::string_view rest) {
  if (!variable.ends_with(rest)) {
    return false;
  }
  variable.remove_suffix(rest.size());
  const std::size_t protocol = variable.rfind('_');
  if (protocol == variable.npos ||
      std::ranges::find(protocols, variable.substr(protocol + 1)) == protocols.end()) {
    return false;
  }
  variable = variable.substr(0, protocol);
  const std::size_t number = variable.rfind('_');
  return number != variable.npos && is_number(variable.substr(number + 1)) &&
         variable.substr(0, number).ends_with("_PORT");
}

// "/web/ringbook": the container that is linked has this name there.
bool names_a_link(std::string_view variable, std::string_view value) {
  return variable.ends_with("_NAME") && value.starts_with('/') && value.find('/', 1) != value.npos;
}

// Whether it repeats a variable of a container that is linked: "…_ENV_PATH".
bool is_of_linked_container(std::string_view variable, const NamesAndValues& environment) {
  const std::size_t env = variable.find("_ENV_");
  return env != variable.npos && std::ranges::any_of(environment, [&](const auto& other) {
           return other.first == std::string(variable.substr(0, env)) + "_NAME" &&
                  names_a_link(other.first, other.second);
         });
}

}  // namespace

bool is_made_by_surroundings(std::string_view variable, std::string_view value,
                             const NamesAndValues& environment) {
  if (variable.ends_with("_SERVICE_HOST")) {
    return is_address(value);
  }
  if (variable.ends_with("_SERVICE_PORT") || variable.contains("_SERVICE_PORT_")) {
    return is_number(value);
  }
  if (is_of_port(variable, "_PROTO")) {
    return is_protocol(value);
  }
  if (is_of_port(variable, "_PORT")) {
    return is_number(value);
  }
  if (is_of_port(variable, "_ADDR")) {
    return is_address(value);
  }
  if (variable.ends_with("_PORT") || is_of_port(variable, "")) {
    return is_endpoint(value);
  }
  return names_a_link(variable, value) || is_of_linked_container(variable, environment);
}

}  // namespace ringbook

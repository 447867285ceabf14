#include "auth/client_network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace ringbook {

std::string client_network(std::string_view address) {
  constexpr std::size_t prefix_bytes = 8;
  std::string text(address);
  in6_addr parsed{};
  // A mapped address is one of IPv4, and all of them share their first 64 bits.
  if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1 || IN6_IS_ADDR_V4MAPPED(&parsed)) {
    return text;
  }
  return {reinterpret_cast<const char*>(parsed.s6_addr), prefix_bytes};
}

}  // namespace ringbook

// Who counts as one client where clients share something.
#pragma once

#include <string>
#include <string_view>

namespace ringbook {

// What all addresses of one subscriber have in common: of an IPv6 address its first 64 bits, of any
// other text all of it. See: RFC 6177 §2. Cost: no look-up, no more than reading the text.
std::string client_network(std::string_view address);

}  // namespace ringbook

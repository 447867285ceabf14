// Who a request comes from when it came through proxies.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "net/address.h"

namespace ringbook {

// Whether `peer` is in one of `networks`. What is no address is in none.
bool is_in(std::span<const Network> networks, std::string_view peer);

// The address of the client whose request has `head`, as the trusted proxy at its other end tells
// it: the X-Forwarded-For of all lines together, read from the right, past the addresses of
// `proxies`, with ports dropped and empty elements skipped. What is written left of an address that
// is no proxy's, or of something that is no address, could have been written by anybody and is not
// looked at; no more than limits::forwarded_hops are. "" when there is no address.
std::string forwarded_client(std::string_view head, std::span<const Network> proxies);

}  // namespace ringbook

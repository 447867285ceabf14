// Internet addresses, ranges of them, and what they say of who has them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ringbook {

// An address of IPv6, or of IPv4 in its mapped form, so that one peer has one address.
class Address {
 public:
  // Only the address: nothing for brackets, ports, zones and names.
  static std::optional<Address> parse(std::string_view text);
  // As people write it: "10.0.0.1", "2001:db8::1".
  std::string text() const;
  bool is_v4() const;
  std::span<const std::uint8_t, 16> octets() const { return octets_; }
  bool operator==(const Address&) const = default;

 private:
  std::array<std::uint8_t, 16> octets_{};
};

class Network {
 public:
  // "10.0.0.0/8", "2001:db8::/32", or one address; "::ffff:10.0.0.0/104" is the first of them.
  // Nothing for anything else, nor for a range whose address has bits beyond the prefix, nor for a
  // mapped one of less than /96.
  static std::optional<Network> parse(std::string_view text);
  bool contains(const Address& address) const;

 private:
  Address address_;
  unsigned bits_ = 0;  // Of the prefix.
};

// Whether nobody beyond this machine reaches this host: "localhost", or an address that always
// means the machine itself. A mapped one of IPv4 is none: systems differ about it.
bool is_loopback(std::string_view host);

// Who counts as one client where clients share something: what all addresses of one subscriber have
// in common, of an IPv6 address its first 64 bits, of any other text all of it. See: RFC 6177 §2.
// Cost: no look-up, no more than reading the text.
std::string client_network(std::string_view address);

}  // namespace ringbook

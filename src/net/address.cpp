#include "net/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace ringbook {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned bits_of_address = 128;
constexpr unsigned bits_of_mapped = 96;

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  // inet_pton wants an end; longer texts are no addresses.
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::copy(text.begin(), text.end(), terminated.begin());
  Address address;
  if (::inet_pton(AF_INET6, terminated.data(), address.octets_.data()) == 1) {
    return address;
  }
  std::copy(mapped.begin(), mapped.end(), address.octets_.begin());
  if (::inet_pton(AF_INET, terminated.data(), address.octets_.data() + mapped.size()) == 1) {
    return address;
  }
  return std::nullopt;
}

bool Address::is_v4() const {
  return std::equal(mapped.begin(), mapped.end(), octets_.begin());
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (is_v4()) {
    ::inet_ntop(AF_INET, octets_.data() + mapped.size(), out.data(), out.size());
  } else {
    ::inet_ntop(AF_INET6, octets_.data(), out.data(), out.size());
  }
  return out.data();
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  Network network;
  network.address_ = *address;
  network.bits_ = bits_of_address;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    // Bits before those that the number counts; a mapped address is written with all its bits.
    const bool is_dotted = address->is_v4() && !text.contains(':');
    const unsigned offset = is_dotted ? bits_of_mapped : 0;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), network.bits_);
    const bool is_padded = number.size() > 1 && number.front() == '0';
    if (error != std::errc{} || end != number.data() + number.size() || is_padded ||
        network.bits_ > bits_of_address - offset) {
      return std::nullopt;
    }
    network.bits_ += offset;
    if (address->is_v4() && network.bits_ < bits_of_mapped) {
      return std::nullopt;
    }
  }
  for (unsigned bit = network.bits_; bit < bits_of_address; ++bit) {
    if ((address->octets()[bit / 8] >> (7 - bit % 8) & 1U) != 0) {
      return std::nullopt;
    }
  }
  return network;
}

bool Network::contains(const Address& address) const {
  for (unsigned octet = 0; octet * 8 < bits_; ++octet) {
    const unsigned beyond = octet * 8 + 8 > bits_ ? octet * 8 + 8 - bits_ : 0;
    if ((address_.octets()[octet] ^ address.octets()[octet]) >> beyond != 0) {
      return false;
    }
  }
  return true;
}

bool is_loopback(std::string_view host) {
  const auto address = Address::parse(host);
  if (!address) {
    return host == "localhost";
  }
  constexpr std::uint8_t loopback_net = 127;
  return host.contains(':') ? address == Address::parse("::1")
                            : address->octets()[mapped.size()] == loopback_net;
}

std::string client_network(std::string_view text) {
  constexpr std::size_t prefix_bytes = 8;
  const auto address = Address::parse(text);
  // All of IPv4 shares its first 64 bits.
  if (!address || address->is_v4()) {
    return std::string(text);
  }
  return {reinterpret_cast<const char*>(address->octets().data()), prefix_bytes};
}

}  // namespace ringbook

// Whether the numbers of a public key are such that its signatures prove anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

// What is wrong with an RSA key; nothing when it may be used. Both numbers are big-endian without
// leading zeros. A modulus that is too small, even, or made by the library of CVE-2017-15361
// (ROCA), and an exponent that is even, below 65537 or above 32 bits, are refused.
// See: Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, §3.
std::optional<std::string> fault_of_rsa(std::string_view modulus, std::string_view exponent);

// What is wrong with the 32 bytes of an Ed25519 public key; nothing when they are a point of the
// curve under which a signature proves anything: one of small order verifies what nobody signed.
// See: RFC 8032 §5.1.3.
std::optional<std::string> fault_of_ed25519(std::string_view bytes);

}  // namespace ringbook

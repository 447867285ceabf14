// The signature algorithms of tokens, by their names in RFC 7518 §3.1, RFC 8037 §3.1 and RFC 9864.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace ringbook {

enum class Algorithm : std::uint8_t {
  hs256,
  hs384,
  hs512,
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  eddsa,
};

// In order of preference for signing; the MACs come first.
inline constexpr std::array all_algorithms{
    Algorithm::hs256, Algorithm::hs384, Algorithm::hs512, Algorithm::rs256, Algorithm::rs384,
    Algorithm::rs512, Algorithm::ps256, Algorithm::ps384, Algorithm::ps512, Algorithm::es256,
    Algorithm::es384, Algorithm::es512, Algorithm::eddsa};

std::string_view name_of(Algorithm algorithm);
// Nothing unless `name` is spelled exactly so: "none", "hs256" and "HS256 " are no algorithms. Both
// "EdDSA" and "Ed25519" name the same.
std::optional<Algorithm> parse_algorithm(std::string_view name);

class AlgorithmSet {
 public:
  constexpr AlgorithmSet() = default;
  constexpr AlgorithmSet(std::initializer_list<Algorithm> algorithms) {
    for (const Algorithm algorithm : algorithms) {
      add(algorithm);
    }
  }

  constexpr void add(Algorithm algorithm) { bits_ |= bit_of(algorithm); }
  constexpr bool contains(Algorithm algorithm) const { return (bits_ & bit_of(algorithm)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  // The names, separated by ", ".
  std::string text() const;
  // What both hold.
  friend constexpr AlgorithmSet operator&(AlgorithmSet a, AlgorithmSet b) {
    a.bits_ &= b.bits_;
    return a;
  }
  constexpr AlgorithmSet without(AlgorithmSet others) const {
    AlgorithmSet rest = *this;
    rest.bits_ &= ~others.bits_;
    return rest;
  }
  bool operator==(const AlgorithmSet&) const = default;

 private:
  static constexpr std::uint32_t bit_of(Algorithm algorithm) {
    return 1U << std::to_underlying(algorithm);
  }
  std::uint32_t bits_ = 0;
};

AlgorithmSet every_algorithm();

// The algorithms that one secret both signs and verifies.
inline constexpr AlgorithmSet mac_algorithms{Algorithm::hs256, Algorithm::hs384, Algorithm::hs512};
inline constexpr AlgorithmSet rsa_algorithms{Algorithm::rs256, Algorithm::rs384, Algorithm::rs512,
                                             Algorithm::ps256, Algorithm::ps384, Algorithm::ps512};

// The set of a configured list. Errors: usage (an unknown name, or no name at all).
Result<AlgorithmSet> parse_algorithms(const std::vector<std::string>& names);

}  // namespace ringbook

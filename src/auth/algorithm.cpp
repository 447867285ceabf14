#include "auth/algorithm.h"

namespace ringbook {

std::string_view name_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256: return "HS256";
    case Algorithm::hs384: return "HS384";
    case Algorithm::hs512: return "HS512";
    case Algorithm::rs256: return "RS256";
    case Algorithm::rs384: return "RS384";
    case Algorithm::rs512: return "RS512";
    case Algorithm::ps256: return "PS256";
    case Algorithm::ps384: return "PS384";
    case Algorithm::ps512: return "PS512";
    case Algorithm::es256: return "ES256";
    case Algorithm::es384: return "ES384";
    case Algorithm::es512: return "ES512";
    case Algorithm::eddsa: return "EdDSA";
  }
  std::unreachable();
}

std::optional<Algorithm> parse_algorithm(std::string_view name) {
  for (const Algorithm algorithm : all_algorithms) {
    if (name == name_of(algorithm)) {
      return algorithm;
    }
  }
  // The only curve of EdDSA here (RFC 9864 §2.2).
  return name == "Ed25519" ? std::optional(Algorithm::eddsa) : std::nullopt;
}

std::string AlgorithmSet::text() const {
  std::string out;
  for (const Algorithm algorithm : all_algorithms) {
    if (contains(algorithm)) {
      out += out.empty() ? "" : ", ";
      out += name_of(algorithm);
    }
  }
  return out;
}

AlgorithmSet every_algorithm() {
  AlgorithmSet every;
  for (const Algorithm algorithm : all_algorithms) {
    every.add(algorithm);
  }
  return every;
}

Result<AlgorithmSet> parse_algorithms(const std::vector<std::string>& names) {
  const AlgorithmSet every = every_algorithm();
  AlgorithmSet set;
  for (const std::string& name : names) {
    const auto algorithm = parse_algorithm(name);
    if (!algorithm) {
      return fail(Errc::usage,
                  "unknown signature algorithm \"" + name + "\"; allowed are " + every.text());
    }
    set.add(*algorithm);
  }
  if (set.empty()) {
    return fail(Errc::usage, "no signature algorithm given; allowed are " + every.text());
  }
  return set;
}

}  // namespace ringbook

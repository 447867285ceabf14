#include "auth/hash.h"

#include <utility>

namespace ringbook {

const char* hash_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
    case Algorithm::rs256:
    case Algorithm::ps256:
    case Algorithm::es256: return "SHA256";
    case Algorithm::hs384:
    case Algorithm::rs384:
    case Algorithm::ps384:
    case Algorithm::es384: return "SHA384";
    case Algorithm::hs512:
    case Algorithm::rs512:
    case Algorithm::ps512:
    case Algorithm::es512: return "SHA512";
    case Algorithm::eddsa: return "";  // The signature scheme hashes by itself.
  }
  std::unreachable();
}

std::optional<Hash> Hash::make(const char* name) {
  const openssl::QuietErrors quiet;
  Hash hash;
  hash.function_.reset(EVP_MD_fetch(nullptr, name, nullptr));
  hash.context_.reset(EVP_MD_CTX_new());
  if (!hash.function_ || !hash.context_ ||
      EVP_DigestInit_ex2(hash.context_.get(), hash.function_.get(), nullptr) != 1) {
    return std::nullopt;
  }
  return hash;
}

std::string_view Hash::of(std::string_view bytes) {
  unsigned length = 0;
  // Started again without a function, a context keeps the one it has.
  if (EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) != 1 ||
      EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context_.get(), digest_.data(), &length) != 1) {
    return {};
  }
  return {reinterpret_cast<const char*>(digest_.data()), length};
}

}  // namespace ringbook

#include "auth/secret.h"

#include <openssl/crypto.h>

namespace ringbook {

Secret& Secret::operator=(Secret&& other) noexcept {
  // The old bytes leave with `other`, which overwrites them when it is dropped.
  bytes_.swap(other.bytes_);
  return *this;
}

void Secret::shorten(std::size_t length) {
  OPENSSL_cleanse(bytes_.data() + length, bytes_.size() - length);
  bytes_.resize(length);
}

Secret::~Secret() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

}  // namespace ringbook

// Bytes and errors of OpenSSL, for the files of this room that call it.
#pragma once

#include <openssl/err.h>
#include <openssl/evp.h>

#include <string_view>

#include "base/handle.h"

namespace ringbook::openssl {

// Takes what OpenSSL reports while this lives out of the thread's error queue, where TLS would take
// it for its own.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
  ~QuietErrors() { ERR_pop_to_mark(); }
};

inline const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace ringbook::openssl

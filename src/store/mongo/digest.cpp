#include "store/mongo/digest.h"

#include <openssl/sha.h>

namespace ringbook::mongo {

Digest sha256(std::string_view octets) {
  Digest out;
  SHA256(reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), out.data());
  return out;
}

}  // namespace ringbook::mongo

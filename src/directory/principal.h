// Who asks, and the proof that they may.
#pragma once

#include <string>

#include "base/error.h"

namespace ringbook {

// Filled by auth/ from a verified token, or by the command line for the operating system's user.
struct Principal {
  std::string issuer;  // "" when the token names none.
  std::string subject;
  bool has_administrator_claim = false;
};

// Proof that a principal may change the directory. Only `authorise` makes one, and every use case
// asks for it, so a route that forgets the check does not compile.
class Administrator {
 public:
  const Principal& principal() const { return principal_; }

 private:
  friend Result<Administrator> authorise(Principal principal);
  explicit Administrator(Principal principal) : principal_(std::move(principal)) {}
  Principal principal_;
};

// Errors: not_permitted.
Result<Administrator> authorise(Principal principal);

}  // namespace ringbook

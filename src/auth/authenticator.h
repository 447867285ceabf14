// From the Authorization field to a Principal.
//
// Threads: the loop. Answers may come later (keys elsewhere, signatures on another thread); with
// HMAC keys alone they come before `authenticate` returns.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/last_authorization.h"
#include "directory/principal.h"

namespace ringbook {

// Why nobody is recognised. This goes to the log, never to the client.
struct TokenRefusal {
  enum class Kind {
    absent,     // No Authorization, another scheme, or an empty Bearer.
    rejected,   // A token that was refused.
    unchecked,  // A token that may be good: too much waits to be checked, later it may go through.
  };
  Kind kind = Kind::absent;
  std::string reason;  // A closed list of short words, e.g. "expired".
  // Where two values had to agree, the configured one and the token's; else "".
  std::string wanted = {};
  std::string given = {};
};

using Authentication = std::expected<Principal, TokenRefusal>;
using OnAuthentication = std::move_only_function<void(Authentication)>;

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // `answer` is called exactly once. `authorization` is the field's value, nothing when absent;
  // `client` is the peer's address, so that one that asks for much holds up no other. `last` is
  // what is remembered of the connection. None of them is used after the call returns.
  virtual void authenticate(std::optional<std::string_view> authorization, std::string_view client,
                            LastAuthorization& last, OnAuthentication answer) = 0;
  // Why tokens cannot be checked now ("no_keys"); empty when they can.
  virtual std::vector<std::string> not_ready() const = 0;
  // What is the matter though tokens are checked ("keys_not_fetched"); empty when nothing is.
  virtual std::vector<std::string> warnings() const { return {}; }
};

}  // namespace ringbook

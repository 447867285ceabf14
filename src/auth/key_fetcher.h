// Fetches the keys of one source on a thread of its own, so that a peer that is slow or far away
// holds up nobody.
#pragma once

#include <functional>
#include <memory>

#include "auth/algorithm.h"
#include "auth/jwk_set.h"
#include "auth/web_client.h"
#include "auth/web_url.h"
#include "base/error.h"
#include "base/loop.h"

namespace ringbook {

// Threads: the loop.
class KeyFetcher {
 public:
  using OnFetched = std::move_only_function<void(Result<JwkSet>)>;

  // Lifetime: a fetch that has not ended by then is broken off and its `OnFetched` dropped.
  virtual ~KeyFetcher() = default;

  // Gives the keys as they are now, on the loop, after this has returned. Needs the fetch before to
  // have ended. Errors: those of WebClient::get, read_discovery and parse_jwk_set.
  virtual void begin(OnFetched on_fetched) = 0;
};

// Where a source has its keys.
struct KeyPlace {
  enum class Kind {
    key_set,  // The URL is that of a JWK set.
    issuer,   // The URL is that of an OpenID provider, which says where its set is.
  };
  Kind kind = Kind::key_set;
  Url url;
};

// Keys for the `allowed` algorithms. Lifetime: `loop` outlives it.
std::unique_ptr<KeyFetcher> open_key_fetcher(KeyPlace place, AlgorithmSet allowed, Loop& loop,
                                             WebBounds bounds = {});

}  // namespace ringbook

// Where verification keys come from: a file, or a service that is asked over the network.
//
// A source may fetch on a thread of its own; it takes a new set into use on the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "auth/key_set.h"
#include "auth/key_warning.h"
#include "base/error.h"

namespace ringbook {

// What has become of a source that was told to read its keys again.
enum class Reload : std::uint8_t {
  done,
  begun,  // The source says itself in the log how it ends.
};

// Threads: the loop.
class KeySource {
 public:
  using OnRefreshed = std::move_only_function<void()>;

  virtual ~KeySource() = default;

  // What log and metrics call it: the name of the setting that gives it. Lifetime: the source's.
  virtual std::string_view name() const = 0;

  // The keys in use: the last good ones; none as long as none came. Lifetime: as long as `version`
  // stays.
  virtual const KeySet& keys() const = 0;
  // Grows with every set that is taken into use.
  virtual std::uint64_t version() const = 0;

  // Whether other services may be told to trust tokens of the same keys: then a token must say whom
  // it is meant for.
  virtual bool is_shared() const = 0;

  // Takes the source's present keys into use, or begins to. Errors: usage, internal; the keys in
  // use stay.
  virtual Result<Reload> reload() = 0;

  // Whether newer keys may come if they are waited for now, because a token names a key that is not
  // among those in use. However often that happens, the source bounds how often it looks and how
  // many wait.
  virtual bool may_have_newer_keys() const = 0;
  // Calls `then` once newer keys are in use, or when it is clear that none come or the time for
  // waiting is over. Needs `may_have_newer_keys()`. Lifetime: a source that is destroyed drops it.
  virtual void wait_for_newer_keys(OnRefreshed then) = 0;

  // Does what has become due: refreshes keys, and ends waits whose time is over. Called every
  // limits::deadline_resolution or more often, so it costs next to nothing when nothing is due.
  virtual void keep_up() = 0;

  // Why no token can be checked with its keys now, in a word for readiness ("no_keys"); empty when
  // they can.
  virtual std::string_view not_ready() const = 0;
  // What is the matter though its keys are in use ("keys_not_fetched"); empty when nothing is.
  virtual std::string_view warning() const = 0;
};

// Is told of keys that are left out or odd; the text names the source, too.
using OnKeyWarning = std::function<void(const KeyWarning& warning)>;

}  // namespace ringbook

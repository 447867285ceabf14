// Keys that a service on the network has: fetched again and again, and used as they last came.
//
// Invariants: 1. The last good set stays in use, whatever comes after it. 2. A fetch begins at most
// once in limits::key_fetch_spacing, whatever tokens ask for; only `reload` begins one earlier.
// 3. At most limits::waiting_for_keys tokens wait for a fetch, and none longer than
// limits::key_wait_time and the time between two `keep_up`.
// Threads: the loop. The constructor does not wait for the keys.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/key_fetcher.h"
#include "auth/key_source.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"

namespace ringbook {

class RemoteKeys final : public KeySource {
 public:
  // Begins the first fetch. `name` is what log and metrics call the source. Lifetime: `clock`,
  // `metrics` and `log` outlive it.
  RemoteKeys(std::string name, std::unique_ptr<KeyFetcher> fetcher, const Clock& clock,
             Metrics& metrics, Log& log);

  std::string_view name() const override { return name_; }
  const KeySet& keys() const override { return keys_; }
  std::uint64_t version() const override { return version_; }
  bool is_shared() const override { return true; }
  Result<Reload> reload() override;
  bool may_have_newer_keys() const override;
  void wait_for_newer_keys(OnRefreshed then) override;
  void keep_up() override;
  std::string_view not_ready() const override { return keys_.empty() ? "no_keys" : ""; }
  std::string_view warning() const override;

 private:
  struct Waiting {
    OnRefreshed then;
    Tick deadline;
  };

  void begin_fetch();
  void take(Result<JwkSet> fetched);
  void take_into_use(JwkSet set);
  void tell_failure(const Error& error);

  const std::string name_;
  const Clock& clock_;
  Log& log_;
  Gauge& age_;
  Counter& fetched_;
  Counter& unreachable_;
  Counter& refused_;

  KeySet keys_;
  std::string text_;  // Of the set they came in.
  std::uint64_t version_ = 0;
  std::vector<KeyWarning> warnings_;  // Of the set in use.
  Tick taken_;                        // When keys last came; at first the start.
  Tick begun_;                        // When the last fetch began.
  Tick next_;                         // When one begins without being asked for.
  bool is_fetching_ = false;
  bool has_failed_ = false;  // The last fetch.
  // Whether a fetch that succeeds is news.
  bool is_awaited_ = true;
  std::deque<Waiting> waiting_;  // In the order of their deadlines.

  std::unique_ptr<KeyFetcher> fetcher_;
};

// Tokens are never checked with MACs against such keys: what a URL gives is no secret.
// Errors: usage (every one of the `allowed` algorithms is a MAC). Lifetime: everything given
// outlives the source.
Result<std::unique_ptr<KeySource>> open_remote_source(KeyPlace place, AlgorithmSet allowed,
                                                      const Clock& clock, Loop& loop,
                                                      Metrics& metrics, Log& log);

}  // namespace ringbook

#include "auth/key_fetcher.h"

#include <deque>
#include <string>
#include <utility>

#include "auth/discovery.h"
#include "base/check.h"
#include "base/worker.h"

namespace ringbook {
namespace {

// Invariants: 1. At most one fetch is under way. 2. Nothing is handed over once this is destroyed.
class ThreadedKeyFetcher final : public KeyFetcher {
 public:
  ThreadedKeyFetcher(KeyPlace place, AlgorithmSet allowed, Loop& loop, WebBounds bounds)
      : place_(std::move(place)),
        allowed_(allowed),
        loop_(loop),
        client_(std::move(bounds)),
        self_(std::make_shared<const KeyFetcher*>(this)),
        worker_({}, take_first<KeyPlace>, [this](const KeyPlace& asked) { work(asked); }) {}

  ~ThreadedKeyFetcher() override {
    worker_.stop();
    client_.cancel();
  }

  void begin(OnFetched on_fetched) override {
    check(!on_fetched_, "one fetch at a time");
    on_fetched_ = std::move(on_fetched);
    worker_.with_queue([this](std::deque<KeyPlace>& asked) { asked.push_back(place_); });
  }

 private:
  void work(const KeyPlace& place) {
    loop_.post([this, self = std::weak_ptr(self_), keys = fetch(place)]() mutable {
      if (!self.expired()) {
        std::exchange(on_fetched_, nullptr)(std::move(keys));
      }
    });
  }

  Result<JwkSet> fetch(const KeyPlace& place) {
    if (place.kind == KeyPlace::Kind::key_set) {
      return fetch_set(place.url);
    }
    const Url document = discovery_document_of(place.url);
    const auto text = client_.get(document);
    if (!text) {
      return std::unexpected(text.error());
    }
    const auto url = read_discovery(*text, place.url);
    return url ? fetch_set(*url) : refused(document, url.error());
  }

  Result<JwkSet> fetch_set(const Url& url) {
    const auto text = client_.get(url);
    if (!text) {
      return std::unexpected(text.error());
    }
    auto set = parse_jwk_set(*text, allowed_);
    return set ? std::move(set) : refused(url, set.error());
  }

  static Result<JwkSet> refused(const Url& url, const Error& error) {
    return fail(error.code, url.shown() + ": " + error.detail);
  }

  const KeyPlace place_;
  const AlgorithmSet allowed_;
  Loop& loop_;
  WebClient client_;
  OnFetched on_fetched_;  // The loop's.
  // Lets a task that the loop still holds when this is destroyed see that it came too late.
  std::shared_ptr<const KeyFetcher*> self_;
  Worker<std::deque<KeyPlace>> worker_;
};

}  // namespace

std::unique_ptr<KeyFetcher> open_key_fetcher(KeyPlace place, AlgorithmSet allowed, Loop& loop,
                                             WebBounds bounds) {
  return std::make_unique<ThreadedKeyFetcher>(std::move(place), allowed, loop, std::move(bounds));
}

}  // namespace ringbook

#include "auth/key_fetcher.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "auth/discovery.h"
#include "base/check.h"

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
        thread_([this](const std::stop_token& stopped) { work(stopped); }) {}

  ~ThreadedKeyFetcher() override {
    thread_.request_stop();
    client_.cancel();
  }

  void begin(OnFetched on_fetched) override {
    check(!on_fetched_, "one fetch at a time");
    on_fetched_ = std::move(on_fetched);
    {
      const std::lock_guard lock(mutex_);
      is_asked_ = true;
    }
    asked_.notify_one();
  }

 private:
  void work(const std::stop_token& stopped) {
    std::unique_lock lock(mutex_);
    while (asked_.wait(lock, stopped, [this] { return is_asked_; })) {
      is_asked_ = false;
      lock.unlock();
      loop_.post([this, self = std::weak_ptr(self_), keys = fetch()]() mutable {
        if (!self.expired()) {
          std::exchange(on_fetched_, nullptr)(std::move(keys));
        }
      });
      lock.lock();
    }
  }

  Result<JwkSet> fetch() {
    if (place_.kind == KeyPlace::Kind::key_set) {
      return fetch_set(place_.url);
    }
    const Url document = discovery_document_of(place_.url);
    const auto text = client_.get(document);
    if (!text) {
      return std::unexpected(text.error());
    }
    const auto url = read_discovery(*text, place_.url);
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

  std::mutex mutex_;  // Guards what follows.
  std::condition_variable_any asked_;
  bool is_asked_ = false;

  std::jthread thread_;
};

}  // namespace

std::unique_ptr<KeyFetcher> open_key_fetcher(KeyPlace place, AlgorithmSet allowed, Loop& loop,
                                             WebBounds bounds) {
  return std::make_unique<ThreadedKeyFetcher>(std::move(place), allowed, loop, std::move(bounds));
}

}  // namespace ringbook

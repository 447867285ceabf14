// The engines under test, and a thread-free way to ask them: every call ends its own turn.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/metrics.h"
#include "contract/mongo_database.h"
#include "directory/store.h"
#include "simulation/shared_instances.h"
#include "store/open.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temporary_folder.h"

namespace ringbook::test {

inline UserId user_id(std::uint32_t n) {
  UserId::Bytes bytes{0x64, 0xB7};
  for (int i = 0; i < 4; ++i) {
    bytes[static_cast<std::size_t>(11 - i)] = static_cast<std::uint8_t>(n >> (8 * i));
  }
  return UserId(bytes);
}

inline Extension number(std::string_view text) {
  return *Extension::parse(text);
}

inline Edit put(UserId user, Profile profile) {
  Edit edit;
  edit.user = user;
  edit.person = Edit::Person::put;
  edit.profile = std::move(profile);
  return edit;
}

inline Edit put(UserId user, std::string name) {
  Profile profile;
  profile.name = std::move(name);
  return put(user, std::move(profile));
}

inline Edit assign(UserId user, Extension extension) {
  Edit edit;
  edit.user = user;
  edit.number = Edit::Number::assign;
  edit.extension = extension;
  return edit;
}

inline Edit release(UserId user) {
  Edit edit;
  edit.user = user;
  edit.number = Edit::Number::release;
  return edit;
}

inline Edit remove(UserId user) {
  Edit edit;
  edit.user = user;
  edit.person = Edit::Person::remove;
  return edit;
}

inline ChangeSet change_set(std::vector<Edit> edits, std::string request_id = "test") {
  ChangeSet set;
  set.issuer = "https://issuer.example";
  set.subject = "admin-1";
  set.request_id = std::move(request_id);
  set.edits = std::move(edits);
  return set;
}

// One engine with what it stands on; it can be closed and opened again as after a restart.
class Engine {
 public:
  explicit Engine(std::string url)
      : url_(std::move(url)),
        mongo_(url_.starts_with("mongo:") ? std::make_unique<MongoDatabase>(url_) : nullptr) {
    if (!why_absent()) {
      open();
    }
  }
  // SQLite on a VFS of the test's own, in the folder given, or in one of its own when that is "".
  // Not yet open, and silent: its test provokes what the log would tell.
  explicit Engine(SqliteSettings settings)
      : log(clock, LogLevel::error, LogFormat::json, nowhere_.descriptor),
        settings_(std::move(settings)) {
    if (settings_.folder.empty()) {
      settings_.folder = folder_.path();
    }
  }

  // Errors: those of the engine. Needs it closed.
  Result<void> try_open() {
    auto on_failure = [this](Error error) {
      failure = std::move(error);
      ++failures;
    };
    if (const auto instances = shared_instances()) {
      store_ = std::make_unique<SharedInstances>(
          *instances, shared_world_, loop, clock,
          [on_failure](const Error& error) mutable { on_failure(error); });
      while (loop.run_one()) {  // Until they have started.
      }
      return {};
    }
    if (mongo_) {
      auto instances = mongo_->open([&](const StoreSettings& settings) {
        return open_store(settings, loop, clock, metrics, log, on_failure);
      });
      if (!instances) {
        return std::unexpected(std::move(instances.error()));
      }
      store_ = std::make_unique<SharedInstances>(std::move(*instances));
      await_start();
      return {};
    }
    auto opened =
        url_.empty()
            ? open_sqlite_store(settings_, loop, clock, metrics, log, std::move(on_failure))
            : open_store({url_, folder_.path()}, loop, clock, metrics, log, std::move(on_failure));
    if (!opened) {
      return std::unexpected(std::move(opened.error()));
    }
    store_ = std::move(*opened);
    return {};
  }
  // Why it is not open, where that is for want of a server.
  std::optional<std::string> why_absent() const {
    return mongo_ ? mongo_->why_absent() : std::nullopt;
  }
  void open() {
    const auto opened = try_open();
    ASSERT_TRUE(opened) << opened.error().detail;
  }
  void close() {
    store_.reset();
    while (loop.run_one()) {
    }
  }
  void reopen() {
    close();
    open();
  }

  // Whether all that it keeps is in its folder, which it does not share.
  bool is_alone_in_its_folder() const {
    return store_->is_durable() && !shared_instances() && !mongo_;
  }
  // Whether a server has its data: each question takes a while then.
  bool is_elsewhere() const { return mongo_ != nullptr; }
  bool is_open() const { return store_ != nullptr; }
  Store& store() { return *store_; }
  const std::filesystem::path& folder() const {
    return url_.empty() ? settings_.folder : folder_.path();
  }

  // Asks, ends turns until the answer is there, and gives it; a missing answer fails the test.
  template <class T>
  Result<T> ask(std::function<void(Store&, Reply<T>)> question) {
    std::optional<Result<T>> answer;
    question(*store_, Reply<T>([&](Result<T> given) { answer = std::move(given); }));
    wait_for([&] { return answer.has_value(); });
    return answer ? std::move(*answer) : Result<T>(fail(Errc::internal, "no answer"));
  }

  Result<Outcome> apply(ChangeSet set) {
    return ask<Outcome>([&](Store& s, Reply<Outcome> r) { s.apply(std::move(set), std::move(r)); });
  }
  Outcome apply(std::vector<Edit> edits) {
    auto outcome = apply(change_set(std::move(edits)));
    EXPECT_TRUE(outcome) << outcome.error().detail;
    return outcome ? std::move(*outcome) : Outcome{};
  }
  std::optional<User> user(UserId id) {
    auto found = ask<std::optional<User>>([&](Store& s, auto r) { s.user(id, std::move(r)); });
    EXPECT_TRUE(found);
    return found ? *found : std::nullopt;
  }
  std::optional<Extension> held_by(UserId id) {
    const auto found = user(id);
    return found ? found->extension : std::nullopt;
  }
  UserPage users(UserQuery query) {
    auto page = ask<UserPage>([&](Store& s, auto r) { s.users(query, std::move(r)); });
    EXPECT_TRUE(page);
    return page ? std::move(*page) : UserPage{};
  }
  Result<UserHistoryPage> history(UserId id, HistoryCursor from = 0, std::size_t limit = 50) {
    return ask<UserHistoryPage>(
        [&](Store& s, auto r) { s.user_history(id, from, limit, std::move(r)); });
  }
  Result<ExtensionHistoryPage> history(Extension e, HistoryCursor from = 0,
                                       std::size_t limit = 50) {
    return ask<ExtensionHistoryPage>(
        [&](Store& s, auto r) { s.extension_history(e, from, limit, std::move(r)); });
  }

  Result<UserHoldingAt> holding(UserId id, Moment moment) {
    return ask<UserHoldingAt>([&](Store& s, auto r) { s.user_holding(id, moment, std::move(r)); });
  }
  Result<ExtensionHoldingAt> holding(Extension e, Moment moment) {
    return ask<ExtensionHoldingAt>(
        [&](Store& s, auto r) { s.extension_holding(e, moment, std::move(r)); });
  }

  // Turns the loop until the condition holds; fails the test after a long while.
  void wait_for(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    store_->end_turn();
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "no answer in a minute";
      loop.wait_one(std::chrono::milliseconds(10));
      store_->end_turn();
    }
  }

  ManualClock clock{Instant{1'700'000'000'000}};
  Metrics metrics;

 private:
  struct Nowhere {
    Nowhere() : descriptor(::open("/dev/null", O_WRONLY | O_CLOEXEC)) {}
    ~Nowhere() { ::close(descriptor); }
    Nowhere(const Nowhere&) = delete;
    int descriptor;
  };
  Nowhere nowhere_;

 public:
  Log log{clock, LogLevel::error, LogFormat::json};
  QueueLoop loop;
  std::optional<Error> failure;
  int failures = 0;  // How often a failure for good was told.

 private:
  // Each instance has folded the journal when it has answered once.
  void await_start() {
    for (std::size_t i = 0; i < mongo_->instances(); ++i) {
      const auto seen = ask<std::optional<User>>(
          [](Store& store, auto reply) { store.user(UserId(), std::move(reply)); });
      EXPECT_TRUE(seen) << seen.error().detail;
    }
  }
  // How many share a database of the test's own: "shared:3".
  std::optional<std::size_t> shared_instances() const {
    return url_.starts_with("shared:") ? std::optional(std::stoul(url_.substr(7))) : std::nullopt;
  }

  TemporaryFolder folder_;
  std::string url_;  // "" for an engine on `settings_`.
  std::unique_ptr<MongoDatabase> mongo_;
  SharedWorld shared_world_{loop};
  SqliteSettings settings_;
  std::unique_ptr<Store> store_;
};

}  // namespace ringbook::test

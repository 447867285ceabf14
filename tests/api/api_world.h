// An Api over the memory engine, with tokens that are words, for tests that ask as a client asks.
#pragma once

#include <cstdio>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/loop.h"
#include "directory/directory.h"

namespace ringbook::test {

// The body of every 401.
inline constexpr std::string_view unauthorized =
    R"({"error":{"code":"UNAUTHORIZED","message":"Missing or invalid token or insufficient permissions"}})";

// Knows "Bearer admin" and "Bearer user"; refuses "Bearer expired"; has no time for
// "Bearer unchecked"; everything else is no token.
class WordAuthenticator final : public Authenticator {
 public:
  void authenticate(std::optional<std::string_view> authorization, std::string_view client,
                    LastAuthorization& last, OnAuthentication answer) override;
  std::vector<std::string> not_ready() const override { return reasons; }
  std::vector<std::string> warnings() const override { return concerns; }

  std::vector<std::string> reasons;
  std::vector<std::string> concerns;  // Of warnings.
  // Keeps answers until `release`, as a signature checked elsewhere does.
  bool is_deferred = false;
  void release();

 private:
  std::vector<std::move_only_function<void()>> kept_;
};

// Passes everything on, unless it is told to fail or to keep.
class FaultyStore final : public Store {
 public:
  explicit FaultyStore(Store& inner) : inner_(inner) {}

  std::optional<Error> error;        // Answers this to everything.
  bool keeps_replies = false;        // Answers nothing, until it is destroyed.
  std::vector<std::string> reasons;  // Of not_ready.

  bool is_durable() const override { return inner_.is_durable(); }
  void apply(ChangeSet&& set, Reply<Outcome> reply) override;
  void user(UserId id, Reply<std::optional<User>> reply) override;
  void extension(Extension extension, Reply<ExtensionState> reply) override;
  void users(UserQuery query, Reply<UserPage> reply) override;
  void user_history(UserId id, HistoryCursor from, std::size_t limit,
                    Reply<UserHistoryPage> reply) override;
  void extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                         Reply<ExtensionHistoryPage> reply) override;
  void user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) override;
  void extension_holding(Extension extension, Moment moment,
                         Reply<ExtensionHoldingAt> reply) override;
  void last_changes(UserId id, Reply<LastChanges> reply) override;
  void prepare_search() override { inner_.prepare_search(); }
  bool turn_is_due() const override { return inner_.turn_is_due(); }
  void end_turn() override { inner_.end_turn(); }
  std::vector<std::string> not_ready() const override { return reasons; }
  StoreStatistics statistics() const override { return inner_.statistics(); }

 private:
  // The reply, when the inner store is to answer it.
  template <class T>
  std::optional<Reply<T>> pass(Reply<T> reply);

  Store& inner_;
  std::vector<std::move_only_function<void()>> kept_;
};

struct Message {
  Method method = Method::get;
  std::string target{};  // With its query.
  std::optional<std::string> authorization = "Bearer admin";
  std::optional<std::string> content_type = "application/json";
  std::optional<std::string> content_encoding{};
  std::optional<std::string> content_range{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  std::string body{};
  std::string request_id = "request-1";
  std::optional<std::string> accept{};

  Head head() const;
};

// What came back, with the questions that tests ask of it.
struct Answer {
  Response response;
  bool was_body_read = false;

  std::uint16_t status() const { return response.status; }
  std::string body() const { return std::string(response.body.view()); }
  // The field's value; "" when absent.
  std::string field(std::string_view name) const;
};

class ApiWorld {
 public:
  // Tokens are words, unless `tokens` says otherwise. Lifetime: it and `routes` outlive the world.
  explicit ApiWorld(Api::Settings settings = {}, Authenticator* tokens = nullptr,
                    const RouteTable& routes = all_routes());
  ~ApiWorld();

  // Sends one message and waits for its answer.
  Answer send(const Message& message);
  // The same through the door of the command line.
  Answer send_local(const Message& message);
  // Starts a message; the answer comes in a later turn, if at all.
  void start(const Message& message, std::move_only_function<void(Answer)> on_answer);
  void run_until(const std::function<bool()>& is_done);
  // Destroys the Api while everything below it lives on.
  void destroy_api() { api_.reset(); }
  // Everything logged so far.
  std::string logged();

  Answer get(std::string target) {
    return send({.method = Method::get, .target = std::move(target)});
  }
  Answer put(std::string target, std::string body) {
    return send({.method = Method::put, .target = std::move(target), .body = std::move(body)});
  }
  Answer remove(std::string target) {
    return send({.method = Method::delete_, .target = std::move(target)});
  }
  // The documented request.
  Answer update(std::string_view user, std::string_view extension);

  ManualClock clock{*parse_rfc3339("2026-11-23T10:00:00.000Z")};
  QueueLoop loop;
  Metrics metrics;
  WordAuthenticator authenticator;
  std::unique_ptr<Store> memory;
  std::optional<FaultyStore> store;
  std::optional<Directory> directory;
  Api& api() { return *api_; }

 private:
  using Admit = std::function<void(Api::OnAdmission)>;
  void run(const Admit& admit, std::string body, std::move_only_function<void(Answer)> on_answer);
  Answer wait_for(const Admit& admit, const std::string& body);

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> log_file_{std::tmpfile(), std::fclose};
  Log log_;
  LastAuthorization last_;  // Of the connection that all messages come by.
  std::optional<Api> api_;
};

// Well-known people of the tests.
inline constexpr std::string_view ada = "64b7f1a2e4b0a5d3f9c12345";
inline constexpr std::string_view grace = "64b7f1a2e4b0a5d3f9c12346";
inline const std::string ada_path = "/v1/users/" + std::string(ada);
inline constexpr std::string_view nobody = "64b7f1a2e4b0a5d3f9c1ffff";

// Ada Lovelace (version 1) and Grace Hopper (version 2), neither with a number.
void add_people(ApiWorld& world);

}  // namespace ringbook::test

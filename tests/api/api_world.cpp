#include "api/api_world.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "store/memory/memory_store.h"

namespace ringbook::test {

void WordAuthenticator::authenticate(std::optional<std::string_view> authorization,
                                     std::string_view /*client*/, LastAuthorization& /*last*/,
                                     OnAuthentication answer) {
  Authentication result = std::unexpected(TokenRefusal{});
  if (authorization == "Bearer admin") {
    result = Principal{.issuer = "ringbook", .subject = "root", .has_administrator_claim = true};
  } else if (authorization == "Bearer user") {
    result = Principal{.issuer = "ringbook", .subject = "user", .has_administrator_claim = false};
  } else if (authorization == "Bearer expired") {
    result = std::unexpected(TokenRefusal{TokenRefusal::Kind::rejected, "expired"});
  } else if (authorization == "Bearer unchecked") {
    result = std::unexpected(TokenRefusal{TokenRefusal::Kind::unchecked, "verifier_busy"});
  }
  if (is_deferred) {
    kept_.emplace_back([result = std::move(result), answer = std::move(answer)]() mutable {
      answer(std::move(result));
    });
  } else {
    answer(std::move(result));
  }
}

void WordAuthenticator::release() {
  for (auto& each : std::exchange(kept_, {})) {
    each();
  }
}

template <class T>
std::optional<Reply<T>> FaultyStore::pass(Reply<T> reply) {
  if (error) {
    reply(std::unexpected(*error));
    return std::nullopt;
  }
  if (keeps_replies) {
    kept_.emplace_back([reply = std::move(reply)] {});
    return std::nullopt;
  }
  return reply;
}

void FaultyStore::apply(ChangeSet&& set, Reply<Outcome> reply) {
  if (auto passed = pass(std::move(reply))) {
    inner_.apply(std::move(set), *std::move(passed));
  }
}

void FaultyStore::user(UserId id, Reply<std::optional<User>> reply) {
  if (auto passed = pass(std::move(reply))) {
    inner_.user(id, *std::move(passed));
  }
}

void FaultyStore::extension(Extension extension, Reply<ExtensionState> reply) {
  if (auto passed = pass(std::move(reply))) {
    inner_.extension(extension, *std::move(passed));
  }
}

void FaultyStore::users(UserQuery query, Reply<UserPage> reply) {
  if (auto passed = pass(std::move(reply))) {
    inner_.users(std::move(query), *std::move(passed));
  }
}

void FaultyStore::user_history(UserId id, HistoryCursor from, std::size_t limit,
                               Reply<UserHistoryPage> reply) {
  if (auto passed = pass(std::move(reply))) {
    inner_.user_history(id, from, limit, *std::move(passed));
  }
}

void FaultyStore::extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                                    Reply<ExtensionHistoryPage> reply) {
  if (auto passed = pass(std::move(reply))) {
    inner_.extension_history(extension, from, limit, *std::move(passed));
  }
}

void FaultyStore::user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) {
  if (auto inner = pass(std::move(reply))) {
    inner_.user_holding(id, moment, std::move(*inner));
  }
}

void FaultyStore::extension_holding(Extension extension, Moment moment,
                                    Reply<ExtensionHoldingAt> reply) {
  if (auto inner = pass(std::move(reply))) {
    inner_.extension_holding(extension, moment, std::move(*inner));
  }
}

void FaultyStore::last_changes(UserId id, Reply<LastChanges> reply) {
  if (auto inner = pass(std::move(reply))) {
    inner_.last_changes(id, std::move(*inner));
  }
}

Head Message::head() const {
  const std::string_view whole = target;
  const std::size_t question = std::min(whole.find('?'), whole.size());
  return {.method = method,
          .path = whole.substr(0, question),
          .query = whole.substr(std::min(question + 1, whole.size())),
          .request_id = request_id,
          .client = "192.0.2.1",
          .accept = accept,
          .authorization = authorization,
          .content_type = content_type,
          .content_encoding = content_encoding,
          .content_range = content_range,
          .if_match = if_match,
          .if_none_match = if_none_match};
}

std::string Answer::field(std::string_view name) const {
  for (const auto& [known, value] : response.fields) {
    if (known == name) {
      return value;
    }
  }
  return {};
}

ApiWorld::ApiWorld(Api::Settings settings, Authenticator* tokens, const RouteTable& routes)
    : memory(make_memory_store(loop, clock)),
      store(std::in_place, *memory),
      directory(std::in_place, *store),
      log_(clock, LogLevel::info, LogFormat::json, fileno(log_file_.get())),
      api_(std::in_place, std::move(settings), *directory, *store,
           tokens == nullptr ? authenticator : *tokens, clock, metrics, log_, routes) {}

ApiWorld::~ApiWorld() = default;

void ApiWorld::run(const Admit& admit, std::string body,
                   std::move_only_function<void(Answer)> on_answer) {
  admit([this, body = std::move(body),
         on_answer = std::move(on_answer)](Api::Admission admission) mutable {
    if (auto* const response = std::get_if<Response>(&admission)) {
      return on_answer(Answer{std::move(*response), false});
    }
    api_->handle(std::get<Api::AdmittedPtr>(std::move(admission)), body,
                 [on_answer = std::move(on_answer)](Response response) mutable {
                   on_answer(Answer{std::move(response), true});
                 });
  });
}

void ApiWorld::start(const Message& message, std::move_only_function<void(Answer)> on_answer) {
  run([&](Api::OnAdmission answer) { api_->admit(message.head(), last_, std::move(answer)); },
      message.body, std::move(on_answer));
}

void ApiWorld::run_until(const std::function<bool()>& is_done) {
  constexpr int turns_of_any_answer = 1000;
  for (int turn = 0; turn < turns_of_any_answer && !is_done(); ++turn) {
    memory->end_turn();
    while (loop.run_one()) {
    }
  }
  ASSERT_TRUE(is_done()) << "no answer";
}

Answer ApiWorld::wait_for(const Admit& admit, const std::string& body) {
  std::optional<Answer> answer;
  run(admit, body, [&](Answer given) {
    EXPECT_FALSE(answer) << "answered twice";
    answer = std::move(given);
  });
  run_until([&] { return answer.has_value(); });
  return std::move(answer).value_or(Answer{});
}

Answer ApiWorld::send(const Message& message) {
  return wait_for(
      [&](Api::OnAdmission answer) { api_->admit(message.head(), last_, std::move(answer)); },
      message.body);
}

Answer ApiWorld::send_local(const Message& message) {
  const Result<Administrator> by =
      authorise({.issuer = "local", .subject = "operator", .has_administrator_claim = true});
  return wait_for(
      [&](Api::OnAdmission answer) { api_->admit_local(message.head(), *by, std::move(answer)); },
      message.body);
}

std::string ApiWorld::logged() {
  log_.flush();
  std::rewind(log_file_.get());
  std::string text(1 << 20, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), log_file_.get()));
  return text;
}

Answer ApiWorld::update(std::string_view user, std::string_view extension) {
  return put("/user/update-rcextension", R"({"payload":{"userId":")" + std::string(user) +
                                             R"(","rcExtension":")" + std::string(extension) +
                                             R"("}})");
}

void add_people(ApiWorld& world) {
  const std::string base = "/v1/users/";
  EXPECT_EQ(world
                .put(base + std::string(ada),
                     R"({"name":"Ada Lovelace","email":"ada@example.com","department":"Support"})")
                .status(),
            201);
  EXPECT_EQ(
      world.put(base + std::string(grace), R"({"name":"Grace Hopper","email":"grace@example.com"})")
          .status(),
      201);
}

}  // namespace ringbook::test

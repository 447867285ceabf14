#include "http/http_world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>
#include <utility>

#include "store/memory/memory_store.h"

namespace ringbook::test {

void WordAuthenticator::authenticate(std::optional<std::string_view> authorization,
                                     std::string_view /*client*/, LastAuthorization& last,
                                     OnAuthentication answer) {
  Authentication result = std::unexpected(TokenRefusal{});
  if (authorization == "Bearer admin") {
    const JudgedClaims claims{
        .principal = {.issuer = "", .subject = "ann", .has_administrator_claim = true}, .end = 1};
    if (last.find(*authorization, 0, Instant{}) == nullptr) {
      ++recognised;
      last.remember(*authorization, 0, claims);
    }
    result = claims.principal;
  }
  if (!is_deferred) {
    answer(std::move(result));
    return;
  }
  kept_.push_back([answer = std::move(answer), result = std::move(result)]() mutable {
    answer(std::move(result));
  });
}

void WordAuthenticator::release() {
  is_deferred = false;
  for (auto& answer : std::exchange(kept_, {})) {
    answer();
  }
}

HttpWorld::HttpWorld(HttpSettings settings, const ListenAddress& address)
    : clock_(Instant{1'700'000'000'000}),
      log_(log_clock_, LogLevel::error, LogFormat::text),
      store_(make_memory_store(loop_.loop(), clock_)),
      directory_(*store_),
      api_({}, directory_, *store_, authenticator_, clock_, metrics_, log_) {
  Edit edit{
      .user = *UserId::parse(user), .person = Edit::Person::put, .profile = {}, .extension = {}};
  edit.profile.name = "Ada Lovelace";
  ChangeSet set;
  set.subject = "test";
  set.request_id = "test";
  set.edits.push_back(std::move(edit));
  store_->apply(std::move(set),
                Reply<Outcome>([](const Result<Outcome>& outcome) { EXPECT_TRUE(outcome); }));
  store_->end_turn();

  server_ = std::make_unique<Server>(
      settings, loop_, api_,
      Server::Turns{.is_due = [this] { return !holds_turns_ && store_->turn_is_due(); },
                    .end =
                        [this] {
                          if (!holds_turns_) {
                            store_->end_turn();
                          }
                        }},
      clock_, metrics_, log_);
  const auto listening = server_->listen(address);
  EXPECT_TRUE(listening) << listening.error().detail;
  thread_ = std::thread([this] { server_->run([this] { ++reloads_; }); });
}

HttpWorld::~HttpWorld() {
  if (thread_.joinable()) {
    server_->stop();
    server_->stop();
    thread_.join();
  }
}

void HttpWorld::join() {
  thread_.join();
}

void HttpWorld::on_loop(std::move_only_function<void()> task) {
  std::promise<void> done;
  loop_.loop().post([&task, &done] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void HttpWorld::settle() {
  Client client = connect();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  }
}

void HttpWorld::defer_admissions() {
  on_loop([this] { authenticator_.is_deferred = true; });
}

void HttpWorld::release_admissions() {
  on_loop([this] { authenticator_.release(); });
}

std::string HttpWorld::metrics() {
  std::string text;
  on_loop([&] { text = metrics_.render(); });
  return text;
}

void HttpWorld::wait_for_connections(Client& witness, int count) {
  const std::string line = fmt::format("ringbook_http_connections {}\n", count);
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (metrics().find(line) == std::string::npos) {
    ASSERT_EQ(witness.ask(get("/healthz")).status, 200);
    ASSERT_LT(std::chrono::steady_clock::now(), patience) << "there are never " << line;
  }
}

std::string put_body(std::string_view extension) {
  return fmt::format(R"({{"payload":{{"userId":"{}","rcExtension":"{}"}}}})", HttpWorld::user,
                     extension);
}

std::string put_head(std::string_view fields) {
  return fmt::format(
      "PUT /user/update-rcextension HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer admin\r\n"
      "Content-Type: application/json\r\n{}\r\n",
      fields);
}

std::string put(std::string_view extension, std::string_view fields, std::string_view version) {
  const std::string body = put_body(extension);
  return fmt::format(
      "PUT /user/update-rcextension {}\r\nHost: a\r\nAuthorization: Bearer admin\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}",
      version, body.size(), fields, body);
}

std::string get(std::string_view path, std::string_view fields, std::string_view version) {
  return fmt::format("GET {} {}\r\nHost: a\r\n{}\r\n", path, version, fields);
}

std::string chunked(std::string_view body, std::size_t chunk, std::string_view extension,
                    std::string_view trailers) {
  std::string out;
  while (!body.empty()) {
    const std::string_view piece = body.substr(0, chunk);
    out += fmt::format("{:x}{}\r\n{}\r\n", piece.size(), extension, piece);
    body.remove_prefix(piece.size());
  }
  return out + fmt::format("0{}\r\n{}\r\n", extension, trailers);
}

}  // namespace ringbook::test

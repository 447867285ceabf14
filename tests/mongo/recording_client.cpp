#include "mongo/recording_client.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "base/json.h"

namespace ringbook::test {
namespace {

using What = Exchange::What;
using Answer = Exchange::Answer;

// The text at this path, "0" being the first of a list; "" for anything else.
std::string text_in(const std::string& body, std::initializer_list<std::string_view> path) {
  JsonDocument json;
  if (!json.parse(body)) {
    return "";
  }
  std::optional<JsonDocument::Value> at = json.root();
  for (const std::string_view name : path) {
    if (at) {
      at = name == "0" ? at->first() : at->find(name);
    }
  }
  return at && at->is(JsonType::string) ? std::string(at->string()) : "";
}

}  // namespace

int RecordingClient::give(UserId user, Extension number) {
  Exchange exchange;
  exchange.what = What::give;
  exchange.user = user;
  exchange.number = number;
  const auto answer = ask(
      "PUT", "/user/update-rcextension",
      R"({"payload":{"userId":")" + user.text() + R"(","rcExtension":")" + number.text() + R"("}})",
      exchange);
  const int status = answer ? answer->status : 0;
  if (status == 200) {
    exchange.answer = Answer::done;
  } else if (status == 400) {
    exchange.answer = Answer::refused;
    exchange.holder =
        UserId::parse(text_in(answer->body, {"error", "details", "0", "conflict", "userId"}));
    EXPECT_TRUE(exchange.holder) << answer->body;
  } else {
    EXPECT_TRUE(status == 500 || status == 0) << status << " " << answer->body;
  }
  recording_.add(std::move(exchange));
  return status;
}

int RecordingClient::release(UserId user) {
  Exchange exchange;
  exchange.what = What::release;
  exchange.user = user;
  const auto answer = ask("DELETE", "/v1/users/" + user.text() + "/extension", "", exchange);
  const int status = answer ? answer->status : 0;
  if (status == 204) {
    exchange.answer = Answer::done;
  } else {
    EXPECT_TRUE(status >= 500 || status == 0) << status << " " << answer->body;
  }
  recording_.add(std::move(exchange));
  return status;
}

int RecordingClient::read(UserId user) {
  Exchange exchange;
  exchange.what = What::read;
  exchange.user = user;
  const auto answer = ask("GET", "/v1/users/" + user.text(), "", exchange);
  const int status = answer ? answer->status : 0;
  if (status == 200) {
    exchange.answer = Answer::done;
    exchange.number =
        Extension::parse(text_in(answer->body, {"personalInformation", "rcExtension"}));
  } else {
    EXPECT_TRUE(status >= 500 || status == 0) << status << " " << answer->body;
  }
  recording_.add(std::move(exchange));
  return status;
}

std::optional<Exchanged> RecordingClient::ask(const std::string& method, const std::string& target,
                                              const std::string& body, Exchange& exchange) {
  const SystemClock clock;
  if (const std::uint16_t port = port_(); !line_ || line_port_ != port) {
    line_ = std::make_unique<Line>(port, token_);
    line_port_ = port;
  }
  exchange.id = name_ + "-" + std::to_string(++asked_);
  exchange.begin = clock.tick();
  auto answer = line_->ask(method, target, body, exchange.id);
  exchange.end = clock.tick();
  if (!answer) {
    line_ = nullptr;
  }
  return answer;
}

}  // namespace ringbook::test

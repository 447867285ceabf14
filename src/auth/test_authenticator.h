// A TokenAuthenticator with a loop and a clock of the test's own, for suites to derive from.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/file_keys.h"
#include "auth/test_support.h"
#include "auth/token_authenticator.h"
#include "base/loop.h"
#include "support/temporary_folder.h"

namespace ringbook::test {

class AuthenticatorTest : public testing::Test {
 protected:
  // A machine that is very busy still answers within this; nothing waits for its end.
  static constexpr auto patience = std::chrono::seconds(60);

  Result<std::unique_ptr<TokenAuthenticator>> make(const TokenRules& rules, const KeyFiles& files) {
    const auto allowed = parse_algorithms(rules.algorithms);
    if (!allowed) {
      return std::unexpected(allowed.error());
    }
    auto sources = open_key_files(
        files, *allowed, [this](const KeyWarning& warning) { warnings_.push_back(warning.text); });
    if (!sources) {
      return std::unexpected(sources.error());
    }
    return make_token_authenticator(rules, *std::move(sources), clock_, loop_);
  }

  void start(const TokenRules& rules, const KeyFiles& files) {
    auto made = make(rules, files);
    ASSERT_TRUE(made) << made.error().detail;
    authenticator_ = std::move(*made);
  }

  void start(const TokenRules& rules, std::vector<std::unique_ptr<KeySource>> sources) {
    auto made = make_token_authenticator(rules, std::move(sources), clock_, loop_);
    ASSERT_TRUE(made) << made.error().detail;
    authenticator_ = std::move(*made);
  }

  // Asks on a connection of its own, or on the one whose last Authorization is given.
  Authentication ask(const std::optional<std::string>& authorization) {
    LastAuthorization none;
    return ask(authorization, none);
  }
  Authentication ask(const std::optional<std::string>& authorization, LastAuthorization& last) {
    std::optional<Authentication> answer;
    authenticator_->authenticate(authorization, "192.0.2.1", last, [&](Authentication given) {
      EXPECT_FALSE(answer) << "answered twice";
      answer = std::move(given);
    });
    while (!answer && loop_.wait_one(patience)) {
    }
    EXPECT_TRUE(answer) << "not answered";
    return answer ? std::move(*answer) : std::unexpected(TokenRefusal{});
  }

  Authentication ask_with(const std::string& token) { return ask("Bearer " + token); }

  // Why a token is refused; empty when it is not.
  std::string refusal_of(const std::string& token) {
    const auto answer = ask_with(token);
    if (answer) {
      return {};
    }
    EXPECT_EQ(answer.error().kind, TokenRefusal::Kind::rejected) << token;
    return answer.error().reason;
  }

  // The sources that have new keys, in a list; "not" before one that keeps its old ones.
  std::string reload() {
    std::string out;
    for (const ReloadedSource& source : authenticator_->reload()) {
      out += (out.empty() ? "" : ", ") + std::string(source.outcome ? "" : "not ") + source.name;
      EXPECT_TRUE(source.outcome || source.outcome.error().code == Errc::usage);
    }
    return out;
  }

  void expect_rejected(const std::string& token, std::string_view reason) {
    EXPECT_EQ(refusal_of(token), reason) << token;
  }

  TemporaryFolder folder_;
  ManualClock clock_{Instant{1'800'000'000'000}};
  QueueLoop loop_;
  std::vector<std::string> warnings_;
  std::unique_ptr<TokenAuthenticator> authenticator_;
};

}  // namespace ringbook::test

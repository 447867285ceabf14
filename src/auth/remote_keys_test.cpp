// When keys are fetched and what becomes of them, with a fetcher that ends when the test says so
// and a clock that stands still.
#include "auth/remote_keys.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "auth/test_authenticator.h"
#include "auth/test_keys.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using std::chrono::milliseconds;

class FakeFetcher final : public KeyFetcher {
 public:
  FakeFetcher(int& begun, OnFetched& under_way) : begun_(begun), under_way_(under_way) {}
  void begin(OnFetched on_fetched) override {
    EXPECT_FALSE(under_way_) << "two fetches at once";
    ++begun_;
    under_way_ = std::move(on_fetched);
  }

 private:
  int& begun_;
  OnFetched& under_way_;
};

class RemoteKeysTest : public test::AuthenticatorTest {
 protected:
  RemoteKeysTest() { make_keys(); }

  void make_keys() {
    keys_ = std::make_unique<RemoteKeys>(
        "jwks-url", std::make_unique<FakeFetcher>(begun_, under_way_), clock_, metrics_, log_);
  }

  void end_fetch(Result<JwkSet> with) {
    ASSERT_TRUE(under_way_) << "no fetch is under way";
    std::exchange(under_way_, nullptr)(std::move(with));
  }
  void succeed(const std::string& jwk = test::p256_key().jwk(R"("kid":"first")")) {
    end_fetch(parse_jwk_set(test::jwk_set({jwk}), every_algorithm()));
  }
  void fail_to_connect() { end_fetch(fail(Errc::unavailable, "nobody is there")); }

  void pass(milliseconds time) {
    clock_.advance(time);
    keys_->keep_up();
  }

  // Waits as a token with an unknown `kid` does; how it went stands in the counter afterwards.
  void wait() {
    ASSERT_TRUE(keys_->may_have_newer_keys());
    keys_->wait_for_newer_keys([this] { ++woken_; });
  }

  std::string logged() {
    log_.flush();
    std::ifstream file(folder_.path() / "log");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  int lines_with(const std::string& text) {
    int lines = 0;
    const std::string log = logged();
    for (std::size_t at = log.find(text); at != log.npos; at = log.find(text, at + 1)) {
      ++lines;
    }
    return lines;
  }
  bool metrics_say(const std::string& line) {
    return ("\n" + metrics_.render()).find("\n" + line + "\n") != std::string::npos;
  }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> log_file_{
      std::fopen((folder_.path() / "log").c_str(), "w"), std::fclose};
  Log log_{clock_, LogLevel::info, LogFormat::json, fileno(log_file_.get())};
  Metrics metrics_;
  int begun_ = 0;
  KeyFetcher::OnFetched under_way_;
  int woken_ = 0;
  std::unique_ptr<RemoteKeys> keys_;
};

// [KEY-3]
TEST_F(RemoteKeysTest, AreFetchedAtOnceAndReadinessTellsWhenThereAreNone) {
  EXPECT_EQ(begun_, 1);
  EXPECT_EQ(keys_->not_ready(), "no_keys");
  EXPECT_TRUE(keys_->is_shared());
  fail_to_connect();
  EXPECT_EQ(keys_->not_ready(), "no_keys");
  EXPECT_EQ(keys_->warning(), "");
  pass(limits::key_fetch_spacing);
  succeed();
  EXPECT_EQ(keys_->not_ready(), "");
  EXPECT_EQ(keys_->keys().size(), 1U);
}

// [KEY-3]
TEST_F(RemoteKeysTest, AreFetchedAgainInTimeAndSoonerAfterAFailure) {
  succeed();
  pass(limits::key_refresh_time - milliseconds(1));
  EXPECT_EQ(begun_, 1);
  pass(milliseconds(1));
  EXPECT_EQ(begun_, 2);
  pass(limits::key_refresh_time);
  EXPECT_EQ(begun_, 2) << "while one is under way";
  fail_to_connect();
  pass(milliseconds(0));
  EXPECT_EQ(begun_, 3) << "the fetch that failed began long ago";
  fail_to_connect();
  pass(limits::key_fetch_spacing - milliseconds(1));
  EXPECT_EQ(begun_, 3);
  pass(milliseconds(1));
  EXPECT_EQ(begun_, 4);
}

// [KEY-3]
TEST_F(RemoteKeysTest, ThatCameLastStayInUseWhileTheSourceIsDown) {
  succeed();
  const std::uint64_t version = keys_->version();
  pass(limits::key_refresh_time);
  fail_to_connect();
  EXPECT_EQ(keys_->keys().size(), 1U);
  EXPECT_EQ(keys_->version(), version);
  EXPECT_EQ(keys_->not_ready(), "");
  EXPECT_EQ(keys_->warning(), "keys_not_fetched");
  pass(limits::key_fetch_spacing);
  end_fetch(parse_jwk_set(R"({"keys":[]})", every_algorithm()));
  EXPECT_EQ(keys_->version(), version);
  pass(limits::key_fetch_spacing);
  succeed();
  EXPECT_EQ(keys_->version(), version) << "the same set is no change";
  pass(limits::key_refresh_time);
  succeed(test::p384_key().jwk());
  EXPECT_GT(keys_->version(), version);
  EXPECT_EQ(keys_->warning(), "");
}

// [KEY-3]
TEST_F(RemoteKeysTest, AreFetchedForAnUnknownKidButOnlyOnceInAWhileWhateverIsSent) {
  succeed();
  pass(limits::key_fetch_spacing - milliseconds(1));
  EXPECT_FALSE(keys_->may_have_newer_keys());
  pass(milliseconds(1));
  EXPECT_EQ(begun_, 1) << "nobody asked";
  wait();
  EXPECT_EQ(begun_, 2);
  wait();
  EXPECT_EQ(begun_, 2) << "the second waits for the same fetch";
  EXPECT_EQ(woken_, 0);
  succeed();
  EXPECT_EQ(woken_, 2);
  EXPECT_FALSE(keys_->may_have_newer_keys());
}

// [KEY-3]
TEST_F(RemoteKeysTest, ThatDoNotComeEndTheWaitAllTheSame) {
  wait();
  fail_to_connect();
  EXPECT_EQ(woken_, 1);
  EXPECT_FALSE(keys_->may_have_newer_keys()) << "a source that is down is not asked by every token";
}

// [KEY-3]
TEST_F(RemoteKeysTest, AreWaitedForUpToTheDeadlineOfEachToken) {
  wait();
  pass(milliseconds(1));
  wait();
  pass(limits::key_wait_time - milliseconds(2));
  EXPECT_EQ(woken_, 0);
  pass(milliseconds(1));
  EXPECT_EQ(woken_, 1);
  pass(milliseconds(1));
  EXPECT_EQ(woken_, 2);
  succeed();
  EXPECT_EQ(woken_, 2);
}

// [KEY-3]
TEST_F(RemoteKeysTest, AreWaitedForByABoundedNumberOfTokens) {
  for (std::size_t i = 0; i < limits::waiting_for_keys; ++i) {
    wait();
  }
  EXPECT_FALSE(keys_->may_have_newer_keys());
  pass(limits::key_wait_time);
  EXPECT_TRUE(keys_->may_have_newer_keys());
  EXPECT_EQ(woken_, static_cast<int>(limits::waiting_for_keys));
}

// [KEY-1]
TEST_F(RemoteKeysTest, AreFetchedAtOnceOnAReloadUnlessTheyAreBeing) {
  EXPECT_EQ(keys_->reload(), Reload::begun);
  EXPECT_EQ(begun_, 1);
  succeed();
  EXPECT_EQ(keys_->reload(), Reload::begun);
  EXPECT_EQ(begun_, 2);
}

// [KEY-3]
TEST_F(RemoteKeysTest, TellTheirAgeAndTheOutcomeOfEachFetchInMetrics) {
  pass(milliseconds(3000));
  EXPECT_TRUE(metrics_say(R"(ringbook_keys_age_seconds{source="jwks-url"} 3)"));
  succeed();
  pass(limits::key_refresh_time);
  EXPECT_TRUE(metrics_say(R"(ringbook_keys_age_seconds{source="jwks-url"} 300)"));
  fail_to_connect();
  pass(limits::key_fetch_spacing);
  end_fetch(fail(Errc::invalid, "no JSON"));
  for (const char* outcome : {"fetched", "unreachable", "refused"}) {
    EXPECT_TRUE(metrics_say(R"(ringbook_key_fetches_total{source="jwks-url",outcome=")" +
                            std::string(outcome) + R"("} 1)"))
        << metrics_.render();
  }
}

// [KEY-3]
TEST_F(RemoteKeysTest, TellTheLogWhyTheyDidNotComeAndWhenTheyDoAgain) {
  fail_to_connect();
  EXPECT_EQ(lines_with(R"("event":"keys_not_fetched","source":"jwks-url")"), 1);
  EXPECT_EQ(lines_with("nobody is there"), 1);
  pass(limits::key_fetch_spacing);
  succeed();
  EXPECT_EQ(lines_with(R"("event":"keys_fetched","source":"jwks-url","keys":1)"), 1);
  pass(limits::key_refresh_time);
  succeed();
  EXPECT_EQ(lines_with("keys_fetched"), 1) << "what goes on as it did is no news";
  EXPECT_EQ(keys_->reload(), Reload::begun);
  succeed();
  EXPECT_EQ(lines_with("keys_fetched"), 2) << "somebody asked";
}

// [KEY-3] [LOG-1]
TEST_F(RemoteKeysTest, TellOnlyTheBeginningOfAReasonThatAPeerMadeLong) {
  end_fetch(fail(Errc::invalid, std::string(100'000, 'x')));
  EXPECT_LT(logged().size(), 1000U);
}

// [JWS-4] [KEY-3]
TEST_F(RemoteKeysTest, WarnOfAWeakKeyOnceAndAgainWhenThatChanges) {
  const std::string weak = test::SigningKey::rsa(1024).jwk(R"("kid":"weak")");
  const auto set = [&](const std::vector<std::string>& jwks) {
    return parse_jwk_set(test::jwk_set(jwks), every_algorithm());
  };
  end_fetch(set({test::p256_key().jwk(), weak}));
  EXPECT_EQ(lines_with(R"("event":"key_left_out","what":"jwks-url: key 2 (kid \"weak\"))"), 1);
  pass(limits::key_refresh_time);
  end_fetch(set({test::p256_key().jwk(), weak}));
  EXPECT_EQ(lines_with("key_left_out"), 1);
  pass(limits::key_refresh_time);
  succeed();
  pass(limits::key_refresh_time);
  end_fetch(set({test::p256_key().jwk(), weak}));
  EXPECT_EQ(lines_with("key_left_out"), 2);
}

// [JWS-4]
TEST_F(RemoteKeysTest, WarnOfAnOddKeyThatIsUsed) {
  end_fetch(
      parse_jwk_set(test::jwk_set({test::p256_key().jwk(R"("alg":null)")}), every_algorithm()));
  EXPECT_EQ(lines_with(R"("event":"key_odd","what":"jwks-url: key 1 is used, though its member )"
                       R"(\"alg\" is null")"),
            1);
}

// [KEY-3] [JWS-5]
TEST_F(RemoteKeysTest, LetATokenOfANewKeyInOnceTheProviderHasChangedIts) {
  const auto token_by = [](const test::SigningKey& key, std::string_view kid) {
    return key.token(Algorithm::es256, R"({"alg":"ES256","kid":")" + std::string(kid) + R"("})",
                     R"({"exp":1800000900,"sub":"ada","role":"admin","aud":"ringbook"})");
  };
  static const test::SigningKey next_key = test::SigningKey::ec(ecdsa_curves[0]);
  const std::string first = token_by(test::p256_key(), "first");
  const std::string second = token_by(next_key, "second");
  RemoteKeys& keys = *keys_;
  TokenRules rules;
  rules.audience = "ringbook";
  std::vector<std::unique_ptr<KeySource>> sources;
  sources.push_back(std::move(keys_));
  start(rules, std::move(sources));
  EXPECT_EQ(authenticator_->not_ready(), std::vector<std::string>{"no_keys"});
  succeed();
  expect_rejected(second, "unknown_kid");
  EXPECT_EQ(refusal_of(first), "");

  clock_.advance(limits::key_fetch_spacing);
  LastAuthorization none;
  std::optional<Authentication> answer;
  authenticator_->authenticate("Bearer " + second, "192.0.2.1", none,
                               [&](Authentication given) { answer = std::move(given); });
  EXPECT_FALSE(answer);
  succeed(next_key.jwk(R"("kid":"second")"));
  while (!answer && loop_.wait_one(patience)) {
  }
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->has_value());
  expect_rejected(first, "unknown_kid");

  // Waiting ends by itself when the provider is slow.
  clock_.advance(limits::key_fetch_spacing);
  answer.reset();
  authenticator_->authenticate("Bearer " + first, "192.0.2.1", none,
                               [&](Authentication given) { answer = std::move(given); });
  EXPECT_FALSE(answer);
  clock_.advance(limits::key_wait_time);
  authenticator_->keep_up();
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->has_value());
  fail_to_connect();
  EXPECT_EQ(authenticator_->warnings(), std::vector<std::string>{"keys_not_fetched"});
  EXPECT_EQ(keys.version(), 2U);
}

// [KEY-1]
TEST_F(RemoteKeysTest, AreOfNoUseToMacsAlone) {
  const auto source =
      open_remote_source({.kind = KeyPlace::Kind::key_set, .url = *parse_web_url("https://a.test")},
                         mac_algorithms, clock_, loop_, metrics_, log_);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, Errc::usage);
  EXPECT_NE(source.error().detail.find("--jwks-url"), std::string::npos);
}

}  // namespace
}  // namespace ringbook

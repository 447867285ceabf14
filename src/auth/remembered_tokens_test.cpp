// What becomes of tokens that wait for the verifier or for newer keys, and what is remembered of
// those that were verified. The keys are fakes that count and can be held up.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "auth/test_authenticator.h"
#include "base/limits.h"

namespace ringbook {
namespace {

// Counts what it is asked; everything is genuine whose signature is "good".
class CountingKey final : public VerifyingKey {
 public:
  explicit CountingKey(Algorithm algorithm) : algorithm_(algorithm) {}
  AlgorithmSet algorithms() const override { return {algorithm_}; }
  bool verifies(Algorithm /*algorithm*/, std::string_view /*input*/,
                std::string_view signature) override {
    ++asked;
    if (gate.valid()) {
      gate.wait();
    }
    return signature == "good";
  }

  std::atomic<int> asked{0};
  std::shared_future<void> gate;

 private:
  Algorithm algorithm_;
};

// A source as one that asks a service over the network would be.
class FakeSource final : public KeySource {
 public:
  const KeySet& keys() const override { return keys_; }
  std::uint64_t version() const override { return version_; }
  bool is_shared() const override { return true; }
  std::string_view name() const override { return "fake"; }
  Result<Reload> reload() override { return Reload::begun; }
  bool may_have_newer_keys() const override { return may_have_newer_keys_; }
  void wait_for_newer_keys(OnRefreshed then) override { waiting_.push_back(std::move(then)); }
  void keep_up() override {}
  std::string_view not_ready() const override { return keys_.empty() ? "no_keys" : ""; }
  std::string_view warning() const override { return {}; }

  void take(KeySet keys) {
    keys_ = std::move(keys);
    ++version_;
  }
  void end_waiting() {
    for (auto& then : std::exchange(waiting_, {})) {
      then();
    }
  }

  std::vector<OnRefreshed> waiting_;
  bool may_have_newer_keys_ = false;

 private:
  KeySet keys_;
  std::uint64_t version_ = 0;
};

class RememberedTokens : public test::AuthenticatorTest {
 protected:
  void SetUp() override {
    use_key("a");
    std::vector<std::unique_ptr<KeySource>> sources;
    sources.emplace_back(source_);
    start(test::rules_for_ringbook(), std::move(sources));
  }

  void use_key(const std::string& kid) {
    KeySet keys;
    keys.add({.kid = kid, .verifier = key_});
    source_->take(std::move(keys));
  }

  static std::string token(std::string_view more = {},
                           std::string_view payload = test::claims_for_ringbook,
                           std::string_view signature = "good") {
    return test::base64url(test::header_of(Algorithm::es256, more)) + "." +
           test::base64url(payload) + "." + test::base64url(signature);
  }

  // Asks without waiting; the answers are collected.
  void post(const std::string& asked, std::string_view client = "192.0.2.1") {
    LastAuthorization other;
    authenticator_->authenticate("Bearer " + asked, client, other, [this](Authentication answer) {
      answers_.push_back(answer ? answer->subject : answer.error().reason);
      if (!answer) {
        EXPECT_EQ(answer.error().kind, answer.error().reason == "verifier_busy"
                                           ? TokenRefusal::Kind::unchecked
                                           : TokenRefusal::Kind::rejected);
      }
    });
  }

  // Has one client ask so much that the verifier, held up, takes no more of it.
  void flood(std::string_view client, std::string_view more = {}) {
    key_->gate = open_.get_future().share();
    for (std::size_t i = 0; i <= limits::waiting_signatures; ++i) {
      post(token(std::string(more) + R"(,"x":)" + std::to_string(i), test::claims_for_ringbook,
                 "bad"),
           client);
      // The first is under check, and all others wait.
      while (key_->asked == 0) {
        std::this_thread::yield();
      }
    }
    EXPECT_TRUE(answers_.empty());
  }

  void run_until(std::size_t answers) {
    while (answers_.size() < answers && loop_.wait_one(patience)) {
    }
    ASSERT_EQ(answers_.size(), answers);
  }

  std::shared_ptr<CountingKey> key_ = std::make_shared<CountingKey>(Algorithm::es256);
  FakeSource* source_ = new FakeSource;  // The authenticator owns it.
  std::vector<std::string> answers_;
  std::promise<void> open_;  // Ends what holds the verifier up.
};

// [KEY-4]
TEST_F(RememberedTokens, AreVerifiedOnce) {
  for (int i = 0; i < 3; ++i) {
    const auto answer = ask_with(token());
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->subject, "ada");
    EXPECT_TRUE(answer->has_administrator_claim);
  }
  EXPECT_EQ(key_->asked, 1);
  EXPECT_EQ(refusal_of(token(R"(,"x":1)")), "");
  EXPECT_EQ(key_->asked, 2) << "a token is recognised only whole";
}

// [KEY-4]
TEST_F(RememberedTokens, AreAnsweredAtOnce) {
  EXPECT_EQ(refusal_of(token()), "");
  post(token());
  EXPECT_EQ(answers_, std::vector<std::string>{"ada"});
}

// [KEY-4]
TEST_F(RememberedTokens, AreOnlyThoseThatWereGenuine) {
  for (int i = 0; i < 3; ++i) {
    expect_rejected(token({}, test::claims_for_ringbook, "bad"), "bad_signature");
  }
  EXPECT_EQ(key_->asked, 3);
}

// [KEY-4]
TEST_F(RememberedTokens, DieAtTheirExpiryAndTheSkew) {
  EXPECT_EQ(refusal_of(token()), "");
  clock_.set(Instant{1'800'000'129'999});
  EXPECT_EQ(refusal_of(token()), "");
  EXPECT_EQ(key_->asked, 1);
  clock_.set(Instant{1'800'000'130'000});
  expect_rejected(token(), "expired");
  EXPECT_EQ(key_->asked, 1);
}

// [KEY-4]
TEST_F(RememberedTokens, DieWithAnyChangeOfKeys) {
  EXPECT_EQ(refusal_of(token()), "");
  use_key("a");
  EXPECT_EQ(refusal_of(token()), "");
  EXPECT_EQ(key_->asked, 2) << "though the keys are the same";
  source_->take({});
  expect_rejected(token(), "unknown_kid");
}

// [KEY-4]
TEST_F(RememberedTokens, AreNotThoseThatKeysVerifiedWhichAreGone) {
  std::promise<void> open;
  key_->gate = open.get_future().share();
  post(token());
  use_key("b");
  // Another token, so that the change of keys is noticed before the verdict comes.
  post(token({}, "[]"));
  EXPECT_EQ(answers_, std::vector<std::string>{"bad_claims"});
  open.set_value();
  run_until(2);
  EXPECT_EQ(answers_[1], "ada") << "it was asked before the change";
  EXPECT_EQ(refusal_of(token()), "");
  EXPECT_EQ(key_->asked, 2);
}

// [KEY-4]
TEST_F(RememberedTokens, AreNeverOnesWithAMac) {
  const auto mac_key = std::make_shared<CountingKey>(Algorithm::hs256);
  KeySet keys;
  keys.add({.kid = "m", .verifier = mac_key});
  source_->take(std::move(keys));
  const std::string mac_token = test::base64url(test::header_of(Algorithm::hs256)) + "." +
                                test::base64url(test::claims_for_ringbook) + "." +
                                test::base64url("good");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(refusal_of(mac_token), "");
  }
  EXPECT_EQ(mac_key->asked, 3);
}

// [KEY-4]
TEST_F(RememberedTokens, AreCheckedOnceForTheConnectionThatSendsThemAgain) {
  const auto mac_key = std::make_shared<CountingKey>(Algorithm::hs256);
  KeySet keys;
  keys.add({.kid = "m", .verifier = mac_key});
  source_->take(std::move(keys));
  const std::string mac_token = "Bearer " + test::base64url(test::header_of(Algorithm::hs256)) +
                                "." + test::base64url(test::claims_for_ringbook) + "." +
                                test::base64url("good");
  LastAuthorization last;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(ask(mac_token, last));
  }
  EXPECT_EQ(mac_key->asked, 1);
  LastAuthorization another;
  EXPECT_TRUE(ask(mac_token, another));
  EXPECT_EQ(mac_key->asked, 2);
}

// [JWS-6]
TEST_F(RememberedTokens, CostNoSignatureWhenTheirClaimsAreNoGood) {
  expect_rejected(token({}, R"({"exp":1,"sub":"ada","aud":"ringbook"})"), "expired");
  expect_rejected(token({}, R"({"exp":1800000100,"sub":"ada"})"), "wrong_audience");
  expect_rejected(token({}, R"({"exp":1800000100,"aud":"ringbook"})"), "bad_subject");
  expect_rejected(token({}, "[]"), "bad_claims");
  EXPECT_EQ(key_->asked, 0);
}

// [JWS-6]
TEST_F(RememberedTokens, AreNotCalledInvalidWhileTooManyWait) {
  flood("192.0.2.1");
  post(token(), "192.0.2.1");
  EXPECT_EQ(answers_, std::vector<std::string>{"verifier_busy"});
  open_.set_value();
  run_until(limits::waiting_signatures + 2);
  EXPECT_EQ(refusal_of(token()), "");
}

// [JWS-6]
TEST_F(RememberedTokens, AreVerifiedThoughAnotherClientFloods) {
  flood("2001:db8::1");
  post(token(), "192.0.2.1");
  EXPECT_EQ(answers_, std::vector<std::string>{"verifier_busy"}) << "one of the flood makes room";
  post(token(R"(,"x":"flood")"), "2001:db8::2");
  EXPECT_EQ(answers_.size(), 2U) << "a neighbour of the same network is the same client";
  open_.set_value();
  while (std::ranges::find(answers_, "ada") == answers_.end() && loop_.wait_one(patience)) {
  }
  EXPECT_EQ(std::ranges::count(answers_, "ada"), 1);
  EXPECT_LE(answers_.size(), 3 + limits::signature_batch) << "its turn comes soon";
}

// [JWS-6]
TEST_F(RememberedTokens, KeepTheirClientWhileTheyWaitForNewerKeys) {
  source_->may_have_newer_keys_ = true;
  post(token(R"(,"kid":"new")"), "192.0.2.1");
  use_key("new");
  flood("192.0.2.1", R"(,"kid":"new")");
  source_->end_waiting();
  EXPECT_EQ(answers_, std::vector<std::string>{"verifier_busy"});
  open_.set_value();
  run_until(limits::waiting_signatures + 2);
  EXPECT_EQ(std::ranges::count(answers_, "ada"), 0) << "it was one of the flood's client";
}

// [JWS-6]
TEST_F(RememberedTokens, HoldUpNoMacWhileTheyWait) {
  const auto mac_key = std::make_shared<CountingKey>(Algorithm::hs256);
  KeySet keys;
  keys.add({.kid = "a", .verifier = key_});
  keys.add({.kid = "m", .verifier = mac_key});
  source_->take(std::move(keys));
  std::promise<void> open;
  key_->gate = open.get_future().share();
  post(token());
  post(test::base64url(test::header_of(Algorithm::hs256)) + "." +
       test::base64url(test::claims_for_ringbook) + "." + test::base64url("good"));
  EXPECT_EQ(answers_, std::vector<std::string>{"ada"});
  open.set_value();
  run_until(2);
}

TEST_F(RememberedTokens, GetNoAnswerWhenTheAuthenticatorGoes) {
  std::promise<void> open;
  key_->gate = open.get_future().share();
  post(token());
  source_->may_have_newer_keys_ = true;
  post(token(R"(,"kid":"new")"));
  open.set_value();
  authenticator_.reset();
  while (loop_.run_one()) {
  }
  EXPECT_TRUE(answers_.empty());
}

// [JWS-5]
TEST_F(RememberedTokens, WaitForNewerKeysWhenTheirKidIsUnknown) {
  const std::string rotated = token(R"(,"kid":"new")");
  expect_rejected(rotated, "unknown_kid");
  source_->may_have_newer_keys_ = true;
  post(rotated);
  post(token(R"(,"kid":"other")"));
  EXPECT_EQ(source_->waiting_.size(), 2U);
  EXPECT_TRUE(answers_.empty());
  use_key("new");
  source_->end_waiting();
  run_until(2);
  EXPECT_EQ(answers_, (std::vector<std::string>{"unknown_kid", "ada"}));
}

// [JWS-5]
TEST_F(RememberedTokens, WaitOnceAndOnlyWhenNewerKeysCouldHelp) {
  source_->may_have_newer_keys_ = true;
  post(token(R"(,"kid":"new")"));
  source_->end_waiting();
  EXPECT_EQ(answers_, std::vector<std::string>{"unknown_kid"});
  EXPECT_TRUE(source_->waiting_.empty()) << "not a second time";
  post(token(R"(,"kid":"new")", R"({"exp":1,"sub":"ada"})"));
  EXPECT_EQ(answers_.back(), "expired");
  post(test::base64url(test::header_of(Algorithm::rs256, R"(,"kid":"a")")) + "." +
       test::base64url(test::claims_for_ringbook) + "." + test::base64url("good"));
  EXPECT_EQ(answers_.back(), "no_fitting_key");
  EXPECT_TRUE(source_->waiting_.empty());
}

TEST_F(RememberedTokens, CannotBeCheckedWhileASourceHasNoKeys) {
  EXPECT_TRUE(authenticator_->not_ready().empty());
  source_->take({});
  EXPECT_EQ(authenticator_->not_ready(), std::vector<std::string>{"no_keys"});
}

// [KEY-1]
TEST_F(RememberedTokens, OfAnySharedSourceNeedAnAudience) {
  std::vector<std::unique_ptr<KeySource>> sources;
  sources.push_back(std::make_unique<FakeSource>());
  EXPECT_EQ(make_token_authenticator({}, std::move(sources), clock_, loop_).error().code,
            Errc::usage);
  EXPECT_EQ(make_token_authenticator({}, std::vector<std::unique_ptr<KeySource>>(), clock_, loop_)
                .error()
                .code,
            Errc::usage);
}

}  // namespace
}  // namespace ringbook

#include "auth/signature_verifier.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <optional>

#include "auth/base64url.h"
#include "auth/jwk_set.h"
#include "auth/test_keys.h"
#include "base/limits.h"

namespace ringbook {
namespace {

constexpr auto patience = std::chrono::seconds(60);

// Finds genuine what is signed "good", and can be held up.
class FakeKey final : public VerifyingKey {
 public:
  AlgorithmSet algorithms() const override { return every_algorithm(); }
  bool verifies(Algorithm /*algorithm*/, std::string_view /*input*/,
                std::string_view signature) override {
    thread = std::this_thread::get_id();
    ++asked;
    if (gate.valid()) {
      begun.set_value();
      gate.wait();
      gate = {};
    }
    return signature == "good";
  }

  std::shared_future<void> gate;
  std::promise<void> begun;
  std::atomic<int> asked{0};
  std::atomic<std::thread::id> thread;
};

using Verdict = SignatureVerifier::Verdict;
using enum SignatureVerifier::Verdict;

class SignatureVerifierTest : public testing::Test {
 protected:
  SignatureVerifier::Question question(std::string signature) {
    return {Algorithm::es256, "input", std::move(signature), {key_}};
  }

  // The next questions wait until `open` gets a value.
  void close_gate() {
    key_->gate = open_.get_future().share();
    verifier_->ask("192.0.2.1", question("good"), [](Verdict) {});
    key_->begun.get_future().wait();
  }

  void run_until(std::size_t verdicts) {
    while (verdicts_.size() < verdicts && loop_.wait_one(patience)) {
    }
    EXPECT_EQ(verdicts_.size(), verdicts);
  }

  void ask(std::string signature, const std::string& client = "192.0.2.1") {
    verifier_->ask(client, question(std::move(signature)), [this](Verdict verdict) {
      EXPECT_TRUE(loop_.is_current());
      verdicts_.push_back(verdict);
    });
  }

  QueueLoop loop_;
  std::shared_ptr<FakeKey> key_ = std::make_shared<FakeKey>();
  std::promise<void> open_;
  std::vector<Verdict> verdicts_;
  std::optional<SignatureVerifier> verifier_{std::in_place, loop_};
};

// [JWS-6]
TEST_F(SignatureVerifierTest, AnswersOnTheLoopWhatAnotherThreadFound) {
  ask("good");
  ask("bad");
  EXPECT_TRUE(verdicts_.empty());
  run_until(2);
  EXPECT_EQ(verdicts_, (std::vector{genuine, forged}));
  EXPECT_NE(key_->thread.load(), std::this_thread::get_id());
}

// [JWS-6]
TEST_F(SignatureVerifierTest, AnswersInTheOrderOfTheQuestions) {
  std::vector<Verdict> expected;
  for (std::size_t i = 0; i < limits::waiting_signatures; ++i) {
    const bool is_good = i % 3 == 0 || i % 7 == 0;
    expected.push_back(is_good ? genuine : forged);
    ask(is_good ? "good" : "bad");
  }
  run_until(expected.size());
  EXPECT_EQ(verdicts_, expected);
}

// [JWS-6]
TEST_F(SignatureVerifierTest, LeavesUncheckedWhatOneClientAsksTooMuch) {
  close_gate();
  for (std::size_t i = 0; i < limits::waiting_signatures; ++i) {
    ask("good");
  }
  EXPECT_TRUE(verdicts_.empty());
  ask("good");
  EXPECT_EQ(verdicts_, std::vector{unchecked}) << "at once";
  open_.set_value();
  run_until(limits::waiting_signatures + 1);
  EXPECT_EQ(std::ranges::count(verdicts_, genuine),
            static_cast<std::ptrdiff_t>(limits::waiting_signatures));
}

// [JWS-6]
TEST_F(SignatureVerifierTest, MakesRoomForOthersWhereOneClientHasFilledIt) {
  close_gate();
  for (std::size_t i = 0; i < limits::waiting_signatures; ++i) {
    ask("bad");
  }
  std::optional<Verdict> verdict;
  verifier_->ask("192.0.2.2", question("good"), [&](Verdict given) { verdict = given; });
  EXPECT_EQ(verdict, std::nullopt);
  EXPECT_EQ(verdicts_, std::vector{unchecked}) << "of the client that has most of them";
  open_.set_value();
  while (!verdict && loop_.wait_one(patience)) {
  }
  EXPECT_EQ(verdict, genuine);
  EXPECT_LE(verdicts_.size(), 2 + limits::signature_batch) << "its turn comes soon";
  run_until(limits::waiting_signatures);
  EXPECT_EQ(std::ranges::count(verdicts_, unchecked), 1);
}

// [JWS-5]
TEST_F(SignatureVerifierTest, TriesOneKeyAfterTheOther) {
  const auto bad = std::make_shared<FakeKey>();
  std::optional<Verdict> verdict;
  verifier_->ask("192.0.2.1", {Algorithm::es256, "input", "good", {key_, bad}},
                 [&](Verdict given) { verdict = given; });
  while (!verdict && loop_.wait_one(patience)) {
  }
  EXPECT_EQ(verdict, genuine);
  EXPECT_EQ(bad->asked, 0) << "one was enough";
  verdict.reset();
  verifier_->ask("192.0.2.1", {Algorithm::es256, "input", "bad", {key_, bad}},
                 [&](Verdict given) { verdict = given; });
  while (!verdict && loop_.wait_one(patience)) {
  }
  EXPECT_EQ(verdict, forged);
  EXPECT_EQ(bad->asked, 1);
}

TEST_F(SignatureVerifierTest, MayBeAskedWhileItGivesAVerdict) {
  verifier_->ask("192.0.2.1", question("bad"), [this](Verdict) { ask("good"); });
  run_until(1);
  EXPECT_EQ(verdicts_, std::vector{genuine});
}

TEST_F(SignatureVerifierTest, DropsWhatWaitsWhenItGoes) {
  close_gate();
  const auto kept = std::make_shared<int>(0);
  for (int i = 0; i < 3; ++i) {
    verifier_->ask("192.0.2.1", question("good"), [kept](Verdict) { FAIL() << "too late"; });
  }
  EXPECT_EQ(kept.use_count(), 4);
  open_.set_value();
  verifier_.reset();
  EXPECT_EQ(kept.use_count(), 1);
  while (loop_.run_one()) {
  }
}

// The thread beside the loop, with real keys of every kind.
// [JWS-3] [JWS-6]
TEST_F(SignatureVerifierTest, VerifiesSignaturesOfEveryAlgorithm) {
  std::vector<Verdict> expected;
  for (int round = 0; round < 3; ++round) {
    for (const Algorithm algorithm : test::signature_algorithms()) {
      const auto set = parse_jwk_set(test::jwk_set({test::key_for(algorithm).jwk()}), {algorithm});
      ASSERT_TRUE(set);
      Candidates candidates;
      set->keys.select(algorithm, std::nullopt, candidates);
      const auto keys = candidates.keys();
      for (const char* input : {"input", "another"}) {
        expected.push_back(std::string_view(input) == "input" ? genuine : forged);
        verifier_->ask("192.0.2.1",
                       {algorithm,
                        input,
                        test::key_for(algorithm).sign(algorithm, "input"),
                        {keys.begin(), keys.end()}},
                       [this](Verdict verdict) { verdicts_.push_back(verdict); });
      }
    }
  }
  run_until(expected.size());
  EXPECT_EQ(verdicts_, expected);
}

}  // namespace
}  // namespace ringbook

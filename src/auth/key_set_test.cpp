#include "auth/key_set.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

class NamedKey final : public VerifyingKey {
 public:
  NamedKey(std::string name, AlgorithmSet algorithms)
      : name_(std::move(name)), algorithms_(algorithms) {}
  AlgorithmSet algorithms() const override { return algorithms_; }
  bool verifies(Algorithm /*algorithm*/, std::string_view /*input*/,
                std::string_view /*signature*/) override {
    return false;
  }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  AlgorithmSet algorithms_;
};

Key key(std::string name, std::optional<std::string> kid, AlgorithmSet algorithms) {
  return {.kid = std::move(kid),
          .verifier = std::make_shared<NamedKey>(std::move(name), algorithms)};
}

std::string names_of(const Candidates& candidates) {
  std::string names;
  for (const auto& candidate : candidates.keys()) {
    names += dynamic_cast<const NamedKey&>(*candidate).name();
  }
  return names;
}

class KeySetTest : public testing::Test {
 protected:
  KeySetTest() {
    set_.add(key("a", "1", {Algorithm::rs256}));
    set_.add(key("b", "2", {Algorithm::es256}));
    set_.add(key("c", std::nullopt, {Algorithm::rs256}));
    set_.add(key("d", "", {Algorithm::rs256, Algorithm::ps256}));
  }

  Candidates select(Algorithm algorithm, std::optional<std::string_view> kid) const {
    Candidates candidates;
    set_.select(algorithm, kid, candidates);
    return candidates;
  }

  KeySet set_;
};

// [JWS-5]
TEST_F(KeySetTest, SelectsByExactKid) {
  EXPECT_EQ(names_of(select(Algorithm::rs256, "1")), "a");
  EXPECT_EQ(names_of(select(Algorithm::es256, "2")), "b");
  EXPECT_EQ(names_of(select(Algorithm::ps256, "")), "d");
  for (const char* kid : {"3", "1 ", " 1", "01", "11"}) {
    EXPECT_EQ(select(Algorithm::rs256, kid).refusal(), RefusalReason::unknown_kid) << kid;
  }
}

// [JWS-5]
TEST_F(KeySetTest, TakesNoKeyWithoutKidForATokenThatNamesOne) {
  KeySet nameless;
  nameless.add(key("c", std::nullopt, {Algorithm::rs256}));
  Candidates candidates;
  nameless.select(Algorithm::rs256, "1", candidates);
  EXPECT_EQ(candidates.refusal(), RefusalReason::unknown_kid);
  nameless.select(Algorithm::rs256, "", candidates);
  EXPECT_EQ(candidates.refusal(), RefusalReason::unknown_kid);
}

// [JWS-5]
TEST_F(KeySetTest, TriesTwoFittingKeysForATokenWithoutKid) {
  EXPECT_EQ(names_of(select(Algorithm::rs256, std::nullopt)), "ac");
  EXPECT_EQ(names_of(select(Algorithm::es256, std::nullopt)), "b");
  EXPECT_EQ(names_of(select(Algorithm::ps256, std::nullopt)), "d");
  EXPECT_EQ(select(Algorithm::rs256, std::nullopt).refusal(), std::nullopt);
}

// [JWS-5]
TEST_F(KeySetTest, CountsTheKeysOfAllSets) {
  Candidates candidates;
  KeySet other;
  other.add(key("x", std::nullopt, {Algorithm::rs256}));
  other.select(Algorithm::rs256, std::nullopt, candidates);
  set_.select(Algorithm::rs256, std::nullopt, candidates);
  EXPECT_EQ(names_of(candidates), "xa");
}

// [JWS-2]
TEST_F(KeySetTest, SelectsNoKeyThatIsForOtherAlgorithms) {
  EXPECT_EQ(select(Algorithm::es256, "1").refusal(), RefusalReason::no_fitting_key);
  EXPECT_EQ(select(Algorithm::hs256, "1").refusal(), RefusalReason::no_fitting_key);
  EXPECT_EQ(select(Algorithm::hs256, std::nullopt).refusal(), RefusalReason::no_fitting_key);
}

// [KEY-3]
TEST_F(KeySetTest, KnowsNoKidOfSignedTokensByASecret) {
  Key secret = key("s", std::nullopt, mac_algorithms);
  secret.fits_every_kid = true;
  set_.add(std::move(secret));
  EXPECT_EQ(select(Algorithm::rs256, "new").refusal(), RefusalReason::unknown_kid);
  EXPECT_EQ(select(Algorithm::rs256, "2").refusal(), RefusalReason::no_fitting_key);
  EXPECT_EQ(names_of(select(Algorithm::hs256, "new")), "s");
}

// [JWS-5]
TEST_F(KeySetTest, HasSecretsThatFitEveryKid) {
  KeySet secret;
  secret.add({.fits_every_kid = true,
              .verifier = std::make_shared<NamedKey>("s", AlgorithmSet{Algorithm::hs256})});
  for (const auto& kid :
       {std::optional<std::string_view>(), std::optional<std::string_view>("anything")}) {
    Candidates candidates;
    secret.select(Algorithm::hs256, kid, candidates);
    EXPECT_EQ(names_of(candidates), "s");
  }
}

}  // namespace
}  // namespace ringbook

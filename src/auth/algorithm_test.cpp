#include "auth/algorithm.h"

#include <gtest/gtest.h>

#include "auth/token_rules.h"

namespace ringbook {
namespace {

TEST(Algorithm, IsKnownByItsName) {
  for (const Algorithm algorithm : all_algorithms) {
    EXPECT_EQ(parse_algorithm(name_of(algorithm)), algorithm);
  }
}

// [JWS-3]
TEST(Algorithm, OfEd25519HasTwoNames) {
  EXPECT_EQ(parse_algorithm("Ed25519"), Algorithm::eddsa);
  EXPECT_EQ(parse_algorithm("EdDSA"), Algorithm::eddsa);
  EXPECT_EQ(parse_algorithms({"Ed25519"})->text(), "EdDSA");
}

// [JWS-2]
TEST(Algorithm, HasOnlyOneSpelling) {
  for (const char* name : {"",        "none",   "None",   "NONE",   "nOnE",     "hs256", "Hs256",
                           "HS-256",  "HS256 ", " HS256", "HS2560", "HS25",     "HMAC",  "HS257",
                           "RS1",     "rs256",  "ES521",  "ES256K", "ES224",    "EDDSA", "EdDsa",
                           "ed25519", "Ed448",  "ESP256", "PS256K", "RSA-OAEP", "RSA1_5"}) {
    EXPECT_FALSE(parse_algorithm(name)) << name;
  }
}

// [KEY-1]
TEST(AlgorithmList, HoldsExactlyWhatIsNamed) {
  const auto set = parse_algorithms({"HS512", "HS256", "HS256"});
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->contains(Algorithm::hs256));
  EXPECT_FALSE(set->contains(Algorithm::hs384));
  EXPECT_TRUE(set->contains(Algorithm::hs512));
  EXPECT_EQ(set->text(), "HS256, HS512");
}

// [KEY-1]
TEST(AlgorithmList, RefusesUnknownNamesAndSaysWhatIsAllowed) {
  for (const char* name : {"none", "hs256", "", "HS256,HS384", " HS256"}) {
    const auto set = parse_algorithms({"HS256", name});
    ASSERT_FALSE(set) << name;
    EXPECT_EQ(set.error().code, Errc::usage);
    EXPECT_NE(set.error().detail.find("HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, "
                                      "PS512, ES256, ES384, ES512, EdDSA"),
              std::string::npos)
        << set.error().detail;
  }
}

// [KEY-1]
TEST(AlgorithmList, ThatIsNotConfiguredHoldsEveryAlgorithm) {
  EXPECT_EQ(parse_algorithms(TokenRules().algorithms), every_algorithm());
}

TEST(AlgorithmList, SharesWhatBothHold) {
  EXPECT_EQ((AlgorithmSet{Algorithm::hs256, Algorithm::es256} & mac_algorithms).text(), "HS256");
  EXPECT_TRUE((rsa_algorithms & mac_algorithms).empty());
}

// [KEY-1]
TEST(AlgorithmList, RefusesToBeEmpty) {
  EXPECT_EQ(parse_algorithms({}).error().code, Errc::usage);
}

}  // namespace
}  // namespace ringbook

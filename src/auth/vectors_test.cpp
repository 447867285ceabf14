// Tokens that no one here wrote: Wycheproof's, as a strict verifier decides them, and the RFCs'
// own.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "auth/jwk_set.h"
#include "auth/jws.h"
#include "auth/test_authenticator.h"
#include "auth/test_keys.h"
#include "base/json.h"
#include "support/vectors.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

JsonDocument document_in(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  JsonDocument document;
  const auto parsed = document.parse(text);
  EXPECT_TRUE(parsed) << file;
  return document;
}

std::string text_of(const Value& object, std::string_view name) {
  const auto member = object.find(name);
  return std::string(member && member->is(JsonType::string) ? member->string() : "");
}

// A key as it stands in a vector, as the text it was read from.
std::string text_of(const Value& value) {
  std::string text;
  switch (value.type()) {
    case JsonType::string: append_json_string(text, value.string()); return text;
    case JsonType::array:
    case JsonType::object: break;
    default: ADD_FAILURE() << "no key has such a member"; return "null";
  }
  const bool is_object = value.is(JsonType::object);
  for (auto child = value.first(); child; child = child->next()) {
    text += text.empty() ? "" : ",";
    if (is_object) {
      append_json_string(text, child->name());
      text += ":";
    }
    text += text_of(*child);
  }
  return is_object ? "{" + text + "}" : "[" + text + "]";
}

// The part of a group's key that verifies: a secret is given as the private one alone.
Value verifying_part_of(const Value& group) {
  const auto part = group.find("public");
  return part ? *part : *group.find("private");
}

bool verifies(const Result<JwkSet>& set, std::string_view token) {
  if (!set) {
    return false;
  }
  JwsReader reader(every_algorithm());
  const auto jws = reader.read(token);
  if (!jws) {
    return false;
  }
  Candidates candidates;
  set->keys.select(jws->algorithm, jws->kid, candidates);
  return std::ranges::any_of(candidates.keys(), [&](const auto& key) {
    return key->verifies(jws->algorithm, jws->signing_input, jws->signature);
  });
}

Result<JwkSet> set_of_one(const std::string& jwk) {
  return parse_jwk_set(test::jwk_set({jwk}), every_algorithm());
}

// [JWS-1] [JWS-2] [JWS-3] [JWS-4]
TEST(WycheproofJws, IsDecidedAsAStrictVerifierDoes) {
  const auto folder = test::vectors("wycheproof");
  if (!folder) {
    GTEST_SKIP() << test::no_vectors;
  }
  const JsonDocument decided = document_in(*folder / "json_web_signature_strict.json");
  std::map<double, bool> is_valid;
  for (auto row = decided.root().first(); row; row = row->next()) {
    is_valid[row->find("tcId")->number()] = text_of(*row, "strict") == "valid";
  }
  const JsonDocument vectors = document_in(*folder / "json_web_signature_test.json");
  std::size_t valid = 0;
  std::size_t invalid = 0;
  for (auto group = vectors.root().find("testGroups")->first(); group; group = group->next()) {
    const auto set = set_of_one(text_of(verifying_part_of(*group)));
    for (auto test = group->find("tests")->first(); test; test = test->next()) {
      const double id = test->find("tcId")->number();
      const bool is_verified = verifies(set, text_of(*test, "jws"));
      EXPECT_EQ(is_verified, is_valid.at(id)) << id << " " << text_of(*test, "comment");
      ++(is_verified ? valid : invalid);
    }
  }
  EXPECT_EQ(valid + invalid, 401U);
  EXPECT_EQ(valid, static_cast<std::size_t>(std::ranges::count(
                       is_valid, true, [](const auto& row) { return row.second; })));
}

// Four of them are refused only because their header names another algorithm than their key: with
// the name put right, RFC 7520's PS384 and ES512 signatures verify.
// [JWS-3]
TEST(WycheproofJws, OfRfc7520VerifiesUnderTheRightNameOfTheAlgorithm) {
  const auto folder = test::vectors("wycheproof");
  if (!folder) {
    GTEST_SKIP() << test::no_vectors;
  }
  const JsonDocument vectors = document_in(*folder / "json_web_signature_test.json");
  const std::map<double, std::string> right{
      {346, "PS384"}, {347, "ES512"}, {350, "PS384"}, {351, "ES512"}};
  std::size_t seen = 0;
  for (auto group = vectors.root().find("testGroups")->first(); group; group = group->next()) {
    for (auto test = group->find("tests")->first(); test; test = test->next()) {
      const auto name = right.find(test->find("tcId")->number());
      if (name == right.end()) {
        continue;
      }
      const Value part = verifying_part_of(*group);
      std::string jwk = text_of(part);
      const std::string wrong = text_of(part, "alg");
      jwk.replace(jwk.find(wrong), wrong.size(), name->second);
      EXPECT_TRUE(verifies(set_of_one(jwk), text_of(*test, "jws"))) << name->first;
      ++seen;
    }
  }
  EXPECT_EQ(seen, right.size());
}

// [JWS-4] [JWS-5]
TEST(WycheproofJwk, IsDecidedAsItsLabelsSay) {
  const auto folder = test::vectors("wycheproof");
  if (!folder) {
    GTEST_SKIP() << test::no_vectors;
  }
  const JsonDocument vectors = document_in(*folder / "json_web_key_test.json");
  std::size_t seen = 0;
  for (auto group = vectors.root().find("testGroups")->first(); group; group = group->next()) {
    const auto set = parse_jwk_set(text_of(verifying_part_of(*group)), every_algorithm());
    for (auto test = group->find("tests")->first(); test; test = test->next()) {
      const bool is_valid = text_of(*test, "result") == "valid";
      EXPECT_EQ(verifies(set, text_of(*test, "jws")), is_valid)
          << test->find("tcId")->number() << " " << text_of(*test, "comment");
      // What makes a token invalid there is its key, but for one changed signature.
      EXPECT_EQ(set.has_value(),
                is_valid || text_of(*test, "comment") == "rejectsModifiedSignature")
          << test->find("tcId")->number();
      ++seen;
    }
  }
  EXPECT_EQ(seen, 26U);
}

// [JWS-3]
TEST(RfcExamples, Verify) {
  const auto file = test::vectors("rfc/rfc_examples.json");
  if (!file) {
    GTEST_SKIP() << test::no_vectors;
  }
  const JsonDocument examples = document_in(*file);
  std::vector<std::string> verified;
  for (auto example = examples.root().first(); example; example = example->next()) {
    if (!example->find("jwk")->is(JsonType::object)) {
      EXPECT_EQ(text_of(*example, "alg"), "none");
      continue;
    }
    const auto set = set_of_one(text_of(*example->find("jwk")));
    std::string token = text_of(*example, "jws");
    EXPECT_TRUE(verifies(set, token)) << text_of(*example, "id");
    token[token.rfind('.') + 5] = token[token.rfind('.') + 5] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verifies(set, token)) << text_of(*example, "id");
    verified.push_back(text_of(*example, "alg"));
  }
  EXPECT_EQ(verified, (std::vector<std::string>{"HS256", "RS256", "ES256", "EdDSA"}));
}

using RfcExampleTokens = test::AuthenticatorTest;

// [JWS-2] [JWT-1]
TEST_F(RfcExampleTokens, AreNoBearerTokensToday) {
  const auto file = test::vectors("rfc/rfc_examples.json");
  if (!file) {
    GTEST_SKIP() << test::no_vectors;
  }
  const JsonDocument examples = document_in(*file);
  clock_.set(*parse_rfc3339("2026-11-23T10:00:00.000Z"));
  TokenRules rules;
  rules.accepts_any_audience = true;
  std::map<std::string, std::string> reasons;
  for (auto example = examples.root().first(); example; example = example->next()) {
    if (const Value jwk = *example->find("jwk"); jwk.is(JsonType::object)) {
      const auto path = folder_.write("jwks", test::jwk_set({text_of(jwk)}));
      start(rules, KeyFiles{.secret_file = {}, .jwks_file = path});
    }
    reasons[text_of(*example, "id")] = refusal_of(text_of(*example, "jws"));
  }
  EXPECT_EQ(reasons, (std::map<std::string, std::string>{{"RFC7515-A.1", "expired"},
                                                         {"RFC7515-A.2", "expired"},
                                                         {"RFC7515-A.3", "expired"},
                                                         {"RFC8037-A.4", "bad_claims"},
                                                         {"RFC7519-6.1", "malformed"}}));
}

}  // namespace
}  // namespace ringbook

// JSONTestSuite over real sockets: each file as the whole body of a PUT, and each as a value that
// the request has no use for.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "http/http_world.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

std::map<std::string, std::string> read_suite(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

std::string put_of(std::string_view body) {
  return put_head(fmt::format("Content-Length: {}\r\n", body.size())) + std::string(body);
}

Answer answer_of(HttpWorld& world, std::string_view body) {
  Client client = world.connect();
  return client.ask(put_of(body));
}

// A good body with `value` under a name that nobody asks for, beside the payload or in it.
std::string beside(std::string_view value) {
  return fmt::format(R"({{"x":{},"payload":{{"userId":"{}","rcExtension":"1234"}}}})", value,
                     HttpWorld::user);
}
std::string inside(std::string_view value) {
  return fmt::format(R"({{"payload":{{"userId":"{}","rcExtension":"1234","x":{}}}}})",
                     HttpWorld::user, value);
}

TEST(JsonSuite, IsNeverAPutNorAFailure) {  // [PUT-9] [PUT-13] [HTTP-11]
  const auto folder = vectors("jsontestsuite/test_parsing");
  if (!folder) {
    GTEST_SKIP() << no_vectors;
  }
  HttpWorld world;
  int bodies = 0;
  for (const auto& [name, body] : read_suite(*folder)) {
    const Answer answer = answer_of(world, body);
    EXPECT_EQ(answer.status, body.size() > limits::body_bytes ? 413 : 400) << name;
    const bool is_json = name.starts_with("y_");
    if (answer.status == 400 && !name.starts_with("i_")) {
      EXPECT_EQ(answer.body.contains("MALFORMED_JSON"), !is_json) << name << ": " << answer.body;
    }
    ++bodies;
  }
  EXPECT_EQ(bodies, 95 + 188 + 35);
}

TEST(JsonSuite, IsIgnoredUnderAnUnknownNameUnlessItBreaksARule) {  // [PUT-9]
  const auto folder = vectors("jsontestsuite/test_parsing");
  if (!folder) {
    GTEST_SKIP() << no_vectors;
  }
  // A name given twice is refused wherever it stands.
  const std::set<std::string> refused_by_rule{"y_object_duplicated_key.json",
                                              "y_object_duplicated_key_and_value.json"};
  // An exponent of more than a hundred digits: RFC 8259 §6 lets numbers have a range.
  const std::string out_of_range = "i_number_huge_exp.json";
  HttpWorld world;
  int values = 0;
  for (const auto& [name, value] : read_suite(*folder)) {
    // Of those that are left open, only numbers out of range are JSON in UTF-8 here.
    const bool is_json =
        name.starts_with("y_") || (name.starts_with("i_number_") && name != out_of_range);
    const int expected = is_json && !refused_by_rule.contains(name) ? 200 : 400;
    for (const std::string& body : {beside(value), inside(value)}) {
      const Answer answer = answer_of(world, body);
      if (name.starts_with("n_")) {
        // A fragment may complete the text around it, but never ends in a failure.
        EXPECT_LT(answer.status, 500) << name;
        continue;
      }
      EXPECT_EQ(answer.status, expected) << name << ": " << answer.body;
      if (refused_by_rule.contains(name)) {
        EXPECT_TRUE(answer.body.contains("DUPLICATE_NAME")) << name << ": " << answer.body;
      }
    }
    ++values;
  }
  EXPECT_EQ(values, 95 + 188 + 35);
}

TEST(JsonSuite, LeavesTheConnectionForTheNextRequest) {  // [HTTP-7] [HTTP-17]
  const auto folder = vectors("jsontestsuite/test_parsing");
  if (!folder) {
    GTEST_SKIP() << no_vectors;
  }
  HttpWorld world;
  Client client = world.connect();
  for (const auto& [name, body] : read_suite(*folder)) {
    if (body.size() <= limits::body_bytes) {
      EXPECT_EQ(client.ask(put_of(body)).status, 400) << name;
      EXPECT_EQ(client.ask(put("1234")).status, 200) << "after " << name;
    }
  }
}

}  // namespace
}  // namespace ringbook::test

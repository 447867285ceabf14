// The description of the API in the hands of generators: each makes a client that gives a user an
// extension. And a program that knows nothing else invents requests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cli/cli_world.h"
#include "support/seed.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

const std::filesystem::path folder = std::filesystem::path(RINGBOOK_SOURCE_DIR) / "tests/clients";
const std::string of_npm = (folder / "node_modules/.bin").string() + "/";
const std::string of_python = (folder / "venv/bin").string() + "/";

constexpr std::string_view no_generators =
    "NOT TESTED: nothing makes clients; `script/setup --clients` installs generators";

class Clients : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(of_npm + "tsx") || !std::filesystem::exists(of_python + "st")) {
      if (is_required("clients")) {
        FAIL() << no_generators << ", but RINGBOOK_REQUIRE names them";
      }
      GTEST_SKIP() << no_generators;
    }
  }
};

// Makes the client by `words`, has it ask, and compares the answer, and what came of it.
void make_and_use(Words words) {
  const CliWorld world;
  world.add_people();
  Serving server(world);
  const std::string token = token_of(world);
  const Finished client = run({.words = std::move(words),
                               .environment = {"SERVER=" + server.url(), "TOKEN=" + token,
                                               "USER_ID=" + std::string(ada), "EXTENSION=4711"}});
  EXPECT_EQ(client.exit_code, 0) << client.out << client.err;
  EXPECT_EQ(client.out,
            R"({"status":200,"body":{"message":"RingCentral extension updated successfully",)"
            "\"data\":{}}}\n");
  EXPECT_THAT(curl({server.url() + "/v1/users/" + std::string(ada)}, token), HasSubstr("4711"));
  EXPECT_EQ(server.stop(), 0);
}

class MadeByNpm : public Clients, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Generators, MadeByNpm,
                         testing::Values("openapi-typescript", "orval", "hey-api", "oazapfts",
                                         "rtk-query"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

// [API-3]
TEST_P(MadeByNpm, GiveAnExtension) {
  make_and_use({of_npm + "node", folder / "make.mjs", GetParam()});
}

// [API-3]
TEST_F(Clients, OfPythonGiveAnExtension) {
  make_and_use({of_python + "python", folder / "python_client.py"});
}

// Requests made of the description alone, and answers compared with it. [API-2]
TEST_F(Clients, ThatInventRequestsSeeNoAnswerThatIsNotAsDescribed) {
  const CliWorld world;
  world.add_people();
  Serving server(world);
  // What is too long is refused by the transport, as the description says, too.
  const std::string settings =
      world.write("schemathesis.toml",
                  "[checks.negative_data_rejection]\n"
                  "expected-statuses = [400, 401, 403, 404, 405, 406, 409, "
                  "413, 414, 415, 422, 428, 429, 431, \"5xx\"]\n");
  const Finished invented = run(
      {.words = {of_python + "st", "--config-file", settings, "run", server.url() + "/openapi.json",
                 "--header", "Authorization: Bearer " + token_of(world), "--phases",
                 "examples,fuzzing,stateful", "--checks",
                 "not_a_server_error,status_code_conformance,content_type_conformance,"
                 "response_headers_conformance,response_schema_conformance,"
                 "negative_data_rejection,ignored_auth,missing_required_header",
                 "--max-examples", "30", "--seed", std::to_string(seed() % 1'000'000'000),
                 "--no-color"},
       .environment = {"HOME=" + world.path("home")}});
  EXPECT_EQ(invented.exit_code, 0) << invented.out << invented.err;
  EXPECT_THAT(invented.out, HasSubstr("Selected: 13/13"));
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace ringbook::test

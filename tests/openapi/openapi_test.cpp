// The description of the API in the hands of programs that npm brings: a linter, and a proxy that
// compares what the server answers with it.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <string>

#include "cli/cli_world.h"
#include "support/seed.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

const std::filesystem::path source = RINGBOOK_SOURCE_DIR;
const std::filesystem::path folder = source / "tests/openapi";
const std::string programs = (folder / "node_modules/.bin").string() + "/";

constexpr std::string_view no_programs =
    "NOT TESTED: nobody reads the description; `script/setup --openapi` installs readers with npm";

class OpenApiReaders : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(programs + "prism")) {
      if (is_required("openapi")) {
        FAIL() << no_programs << ", but RINGBOOK_REQUIRE names them";
      }
      GTEST_SKIP() << no_programs;
    }
  }
};

// [API-1]
TEST_F(OpenApiReaders, FindNothingToAdviseAgainst) {
  const Finished lint =
      run({.words = {programs + "node", programs + "redocly", "lint",
                     "--extends=recommended-strict", source / "docs/openapi.json"},
           .environment = {"REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true"}});
  EXPECT_EQ(lint.exit_code, 0) << lint.out << lint.err;
}

// [API-2]
TEST_F(OpenApiReaders, SeeNoAnswerThatIsNotAsDescribed) {
  const CliWorld world;
  world.add_people();
  Serving server(world);
  const Finished user_token = world.ringbook({"token", "--role", "user"});
  const Finished compared =
      run({.words = {programs + "node", folder / "conformance.mjs", server.url(),
                     std::to_string(seed() % 1'000'000'000), "5000"},
           .environment = {"ADMINISTRATOR=" + token_of(world),
                           "USER_TOKEN=" + user_token.out.substr(0, user_token.out.find('\n'))}});
  EXPECT_EQ(compared.exit_code, 0) << compared.out << compared.err;
  std::cout << compared.out;
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace ringbook::test

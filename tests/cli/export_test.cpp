// Export from real data folders and from servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

constexpr const char* every_column = "userId,name,email,department,role,active,rcExtension\n";

TEST(Export, IsTheSameWhileAServerHoldsTheFolderAndThroughIt) {
  const CliWorld world;
  ASSERT_EQ(world.ringbook({"import", "-"}, many_people(1200)).exit_code, 0);
  const std::string before = world.ringbook({"export"}).out;
  EXPECT_EQ(std::ranges::count(before, '\n'), 1201);
  const Serving server(world);
  EXPECT_EQ(world.ringbook({"export"}).out, before);
  const std::string token = "RINGBOOK_TOKEN=" + token_of(world);
  EXPECT_EQ(bare({"export", "--server", server.url()}, {token}).out, before);
}

// [STORE-11]
TEST(Export, ShowsWhatTheServerHasAcknowledged) {
  const CliWorld world;
  const Serving server(world);
  for (unsigned i = 0; i < 20; ++i) {
    const std::string id = id_number(i);
    ASSERT_EQ(world.ringbook({"user", "add", "--id", id}).exit_code, 0);
    EXPECT_THAT(world.ringbook({"export"}).out, HasSubstr(id));
  }
}

TEST(Export, AsksTheServerForAMemoryStore) {
  const CliWorld world;
  const Serving server(world, {"--store", "memory:"});
  const std::string id(ada);
  ASSERT_EQ(world.ringbook({"user", "add", "--id", id, "--store", "memory:"}).exit_code, 0);
  EXPECT_EQ(world.ringbook({"export", "--store", "memory:"}).out,
            std::string(every_column) + id + ",,,,user,true,\n");
}

// The number of a user in an export.
int number_in(const std::string& exported, const std::string& id) {
  const std::size_t end = exported.find('\n', exported.find(id));
  return std::atoi(exported.c_str() + exported.rfind(',', end) + 1);
}

// Two people, on different pages of a list, who get their numbers of a round one after the other,
// the first first.
class Rounds {
 public:
  static constexpr unsigned people = 1200;
  static constexpr int rounds = 300;

  Rounds(const CliWorld& world, const std::string& url)
      : process_(requests(token_of(world), url)) {}

  // Waits until so many rounds are over; false when the program ended before.
  bool wait_for_round(int round) { return process_.wait_for_err("done 200", 2 * round); }
  void finish() { EXPECT_EQ(process_.wait(), 0); }

  void check(const std::string& exported) const {
    EXPECT_EQ(std::ranges::count(exported, '\n'), people + 1);
    const int ahead =
        (number_in(exported, first_) - first_number) - (number_in(exported, last_) - last_number);
    EXPECT_TRUE(ahead == 0 || ahead == 1) << ahead;
  }

 private:
  static constexpr int first_number = 20'000'000;
  static constexpr int last_number = 30'000'000;

  Command requests(const std::string& token, const std::string& url) const {
    Command curl{.words = {"curl", "--config", "-"}};
    for (int round = 0; round < rounds; ++round) {
      for (const auto& [id, base] : {std::pair(first_, first_number), {last_, last_number}}) {
        curl.input += std::string(curl.input.empty() ? "" : "next\n") +
                      "silent\nnoproxy = \"*\"\n" + "url = \"" + url + "/v1/users/" + id +
                      "/extension\"\nrequest = PUT\n" + "header = \"Authorization: Bearer " +
                      token + "\"\n" + "header = \"Content-Type: application/json\"\n" +
                      R"(data = "{\"rcExtension\":\")" + std::to_string(base + round) +
                      "\\\"}\"\noutput = /dev/null\n" +
                      "write-out = \"%{stderr}done %{http_code}\\n\"\n";
      }
    }
    return curl;
  }

  std::string first_ = id_number(0);
  std::string last_ = id_number(people - 1);
  Process process_;
};

// [STORE-11]
TEST(Export, IsOfOneMomentWhileNumbersChange) {
  const CliWorld world;
  // Round 0 begins from these.
  std::string text = many_people(Rounds::people);
  text.replace(text.find("1000000"), 7, "19999999");
  text.replace(text.find("1001199"), 7, "29999999");
  ASSERT_EQ(world.ringbook({"import", "-"}, text).exit_code, 0);
  const Serving server(world);
  const std::string token = "RINGBOOK_TOKEN=" + token_of(world);
  Rounds changes(world, server.url());
  for (int exports = 1; exports <= 5; ++exports) {
    ASSERT_TRUE(changes.wait_for_round(exports * Rounds::rounds / 6));
    const Finished from_folder = world.ringbook({"export"});
    ASSERT_EQ(from_folder.exit_code, 0) << from_folder.err;
    changes.check(from_folder.out);
    const Finished from_server = bare({"export", "--server", server.url()}, {token});
    if (from_server.exit_code == 0) {
      changes.check(from_server.out);
    } else {
      EXPECT_EQ(from_server.exit_code, 3);
      EXPECT_EQ(from_server.out, "");
      EXPECT_THAT(from_server.err, HasSubstr("the directory changed while it was read"));
    }
  }
  changes.finish();
}

}  // namespace
}  // namespace ringbook::test

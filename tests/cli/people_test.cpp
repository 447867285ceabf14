// The commands on people and numbers, on each way to the Api.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

enum class Way { folder, holding_server, named_server, named_server_by_environment };

// A directory that commands reach on one of the ways.
class Reached {
 public:
  explicit Reached(Way way) {
    if (way == Way::folder) {
      return;
    }
    server_.emplace(world_);
    if (way == Way::holding_server) {
      return;
    }
    more_ = {"--server", server_->url()};
    const std::string token = token_of(world_);
    if (way == Way::named_server) {
      more_.insert(more_.end(), {"--token-file", world_.write("token", token + "\n")});
    } else {
      environment_ = {"RINGBOOK_TOKEN=" + token};
    }
  }

  Finished ringbook(Words words) const {
    words.insert(words.end(), more_.begin(), more_.end());
    Finished finished =
        more_.empty() ? world_.ringbook(std::move(words)) : bare(std::move(words), environment_);
    finished.out = without_times(finished.out);
    return finished;
  }

 private:
  CliWorld world_;
  std::optional<Serving> server_;
  Words more_;
  Words environment_;
};

// Every command, with refusals of every kind.
std::vector<Words> conversation() {
  const std::string a(ada);
  const std::string g(grace);
  const std::string n(nobody);
  return {
      {"user", "add", "--id", a, "--name", "Ada Lovelace", "--email", "ada@example.com"},
      {"user", "add", "--id", a},
      {"user", "add", "--id", "short"},
      {"user", "add", "--id", "64B7F1A2E4B0A5D3F9C12346", "--name", "Grace", "--json"},
      {"user", "add", "--id", id_number(1), "--email", "no address"},
      {"user", "show", "ada@example.com"},
      {"user", "show", a, "--json"},
      {"user", "show", n},
      {"user", "show", "nobody@example.com"},
      {"set", "ADA@example.com", "0042"},
      {"set", g, "0042"},
      {"set", g, "1"},
      {"set", g, "43", "--json"},
      {"set", a, "43", "--json"},
      {"set", n, "44"},
      {"user", "edit", g, "--email", "ada@example.com", "--name", "Grace Hopper"},
      {"user", "remove", "ada@example.com"},
      {"user", "edit", g, "--department", "Sales", "--active", "false", "--role", "lead", "--json"},
      {"user", "edit", a, "--name", ""},
      {"user", "edit", a},
      {"user", "edit", a, "--name", "a\nb"},
      {"user", "list"},
      {"user", "list", "--json"},
      {"user", "list", "--search", "hop"},
      {"user", "list", "--extension", "0042", "--json"},
      {"user", "list", "--extension", "x"},
      {"user", "list", "--department", "Sales"},
      {"user", "list", "--email", "nobody@example.com"},
      {"user", "list", "--email", "nobody@example.com", "--json"},
      {"number", "show", "0042"},
      {"number", "show", "0042", "--json"},
      {"number", "show", "99"},
      {"number", "show", "../42"},
      {"number", "history", "0042"},
      {"number", "history", "0042", "--json"},
      {"number", "history", "0042", "--at", "2020-01-01"},
      {"number", "history", "0042", "--at", "9999-12-31"},
      {"number", "history", "0042", "--at", "soon"},
      {"user", "history", n},
      {"user", "history", g, "--at", "2020-01-01T00:00:00+01:00", "--json"},
      {"export"},
      {"export", "--format", "jsonl"},
      {"release", a},
      {"release", a, "--json"},
      {"release", n},
      {"user", "remove", g},
      {"user", "remove", g},
      {"user", "remove", a, "--json"},
      {"user", "list"},
      {"export"},
  };
}

TEST(People, AreToldTheSameOnEveryWay) {
  const Reached folder(Way::folder);
  const Reached holding(Way::holding_server);
  const Reached named(Way::named_server);
  const Reached by_environment(Way::named_server_by_environment);
  for (const Words& words : conversation()) {
    std::string line;
    for (const auto& word : words) {
      line += word + " ";
    }
    const Finished expected = folder.ringbook(words);
    EXPECT_EQ(holding.ringbook(words), expected) << line;
    EXPECT_EQ(named.ringbook(words), expected) << line;
    EXPECT_EQ(by_environment.ringbook(words), expected) << line;
    // Of a refusal only programs get something there.
    const bool may_tell = expected.exit_code == 0 || words.back() == "--json";
    EXPECT_TRUE(expected.out.empty() || may_tell) << line << expected.out;
    EXPECT_TRUE(!expected.out.empty() || expected.exit_code != 0) << line;
    EXPECT_EQ(expected.err.empty(), expected.exit_code == 0) << line << expected.err;
  }
}

TEST(People, AreAddedWithAnIdThatIsPrintedAlone) {
  const CliWorld world;
  const Finished added = world.ringbook({"user", "add", "--name", "Ada"});
  EXPECT_EQ(added.exit_code, 0);
  EXPECT_THAT(added.out, testing::MatchesRegex("[0-9a-f]+\n"));
  EXPECT_EQ(added.out.size(), 25U);
  EXPECT_EQ(added.err, "");
  EXPECT_THAT(world.ringbook({"user", "show", added.out.substr(0, 24)}).out,
              AllOf(StartsWith("user id     " + added.out), HasSubstr("\nname        Ada\n")));
}

TEST(People, AreShownForPeopleAndForPrograms) {
  const CliWorld world;
  world.add_people();
  EXPECT_EQ(without_times(world.ringbook({"user", "show", "grace@example.com"}).out),
            "user id     64b7f1a2e4b0a5d3f9c12346\n"
            "extension   1300\n"
            "name        Grace Hopper\n"
            "e-mail      grace@example.com\n"
            "department  Engineering\n"
            "role        user\n"
            "active      yes\n"
            "version     2\n"
            "changed     T\n");
  EXPECT_THAT(world.ringbook({"user", "show", std::string(grace), "--json"}).out,
              AllOf(StartsWith(R"({"userId":"64b7f1a2e4b0a5d3f9c12346","name":"Grace Hopper",)"),
                    HasSubstr(R"("personalInformation":{"rcExtension":"1300"})"), EndsWith("}\n")));
  EXPECT_EQ(world.ringbook({"user", "list"}).out,
            "USER ID                   EXTENSION  NAME          E-MAIL             DEPARTMENT   "
            "ROLE  ACTIVE\n"
            "64b7f1a2e4b0a5d3f9c12345  -          Ada Lovelace  ada@example.com    Support      "
            "user  yes\n"
            "64b7f1a2e4b0a5d3f9c12346  1300       Grace Hopper  grace@example.com  Engineering  "
            "user  yes\n");
}

TEST(People, AreRefusedWithTheAnswerForPrograms) {
  const CliWorld world;
  world.add_people();
  const std::string a(ada);
  const Finished taken = world.ringbook({"set", a, "1300", "--json"});
  EXPECT_EQ(taken.exit_code, 1);
  EXPECT_THAT(taken.out, AllOf(StartsWith(R"({"error":{"code":"EXTENSION_IN_USE")"),
                               HasSubstr(R"("conflict":{"userId":"64b7f1a2e4b0a5d3f9c12346")"),
                               EndsWith("}\n")));
  EXPECT_THAT(taken.err, StartsWith("ringbook: Extension 1300 is assigned to Grace Hopper."));
  const Finished stale = world.ringbook({"user", "remove", a, "--if-version", "9", "--json"});
  EXPECT_EQ(stale.exit_code, 1);
  EXPECT_THAT(stale.out, StartsWith(R"({"error":{"code":"PRECONDITION_FAILED")"));
  EXPECT_EQ(world.ringbook({"set", a, "1300"}).out, "");
}

TEST(People, AreListedToTheLast) {
  const CliWorld world;
  ASSERT_EQ(world.ringbook({"import", "-"}, many_people(1100)).exit_code, 0);
  const std::string out = world.ringbook({"user", "list"}).out;
  EXPECT_EQ(std::ranges::count(out, '\n'), 1101);
  EXPECT_THAT(out, HasSubstr(id_number(1099)));
  const std::string json = world.ringbook({"user", "list", "--json"}).out;
  EXPECT_EQ(std::ranges::count(json, '\n'), 1102);
  EXPECT_THAT(json, EndsWith("\n],\"next\":null}\n"));
}

TEST(People, WithOneEMailMustBeNamedById) {
  const CliWorld world;
  world.add_people();
  ASSERT_EQ(
      world.ringbook({"user", "edit", std::string(grace), "--email", "ADA@example.com"}).exit_code,
      0);
  const Finished refused = world.ringbook({"user", "remove", "ada@example.com"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("is the e-mail of several"), HasSubstr(ada), HasSubstr(grace)));
}

TEST(Numbers, ThatAreTakenAreRefusedWithTheHolderAndFreeOnes) {
  const CliWorld world;
  world.add_people();
  const Finished refused = world.ringbook({"set", std::string(ada), "1300"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.err,
            "ringbook: Extension 1300 is assigned to Grace Hopper. Free numbers nearby: 1301, "
            "1302, 1303.\n");
}

TEST(Numbers, KeepTheirLeadingZeros) {
  const CliWorld world;
  world.add_people();
  EXPECT_EQ(world.ringbook({"set", "ada@example.com", "0012"}).out,
            "Ada Lovelace (64b7f1a2e4b0a5d3f9c12345) has extension 0012\n");
  EXPECT_THAT(world.ringbook({"export"}).out, HasSubstr(",0012\n"));
  EXPECT_EQ(world.ringbook({"set", "grace@example.com", "12"}).exit_code, 0);
}

TEST(LocalCommands, StandInTheJournalAsTheUserOfTheOperatingSystem) {
  const CliWorld world;
  world.add_people();
  ASSERT_EQ(world.ringbook({"set", std::string(ada), "1234"}).exit_code, 0);
  const Serving server(world);
  const passwd* user = getpwuid(geteuid());
  const std::string subject = user != nullptr ? user->pw_name : std::to_string(geteuid());
  const std::string by = R"("by":{"issuer":"local","subject":")" + subject + "\"}";
  for (const std::string_view id : {ada, grace}) {
    EXPECT_THAT(curl({server.url() + "/v1/users/" + std::string(id) + "/history"}, token_of(world)),
                AllOf(HasSubstr(by), EndsWith("\n200")));
  }
}

TEST(ClientCommands, SayWhereTheyLookedForAFolder) {
  const CliWorld world;
  const std::string id(ada);
  for (const Words& words : std::vector<Words>{{"user", "show", id},
                                               {"user", "list"},
                                               {"user", "edit", id, "--name", "x"},
                                               {"user", "remove", id},
                                               {"set", id, "12"},
                                               {"release", id},
                                               {"export"},
                                               {"token"}}) {
    const Finished refused = world.ringbook(words);
    EXPECT_EQ(refused.exit_code, 3) << words[0];
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, AllOf(HasSubstr("there is no data folder at " + world.data()),
                                   HasSubstr("name one with --data")));
    EXPECT_FALSE(std::filesystem::exists(world.data())) << words[0];
  }
}

TEST(ClientCommands, SayWhereAFolderNamedByHalfAPathIs) {
  const Finished refused = bare({"user", "list", "--data", "no-such-folder"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err,
              HasSubstr((std::filesystem::current_path() / "no-such-folder").string()));
}

TEST(ClientCommands, NeedATokenForANamedServer) {
  const CliWorld world;
  const Serving server(world);
  const Words list{"user", "list", "--server", server.url()};
  const Finished without = bare(list);
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, AllOf(HasSubstr("--token-file FILE"), HasSubstr("RINGBOOK_TOKEN")));
  EXPECT_EQ(bare(list, {"RINGBOOK_TOKEN=two words"}).exit_code, 2);
  const Finished with_bad = bare(list, {"RINGBOOK_TOKEN=abc"});
  EXPECT_EQ(with_bad.exit_code, 1);
  EXPECT_THAT(with_bad.err, HasSubstr("does not accept the token"));
  const std::string user = world.ringbook({"token", "--role", "user"}).out;
  const Finished with_user = bare(list, {"RINGBOOK_TOKEN=" + user});
  EXPECT_EQ(with_user.exit_code, 1);
  EXPECT_THAT(with_user.err, HasSubstr("an administrator's"));
}

TEST(ClientCommands, SayThatAServerIsNotReached) {
  const CliWorld world;
  Serving server(world);
  const std::string url = server.url();
  EXPECT_EQ(server.stop(), 0);
  const Finished refused = bare({"user", "list", "--server", url}, {"RINGBOOK_TOKEN=abc"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr(url + " did not answer"));
}

TEST(ClientCommands, SayHowToReachAServerWithKeysFromElsewhere) {
  const CliWorld world;
  const std::string secret = world.write("secret", std::string(32, 's') + "\n");
  const Serving server(world, {"--jwt-secret-file", secret});
  const Finished refused = world.ringbook({"user", "list"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--server " + server.url() + " --token-file FILE"));
}

}  // namespace
}  // namespace ringbook::test

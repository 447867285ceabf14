// What operators see of a running server: that Prometheus likes it, that the dashboard and the
// alerts name what there is, and that the operations page explains all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "cli/cli_world.h"
#include "support/pattern.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const std::filesystem::path source = RINGBOOK_SOURCE_DIR;
const std::filesystem::path rules_file = source / "packaging/monitoring/ringbook.rules.yml";

using Names = std::set<std::string>;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator(file), {}};
}

// The group `group` of each match.
Names all_in(const std::string& text, const std::string& pattern, std::size_t group = 1) {
  Names out;
  for (const Match& match : matches_in(text, pattern)) {
    out.insert(match[group]);
  }
  return out;
}

// A server with a source of keys that is away, after a request that was refused.
class Monitored : public testing::Test {
 protected:
  Monitored() : server(world, {"--jwks-url", "http://127.0.0.1:1/keys", "--audience", "any"}) {
    EXPECT_TRUE(server.process().wait_for_err(R"("event":"keys_not_fetched")"));
    refusal = curl({"-i", "-X", "DELETE", "-H", "X-Request-Id: walk-1",
                    server.url() + "/v1/users/" + std::string(ada) + "/extension"},
                   "not.a.token");
    metrics = scrape();
    metrics = scrape();  // The first counts itself only here.
  }

  std::string scrape() const {
    const std::string answer = curl({server.url() + "/metrics"}, "none");
    EXPECT_THAT(answer, EndsWith("\n200"));
    return answer.substr(0, answer.rfind("\n200"));
  }

  // Each series' name, with the labels that there are of it.
  std::map<std::string, Names> series() const {
    std::map<std::string, Names> out;
    for (const Match& sample : matches_in(metrics, R"(([a-z_]+)(?:\{(.*)\})? [^ \n]+\n)")) {
      out[sample[1]].merge(all_in(sample[2], R"re((\w+)=")re"));
    }
    return out;
  }

  const CliWorld world;
  Serving server;
  std::string refusal;
  std::string metrics;
};

struct Expression {
  std::string text;
  std::string legend = {};
};

std::vector<Expression> expressions_of_dashboard() {
  const std::string dashboard = content_of(source / "packaging/monitoring/ringbook.dashboard.json");
  std::vector<Expression> out;
  for (const Match& target :
       matches_in(dashboard, R"re("expr": "((?:[^"\\]|\\.)*)", "legendFormat": "([^"]*)")re")) {
    out.push_back({replaced(target[1], R"(\\")", "\""), target[2]});
  }
  return out;
}

std::vector<Expression> expressions_of_rules() {
  std::vector<Expression> out;
  for (const std::string& text : all_in(content_of(rules_file), R"(expr: >-\n((?: {10,}.*\n)+))")) {
    out.push_back({text});
  }
  return out;
}

// What an expression names and the server does not have.
Names unknown_in(const Expression& expression, const std::map<std::string, Names>& series) {
  // Prometheus makes these itself.
  Names labels{"job", "instance"};
  Names unknown;
  for (const Match& selector :
       matches_in(expression.text, R"(\b((?:ringbook|process)_\w+|up)\b(?:\{([^}]*)\})?)")) {
    const std::string& name = selector[1];
    const auto found = series.find(name);
    if (name != "up" && found == series.end()) {
      unknown.insert(name);
    }
    const Names known = found == series.end() ? Names{} : found->second;
    for (const std::string& label : all_in(selector[2], R"((\w+)(?:=|!))")) {
      if (!known.contains(label) && label != "job" && label != "instance") {
        unknown.insert(name + "{" + label + "}");
      }
    }
    labels.insert(known.begin(), known.end());
  }
  for (const std::string& list : all_in(expression.text, R"(\b(?:by|without|on) \(([^)]*)\))")) {
    for (const std::string& label : all_in(list, R"((\w+))")) {
      if (!labels.contains(label)) {
        unknown.insert("by " + label);
      }
    }
  }
  for (const std::string& label : all_in(expression.legend, R"(\{\{(\w+)\}\})")) {
    if (!labels.contains(label)) {
      unknown.insert("{{" + label + "}}");
    }
  }
  return unknown;
}

// [OBS-3]
TEST_F(Monitored, HasEveryMetricAndLabelThatTheDashboardAndTheAlertsName) {
  const auto dashboard = expressions_of_dashboard();
  const auto rules = expressions_of_rules();
  ASSERT_GE(dashboard.size(), 30U);
  ASSERT_GE(rules.size(), 15U);
  const auto known = series();
  for (const auto* list : {&dashboard, &rules}) {
    for (const Expression& expression : *list) {
      EXPECT_EQ(unknown_in(expression, known), Names{}) << expression.text;
    }
  }
}

// [OBS-3]
TEST_F(Monitored, IsKnownToThisTestWellEnoughToSeeAWrongName) {
  const auto known = series();
  EXPECT_EQ(unknown_in({"rate(ringbook_users_totl[5m])"}, known), Names{"ringbook_users_totl"});
  EXPECT_EQ(unknown_in({R"(ringbook_refusals_total{why="expired",job="x"})"}, known),
            Names{"ringbook_refusals_total{why}"});
  EXPECT_EQ(unknown_in({"sum by (job, color) (ringbook_users)", "{{shape}}"}, known),
            (Names{"by color", "{{shape}}"}));
}

// [OBS-2]
TEST_F(Monitored, ExplainsEveryMetricInTheOperationsPageAndNoOther) {
  const std::string page = content_of(source / "docs/operations.md");
  const std::string tables = page.substr(page.find("| metric |"));
  Names explained = all_in(tables, R"(`((?:ringbook|process)_[a-z_]+)`)");
  // tests/mongo looks for these.
  const Names of_databases = all_in(tables, R"(\n\| `(\w+)` \| with a database: )");
  EXPECT_EQ(of_databases.size(), 4U);
  for (const std::string& name : of_databases) {
    explained.erase(name);
  }
  EXPECT_EQ(all_in(metrics, R"(# HELP (\w+) )"), explained);
}

// [OBS-3]
TEST(Alerts, AreExplainedAndTestedEachAndNoOthers) {
  const Names alerts = all_in(content_of(rules_file), R"(- alert: (\w+))");
  const std::string page = content_of(source / "docs/operations.md");
  EXPECT_EQ(alerts, all_in(page, R"(\n\| `(Ringbook\w+)` \|)"));
  const std::string tests = content_of(source / "tests/monitoring/rules_test.yml");
  EXPECT_EQ(alerts, all_in(tests, R"(alertname: (\w+)\n +eval_time: \w+\n +exp_alerts: \[\])"));
  EXPECT_EQ(alerts, all_in(tests, R"(alertname: (\w+)\n +eval_time: \w+\n +exp_alerts:\n +-)"));
}

// [OBS-1]
TEST_F(Monitored, LetsARefusedRequestBeFollowedByItsId) {
  EXPECT_THAT(refusal, HasSubstr("\r\nX-Request-Id: walk-1\r\n"));
  EXPECT_THAT(refusal, EndsWith("\n401"));
  EXPECT_EQ(server.stop(), 0);  // Which writes what is left of the log.
  const std::string log = server.process().err();
  const Match line =
      match_in(log, R"re("event":"refused","reason":"(\w+)","request_id":"walk-1",)re"
                    R"re("client":"127\.0\.0\.1")re");
  ASSERT_FALSE(line.empty()) << log;
  EXPECT_THAT(metrics, HasSubstr("ringbook_refusals_total{reason=\"" + line[1] + "\"} 1\n"));
}

// [OBS-1]
TEST(History, ShowsWhichRequestMadeAChange) {
  const CliWorld world;
  world.add_people();
  const Serving server(world);
  const std::string token = token_of(world);
  const std::string user = server.url() + "/v1/users/" + std::string(ada);
  EXPECT_THAT(
      curl({"-X", "PUT", "-H", "X-Request-Id: walk-2", "-H", "Content-Type: application/json", "-d",
            R"({"rcExtension":"4001"})", user + "/extension"},
           token),
      EndsWith("\n200"));
  EXPECT_THAT(curl({user + "/history"}, token), HasSubstr(R"("requestId":"walk-2")"));
}

class PrometheusTool : public Monitored {
 protected:
  void SetUp() override {
    constexpr std::string_view absent =
        "NOT TESTED: no promtool; `script/setup --monitoring` installs Debian's prometheus";
    if (!std::filesystem::exists("/usr/bin/promtool")) {
      if (is_required("promtool")) {
        FAIL() << absent << ", but RINGBOOK_REQUIRE names it";
      }
      GTEST_SKIP() << absent;
    }
  }

  static Finished promtool(Words words, std::string input = {}) {
    words.insert(words.begin(), "promtool");
    return run({.words = std::move(words), .input = std::move(input)});
  }
};

// [OBS-2]
TEST_F(PrometheusTool, HasNothingToSayAgainstTheMetrics) {
  EXPECT_EQ(promtool({"check", "metrics"}, metrics), Finished{});
}

// [OBS-3]
TEST_F(PrometheusTool, SeesEachAlertFireWhenItShouldAndOnlyThen) {
  const Finished checked = promtool({"check", "rules", "--lint-fatal", rules_file});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  const Finished tested = promtool({"test", "rules", source / "tests/monitoring/rules_test.yml"});
  EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
}

}  // namespace
}  // namespace ringbook::test

#include "cli/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string problem_of(const NamesAndValues& flags, const NamesAndValues& environment = {}) {
  const auto loaded = load_settings(flags, environment);
  if (loaded) {
    return "";
  }
  EXPECT_EQ(loaded.error().code, Errc::usage);
  return loaded.error().detail;
}

TEST(Settings, HaveTheDocumentedDefaults) {
  const auto loaded = load_settings({}, {});
  ASSERT_TRUE(loaded.has_value());
  const Settings& settings = loaded->settings;
  EXPECT_EQ(settings.data.filename(), "ringbook-data");
  EXPECT_EQ(settings.store, "sqlite:");
  EXPECT_EQ(settings.listen.host, "localhost");
  EXPECT_EQ(settings.listen.port, 2000);
  EXPECT_TRUE(settings.error_details);
  EXPECT_EQ(settings.token_rules.admin_claim, "role");
  EXPECT_EQ(settings.token_rules.admin_value, "admin");
  EXPECT_EQ(settings.token_rules.subject_claim, "sub");
  EXPECT_EQ(settings.token_rules.audience_claims, std::vector<std::string>{"aud"});
  EXPECT_EQ(settings.http.idle_time, std::chrono::seconds{75}) << "above the 60 s of balancers";
  EXPECT_EQ(settings.log_level, LogLevel::info);
  EXPECT_FALSE(settings.log_format);
}

TEST(Settings, ComeFromFlagsBeforeTheEnvironment) {
  const NamesAndValues environment{{"RINGBOOK_LISTEN", "127.0.0.1:1"},
                                   {"RINGBOOK_LOG_LEVEL", "debug"},
                                   {"PATH", "/bin"},
                                   {"ringbook_data", "ignored"}};
  const auto loaded = load_settings({{"listen", "127.0.0.1:2"}}, environment);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->settings.listen.port, 2);
  EXPECT_EQ(loaded->settings.log_level, LogLevel::debug);
  EXPECT_THAT(loaded->description, AllOf(HasSubstr("listen = 127.0.0.1:2  # --listen\n"),
                                         HasSubstr("log-level = debug  # RINGBOOK_LOG_LEVEL\n"),
                                         HasSubstr("error-details = on  # default\n"),
                                         HasSubstr("# token-file is not set\n")));
}

TEST(Settings, AreAllThatVariablesWithTheirPrefixMayBe) {
  for (const char* variable : {"RINGBOOK_TYPO", "RINGBOOK_REQUIRE", "RINGBOOK_VECTORS"}) {
    EXPECT_THAT(problem_of({}, {{variable, "all"}}),
                HasSubstr(std::string(variable) + ": no such setting; the environment may hold "));
  }
}

// [CONF-1]
TEST(Settings, AreNotDisturbedByAServiceOfTheirName) {
  const auto loaded = load_settings({}, {{"RINGBOOK_SERVICE_HOST", "10.96.7.9"},
                                         {"RINGBOOK_PORT", "tcp://10.96.7.9:2000"},
                                         {"RINGBOOK_PORT_2000_TCP_ADDR", "10.96.7.9"},
                                         {"RINGBOOK_LISTEN", "127.0.0.1:1"}});
  ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
  EXPECT_EQ(loaded->settings.listen.port, 1);
  EXPECT_THAT(problem_of({}, {{"RINGBOOK_PORT", "8080"}}), HasSubstr("RINGBOOK_PORT: no such"));
}

// [CONF-2]
TEST(Settings, AreListsWithBlanksAroundTheirElements) {
  const auto loaded = load_settings({{"cors-origin", "https://a.example, https://b.example"},
                                     {"trusted-proxy", " 10.0.0.0/8 ,\t::1"},
                                     {"algorithms", "ES256, Ed25519"},
                                     {"audience-claim", "aud, client_id"}},
                                    {});
  ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
  const Settings& settings = loaded->settings;
  EXPECT_EQ(settings.http.cors_origins,
            (std::vector<std::string>{"https://a.example", "https://b.example"}));
  EXPECT_EQ(settings.http.trusted_proxies.size(), 2U);
  EXPECT_EQ(settings.token_rules.algorithms, (std::vector<std::string>{"ES256", "Ed25519"}));
  EXPECT_EQ(settings.token_rules.audience_claims, (std::vector<std::string>{"aud", "client_id"}));
}

// [CONF-2]
TEST(Settings, NameTheElementOfAListThatIsWrongAndAllThatIsAllowed) {
  EXPECT_THAT(problem_of({{"cors-origin", "https://a.example, https://B.example"}}),
              testing::StartsWith("--cors-origin: \"https://B.example\" is not allowed"));
  EXPECT_THAT(
      problem_of({{"trusted-proxy", "127.0.0.1,10.0.0.5/8"}}),
      AllOf(HasSubstr("\"10.0.0.5/8\" is not allowed"), HasSubstr("10.0.0.0/8, not 10.0.0.5/8")));
  EXPECT_THAT(problem_of({{"algorithms", "HS256, none"}}),
              AllOf(HasSubstr("--algorithms: \"none\" is not allowed"),
                    HasSubstr("HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, "
                              "ES256, ES384, ES512 and EdDSA (or Ed25519")));
  EXPECT_THAT(problem_of({{"algorithms", "HS256,,RS256"}}), HasSubstr("\"HS256,,RS256\""));
  EXPECT_THAT(problem_of({{"audience-claim", "aud,"}}), HasSubstr("\"aud,\" is not allowed"));
}

// [LOG-1]
TEST(Settings, AreToldWithoutWhatAUrlMayHideInItsQuery) {
  const auto loaded = load_settings(
      {{"jwks-url", "https://id.example.com/keys?key=secret"}, {"audience", "us"}}, {});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->settings.jwks_url->text, "https://id.example.com/keys?key=secret");
  EXPECT_THAT(
      loaded->description,
      AllOf(HasSubstr("# jwks-url = https://id.example.com/keys?…  (--jwks-url; what may be "
                      "a secret is left out)\n"),
            Not(HasSubstr("key=secret"))));
  for (const char* wrong :
       {"http://id.example.com/keys?key=secret", "https://user:secret@id.example.com/",
        "https://id.example.com/keys#secret", "http://id.example.com/?a=b@c&key=secret"}) {
    EXPECT_THAT(problem_of({{"jwks-url", wrong}}),
                AllOf(HasSubstr("--jwks-url"), Not(HasSubstr("secret"))));
  }
}

// [CMD-4]
TEST(Settings, AreToldAsTheyAreWhereTheyOnlyLookLikeUrls) {
  const NamesAndValues given{{"issuer", "https://id.example.com/?tenant=7"},
                             {"audience", "https://ringbook.example.com/#api"},
                             {"admin-claim", "https://ringbook.example.com/roles?of=us"},
                             {"admin-value", "https://someone@example.com/admin"},
                             {"subject-claim", "https://ringbook.example.com/who#id"}};
  const auto loaded = load_settings(given, {});
  ASSERT_TRUE(loaded.has_value());
  for (const auto& [name, value] : given) {
    EXPECT_THAT(loaded->description,
                HasSubstr("\n" + name + " = " + value + "  # --" + name + "\n"));
  }
  EXPECT_THAT(loaded->description, Not(HasSubstr("left out")));
}

// [CMD-4]
TEST(Settings, AreToldWithoutSecretsWhereverAUrlIsAsked) {
  int urls = 0;
  for (const auto& setting : all_settings()) {
    if (setting.placeholder != "URL") {
      continue;
    }
    ++urls;
    for (const char* scheme : {"https", "sqlite"}) {
      for (const char* rest : {"://user:hunter2@id.example.com/keys", "://id.example.com/?hunter2",
                               "://id.example.com/#hunter2"}) {
        const auto loaded =
            load_settings({{std::string(setting.name), scheme + std::string(rest)}}, {});
        EXPECT_THAT(loaded ? loaded->description : loaded.error().detail,
                    AllOf(HasSubstr("--" + std::string(setting.name)), Not(HasSubstr("hunter"))));
      }
    }
  }
  EXPECT_EQ(urls, 4) << "store, jwks-url, oidc-issuer, server";
}

TEST(Settings, NameTheWrongValueAndWhatIsAllowed) {
  EXPECT_EQ(problem_of({{"log-level", "loud"}}),
            "--log-level: \"loud\" is not allowed; allowed is debug, info, warning or error");
  EXPECT_EQ(problem_of({}, {{"RINGBOOK_ERROR_DETAILS", "yes"}}),
            "RINGBOOK_ERROR_DETAILS: \"yes\" is not allowed; allowed is on or off");
  EXPECT_THAT(problem_of({{"store", "oracle:"}}), HasSubstr("allowed is sqlite:"));
  EXPECT_THAT(problem_of({{"audience", ""}}), HasSubstr("any text that is not empty"));
  EXPECT_THAT(problem_of({{"algorithms", "HS256,none"}}), HasSubstr("\"none\""));
  EXPECT_THAT(problem_of({{"algorithms", "hs256"}}), HasSubstr("spelled so"));
  EXPECT_THAT(problem_of({{"drain-delay", "2h"}}), HasSubstr("0 to 1h"));
  EXPECT_THAT(problem_of({{"head-timeout", "0"}}), HasSubstr("1ms to 1h"));
}

// [CMD-1]
TEST(Settings, AllowWhatIsOfferedForThemAndSayNoOther) {
  int fixed = 0;
  for (const auto& setting : all_settings()) {
    if (setting.choices == nullptr) {
      EXPECT_NE(setting.placeholder, "") << setting.name;
      continue;
    }
    std::string all;
    for (const auto choice : setting.choices()) {
      EXPECT_EQ(problem_of({{std::string(setting.name), std::string(choice)}}), "");
      all += (all.empty() ? "" : ",") + std::string(choice);
    }
    if (setting.is_list) {
      EXPECT_EQ(problem_of({{std::string(setting.name), all}}), "");
    }
    // One of these and nothing else.
    if (setting.placeholder.empty()) {
      ++fixed;
      const std::string problem = problem_of({{std::string(setting.name), all}});
      for (const auto choice : setting.choices()) {
        EXPECT_THAT(problem.substr(problem.find("allowed is")), HasSubstr(std::string(choice)));
      }
    }
  }
  EXPECT_EQ(fixed, 4) << "mongo-people, error-details, log-level, log-format";
}

// [CMD-1]
TEST(Settings, OfferEveryAlgorithmOfTheDefault) {
  const auto loaded = load_settings({}, {});
  ASSERT_TRUE(loaded.has_value());
  const auto settings = all_settings();
  const auto algorithms = std::ranges::find(settings, "algorithms", &SettingInfo::name);
  ASSERT_NE(algorithms, settings.end());
  const auto choices = algorithms->choices();
  EXPECT_EQ(loaded->settings.token_rules.algorithms,
            std::vector<std::string>(choices.begin(), choices.end()));
}

TEST(Settings, CheckAlsoWhatIsOverridden) {
  EXPECT_THAT(problem_of({{"listen", "127.0.0.1:2"}}, {{"RINGBOOK_LISTEN", "nonsense"}}),
              HasSubstr("RINGBOOK_LISTEN: \"nonsense\""));
}

TEST(Settings, TellEveryProblemAtOnce) {
  EXPECT_THAT(problem_of({{"log-level", "loud"}, {"error-details", "no"}}),
              AllOf(HasSubstr("--log-level"), HasSubstr("\n"), HasSubstr("--error-details")));
}

TEST(Settings, RefuseVariablesOfTheirNameThatTheyDoNotKnow) {
  EXPECT_THAT(problem_of({}, {{"RINGBOOK_LISTE", "x"}}),
              AllOf(HasSubstr("RINGBOOK_LISTE: no such setting"), HasSubstr("RINGBOOK_LISTEN")));
}

TEST(Settings, ArePrintedSoThatNoValueBecomesAnotherSetting) {
  const auto loaded = load_settings({{"issuer", "a #b"}, {"admin-claim", " role"}},
                                    {{"RINGBOOK_AUDIENCE", "a\nlisten = [::]:80"}});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_THAT(loaded->description,
              AllOf(HasSubstr("# issuer = \"a #b\"  (--issuer; no file can hold it)\n"),
                    HasSubstr("# admin-claim = \" role\"  (--admin-claim; no file can hold it)\n"),
                    HasSubstr("# audience = \"a\\nlisten = [::]:80\"  (RINGBOOK_AUDIENCE; no file"),
                    Not(HasSubstr("\nlisten = [::]:80"))));
}

TEST(Settings, DoNotPrintSecrets) {
  EXPECT_THAT(problem_of({{"store", "postgres://user:hunter2@host"}}),
              AllOf(HasSubstr("postgres://host"), Not(HasSubstr("hunter2"))));
  // A password is no secret on a command line, and what stands there is not repeated either.
  EXPECT_THAT(problem_of({{"store", "mongodb://user:hunter2@host"}}),
              AllOf(HasSubstr("a password on the command line"), Not(HasSubstr("hunter2"))));
  EXPECT_EQ(problem_of({{"store", "sqlite:/srv/me@corp"}}), "");
  const auto stored = load_settings({}, {{"RINGBOOK_STORE", "mongodb://user:hunter2@host/db"}});
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->settings.store, "mongodb://user:hunter2@host/db");
  EXPECT_THAT(stored->description,
              AllOf(HasSubstr("mongodb://host/db"), Not(HasSubstr("hunter2"))));
  const auto loaded = load_settings({}, {{"RINGBOOK_TOKEN", "abc.def.ghi"}});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->settings.token, "abc.def.ghi");
  EXPECT_THAT(loaded->description, AllOf(HasSubstr("the token of RINGBOOK_TOKEN is left out"),
                                         Not(HasSubstr("abc.def"))));
}

TEST(Settings, TakeOneTokenOnly) {
  EXPECT_THAT(problem_of({}, {{"RINGBOOK_TOKEN", "a"}, {"RINGBOOK_TOKEN_FILE", "b"}}),
              HasSubstr("not both"));
  EXPECT_THAT(problem_of({}, {{"RINGBOOK_TOKEN", ""}}), HasSubstr("RINGBOOK_TOKEN: is empty"));
  const auto loaded = load_settings({{"token-file", "f"}}, {{"RINGBOOK_TOKEN", "a"}});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_FALSE(loaded->settings.token);
  EXPECT_EQ(loaded->settings.token_file, "f");
}

TEST(Settings, SayThatStoreAndStoreFileAreOne) {
  EXPECT_THAT(problem_of({{"store", "memory:"}, {"store-file", "f"}}), HasSubstr("not both"));
}

}  // namespace
}  // namespace ringbook

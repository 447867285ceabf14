// What scripts of pages can do with the API, and what they cannot, in a browser as people have it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/cli_world.h"
#include "support/pattern.h"
#include "support/temporary_folder.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::filesystem::path folder = std::filesystem::path(RINGBOOK_SOURCE_DIR) / "tests/browser";
const std::filesystem::path node = folder / "node_modules/.bin/node";

constexpr std::string_view no_browser =
    "NOT TESTED: no browser; `script/setup --browser` installs one with apt and npm";

const std::string assign_path = "/user/update-rcextension";
const std::string ada_path = "/v1/users/" + std::string(ada);

struct Page {
  std::string url;
  bool is_framed = false;  // The script is one of a sandboxed frame in the page.
};

struct Fetch {
  std::string method = "GET";
  std::string path;
  std::string fields = {};  // Members of a JSON object, as is `options`.
  std::string json = {};
  std::string options = R"("cache":"default")";
};

// Chromium, headless, with nothing of its own outside a temporary folder.
class Browser {
 public:
  Browser()
      : process_(
            {.words = {node, folder / "browser.mjs"},
             .environment = {"HOME=" + home_.path().string(), "TMPDIR=" + home_.path().string()}}) {
    EXPECT_TRUE(process_.wait_for_err(" ready\n")) << process_.err();
    if (const Match said = match_in(process_.err(), R"(port (\d+) ready)"); !said.empty()) {
      port_ = said[1];
    }
  }
  ~Browser() {
    process_.signal(SIGTERM);
    EXPECT_EQ(process_.wait(), 0) << process_.err();
  }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  const std::string& port() const { return port_; }
  std::string origin() const { return "http://127.0.0.1:" + port_; }
  Page page() const { return {origin() + "/"}; }
  Page page_of_another_host() const { return {"http://localhost:" + port_ + "/"}; }
  Page sandboxed_frame() const { return {origin() + "/framed", true}; }

  // What the script saw, as browser.mjs says it.
  std::string fetch(const Page& page, const std::string& server, const Fetch& fetch) const {
    const std::string init = R"({"method":")" + fetch.method + R"(","headers":{)" + fetch.fields +
                             "}," + fetch.options + "}";
    const std::string order = R"({"page":")" + page.url + R"(","isFramed":)" +
                              (page.is_framed ? "true" : "false") + R"(,"url":")" + server +
                              fetch.path + R"(","init":)" + init +
                              (fetch.json.empty() ? "" : R"(,"json":)" + fetch.json) + "}";
    const std::string answer = curl({"--data-binary", order, origin() + "/"}, "none");
    EXPECT_THAT(answer, EndsWith("\n200"));
    return answer.substr(0, answer.rfind("\n200"));
  }

 private:
  TemporaryFolder home_;
  Process process_;
  std::string port_;
};

// One browser for all tests: it takes seconds to start.
class BrowserTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (is_there()) {
      browser = std::make_unique<Browser>();
    }
  }
  static void TearDownTestSuite() { browser.reset(); }

  void SetUp() override {
    if (!is_there()) {
      if (is_required("browser")) {
        FAIL() << no_browser << ", but RINGBOOK_REQUIRE names it";
      }
      GTEST_SKIP() << no_browser;
    }
    world_.add_people();
  }

  static bool is_there() {
    return std::filesystem::exists(node) && std::filesystem::exists("/usr/bin/chromium");
  }

  // A server, which pages of these origins may use.
  std::unique_ptr<Serving> serve(const std::string& origins) {
    auto server = std::make_unique<Serving>(
        world_, origins.empty() ? Words{} : Words{"--cors-origin", origins});
    token_ = token_of(world_);
    return server;
  }
  std::string authorised(const std::string& more = "") const {
    return R"("Authorization":"Bearer )" + token_ + "\"" + more;
  }
  Fetch assign(const std::string& extension) const {
    return {
        .method = "PUT",
        .path = assign_path,
        .fields = authorised(R"(,"Content-Type":"application/json","X-Request-Id":"from-a-page")"),
        .json = R"({"payload":{"userId":")" + std::string(ada) + R"(","rcExtension":")" +
                extension + R"("}})"};
  }
  Fetch read_ada() const { return {.path = ada_path, .fields = authorised()}; }

  // By a client that is no browser.
  std::string seen_beside(const Serving& server, const std::string& path) const {
    return curl({server.url() + path}, token_);
  }

  static std::unique_ptr<Browser> browser;
  const CliWorld world_;
  std::string token_;
};

std::unique_ptr<Browser> BrowserTest::browser;

std::string field(const std::string& seen, const std::string& name) {
  const Match line = match_in(seen, "\n" + name + ": (.*)\n");
  return line.empty() ? "" : line[1];
}

std::string json_string(const std::string& text) {
  return "\"" + replaced(text, "\"", "\\\"") + "\"";
}

testing::Matcher<const std::string&> is_blocked() {
  return AllOf(StartsWith("failed: TypeError"), HasSubstr("blocked by CORS policy"));
}

// [HTTP-19]
TEST_F(BrowserTest, LetsAPageOfANamedOriginWorkWithTheApi) {
  const auto server = serve(browser->origin());
  const auto fetch = [&](const Fetch& what) {
    return browser->fetch(browser->page(), server->url(), what);
  };
  const std::string assigned = fetch(assign("1234"));
  EXPECT_THAT(
      assigned,
      AllOf(StartsWith("200\n"),
            EndsWith("\n\n"
                     R"({"message":"RingCentral extension updated successfully","data":{}})")));
  EXPECT_EQ(field(assigned, "x-request-id"), "from-a-page");

  const std::string read = fetch(read_ada());
  EXPECT_THAT(read, AllOf(StartsWith("200\n"), HasSubstr(R"("rcExtension":"1234")")));
  EXPECT_NE(field(read, "etag"), "");
  EXPECT_EQ(field(read, "etag"), field(assigned, "ringbook-version"));

  const std::string if_match = R"(,"Content-Type":"application/json","If-Match":)";
  Fetch conditional{.method = "PUT",
                    .path = ada_path + "/extension",
                    .fields = authorised(if_match + json_string(field(read, "etag"))),
                    .json = R"({"rcExtension":"1235"})"};
  EXPECT_THAT(fetch(conditional), StartsWith("200\n"));
  conditional.json = R"({"rcExtension":"1236"})";
  EXPECT_THAT(fetch(conditional),
              AllOf(StartsWith("412\n"), HasSubstr(R"("code":"PRECONDITION_FAILED")")));

  const std::string tag = json_string(field(fetch(read_ada()), "etag"));
  EXPECT_THAT(fetch({.path = ada_path, .fields = authorised(R"(,"If-None-Match":)" + tag)}),
              StartsWith("304\n"));

  const std::string new_path = "/v1/users/" + std::string(nobody);
  const std::string created = fetch({.method = "PUT",
                                     .path = new_path,
                                     .fields = authorised(R"(,"Content-Type":"application/json")"),
                                     .json = R"({"name":"Katherine Johnson"})"});
  EXPECT_THAT(created, StartsWith("201\n"));
  EXPECT_EQ(field(created, "location"), new_path);
  EXPECT_THAT(fetch({.method = "DELETE", .path = new_path, .fields = authorised()}),
              StartsWith("204\n"));
  EXPECT_THAT(seen_beside(*server, new_path), EndsWith("\n404"));
  EXPECT_THAT(fetch({.method = "HEAD", .path = ada_path, .fields = authorised()}),
              StartsWith("200\n"));
}

// [HTTP-19]
TEST_F(BrowserTest, ShowsAPageOfANamedOriginWhyItWasRefused) {
  const auto server = serve(browser->origin());
  const auto fetch = [&](const Fetch& what) {
    return browser->fetch(browser->page(), server->url(), what);
  };
  EXPECT_THAT(fetch(assign("1300")),
              AllOf(StartsWith("400\n"), HasSubstr(R"("code":"EXTENSION_IN_USE")"),
                    HasSubstr("\nx-request-id: from-a-page\n")));
  Fetch of_a_stranger = assign("1234");
  of_a_stranger.fields =
      R"("Authorization":"Bearer not.a.token","Content-Type":"application/json")";
  EXPECT_THAT(fetch(of_a_stranger),
              AllOf(StartsWith("401\n"), HasSubstr(R"("code":"UNAUTHORIZED")"),
                    HasSubstr("\nwww-authenticate: Bearer ")));
  EXPECT_THAT(fetch({.path = "/v1/users/ada", .fields = authorised()}), StartsWith("400\n"));
  EXPECT_THAT(fetch({.path = "/v1/users/" + std::string(nobody), .fields = authorised()}),
              StartsWith("404\n"));
  EXPECT_THAT(fetch({.method = "POST", .path = "/v1/users", .fields = authorised()}),
              StartsWith("405\n"));
  // A path that does not exist has no preflight either.
  EXPECT_THAT(fetch({.path = "/v1/nothing"}), StartsWith("404\n"));
  EXPECT_THAT(fetch({.path = "/v1/nothing", .fields = authorised()}), is_blocked());
  // The transport refuses this one, before the API sees it.
  EXPECT_THAT(fetch(assign(std::string(70'000, '1'))),
              AllOf(StartsWith("413\n"), HasSubstr(R"("code":"CONTENT_TOO_LARGE")")));
  EXPECT_THAT(seen_beside(*server, ada_path), HasSubstr(R"("rcExtension":null)"));
}

// [HTTP-19]
TEST_F(BrowserTest, AsksOnceBeforeItSendsAPagesRequests) {
  const auto server = serve(browser->origin());
  for (const char* extension : {"1234", "1235", "1236"}) {
    EXPECT_THAT(browser->fetch(browser->page(), server->url(), assign(extension)),
                StartsWith("200\n"));
  }
  const std::string metrics = seen_beside(*server, "/metrics");
  const std::string route = "{route=\"" + assign_path + "\",";
  EXPECT_THAT(metrics, HasSubstr(route + R"(method="OPTIONS",status="204"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(route + R"(method="PUT",status="200"} 3)"));
}

// [HTTP-19]
TEST_F(BrowserTest, SendsNoCookiesAndNoPasswordsOfItsOwn) {
  const auto server = serve(browser->origin());
  Fetch change = assign("1234");
  change.options = R"("credentials":"include")";
  EXPECT_THAT(browser->fetch(browser->page(), server->url(), change),
              AllOf(is_blocked(), HasSubstr("Access-Control-Allow-Credentials")));
  EXPECT_THAT(browser->fetch(browser->page(), server->url(),
                             {.path = "/healthz", .options = R"("credentials":"include")"}),
              AllOf(is_blocked(), HasSubstr("Access-Control-Allow-Credentials")));
  EXPECT_THAT(seen_beside(*server, ada_path), HasSubstr(R"("rcExtension":null)"));
}

// [HTTP-19] [API-1]
TEST_F(BrowserTest, ReadsTheDescriptionWithoutAToken) {
  const auto server = serve(browser->origin());
  const std::string seen =
      browser->fetch(browser->page(), server->url(), {.path = "/openapi.json"});
  EXPECT_THAT(seen, AllOf(StartsWith("200\n"), HasSubstr(R"("openapi": "3.1)")));
  EXPECT_EQ(seen.substr(seen.find("\n\n") + 2) + "\n200", seen_beside(*server, "/openapi.json"));
}

// [HTTP-19]
TEST_F(BrowserTest, LetsNoOtherPageReadOrChangeAnything) {
  struct Case {
    std::string origins;
    Page page;
  };
  const std::string& port = browser->port();
  for (const Case& it : {
           Case{"", browser->page()},
           Case{"https://127.0.0.1:" + port, browser->page()},
           Case{"http://127.0.0.1,http://127.0.0.1:1", browser->page()},
           Case{browser->origin(), browser->page_of_another_host()},
           Case{browser->origin(), browser->sandboxed_frame()},
       }) {
    SCOPED_TRACE("--cors-origin " + it.origins + " and " + it.page.url);
    const auto server = serve(it.origins);
    const auto fetch = [&](const Fetch& what) {
      return browser->fetch(it.page, server->url(), what);
    };
    EXPECT_THAT(fetch(assign("1234")), AllOf(is_blocked(), HasSubstr("preflight")));
    EXPECT_THAT(fetch(read_ada()), AllOf(is_blocked(), HasSubstr("preflight")));
    EXPECT_THAT(fetch({.path = "/openapi.json"}), is_blocked());
    EXPECT_THAT(seen_beside(*server, ada_path), HasSubstr(R"("rcExtension":null)"));
    // The browser asked the server, and did no more.
    const std::string metrics = seen_beside(*server, "/metrics");
    EXPECT_THAT(metrics, HasSubstr("{route=\"" + assign_path + R"(",method="OPTIONS")"));
    EXPECT_THAT(metrics, Not(HasSubstr(R"(method="PUT")")));
  }
}

}  // namespace
}  // namespace ringbook::test

// Every path of the route table × every method × six kinds of token, with the real check of tokens:
// the status, and exactly the fields of the answer.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/api_world.h"
#include "api/router.h"
#include "auth/file_keys.h"
#include "auth/mint.h"
#include "auth/token_authenticator.h"
#include "http/answer.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

using namespace std::chrono_literals;
using FieldMap = std::map<std::string, std::string>;

constexpr std::string_view json = "application/json; charset=utf-8";
constexpr std::string_view not_allowed =
    R"({"error":{"code":"METHOD_NOT_ALLOWED","message":"Method not allowed"}})";

constexpr Method every_method[] = {Method::get,   Method::head,    Method::put,    Method::post,
                                   Method::patch, Method::delete_, Method::options};

// --- who asks ------------------------------------------------------------------------------------

struct Caller {
  std::string name;
  std::optional<std::string> authorization;
  std::string challenge;  // "" for the administrator.
};

class Tokens {
 public:
  explicit Tokens(Instant now) : clock_(now) {
    const auto file = folder_.write("secret", std::string(64, 's'));
    auto sources = open_key_files({.secret_file = file, .jwks_file = {}}, every_algorithm(),
                                  [](const KeyWarning&) {});
    EXPECT_TRUE(sources);
    auto made = make_token_authenticator({}, *std::move(sources), clock_, loop_);
    EXPECT_TRUE(made);
    authenticator_ = std::move(*made);
  }

  Authenticator& authenticator() { return *authenticator_; }

  std::vector<Caller> callers() const {
    const std::string bare = R"(Bearer realm="ringbook")";
    const std::string invalid = bare + R"(, error="invalid_token")";
    const auto bearer = [&](char secret, Instant when, const char* role) {
      TokenOrder order;
      order.subject = "ann";
      order.role = role;
      const auto token = mint_token({}, Secret(std::vector<char>(64, secret)), order, when);
      EXPECT_TRUE(token);
      return "Bearer " + token->token;
    };
    const Instant now = clock_.now();
    const Instant long_ago{now.ms - std::chrono::milliseconds(13h).count()};
    return {{"nobody", std::nullopt, bare},
            {"malformed", "Bearer not.a.token", invalid},
            {"expired", bearer('s', long_ago, "admin"), invalid},
            {"wrong signature", bearer('x', now, "admin"), invalid},
            {"user", bearer('s', now, "user"), bare + R"(, error="insufficient_scope")"},
            {"administrator", bearer('s', now, "admin"), ""}};
  }

 private:
  TemporaryFolder folder_;
  ManualClock clock_;
  QueueLoop loop_;
  std::unique_ptr<TokenAuthenticator> authenticator_;
};

// --- what an administrator gets ------------------------------------------------------------------

// Whoever adds a route says here who may ask and what comes of it.
struct Row {
  Method method;
  std::string pattern;
  bool is_open;  // For everybody.
  std::uint16_t status;
  FieldMap fields;  // Beside those that every answer has.
};

const std::vector<Row>& rows() {
  static const FieldMap in_json{{"Content-Type", std::string(json)}};
  static const auto with = [](FieldMap fields, const char* name, const char* value) {
    fields[name] = value;
    return fields;
  };
  static const std::vector<Row> all{
      {Method::put, "/user/update-rcextension", false, 200,
       with(in_json, "Ringbook-Version", "\"3\"")},
      {Method::get, "/v1/users", false, 200, with(in_json, "Ringbook-Version", "\"2\"")},
      {Method::get, "/v1/users/{userId}", false, 200,
       with(with(in_json, "ETag", "\"1\""), "Ringbook-Version", "\"1\"")},
      {Method::put, "/v1/users/{userId}", false, 200, with(in_json, "Ringbook-Version", "\"3\"")},
      {Method::delete_, "/v1/users/{userId}", false, 204, with({}, "Ringbook-Version", "\"3\"")},
      {Method::put, "/v1/users/{userId}/extension", false, 200,
       with(in_json, "Ringbook-Version", "\"3\"")},
      {Method::delete_, "/v1/users/{userId}/extension", false, 204,
       with({}, "Ringbook-Version", "\"1\"")},
      {Method::get, "/v1/users/{userId}/history", false, 200, in_json},
      {Method::get, "/v1/extensions/{extension}", false, 200, in_json},
      {Method::get, "/v1/extensions/{extension}/history", false, 200, in_json},
      {Method::get, "/healthz", true, 200, in_json},
      {Method::get, "/openapi.json", true, 200, in_json},
      {Method::get, "/readyz", true, 200, in_json},
      {Method::get, "/metrics", true, 200,
       with({}, "Content-Type", "text/plain; version=0.0.4; charset=utf-8")}};
  return all;
}

const Row* row_of(Method method, std::string_view pattern) {
  const Method wanted = method == Method::head ? Method::get : method;
  for (const Row& row : rows()) {
    if (row.method == wanted && row.pattern == pattern) {
      return &row;
    }
  }
  return nullptr;
}

std::string target_of(std::string_view pattern) {
  std::string target(pattern);
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"{userId}", ada}, {"{extension}", "1234"}}) {
    if (const std::size_t at = target.find(name); at != std::string::npos) {
      target.replace(at, name.size(), value);
    }
  }
  EXPECT_FALSE(target.contains('{')) << target;
  return target;
}

std::string allow_of(std::string_view pattern) {
  std::string allow;
  for (const Row& row : rows()) {
    if (row.pattern == pattern) {
      allow += std::string(name_of(row.method)) + (row.method == Method::get ? ", HEAD, " : ", ");
    }
  }
  return allow + "OPTIONS";
}

// --- the answers, as they go out -----------------------------------------------------------------

struct Seen {
  std::uint16_t status = 0;
  FieldMap fields;
  std::string content;
};

Seen seen_by_client(const Response& response, Method method) {
  std::string bytes;
  append_answer(
      bytes, response,
      {.date = "today", .request_id = "request-1", .is_for_head = method == Method::head});
  Seen seen;
  seen.status = response.status;
  std::string_view rest = bytes;
  rest.remove_prefix(rest.find("\r\n") + 2);
  while (!rest.starts_with("\r\n")) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(": ");
    EXPECT_TRUE(seen.fields.emplace(line.substr(0, colon), line.substr(colon + 2)).second) << line;
    rest.remove_prefix(line.size() + 2);
  }
  seen.content = rest.substr(2);
  return seen;
}

struct Expected {
  std::uint16_t status = 0;
  FieldMap fields;
  std::optional<std::string_view> content{};  // Nothing: whatever the route says.
};

Expected expected_for(Method method, std::string_view pattern, const Caller& caller) {
  const Row* const row = row_of(method, pattern);
  if (method == Method::options) {
    return {204, {{"Allow", allow_of(pattern)}}, ""};
  }
  if (row == nullptr) {
    return {405, {{"Allow", allow_of(pattern)}, {"Content-Type", std::string(json)}}, not_allowed};
  }
  if (!row->is_open && !caller.challenge.empty()) {
    return {401,
            {{"WWW-Authenticate", caller.challenge}, {"Content-Type", std::string(json)}},
            unauthorized};
  }
  return {row->status, row->fields};
}

void expect_answer(Tokens& tokens, Method method, std::string_view pattern, const Caller& caller) {
  SCOPED_TRACE(std::string(name_of(method)) + " " + std::string(pattern) + " as " + caller.name);
  ApiWorld world({}, &tokens.authenticator());
  for (const std::string_view person : {ada, grace}) {
    EXPECT_EQ(
        world
            .send_local(
                {.method = Method::put, .target = "/v1/users/" + std::string(person), .body = "{}"})
            .status(),
        201);
  }
  const Answer answer =
      world.send({.method = method,
                  .target = target_of(pattern),
                  .authorization = caller.authorization,
                  .body = R"({"name":"Ada","rcExtension":"1234","payload":{"userId":")" +
                          std::string(ada) + R"(","rcExtension":"1234"}})"});
  const Seen seen = seen_by_client(answer.response, method);
  Expected expected = expected_for(method, pattern, caller);
  expected.fields.insert(
      {{"Date", "today"}, {"X-Request-Id", "request-1"}, {"Cache-Control", "no-store"}});
  if (expected.status != 204) {
    expected.fields["Content-Length"] = std::to_string(answer.body().size());
  }
  EXPECT_EQ(seen.status, expected.status);
  EXPECT_EQ(seen.fields, expected.fields);
  if (method == Method::head) {
    expected.content = "";
  }
  if (expected.content) {
    EXPECT_EQ(seen.content, *expected.content);
  }
  const Row* const row = row_of(method, pattern);
  const bool is_administrators = row != nullptr && !row->is_open;
  EXPECT_EQ(answer.was_body_read, is_administrators && caller.challenge.empty());
  if (!answer.was_body_read) {
    EXPECT_EQ(world.store->statistics().last_change, 2U) << "a stranger changed something";
  }
}

// [PUT-1] [PUT-11] [PUT-16] [HTTP-12]
TEST(AccessMatrix, HoldsForEveryRouteEveryMethodAndEveryKindOfToken) {
  Tokens tokens(*parse_rfc3339("2026-11-23T10:00:00.000Z"));
  std::set<std::string_view> patterns;
  for (const Route& route : all_routes()) {
    patterns.insert(route.pattern);
  }
  const std::vector<Caller> callers = tokens.callers();
  for (const std::string_view pattern : patterns) {
    for (const Method method : every_method) {
      for (const Caller& caller : callers) {
        expect_answer(tokens, method, pattern, caller);
      }
    }
  }
}

// [PUT-11]
TEST(AccessMatrix, KnowsEveryRouteOfTheTable) {
  std::size_t routes = 0;
  for (const Route& route : all_routes()) {
    ++routes;
    const Row* const row = row_of(route.method, route.pattern);
    ASSERT_NE(row, nullptr) << name_of(route.method) << ' ' << route.pattern
                            << " has no row that says who may ask";
    EXPECT_EQ(row->is_open, std::holds_alternative<OpenHandler>(route.handler)) << route.pattern;
  }
  EXPECT_EQ(routes, rows().size());
}

// [PUT-16] [HTTP-12]
TEST(AccessMatrix, UnknownPathsAreUnknownToEverybody) {
  Tokens tokens(*parse_rfc3339("2026-11-23T10:00:00.000Z"));
  ApiWorld world({}, &tokens.authenticator());
  for (const Caller& caller : tokens.callers()) {
    for (const Method method : every_method) {
      for (const char* path : {"/", "/user", "/v1", "/v1/users/", "/user/update-rcextension/",
                               "/User/update-rcextension", "/v1/extensions", "/v2/users"}) {
        SCOPED_TRACE(std::string(name_of(method)) + " " + path + " as " + caller.name);
        const Answer answer =
            world.send({.method = method, .target = path, .authorization = caller.authorization});
        EXPECT_EQ(answer.status(), 404);
        EXPECT_EQ(answer.body(),
                  R"({"error":{"code":"NOT_FOUND","message":"Resource not found"}})");
        EXPECT_EQ(seen_by_client(answer.response, method).fields,
                  (FieldMap{{"Date", "today"},
                            {"X-Request-Id", "request-1"},
                            {"Cache-Control", "no-store"},
                            {"Content-Type", std::string(json)},
                            {"Content-Length", std::to_string(answer.body().size())}}));
        EXPECT_FALSE(answer.was_body_read);
      }
    }
  }
}

}  // namespace
}  // namespace ringbook::test

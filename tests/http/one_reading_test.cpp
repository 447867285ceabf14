// What a message asks for, and who asks: one reading of each head, or none.
#include <fmt/format.h>

#include "http/smuggling.h"

namespace ringbook::test {
namespace {

using OneReading = Smuggling;

// --- who is asked, and for what ------------------------------------------------------------------

TEST_F(OneReading, HostHasOneReading) {  // [HTTP-1] [HTTP-3]
  const auto with = [](std::string_view target, std::string_view fields) {
    return fmt::format("GET {} HTTP/1.1\r\n{}\r\n", target, fields);
  };
  expect_all({{with("/healthz", "Host: a\r\nHost: b\r\n"), {400}},
              {with("/healthz", "Host: a\r\nhost: a\r\n"), {400}},
              {with("/healthz", "Host: a, b\r\n"), {400}},
              {with("/healthz", "Host: a\tb\r\n"), {400}},
              {with("/healthz", "Host : a\r\n"), {400}},
              {with("/healthz", " Host: a\r\n"), {400}},
              {with("/healthz", "Host: a\r\n Host: b\r\n"), {400}},
              {with("/healthz", "Host:\r\n"), {400}},
              {with("/healthz", "Host: a@b\r\n"), {400}},
              {with("/healthz", "Host: http://a\r\n"), {400}},
              {with("/healthz", "Host: a:80:80\r\n"), {400}},
              {with("/healthz", "Host: a:-1\r\n"), {400}},
              {with("/healthz", "X: y\r\n"), {400}},
              {with("http://b/healthz", "Host: a\r\n"), {200}},
              {with("HTTP://b/healthz", "Host: a\r\n"), {200}},
              {with("http://b:99999/healthz", "Host: a\r\n"), {400}},
              {with("http://b/healthz", "Host: a\r\nHost: a\r\n"), {400}},
              {with("http://b/healthz", "X: y\r\n"), {400}},
              {with("http://a@b/healthz", "Host: b\r\n"), {400}},
              {with("http://b\\healthz", "Host: b\r\n"), {400}},
              {with("http:healthz", "Host: b\r\n"), {400}},
              {with("://b/healthz", "Host: b\r\n"), {400}},
              {with("file:///healthz", "Host: b\r\n"), {400}},
              {with("/healthz", "Host: a\r\nX-Forwarded-Host: b\r\n"), {200}}});
}

TEST_F(OneReading, TheRequestLineHasOneReading) {  // [HTTP-1] [HTTP-2]
  const auto line = [](std::string_view text) {
    return fmt::format("{}\r\nHost: a\r\n\r\n", text);
  };
  expect_all({{line("GET /healthz HTTP/1.1"), {200}},
              {"\r\n" + line("GET /healthz HTTP/1.1"), {200}},
              {"\r\n\r\n" + line("GET /healthz HTTP/1.1"), {400}},
              {"\n" + line("GET /healthz HTTP/1.1"), {400}},
              {" \r\n" + line("GET /healthz HTTP/1.1"), {400}},
              {line("get /healthz HTTP/1.1"), {501}},
              {line("Get /healthz HTTP/1.1"), {501}},
              {line("GETX /healthz HTTP/1.1"), {501}},
              {line("CONNECT a:80 HTTP/1.1"), {501}},
              {line("TRACE /healthz HTTP/1.1"), {501}},
              {line("PROPFIND * HTTP/1.1"), {501}},
              {line("\xEF\xBB\xBFGET /healthz HTTP/1.1"), {400}},
              {line("GET\xC2\xA0/healthz HTTP/1.1"), {400}},
              {line("GET\v/healthz HTTP/1.1"), {400}},
              {line("GET /healthz\tHTTP/1.1"), {400}},
              {line("GET /healthz  HTTP/1.1"), {400}},
              {line("GET /healthz HTTP/1.1\t"), {400}},
              {line("GET /health z HTTP/1.1"), {400}},
              {line("GET HTTP/1.1"), {400}},
              {line("GET /healthz#x HTTP/1.1"), {400}},
              {line("GET /health%7 HTTP/1.1"), {400}},
              {line("GET /health%zz HTTP/1.1"), {400}},
              {line("GET healthz HTTP/1.1"), {400}},
              {line("GET * HTTP/1.1"), {400}},
              {line("PUT * HTTP/1.1"), {400}},
              {line("OPTIONS * HTTP/1.1"), {204}},
              {line("OPTIONS /* HTTP/1.1"), {404}},
              {line(std::string("GET /health\0z HTTP/1.1", 22)), {400}},
              {line("GET /health\xC3\xBF HTTP/1.1"), {400}}});
}

TEST_F(OneReading, PathsHaveOneSpelling) {  // [PUT-17]
  const auto ask = [](std::string_view target) { return get(target); };
  expect_all({{ask("/healthz"), {200}},
              {ask("/%68ealthz"), {200}},
              {ask("/%68%65%61%6C%74%68%7a"), {200}},
              {ask("/healthz?x=%2F&x"), {200}},
              {ask("//healthz"), {404}},
              {ask("/healthz/"), {404}},
              {ask("/healthz//"), {404}},
              {ask("/./healthz"), {404}},
              {ask("/x/../healthz"), {404}},
              {ask("/x/%2e%2e/healthz"), {404}},
              {ask("/healthz/."), {404}},
              {ask("/healthz;x"), {404}},
              {ask("/%2Fhealthz"), {404}},
              {ask("/healthz%00"), {404}},
              {ask("/healthz%20"), {404}},
              {ask("/healthz%3Fx"), {404}},
              {ask("/%2568ealthz"), {404}},
              {ask("/HEALTHZ"), {404}},
              {ask("/v1/users/%2e%2e/healthz"), {404}},
              {ask("/v1/extensions/../../healthz"), {404}}});
}

TEST_F(OneReading, NoOtherFieldChangesTheRequest) {  // [HTTP-12] [HTTP-13]
  for (const char* field :
       {"X-HTTP-Method-Override: DELETE\r\n",
        "X-HTTP-Method: PUT\r\n",
        "X-Method-Override: PUT\r\n",
        "X-Original-URL: /nowhere\r\n",
        "X-Rewrite-URL: /nowhere\r\n",
        "X-Forwarded-Prefix: /nowhere\r\n",
        "Upgrade: h2c\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQ\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n",
        "Connection: Host\r\n",
        "Connection: Authorization, X-Request-Id\r\n",
        "Range: bytes=0-0\r\n",
        "If-Range: \"x\"\r\n",
        "Accept: text/html\r\n",
        "Accept-Encoding: gzip;q=1.0, *;q=0\r\n",
        "Max-Forwards: 0\r\n",
        "Via: 1.1 x\r\n",
        "Keep-Alive: timeout=1, max=1\r\n",
        "Proxy-Connection: close\r\n",
        "Cookie: a=b\r\n"}) {
    expect({get("/healthz", field), {200}});
  }
}

// --- who asks ------------------------------------------------------------------------------------

TEST_F(OneReading, CredentialsCountInTheirFieldOnly) {  // [PUT-11] [HTTP-6]
  const std::string body = put_body("1234");
  const auto ask = [&body](std::string_view query, std::string_view fields) {
    return fmt::format(
        "PUT /user/update-rcextension{} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n{}\r\n{}",
        query, body.size(), fields, body);
  };
  const std::string good = "Authorization: Bearer admin\r\n";
  expect_all({{ask("", good), {200}},
              {ask("", "AUTHORIZATION:\tBearer admin \r\n"), {200}},
              {ask("", ""), {401}},
              {ask("?access_token=admin", ""), {401}},
              {ask("?Authorization=Bearer%20admin", ""), {401}},
              {ask("", "Proxy-Authorization: Bearer admin\r\n"), {401}},
              {ask("", "X-Authorization: Bearer admin\r\n"), {401}},
              {ask("", "X-Forwarded-Authorization: Bearer admin\r\n"), {401}},
              {ask("", "Authorization-: Bearer admin\r\n"), {401}},
              {ask("", "Cookie: access_token=admin; Authorization=Bearer admin\r\n"), {401}},
              {ask("", "X-User-Role: admin\r\nX-Forwarded-User: root\r\n"), {401}},
              {ask("", "Authorization: Bearer user\r\nX-Authorization: Bearer admin\r\n"), {401}},
              {ask("", good + good), {400}},
              {ask("", good + "authorization: Bearer admin\r\n"), {400}},
              {ask("", "Authorization:\r\n" + good), {400}},
              {ask("", good + "Authorization: Basic eDp5\r\n"), {400}},
              {ask("", "Authorization : Bearer admin\r\n"), {400}},
              {ask("", "Authorization: Bearer\r\n admin\r\n"), {400}},
              {ask("", "Authorization: Bearer admin\x01\r\n"), {400}}});
}

// --- Expect --------------------------------------------------------------------------------------

TEST_F(OneReading, AnExpectationMovesNoBoundary) {  // [HTTP-8]
  const std::string body = put_body("1234");
  const std::string length = fmt::format("Content-Length: {}\r\n", body.size());
  for (const char* value : {"", " ", "100", "100-continue, 100-continue", "100-continue;x",
                            "100-continue x", "\"100-continue\"", "200-ok", "x"}) {
    expect({with_body(length + "Expect: " + value + "\r\n", body), {417}});
  }
  expect({with_body(length + "Expect: 100-continue\r\nExpect: 100-continue\r\n", body), {400}});
  expect({get("/healthz", "Expect: 100-CONTINUE\r\n"), {200}});
  expect({get("/nowhere", "Expect: 100-continue\r\n"), {404}});
}

}  // namespace
}  // namespace ringbook::test

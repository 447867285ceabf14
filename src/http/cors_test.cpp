#include "http/cors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> origins{"https://a.example", "http://localhost:5173"};

std::string fields_for(std::string_view bytes) {
  return std::string(Cors(origins).fields_for(bytes));
}

std::string head(const std::string& method, const std::string& fields) {
  return method + " /v1/users HTTP/1.1\r\nHost: b\r\n" + fields + "\r\n";
}

TEST(Cors, NamesTheOriginThatIsAllowed) {  // [HTTP-19]
  for (const std::string& origin : origins) {
    EXPECT_THAT(fields_for(head("PUT", "Origin: " + origin + "\r\n")),
                AllOf(HasSubstr("Access-Control-Allow-Origin: " + origin + "\r\n"),
                      HasSubstr("Vary: Origin\r\n"), HasSubstr("Expose-Headers: ETag"),
                      Not(HasSubstr("Allow-Methods"))));
  }
}

TEST(Cors, AnswersAPreflight) {  // [HTTP-19]
  const std::string asked = "Origin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\n";
  EXPECT_THAT(fields_for(head("OPTIONS", asked)),
              AllOf(HasSubstr("Access-Control-Allow-Origin: https://a.example\r\n"),
                    HasSubstr("Access-Control-Allow-Methods: GET, HEAD, PUT, DELETE\r\n"),
                    HasSubstr("Access-Control-Allow-Headers: Authorization, Content-Type"),
                    HasSubstr("Access-Control-Max-Age: 600\r\n"), HasSubstr("Vary: Origin\r\n"),
                    Not(HasSubstr("Expose-Headers"))));
  EXPECT_THAT(fields_for(head("PUT", asked)), Not(HasSubstr("Allow-Methods")));
  EXPECT_THAT(fields_for(head("OPTIONS", "Origin: https://a.example\r\n")),
              Not(HasSubstr("Allow-Methods")));
}

TEST(Cors, LetsNobodyElseRead) {  // [HTTP-19]
  for (const auto* fields :
       {"", "Origin: null\r\n", "Origin:\r\n", "Origin: https://b.example\r\n",
        "Origin: http://a.example\r\n", "Origin: https://a.example:443\r\n",
        "Origin: https://a.example/\r\n", "Origin: https://a.example.evil\r\n",
        "Origin: https://A.example\r\n", "Origin: https://a.example, https://a.example\r\n",
        "Origin: https://a.example\r\nOrigin: https://a.example\r\n",
        "X-Origin: https://a.example\r\n"}) {
    EXPECT_EQ(fields_for(head("GET", fields)), "Vary: Origin\r\n") << fields;
  }
}

TEST(Cors, SaysNothingWithoutTheSetting) {  // [HTTP-19]
  EXPECT_EQ(Cors({}).fields_for(head("GET", "Origin: https://a.example\r\n")), "");
}

TEST(Cors, ReadsWhatTheGateRefuses) {  // [HTTP-19]
  EXPECT_THAT(fields_for("PUT / HTTP/1.1\r\nOrigin: https://a.example\r\nContent-Len"),
              HasSubstr("Allow-Origin"));
  for (const auto* bytes : {"", "\r\n", "\r\n\r\n", "GET", "GET / HTTP/1.1\r", ":", "\r\n:\r\n"}) {
    EXPECT_EQ(fields_for(bytes), "Vary: Origin\r\n") << bytes;
  }
}

}  // namespace
}  // namespace ringbook

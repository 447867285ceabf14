// A server whose files may not grow any more, as on a full disk or beyond a quota.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

#include "fault/served.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

class FullDisk : public testing::Test {
 protected:
  Exchanged ask(const std::string& method, const std::string& target,
                const std::string& body = "") {
    const auto answer = line_.ask(method, target, body);
    EXPECT_TRUE(answer) << "no answer to " << method << " " << target;
    return answer.value_or(Exchanged{});
  }
  int put_number(const std::string& number) {
    return ask("PUT", "/user/update-rcextension",
               R"({"payload":{"userId":")" + std::string(user) + R"(","rcExtension":")" + number +
                   R"("}})")
        .status;
  }
  std::string user_as_read() {
    const Exchanged answer = ask("GET", std::string("/v1/users/") + user);
    EXPECT_EQ(answer.status, 200);
    return answer.body;
  }

  static constexpr const char* user = "64b7f3a2e8c9d01234567890";
  const TemporaryFolder data_;
  Served server_{data_.path()};
  Line line_{server_.port(), [this] {
               std::string token =
                   printed_by("token --data " + data_.path().string() + " 2>/dev/null");
               token.resize(token.find('\n'));
               return token;
             }()};
};

// [STORE-6]
TEST_F(FullDisk, IsAlsoThatOfAFileThatMayNotGrow) {
  ASSERT_EQ(ask("PUT", std::string("/v1/users/") + user, R"({"name":"Ada"})").status, 201);
  ASSERT_EQ(put_number("1234"), 200);
  const std::string before = user_as_read();

  server_.limit_files(1);
  EXPECT_EQ(put_number("1235"), 500);
  EXPECT_EQ(user_as_read(), before);
  const Exchanged readiness = ask("GET", "/readyz");
  EXPECT_EQ(readiness.status, 503);
  EXPECT_NE(readiness.body.find("disk_full"), std::string::npos) << readiness.body;

  server_.limit_files(RLIM_INFINITY);
  EXPECT_EQ(put_number("1236"), 200);
  EXPECT_NE(user_as_read().find(R"("1236")"), std::string::npos) << user_as_read();
  EXPECT_EQ(ask("GET", "/readyz").status, 200);
  server_.kill();
  EXPECT_EQ(server_.log().find("Sanitizer"), std::string::npos);
}

}  // namespace
}  // namespace ringbook::test

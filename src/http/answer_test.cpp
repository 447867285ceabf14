#include "http/answer.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

Response response(std::uint16_t status, std::string body) {
  Response made;
  made.status = status;
  made.body = Body(std::move(body));
  made.content_type = "text/plain";
  return made;
}

std::string bytes_of(const Response& answer, Envelope::Connection connection,
                     bool is_for_head = false) {
  std::string out;
  append_answer(
      out, answer,
      {.date = "D", .request_id = "I", .connection = connection, .is_for_head = is_for_head});
  return out;
}

TEST(Answer, HasItsFieldsAndItsBody) {  // [PUT-2] [HTTP-14]
  Response made = response(200, "hello");
  made.fields.add("Ringbook-Version", "\"8\"");
  EXPECT_EQ(bytes_of(made, Envelope::Connection::persists),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
            "Cache-Control: no-store\r\nRingbook-Version: \"8\"\r\nX-Request-Id: I\r\n\r\nhello");
}

TEST(Answer, LeavesOutWhatItDoesNotHave) {
  Response made = response(200, "");
  made.content_type = {};
  made.no_store = false;
  EXPECT_EQ(bytes_of(made, Envelope::Connection::persists),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\nX-Request-Id: I\r\n\r\n");
}

TEST(Answer, SaysWhatBecomesOfTheConnection) {  // [HTTP-13]
  const Response made = response(404, "x");
  EXPECT_EQ(bytes_of(made, Envelope::Connection::persists).find("Connection:"), std::string::npos);
  EXPECT_NE(bytes_of(made, Envelope::Connection::keep_alive).find("\r\nConnection: keep-alive\r\n"),
            std::string::npos);
  EXPECT_NE(bytes_of(made, Envelope::Connection::close).find("\r\nConnection: close\r\n"),
            std::string::npos);
}

TEST(Answer, HasALengthButNoContentForHead) {  // [HTTP-12]
  const std::string bytes = bytes_of(response(200, "hello"), Envelope::Connection::persists, true);
  EXPECT_NE(bytes.find("\r\nContent-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
}

TEST(Answer, HasNoLengthWhereThereIsNoContent) {  // [HTTP-12]
  for (const std::uint16_t status : {std::uint16_t{204}, std::uint16_t{304}}) {
    EXPECT_EQ(bytes_of(response(status, ""), Envelope::Connection::persists).find("Content-Length"),
              std::string::npos);
  }
}

TEST(Answer, NeedsNoReasonPhrase) {
  EXPECT_TRUE(
      bytes_of(response(299, ""), Envelope::Connection::persists).starts_with("HTTP/1.1 299 \r\n"));
}

}  // namespace
}  // namespace ringbook

// What the commands do with a server that is broken or hostile.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "base/limits.h"
#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A server that answers every request 200 with what `body` makes of how many came before, below a
// head with `fields`.
class HostileServer {
 public:
  explicit HostileServer(std::function<std::string(int)> body, std::string fields = "")
      : body_(std::move(body)),
        fields_(std::move(fields)),
        listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address_), sizeof address_), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    socklen_t size = sizeof address_;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address_), &size);
    thread_ = std::thread([this] { serve(); });
  }
  ~HostileServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  HostileServer(const HostileServer&) = delete;

  Finished ask(Words words) const {
    words.insert(words.end(),
                 {"--server", "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port))});
    return bare(std::move(words), {"RINGBOOK_TOKEN=t"});
  }

 private:
  // One client after the other, one request on each connection.
  void serve() {
    for (int asked = 0;; ++asked) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) {
        return;
      }
      std::string request;
      char piece[4096];
      while (request.find("\r\n\r\n") == std::string::npos) {
        const ssize_t size = ::recv(client, piece, sizeof piece, 0);
        if (size <= 0) {
          break;
        }
        request.append(piece, static_cast<std::size_t>(size));
      }
      const std::string body = body_(asked);
      const std::string answer =
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"1\"\r\n" + fields_ +
          std::string("Connection: close\r\nContent-Length: ") + std::to_string(body.size()) +
          "\r\n\r\n" + body;
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::shutdown(client, SHUT_WR);
      // Until the client has closed, so that no reset takes the answer away.
      while (::recv(client, piece, sizeof piece, 0) > 0) {
      }
      ::close(client);
    }
  }

  std::function<std::string(int)> body_;
  std::string fields_;
  int listener_;
  sockaddr_in address_{};
  std::thread thread_;
};

std::string user(const std::string& id, const std::string& members = "") {
  return R"({"userId":")" + id + R"(",)" + members +
         R"("role":"user","active":true,"personalInformation":{"rcExtension":"1234"}})";
}

std::string page(const std::string& users, const std::string& next) {
  return R"({"data":[)" + users + R"(],"next":)" + next + "}";
}

const std::string one(ada);

TEST(Commands, FollowNoListThatMightNeverEnd) {
  const std::vector<std::pair<const char*, std::function<std::string(int)>>> lists{
      {"the same page", [](int) { return page(user(one), R"("c")"); }},
      {"nobody", [](int asked) { return page("", '"' + std::to_string(asked) + '"'); }},
      {"a circle",
       [](int asked) {
         return page(user(id_number(static_cast<unsigned>(asked % 3))),
                     '"' + std::to_string(asked) + '"');
       }},
      {"one twice", [](int) { return page(user(one) + "," + user(one), "null"); }},
  };
  for (const auto& [what, body] : lists) {
    for (const Words& words : {Words{"user", "list"}, {"user", "list", "--json"}, {"export"}}) {
      const Finished ended = HostileServer(body).ask(words);
      EXPECT_EQ(ended.exit_code, 3) << what;
      EXPECT_THAT(ended.err, HasSubstr("might never end")) << what;
    }
    const Finished ended = HostileServer(body).ask({"user", "show", "ada@example.com"});
    EXPECT_NE(ended.exit_code, 0) << what;
  }
}

TEST(Commands, FollowAListThatGoesOn) {
  const HostileServer server([](int asked) {
    return asked < 3 ? page(user(id_number(static_cast<unsigned>(asked))),
                            '"' + std::to_string(asked) + '"')
                     : page("", "null");
  });
  const Finished listed = server.ask({"export"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.out, AllOf(HasSubstr(id_number(0)), HasSubstr(id_number(2))));
}

TEST(Commands, PassNothingOnThatADirectoryCannotHold) {
  const std::string esc = "\\u001b[31m";
  const std::string extension = R"("personalInformation":{"rcExtension":")" + esc + R"("},)";
  for (const std::string& bad :
       {user(one + esc), user("../../x"), user(one, R"("name":")" + esc + R"(",)"),
        user(one, R"("email":")" + esc + R"(",)"), user(one, R"("department":"\u009b31m",)"),
        user(one, R"("updatedAt":")" + esc + R"(",)"), user(one, R"("version":-1,)"),
        user(one, R"("version":1e300,)"), user(one, extension)}) {
    for (const Words& words : {Words{"set", one, "1234"},
                               {"set", one, "1234", "--json"},
                               {"user", "show", one},
                               {"user", "show", one, "--json"},
                               {"user", "add", "--id", one},
                               {"user", "edit", one, "--name", "Ada"}}) {
      const Finished ended = HostileServer([&](int) { return bad; }).ask(words);
      EXPECT_EQ(ended.exit_code, 3) << bad;
      EXPECT_EQ(ended.out, "") << bad;
      EXPECT_THAT(ended.err, AllOf(HasSubstr("not one of Ringbook's"), Not(HasSubstr("\x1b"))));
    }
    for (const Words& words : {Words{"export"},
                               {"user", "list"},
                               {"user", "list", "--json"},
                               {"user", "show", "ada@example.com"},
                               {"user", "remove", "ada@example.com"},
                               {"release", "ada@example.com"}}) {
      const Finished ended = HostileServer([&](int) { return page(bad, "null"); }).ask(words);
      EXPECT_EQ(ended.exit_code, 3) << bad;
      EXPECT_EQ(ended.out, "") << bad;
      EXPECT_THAT(ended.err, Not(HasSubstr("\x1b"))) << bad;
    }
  }
}

// Any server says 200 to something.
TEST(Commands, TakeNothingForARemovalButItsAnswer) {
  for (const std::string& body : {std::string("<html>hi"), std::string("{}"), user(one)}) {
    for (const Words& words : {Words{"user", "remove", one},
                               {"release", one, "--json"},
                               {"number", "history", "1234", "--at", "2020-01-01"}}) {
      const Finished ended = HostileServer([&](int) { return body; }).ask(words);
      EXPECT_EQ(ended.exit_code, 3) << body;
      EXPECT_EQ(ended.out, "") << body;
    }
  }
}

TEST(Commands, SayThatAnAnswerHasNoEnd) {
  std::string lines;
  while (lines.size() <= limits::head_bytes) {
    lines += "X-Filler: " + std::string(1000, 'x') + "\r\n";
  }
  const auto small = [](int) { return user(one); };
  const auto large = [](int) { return std::string(limits::client_answer_bytes + 1, ' '); };
  const std::string long_line = "X-Filler: " + std::string(1'000'000, 'x') + "\r\n";
  for (const Words& words : {Words{"user", "show", one}, Words{"export"}, Words{"user", "list"}}) {
    for (const auto& [server_body, fields] :
         {std::pair<std::function<std::string(int)>, std::string>{large, ""},
          {small, long_line},
          {small, lines}}) {
      const Finished ended = HostileServer(server_body, fields).ask(words);
      EXPECT_EQ(ended.exit_code, 3);
      EXPECT_EQ(ended.out, "");
      EXPECT_THAT(ended.err, AllOf(HasSubstr("http://127.0.0.1:"), HasSubstr("sent more than"),
                                   HasSubstr("16,777,216 bytes"), HasSubstr("--server")));
    }
  }
}

TEST(Commands, PassOnNothingButJson) {
  const HostileServer server([](int) { return "\x1b[31m"; });
  for (const Words& words : {Words{"number", "show", "1234"},
                             {"number", "history", "1234", "--at", "2026-11-02"},
                             {"user", "history", one, "--at", "2026-11-02"},
                             {"user", "history", one}}) {
    for (const bool json : {false, true}) {
      Words all = words;
      if (json) {
        all.emplace_back("--json");
      }
      const Finished ended = server.ask(all);
      EXPECT_EQ(ended.exit_code, 3);
      EXPECT_EQ(ended.out, "");
      EXPECT_THAT(ended.err, HasSubstr("not one of Ringbook's"));
    }
  }
}

}  // namespace
}  // namespace ringbook::test

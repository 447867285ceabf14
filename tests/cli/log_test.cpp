// What clients can do to the log: nothing but have their own lines in it, and few of those.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <thread>

#include "cli/cli_world.h"
#include "http/client.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    out.push_back(line);
  }
  return out;
}

// What ends a line for some reader of a log, steers a terminal, or is no UTF-8.
const std::vector<std::string> hostile_texts{"\r\n",
                                             "\r",
                                             "\n",
                                             std::string("\0", 1),
                                             "\x1b[2K\x1b[31m",
                                             "\x7f",
                                             "\x85",
                                             "\x9b",
                                             "\u0085",
                                             "\u2028",
                                             "\u2029",
                                             "\u202E",
                                             "\v\f",
                                             "\xff\xfe"};

constexpr std::string_view forged_line =
    R"({"ts":"2026-01-01T00:00:00.000Z","level":"error","event":"forged"})";

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// `text` in every place of a request whose value could be thought worth a line.
std::vector<std::string> requests_with(const std::string& text, const std::string& token) {
  const std::string company = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  const std::string bearer = "Authorization: Bearer " + token + "\r\n\r\n";
  const std::string quoted = replaced(text, R"(["\\])", "");
  const std::string profile = R"({"name":")" + quoted + R"(","email":")" + quoted + "@x\"}";
  return {"GET /v1/users" + company + "X-Request-Id: a" + text + "\r\n\r\n",
          "GET /v1/users" + company + "User-Agent: a" + text + "\r\n\r\n",
          "GET /v1/users" + company + "Authorization: Bearer a" + text + "\r\n\r\n",
          "GET /v1/users" + company + "X" + text + ": a\r\n\r\n",
          "GET /v1/users HTTP/1.1\r\nHost: a" + text + "\r\nConnection: close\r\n\r\n",
          "GET /v1/users/" + text + company + "\r\n",
          "GET /v1/users?search=" + text + company + bearer,
          "GET /v1/users/" + percent_encoded(text) + company + bearer,
          "GET /v1/users?search=" + percent_encoded(text) + company + bearer,
          "GE" + text + "T /v1/users" + company + "\r\n",
          "PUT /v1/users/" + std::string(ada) + company +
              "Content-Type: application/json\r\nContent-Length: " +
              std::to_string(profile.size()) + "\r\n" + bearer + profile};
}

// The event of a line, which must be a whole one.
std::string event_of(const std::string& line) {
  constexpr auto json = R"re(\{("ts":"[^"]+","level":"\w+",)?"event":"(\w+)"(,.*)?\})re";
  constexpr auto text =
      R"re(\d{4}-\S+Z (debug|info|warning|error) +(\w+)( \w+=("(\\.|[^"\\])*"|[^ "]+))*)re";
  for (const char* const form : {json, text}) {
    if (const Match parts = match_of_all(line, form); !parts.empty()) {
      return parts[2];
    }
  }
  return "no line of ours";
}

// [LOG-2]
TEST(Log, CannotBeForgedByAnythingThatAClientSends) {
  for (const std::string format : {"json", "text"}) {
    const CliWorld world;
    world.add_people();
    Serving server(world, {"--log-level", "debug", "--log-format", format});
    const std::string token = token_of(world);
    for (const auto& hostile : hostile_texts) {
      for (const auto& request : requests_with(hostile + std::string(forged_line), token)) {
        Client client(static_cast<std::uint16_t>(std::stoi(server.port())));
        client.send(request);
        client.read_all();
      }
    }
    EXPECT_EQ(server.stop(), 0);
    const std::string log = server.process().err();
    for (const auto& line : lines_of(log)) {
      EXPECT_THAT(event_of(line), testing::AnyOf("replayed", "listening", "refused",
                                                 "message_refused", "request", "stopped"))
          << line;
    }
    for (const auto& hostile : hostile_texts) {
      if (hostile != "\n") {
        EXPECT_EQ(log.find(hostile), log.npos) << percent_encoded(hostile);
      }
    }
    EXPECT_THAT(log, HasSubstr("refused"));
  }
}

// --- floods --------------------------------------------------------------------------------------

std::string refused_request(std::uint64_t number) {
  return "GET /v1/users HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + std::to_string(number) +
         "\r\n\r\n";
}

// [LOG-3]
TEST(Log, TellsOfAFloodOfRefusalsInFewLinesAndHowManyItLeftOut) {
  constexpr std::uint64_t flood = 3000;
  const CliWorld world;
  Serving server(world, {"--log-format", "json"});
  std::uint64_t sent = 0;
  {
    // The requests are numbered in the order in which the server sees them.
    const std::jthread attacker([&](const std::stop_token& enough) {
      Client client(static_cast<std::uint16_t>(std::stoi(server.port())));
      while (sent < flood || !enough.stop_requested()) {
        EXPECT_EQ(client.ask(refused_request(++sent)).status, 401);
      }
    });
    // More lines than one second may have, so time went on between two of them.
    EXPECT_TRUE(server.process().wait_for_err(R"("event":"refused")", 11));
  }
  const std::string metrics = curl({server.url() + "/metrics"}, "");
  EXPECT_THAT(metrics, HasSubstr("ringbook_refusals_total{reason=\"no_token\"} " +
                                 std::to_string(sent) + "\n"));
  EXPECT_EQ(server.stop(), 0);
  constexpr auto refused =
      R"re("event":"refused".*"request_id":"(\d+)".*"unwritten_before":(\d+))re";
  std::uint64_t accounted = 0;
  std::uint64_t lines = 0;
  for (const auto& line : lines_of(server.process().err())) {
    if (const Match match = match_in(line, refused); !match.empty()) {
      ++lines;
      accounted += 1 + std::stoull(match[2]);
      EXPECT_EQ(accounted, std::stoull(match[1])) << line;
    }
  }
  EXPECT_GE(lines, 11U);
  EXPECT_LT(lines, flood / 4);
}

// [LOG-4]
TEST(Log, NamesTheRuleThatAMessageBrokeWhereTheAnswerDoesNot) {
  const CliWorld world;
  Serving server(world, {"--log-format", "json"});
  const auto port = static_cast<std::uint16_t>(std::stoi(server.port()));
  const auto answer_to = [&](const std::string& request) {
    Client client(port);
    client.send(request);
    return client.read_all();
  };
  const std::string answer =
      answer_to("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nX-Request-Id: twice\r\n\r\n");
  EXPECT_THAT(
      answer,
      testing::EndsWith(R"({"error":{"code":"BAD_REQUEST","message":"Malformed HTTP request"}})"));
  ASSERT_TRUE(server.process().wait_for_err(
      R"("level":"info","event":"message_refused","reason":"bad_request","rule":"field_repeated",)"));
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace ringbook::test

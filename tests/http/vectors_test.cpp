// 162 raw requests from llhttp's own tests, each with what this server owes it, whole and byte by
// byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "http/http_world.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

namespace json = boost::json;

json::value read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

std::string decode_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = bits << 6U | static_cast<unsigned>(digits.find(c));
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
  }
  return out;
}

// What a server did with some bytes, while the client kept its side open.
struct Course {
  std::vector<int> statuses;
  bool closes = false;
  bool waits = false;  // For more of a message: so it said, with 408, when that did not come.
};

// Whether `course` is one that `decided` allows.
bool is_allowed(const Course& course, const json::object& decided) {
  const json::array& answers = decided.at("answers").as_array();
  const bool fits =
      course.statuses.size() == answers.size() && course.closes == decided.at("closes").as_bool() &&
      course.waits == decided.at("waits").as_bool() &&
      std::equal(course.statuses.begin(), course.statuses.end(), answers.begin(),
                 [](int status, const json::value& allowed) {
                   return std::ranges::any_of(allowed.as_array(), [status](const json::value& one) {
                     return one.as_int64() == status;
                   });
                 });
  if (fits) {
    return true;
  }
  const json::value* others = decided.if_contains("or");
  return others != nullptr &&
         std::ranges::any_of(others->as_array(), [&course](const json::value& other) {
           return is_allowed(course, other.as_object());
         });
}

// Some bytes on a connection of their own.
struct Trial {
  std::string name;
  std::string bytes;
  json::object decided;
  std::unique_ptr<Client> client;
  Course course{};

  bool is_head() const { return bytes.starts_with("HEAD "); }

  // Sends the bytes, so many at a time, and takes what is answered.
  void begin(HttpWorld& world, std::size_t piece) {
    client = std::make_unique<Client>(world.port());
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      client->send(std::string_view(bytes).substr(at, piece));
      world.on_loop([] {});  // So that hardly any two pieces are read together.
    }
    world.settle();
    while (client->has_news()) {
      const auto answer = client->read(is_head());
      if (!answer) {
        course.closes = true;
        break;
      }
      course.statuses.push_back(answer->status);
      world.settle();
    }
  }

  // Takes what is answered when all deadlines have passed.
  void finish() {
    if (!course.closes) {
      const auto late = client->read(is_head());
      course.waits = late && late->status == 408;
      EXPECT_TRUE(course.waits ? client->is_closed() : !late) << name;
    }
  }
};

// With `Host: a` as the first field.
std::string hosted(std::string bytes) {
  const std::size_t line = bytes.starts_with("\r\n") ? 2 : 0;
  return bytes.insert(bytes.find("\r\n", line) + 2, "Host: a\r\n");
}

std::string describe(const Course& course) {
  std::string text;
  for (const int status : course.statuses) {
    text += std::to_string(status) + " ";
  }
  return text + (course.closes ? "closed" : course.waits ? "waits" : "open");
}

TEST(LlhttpVectors, AreAnsweredAsDecided) {  // [HTTP-1] [HTTP-2] [HTTP-4] [HTTP-5] [HTTP-17]
  const auto folder = vectors("llhttp");
  if (!folder) {
    GTEST_SKIP() << no_vectors;
  }
  const json::value requests = read_json(*folder / "llhttp_requests.json");
  const json::value decisions = read_json(*folder / "llhttp_decided.json");
  HttpWorld world;
  std::vector<Trial> trials;
  for (const json::value& request : requests.as_array()) {
    const json::string& id = request.at("id").as_string();
    const json::object& decided = decisions.at(id).as_object();
    const std::string input = decode_base64(std::string_view(request.at("input").as_string()));
    const auto run = [&](const std::string& bytes, const json::object& allowed, const char* how) {
      for (const std::size_t piece : {bytes.size(), std::size_t{1}}) {
        const std::string name = std::string(id) + " " + how + ", " + std::to_string(piece);
        trials.push_back({name + " bytes at a time", bytes, allowed, nullptr});
        trials.back().begin(world, piece);
      }
    };
    run(input, decided, "as it is");
    if (const json::value* whole = decided.if_contains("whole")) {
      run(input + "\r\n", whole->as_object(), "with its last CRLF");
    }
    if (const json::value* with_host = decided.if_contains("hosted")) {
      const std::string complete = decided.contains("whole") ? input + "\r\n" : input;
      run(hosted(complete), with_host->as_object(), "with a Host");
    }
  }
  // Each input as it is, with the last CRLF that most lack, and with a Host where there was none.
  EXPECT_EQ(trials.size(), 2U * (162 + 119 + 116));
  world.clock().advance(limits::idle_time);
  for (Trial& trial : trials) {
    trial.finish();
    EXPECT_TRUE(is_allowed(trial.course, trial.decided))
        << trial.name << ": " << describe(trial.course) << "\n"
        << trial.bytes << "\n"
        << json::serialize(trial.decided);
  }
  EXPECT_TRUE(world.metrics().contains("ringbook_http_framing_disagreements_total 0\n"));
}

}  // namespace
}  // namespace ringbook::test

// SIGTERM at any moment under load: what was sent before it is answered whole, what came too late
// is dropped whole, the program ends with 0, and nothing that was acknowledged is missing after it.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "cli/cli_world.h"
#include "support/seed.h"
#include "support/thorough.h"

namespace ringbook::test {
namespace {

constexpr int patience_ms = 20'000;
constexpr std::size_t head_end_size = 4;

// What came before a connection ended, answer by answer.
class Line {
 public:
  explicit Line(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    is_open_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Line() { ::close(socket_); }
  Line(const Line&) = delete;

  // Whether the kernel took everything.
  bool send(std::string_view bytes) {
    return is_open_ && ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                           static_cast<ssize_t>(bytes.size());
  }

  // The next answer, whole; "" when the connection ended instead.
  std::string read() {
    for (;;) {
      const std::size_t head = unread_.find("\r\n\r\n");
      const std::size_t field = unread_.find("Content-Length: ");
      if (head != std::string::npos && field < head) {
        const std::size_t size = head + head_end_size + std::stoul(unread_.substr(field + 16));
        if (unread_.size() >= size) {
          std::string answer = unread_.substr(0, size);
          unread_.erase(0, size);
          return answer;
        }
      }
      if (!fill()) {
        EXPECT_EQ(unread_, "") << "half an answer";
        return {};
      }
    }
  }

 private:
  bool fill() {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, patience_ms) != 1) {
      ADD_FAILURE() << "neither an answer nor the end";
      return false;
    }
    std::array<char, 4096> chunk;
    // A reset, too, is an end: the server had closed before the request came.
    const ssize_t octets = ::recv(socket_, chunk.data(), chunk.size(), 0);
    unread_.append(chunk.data(), octets > 0 ? static_cast<std::size_t>(octets) : 0);
    return octets > 0;
  }

  int socket_;
  bool is_open_ = false;
  std::string unread_;
};

// What all clients of one round share.
struct Round {
  std::uint16_t port = 0;
  std::string token;
  unsigned number = 0;
  // Set before the signal is sent: what was sent while it was clear, was sent before.
  std::atomic<bool> is_told = false;
  std::atomic<int> answers = 0;
  std::atomic<int> dropped = 0;  // Requests that were sent in time and not answered.
};

// One user, whose number is changed again and again.
struct Rider {
  unsigned user = 0;
  std::size_t pipelined = 1;              // Requests sent in one piece.
  bool reconnects = false;                // For every piece.
  std::string acknowledged;               // The last number that was answered with 200.
  std::vector<std::string> unanswered{};  // Numbers that may hold all the same.

  void ride(Round& round) {
    std::unique_ptr<Line> line;
    for (unsigned n = 0;;) {
      if (!line || reconnects) {
        line = std::make_unique<Line>(round.port);
      }
      std::string piece;
      unanswered.clear();
      for (std::size_t i = 0; i < pipelined; ++i, ++n) {
        unanswered.push_back(fmt::format("{:03}{:02}{:05}", round.number, user, n));
        piece += request(round, unanswered.back());
      }
      const bool is_sent = line->send(piece);
      const bool is_in_time = is_sent && !round.is_told;
      if (!is_sent || !take_answers(*line, round)) {
        round.dropped += is_in_time ? static_cast<int>(unanswered.size()) : 0;
        return;
      }
    }
  }

 private:
  std::string request(const Round& round, std::string_view extension) const {
    const std::string body = fmt::format(R"({{"payload":{{"userId":"{}","rcExtension":"{}"}}}})",
                                         id_number(user), extension);
    return fmt::format(
        "PUT /user/update-rcextension HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        round.token, body.size(), body);
  }

  // Whether all that were asked for came.
  bool take_answers(Line& line, Round& round) {
    while (!unanswered.empty()) {
      const std::string answer = line.read();
      if (answer.empty()) {
        return false;
      }
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
      acknowledged = unanswered.front();
      unanswered.erase(unanswered.begin());
      ++round.answers;
      round.answers.notify_one();
    }
    return true;
  }
};

std::vector<Rider> make_riders() {
  std::vector<Rider> riders;
  for (unsigned i = 0; i < 6; ++i) {
    riders.push_back({.user = i, .pipelined = i % 3 + 1, .reconnects = i >= 4, .acknowledged = ""});
  }
  return riders;
}

void expect_kept(const std::vector<Rider>& riders, const Round& round) {
  Line line(round.port);
  for (const Rider& rider : riders) {
    line.send(
        fmt::format("GET /v1/users/{} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n",
                    id_number(rider.user), round.token));
    const std::string answer = line.read();
    const auto holds = [&answer](const std::string& extension) {
      return answer.find(R"("rcExtension":")" + extension + '"') != std::string::npos;
    };
    EXPECT_TRUE(rider.acknowledged.empty() || holds(rider.acknowledged) ||
                std::any_of(rider.unanswered.begin(), rider.unanswered.end(), holds))
        << rider.acknowledged << " was acknowledged, but: " << answer;
  }
}

// [HTTP-16] [PUT-2]
TEST(DrainUnderLoad, AnswersWhatWasSentBeforeTheSignalAndLosesNothing) {
  const CliWorld world;
  ASSERT_EQ(world.ringbook({"import", "-"}, many_people(6)).exit_code, 0);
  std::mt19937_64 random(seed());
  std::vector<Rider> riders = make_riders();
  std::string token;
  const int signals = rounds(50, 300);
  for (int i = 0; i < signals; ++i) {
    Serving server(world);
    if (token.empty()) {
      token = token_of(world);
    }
    Round round{.port = static_cast<std::uint16_t>(std::stoi(server.port())),
                .token = token,
                .number = static_cast<unsigned>(i + 1)};
    expect_kept(riders, round);
    std::vector<std::thread> threads;
    for (Rider& rider : riders) {
      threads.emplace_back([&rider, &round] { rider.ride(round); });
    }
    const int moment = static_cast<int>(random() % 300);
    for (int seen = 0; (seen = round.answers) < moment;) {
      round.answers.wait(seen);
    }
    round.is_told = true;
    EXPECT_EQ(server.stop(), 0) << server.process().err();
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_EQ(round.dropped, 0) << "in round " << i << ", after " << moment << " answers";
  }
  Serving server(world);
  Round last{.port = static_cast<std::uint16_t>(std::stoi(server.port())), .token = token};
  expect_kept(riders, last);
}

}  // namespace
}  // namespace ringbook::test

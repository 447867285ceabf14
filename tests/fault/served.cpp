#include "fault/served.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

#include "base/json.h"
#include "support/environment.h"

namespace ringbook::test {
namespace {

// Far beyond what a sound server needs; running into it fails the test.
constexpr int patience_ms = 30'000;

// Appends what comes; false at the end, at an error, and when nothing comes for too long.
bool append_some(int descriptor, std::string& to) {
  pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, patience_ms) != 1) {
    ADD_FAILURE() << "nothing came; so far: " << to;
    return false;
  }
  std::array<char, 16 * 1024> chunk;
  const ssize_t size = ::read(descriptor, chunk.data(), chunk.size());
  to.append(chunk.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return size > 0;
}

}  // namespace

// --- the server ----------------------------------------------------------------------------------

Served::Served(const std::filesystem::path& data, std::vector<std::string> options) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  errors_ = ends[0];
  std::vector<std::string> environment = environment_without_settings();
  const std::vector<char*> variables = pointers_to(environment);
  std::vector<std::string> words{RINGBOOK_BINARY, "serve",       "--data",       data.string(),
                                 "--listen",      "localhost:0", "--log-format", "json"};
  words.insert(words.end(), std::make_move_iterator(options.begin()),
               std::make_move_iterator(options.end()));
  const std::vector<char*> arguments = pointers_to(words);
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // It does not outlive a test that crashes.
    ::dup2(ends[1], STDERR_FILENO);
    ::execve(RINGBOOK_BINARY, arguments.data(), variables.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string all;
  for (std::string line = read_line(); !line.empty(); line = read_line()) {
    JsonDocument json;
    if (line.find(R"("listening")") != std::string::npos && json.parse(line)) {
      port_ = static_cast<std::uint16_t>(json.root().find("port")->number());
      return;
    }
    all += line + "\n";
  }
  ADD_FAILURE() << "the server did not come up:\n" << all;
}

Served::~Served() {
  kill();
  ::waitpid(process_, nullptr, 0);
  ::close(errors_);
}

void Served::limit_files(rlim_t bytes) const {
  rlimit limit{};
  EXPECT_EQ(::prlimit(process_, RLIMIT_FSIZE, nullptr, &limit), 0);
  limit.rlim_cur = std::min(bytes, limit.rlim_max);
  EXPECT_EQ(::prlimit(process_, RLIMIT_FSIZE, &limit, nullptr), 0);
}

void Served::kill() const {
  ::kill(process_, SIGKILL);
}

void Served::stop() const {
  ::kill(process_, SIGSTOP);
}

void Served::go_on() const {
  ::kill(process_, SIGCONT);
}

std::string Served::read_line() {
  while (unread_.find('\n') == std::string::npos) {
    if (!append_some(errors_, unread_)) {
      return std::exchange(unread_, {});
    }
  }
  const std::size_t end = unread_.find('\n');
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::string Served::log() {
  while (append_some(errors_, unread_)) {
  }
  return unread_;
}

std::string printed_by(const std::string& arguments) {
  std::string printed;
  // Without variables: those of the tests are no settings.
  FILE* output = ::popen(("env -i " RINGBOOK_BINARY " " + arguments).c_str(), "re");
  std::array<char, 4096> chunk;
  while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), output)) {
    printed.append(chunk.data(), size);
  }
  EXPECT_EQ(::pclose(output), 0) << arguments;
  return printed;
}

// --- the client ----------------------------------------------------------------------------------

Line::Line(std::uint16_t port, std::string token)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), token_(std::move(token)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  // A server that was killed already refuses; the first question then tells.
  static_cast<void>(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address));
}

Line::~Line() {
  ::close(socket_);
}

std::optional<Exchanged> Line::ask(const std::string& method, const std::string& target,
                                   const std::string& body, const std::string& request_id) {
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" +
                        "Authorization: Bearer " + token_ + "\r\n";
  if (!request_id.empty()) {
    request += "X-Request-Id: " + request_id + "\r\n";
  }
  if (!body.empty()) {
    request +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  request += "\r\n" + body;
  if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return std::nullopt;
  }
  std::size_t end_of_head = 0;
  while ((end_of_head = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!append_some(socket_, unread_)) {
      return std::nullopt;
    }
  }
  const std::string head = unread_.substr(0, end_of_head + 2);
  unread_.erase(0, end_of_head + 4);
  constexpr std::string_view length_field = "\r\nContent-Length: ";
  const std::size_t length_at = head.find(length_field);
  const std::size_t length =
      length_at != std::string::npos ? std::stoul(head.substr(length_at + length_field.size())) : 0;
  while (unread_.size() < length) {
    if (!append_some(socket_, unread_)) {
      return std::nullopt;
    }
  }
  Exchanged exchanged{std::stoi(head.substr(head.find(' ') + 1, 3)), unread_.substr(0, length)};
  unread_.erase(0, length);
  return exchanged;
}

}  // namespace ringbook::test

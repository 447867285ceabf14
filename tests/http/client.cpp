#include "http/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace ringbook::test {
namespace {

constexpr int patience_ms = 20'000;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

Answer parse_head(std::string_view head) {
  Answer answer;
  answer.status = std::atoi(std::string(head.substr(9, 3)).c_str());
  EXPECT_TRUE(head.starts_with("HTTP/1.1 ")) << head;
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t colon = line.find(": ");
    const bool is_new =
        answer.fields.emplace(lower(line.substr(0, colon)), line.substr(colon + 2)).second;
    EXPECT_TRUE(is_new) << "a field occurs twice: " << line;
    head.remove_prefix(line.size() + 2);
  }
  return answer;
}

}  // namespace

Client::Client(std::uint16_t port, const std::string& host) {
  const bool is_v6 = host.contains(':');
  socket_ = ::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int outcome = -1;
  if (is_v6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    inet_pton(AF_INET6, host.c_str(), &address.sin6_addr);
    outcome = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  } else {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    outcome = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  // Pieces go out as they are given.
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  EXPECT_EQ(outcome, 0) << "cannot connect to " << host << ":" << port;
}

Client::~Client() {
  ::close(socket_);
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t Client::send_some(std::string_view bytes) {
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

bool Client::take_octet() {
  char ignored = 0;
  return ::recv(socket_, &ignored, 1, 0) == 1;
}

void Client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

bool Client::fill() {
  pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, patience_ms) != 1) {
    ADD_FAILURE() << "neither bytes nor an end came; so far: " << received_;
    return false;
  }
  std::array<char, 16 * 1024> chunk;
  const ssize_t octets = ::recv(socket_, chunk.data(), chunk.size(), 0);
  if (octets < 0) {
    ADD_FAILURE() << "the connection was reset; before that: " << received_;
  }
  if (octets <= 0) {
    return false;
  }
  received_ += unpacked({chunk.data(), static_cast<std::size_t>(octets)});
  return true;
}

std::optional<Answer> Client::read(bool to_head) {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) {
      EXPECT_EQ(received_, "") << "an answer breaks off";
      return std::nullopt;
    }
  }
  Answer answer = parse_head(std::string_view(received_).substr(0, end + 2));
  received_.erase(0, end + 4);
  const bool has_body = !to_head && answer.has("content-length");
  const std::size_t length =
      has_body ? static_cast<std::size_t>(std::atoll(answer.field("content-length").c_str())) : 0;
  while (received_.size() < length) {
    if (!fill()) {
      ADD_FAILURE() << "a body breaks off";
      return std::nullopt;
    }
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

Answer Client::ask(std::string_view bytes, bool to_head) {
  send(bytes);
  auto answer = read(to_head);
  EXPECT_TRUE(answer.has_value()) << "no answer to: " << bytes;
  return answer.value_or(Answer{});
}

bool Client::is_closed() {
  while (fill()) {
  }
  EXPECT_EQ(received_, "");
  return received_.empty();
}

std::string Client::read_all() {
  while (fill()) {
  }
  return std::exchange(received_, {});
}

bool Client::has_news() {
  pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
  return !received_.empty() || ::poll(&waiting, 1, 0) == 1;
}

}  // namespace ringbook::test

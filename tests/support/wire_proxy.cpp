#include "support/wire_proxy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "store/mongo/bson.h"

namespace ringbook::test {
namespace {

using mongo::Bson;
using Fault = WireFault::Kind;

// A message begins with its length, its id, the id of what it answers, and its code: four numbers
// of 32 bits, the lowest octet first. See: MongoDB Wire Protocol.
constexpr std::size_t header_bytes = 16;
constexpr std::size_t message_bytes_max = 48'000'000;
constexpr std::uint32_t op_query = 2004;
constexpr std::uint32_t op_reply = 1;
constexpr std::uint32_t op_msg = 2013;

std::uint32_t number_at(std::string_view message, std::size_t at) {
  std::uint32_t out = 0;
  std::memcpy(&out, message.data() + at, sizeof out);
  return out;
}

void set_number(std::string& message, std::size_t at, std::size_t value) {
  const auto number = static_cast<std::uint32_t>(value);
  std::memcpy(message.data() + at, &number, sizeof number);
}

bool send_all(int socket, std::string_view octets) {
  while (!octets.empty()) {
    const auto count = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool receive(int socket, std::string& to, std::size_t size) {
  const std::size_t begin = to.size();
  to.resize(begin + size);
  for (std::size_t at = begin; at < to.size();) {
    const auto count = recv(socket, to.data() + at, to.size() - at, 0);
    if (count <= 0) {
      return false;
    }
    at += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<std::string> receive_message(int socket) {
  std::string out;
  if (!receive(socket, out, header_bytes)) {
    return std::nullopt;
  }
  const std::size_t size = number_at(out, 0);
  if (size < header_bytes || size > message_bytes_max ||
      !receive(socket, out, size - header_bytes)) {
    return std::nullopt;
  }
  return out;
}

// Where the first document stands, which is the command or its answer.
std::size_t document_begin(std::string_view message) {
  switch (number_at(message, 12)) {
    case op_query: return message.find('\0', header_bytes + 4) + 1 + 8;
    case op_reply: return header_bytes + 20;
    default: return header_bytes + 5;
  }
}

Bson document_in(std::string_view message) {
  const std::size_t begin = document_begin(message);
  const std::size_t size = number_at(message, begin);
  return Bson::from_octets(message.substr(begin, size)).value_or(Bson());
}

std::pair<std::string, std::string> name_in(std::string_view message) {
  const Bson command = document_in(message);
  Bson whole;
  whole.document("command", command);
  const auto fields = mongo::elements_at(*mongo::place_of(whole, "command"));
  if (!fields || fields->empty()) {
    return {};
  }
  return {std::string(mongo::name_at(fields->front())),
          std::string(mongo::text_at(fields->front()).value_or(""))};
}

// The message with another document as its first.
std::string with_document(std::string message, const Bson& document) {
  const std::size_t begin = document_begin(message);
  message.replace(begin, number_at(message, begin), document.octets());
  set_number(message, 0, message.size());
  return message;
}

// A message that answers the request.
std::string answer_to(const std::string& request, const Bson& document) {
  std::string out(header_bytes + 5, '\0');
  set_number(out, 8, number_at(request, 4));
  set_number(out, 12, op_msg);
  out += document.octets();
  set_number(out, 0, out.size());
  return out;
}

Bson error_of(std::uint32_t code) {
  Bson out;
  out.number("ok", 0)
      .text("errmsg", "a planned fault")
      .small("code", static_cast<std::int32_t>(code))
      .text("codeName", "Planned");
  return out;
}

// Of a write: as a server says that a document is there already, or anything else of one statement.
Bson refusal_of(std::uint32_t code) {
  Bson error;
  error.small("index", 0)
      .small("code", static_cast<std::int32_t>(code))
      .text("errmsg", "a planned fault");
  Bson out;
  out.small("n", 0)
      .list("writeErrors", std::vector{error},
            [](Bson& list, const std::string& at, const Bson& one) { list.document(at, one); })
      .number("ok", 1);
  return out;
}

Bson concern_of(std::uint32_t code) {
  Bson error;
  error.small("code", static_cast<std::int32_t>(code)).text("errmsg", "a planned fault");
  Bson out;
  out.small("n", 1).small("nModified", 1).document("writeConcernError", error).number("ok", 1);
  return out;
}

bool is_of_a_statement(std::uint32_t code) {
  return code == 11000 || code == 121;
}

sockaddr_in address_of(std::uint16_t port, const std::string& host = "127.0.0.1") {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  EXPECT_EQ(inet_pton(AF_INET, host.c_str(), &address.sin_addr), 1);
  address.sin_port = htons(port);
  return address;
}

void shut(int socket) {
  shutdown(socket, SHUT_RDWR);
}

}  // namespace

WireProxy::WireProxy(std::string port, std::string address)
    : server_port_(std::move(port)), address_(std::move(address)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in bound = address_of(0, address_);
  socklen_t size = sizeof bound;
  EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&bound), size), 0);
  EXPECT_EQ(listen(listener_, 64), 0);
  EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size), 0);
  port_ = std::to_string(ntohs(bound.sin_port));
  accepting_ = std::thread([this] { accept_all(); });
}

WireProxy::~WireProxy() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    for (const Ends& ends : open_) {
      shut(ends.client);
      shut(ends.server);
    }
  }
  changed_.notify_all();
  shut(listener_);
  accepting_.join();
  for (std::thread& connection : connections_) {
    connection.join();
  }
  close(listener_);
}

std::string WireProxy::url(const std::string& database) const {
  return "mongodb://" + address_ + ":" + port_ + "/" + database +
         (is_replica_set_ ? "?replicaSet=planned" : "");
}

void WireProxy::plan(std::string command, std::string collection, WireFault fault) {
  const std::lock_guard lock(mutex_);
  plans_[{std::move(command), std::move(collection)}].push_back({fault, releases_});
}

void WireProxy::wait_for_fault(int how_many) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, std::chrono::minutes(1), [&] { return met_ >= how_many; }));
}

void WireProxy::be_silent() {
  const std::lock_guard lock(mutex_);
  is_silent_ = true;
}

void WireProxy::release() {
  {
    const std::lock_guard lock(mutex_);
    ++releases_;
    is_silent_ = false;
  }
  changed_.notify_all();
}

int WireProxy::count(const std::string& command, const std::string& collection) {
  const std::lock_guard lock(mutex_);
  return counts_[{command, collection}];
}

void WireProxy::wait_for_count(const std::string& command, const std::string& collection,
                               int how_many) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, std::chrono::minutes(1),
                                [&] { return counts_[{command, collection}] >= how_many; }))
      << command << " " << collection;
}

void WireProxy::wait_for_connections(int how_many) {
  std::unique_lock lock(mutex_);
  const int enough = accepted_ + how_many;
  EXPECT_TRUE(
      changed_.wait_for(lock, std::chrono::minutes(1), [&] { return accepted_ >= enough; }));
}

void WireProxy::hold(const Planned& planned) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return releases_ > planned.releases || is_over_; });
}

void WireProxy::accept_all() {
  for (;;) {
    Ends ends{.client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), .server = -1};
    if (ends.client < 0) {
      return;
    }
    ends.server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in server = address_of(static_cast<std::uint16_t>(std::stoi(server_port_)));
    const bool is_there =
        connect(ends.server, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0;
    const std::lock_guard lock(mutex_);
    if (!is_there || is_over_) {
      close(ends.client);
      close(ends.server);
      continue;
    }
    open_.push_back(ends);
    ++accepted_;
    changed_.notify_all();
    connections_.emplace_back([this, ends] { serve(ends); });
  }
}

void WireProxy::serve(Ends ends) {
  while (pass(ends)) {
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(open_, [&](const Ends& each) { return each.client == ends.client; });
  close(ends.client);
  close(ends.server);
}

bool WireProxy::pass(const Ends& ends) {
  const auto request = receive_message(ends.client);
  if (!request) {
    return false;
  }
  const Name name = name_in(*request);
  std::optional<Planned> fault;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !is_silent_ || is_over_; });
    ++counts_[name];
    if (auto& planned = plans_[name]; !planned.empty()) {
      fault = planned.front();
      planned.pop_front();
      ++met_;
    }
  }
  changed_.notify_all();
  if (fault) {
    return fail(ends, *request, *fault);
  }
  if (!send_all(ends.server, *request)) {
    return false;
  }
  const auto reply = receive_message(ends.server);
  return reply && send_all(ends.client, edited(*reply, name));
}

bool WireProxy::fail(const Ends& ends, const std::string& request, const Planned& planned) {
  const WireFault& fault = planned.fault;
  const auto done = [&] {
    return send_all(ends.server, request) ? receive_message(ends.server) : std::nullopt;
  };
  const auto say = [&](const Bson& document) {
    return send_all(ends.client, answer_to(request, document));
  };
  const Bson error = is_of_a_statement(fault.code) ? refusal_of(fault.code) : error_of(fault.code);
  switch (fault.kind) {
    case Fault::cut_before: return false;
    case Fault::cut_in_request:
      send_all(ends.server, std::string_view(request).substr(0, request.size() / 2));
      return false;
    case Fault::cut_before_reply: done(); return false;
    case Fault::cut_in_reply:
      if (const auto reply = done()) {
        send_all(ends.client, std::string_view(*reply).substr(0, reply->size() / 2));
      }
      return false;
    case Fault::cut_after:
      if (const auto reply = done()) {
        send_all(ends.client, *reply);
      }
      return false;
    case Fault::hold_request: {
      hold(planned);
      const auto reply = done();
      return reply && send_all(ends.client, *reply);
    }
    case Fault::hold_reply: {
      const auto reply = done();
      hold(planned);
      return reply && send_all(ends.client, *reply);
    }
    case Fault::answer: return say(error);
    case Fault::answer_done: return done() && say(error);
    case Fault::concern: return done() && say(concern_of(fault.code));
    case Fault::concern_undone: return say(concern_of(fault.code));
    case Fault::garbage:
      done();
      send_all(ends.client, std::string(64, '\x7F'));
      return false;
  }
  return false;
}

std::string WireProxy::edited(const std::string& reply, const Name& name) const {
  const std::string& command = name.first;
  if (!is_replica_set_ || (command != "hello" && command != "isMaster" && command != "ismaster")) {
    return reply;
  }
  const std::string self = address_ + ":" + port_;
  Bson document;
  const Bson said = document_in(reply);
  bson_copy_to_excluding_noinit(said.get(), document.out(), "setName", "hosts", "me", "primary",
                                "setVersion", nullptr);
  document.text("setName", "planned")
      .list("hosts", std::vector{self},
            [](Bson& list, const std::string& at, const std::string& host) { list.text(at, host); })
      .text("me", self)
      .text("primary", self)
      .small("setVersion", 1);
  return with_document(reply, document);
}

Proxied through_a_proxy(const std::string& url, bool seems_a_replica_set) {
  const auto port = url.rfind(':') + 1;
  const auto path = url.rfind('/');
  auto proxy = std::make_unique<WireProxy>(url.substr(port, path - port));
  if (seems_a_replica_set) {
    proxy->pretend_to_be_a_replica_set();
  }
  std::string through = proxy->url(url.substr(path + 1));
  return {std::move(proxy), std::move(through)};
}

}  // namespace ringbook::test

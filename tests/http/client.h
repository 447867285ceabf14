// A client that sends exactly the bytes it is told to and reads answers one by one. Every wait has
// a deadline far beyond what a sound server needs; running into it fails the test.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ringbook::test {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> fields;  // Names in lower case.
  std::string body;

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
  bool has(const std::string& name) const { return fields.contains(name); }
  bool closes() const { return field("connection") == "close"; }
};

class Client {
 public:
  explicit Client(std::uint16_t port, const std::string& host = "127.0.0.1");
  virtual ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // What the server no longer takes is dropped.
  virtual void send(std::string_view bytes);
  // How many octets of `bytes` the kernel takes without waiting.
  std::size_t send_some(std::string_view bytes);
  // Says that nothing more comes, and goes on reading.
  void finish_sending();
  // Takes one octet of what the server sent, and forgets it; whether there was one.
  bool take_octet();

  // The next answer; nothing when the connection ended instead.
  std::optional<Answer> read(bool to_head = false);
  // `send` and `read`; a failure and an empty answer when there is none.
  Answer ask(std::string_view bytes, bool to_head = false);
  // Reads up to the end of the connection; what came before it must be nothing.
  bool is_closed();
  // All bytes up to the end of the connection.
  std::string read_all();
  // Whether bytes or the end are there, without waiting.
  bool has_news();

 protected:
  // What the received bytes mean to the one who reads.
  virtual std::string unpacked(std::string_view bytes) { return std::string(bytes); }
  // Waits for bytes; false when none come any more.
  bool fill();

 private:
  int socket_ = -1;
  std::string received_;
};

}  // namespace ringbook::test

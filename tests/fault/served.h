// The real program as a process that can be killed, and a client whose connection may break at any
// moment.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ringbook::test {

// `ringbook serve` on a free port. Fails the test when it does not come up.
class Served {
 public:
  // With what else stands on its command line.
  explicit Served(const std::filesystem::path& data, std::vector<std::string> options = {});
  ~Served();
  Served(const Served&) = delete;

  std::uint16_t port() const { return port_; }
  // From now on none of its files may grow beyond this.
  void limit_files(rlim_t bytes) const;
  // SIGKILL, SIGSTOP and SIGCONT. Threads: any.
  void kill() const;
  void stop() const;
  void go_on() const;
  // What it wrote to stderr until it ended. Needs an end: kill it first.
  std::string log();

 private:
  std::string read_line();

  pid_t process_ = -1;
  int errors_ = -1;  // Its stderr.
  std::string unread_;
  std::uint16_t port_ = 0;
};

// What the program prints for these arguments.
std::string printed_by(const std::string& arguments);

struct Exchanged {
  int status = 0;
  std::string body;
};

// One connection that is kept, for one thread.
class Line {
 public:
  Line(std::uint16_t port, std::string token);
  ~Line();
  Line(const Line&) = delete;

  // Nothing when the connection broke before the whole answer was there.
  std::optional<Exchanged> ask(const std::string& method, const std::string& target,
                               const std::string& body = "", const std::string& request_id = "");

 private:
  int socket_;
  std::string token_;
  std::string unread_;
};

}  // namespace ringbook::test

// A proxy between a client and a server of MongoDB's protocol that does to chosen commands what
// networks, servers and elections do: it cuts, holds, answers in the server's place, and talks
// nonsense.
//
// Threads: one for each connection; every function may be called from any.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace ringbook::test {

struct WireFault {
  enum class Kind : std::uint8_t {
    cut_before,        // Closed before the server hears of it.
    cut_in_request,    // Closed when the server has half of it.
    cut_before_reply,  // Done, and closed before the answer.
    cut_in_reply,      // Done, and closed in the middle of the answer.
    cut_after,         // Done, answered, and closed.
    hold_request,      // Waits for `release` before the server hears of it.
    hold_reply,        // Done; the answer waits for `release`.
    answer,            // Not done: answered with the error `code`.
    answer_done,       // Done, and answered with the error `code` all the same.
    concern,           // Done; the answer says besides that the write concern met `code`.
    concern_undone,    // The same answer, and not done.
    garbage,           // Done, and answered with octets that are no message.
  };
  Kind kind = Kind::cut_before;
  std::uint32_t code = 0;
};

class WireProxy {
 public:
  // In front of the server at this port of 127.0.0.1; it listens at an address of this machine.
  explicit WireProxy(std::string port, std::string address = "127.0.0.1");
  ~WireProxy();
  WireProxy(const WireProxy&) = delete;

  std::string url(const std::string& database) const;
  // Servers behind it seem to be the primary of a replica set.
  void pretend_to_be_a_replica_set() { is_replica_set_ = true; }

  // Does it to the next command of this name ("insert", "find", …) on this collection, once, and
  // to further ones in the order in which they were given.
  void plan(std::string command, std::string collection, WireFault fault);
  // Waits until a planned fault was met; those that hold wait on.
  void wait_for_fault(int how_many = 1);
  // Holds everything that comes from now on, the driver's own questions too, until `release`.
  void be_silent();
  // Lets go of all that is held, and of what would be.
  void release();
  // How many commands of this name on this collection came.
  int count(const std::string& command, const std::string& collection);
  // Waits until so many further connections were made.
  void wait_for_connections(int how_many);
  // Waits until so many came.
  void wait_for_count(const std::string& command, const std::string& collection, int how_many);

 private:
  using Name = std::pair<std::string, std::string>;  // Of the command, and of its collection.
  struct Ends {
    int client = -1;
    int server = -1;
  };

  void accept_all();
  void serve(Ends ends);
  bool pass(const Ends& ends);
  // What holds is let go of by the first release after it was planned.
  struct Planned {
    WireFault fault;
    int releases = 0;  // Before it was planned.
  };
  bool fail(const Ends& ends, const std::string& request, const Planned& planned);
  std::string edited(const std::string& reply, const Name& name) const;
  void hold(const Planned& planned);

  const std::string server_port_;
  const std::string address_;
  int listener_ = -1;
  std::string port_;
  bool is_replica_set_ = false;  // Set before the first connection.
  std::mutex mutex_;             // Guards what follows.
  std::condition_variable changed_;
  std::map<Name, std::list<Planned>> plans_;
  std::map<Name, int> counts_;
  std::list<Ends> open_;
  int met_ = 0;
  int accepted_ = 0;
  int releases_ = 0;
  bool is_silent_ = false;
  bool is_over_ = false;
  std::list<std::thread> connections_;
  std::thread accepting_;
};

// A database by way of a proxy in front of its server.
struct Proxied {
  std::unique_ptr<WireProxy> proxy;
  std::string url;
};
// Needs an URL as MongoServer gives it, without options.
Proxied through_a_proxy(const std::string& url, bool seems_a_replica_set);

}  // namespace ringbook::test

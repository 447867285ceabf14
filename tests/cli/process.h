// Programs that a test runs: what went in, what came out, how they ended. Every wait has a
// deadline, and nothing outlives its test.
#pragma once

#include <sys/types.h>

#include <ostream>
#include <string>
#include <vector>

namespace ringbook::test {

using Words = std::vector<std::string>;

struct Command {
  Words words;                   // The first is the program, found along PATH.
  Words environment = {};        // "NAME=VALUE", beside the tests' own without RINGBOOK_….
  std::string input = {};        // Standard input.
  bool err_is_terminal = false;  // Standard error is a pseudo-terminal.
};

// A running program. Its output is gathered whenever one of the functions here waits.
class Process {
 public:
  explicit Process(Command command);
  // Ends it with SIGKILL if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Waits until standard error holds `text` `times` times; false when it was closed before.
  bool wait_for_err(const std::string& text, int times = 1);
  // After SIGSTOP it stands still.
  void signal(int number) const;
  pid_t pid() const { return pid_; }
  // Waits for the end: the exit code, or minus the number of the signal that ended it.
  int wait();
  // Whether the kernel said, when it had ended, that its memory was dumped.
  bool dumped_core() const { return dumped_core_; }

  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }

 private:
  // Moves what is ready; false when there is nothing more to come.
  bool pump();

  pid_t pid_ = -1;
  int in_ = -1;
  int out_end_ = -1;
  int err_end_ = -1;
  std::string input_;
  std::string out_;
  std::string err_;
  bool is_over_ = false;
  int exit_code_ = 0;
  bool dumped_core_ = false;
};

struct Finished {
  int exit_code = 0;
  std::string out;
  std::string err;
  bool operator==(const Finished&) const = default;
};
void PrintTo(const Finished& finished, std::ostream* out);

Finished run(Command command);

}  // namespace ringbook::test

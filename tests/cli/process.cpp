#include "cli/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <iterator>

#include "support/environment.h"

namespace ringbook::test {
namespace {

// Long enough for the slowest build on a busy machine; a test that needs it has failed.
constexpr int patience_ms = 120'000;

struct Ends {
  int read = -1;
  int write = -1;
};

Ends make_pipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  return {ends[0], ends[1]};
}

// A pseudo-terminal that passes every byte as it is.
Ends make_terminal() {
  Ends ends;
  termios modes{};
  cfmakeraw(&modes);
  EXPECT_EQ(openpty(&ends.read, &ends.write, nullptr, &modes, nullptr), 0);
  fcntl(ends.read, F_SETFD, FD_CLOEXEC);
  fcntl(ends.write, F_SETFD, FD_CLOEXEC);
  return ends;
}

Words environment_with(const Words& more) {
  Words out = more;
  std::ranges::copy(environment_without_settings(), std::back_inserter(out));
  return out;
}

// Appends what can be read now, and closes `end` when nothing more comes.
void drain(int& end, std::string& to) {
  std::array<char, 65536> buffer{};
  const ssize_t count = read(end, buffer.data(), buffer.size());
  if (count > 0) {
    to.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || errno != EINTR) {
    // A terminal whose other side is closed does not end: reading from it fails.
    close(end);
    end = -1;
  }
}

int occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

Process::Process(Command command) : input_(std::move(command.input)) {
  const Ends in = make_pipe();
  const Ends out = make_pipe();
  const Ends err = command.err_is_terminal ? make_terminal() : make_pipe();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.write, STDERR_FILENO);
  Words environment = environment_with(command.environment);
  const int spawned =
      posix_spawnp(&pid_, command.words.at(0).c_str(), &files, nullptr,
                   pointers_to(command.words).data(), pointers_to(environment).data());
  EXPECT_EQ(spawned, 0) << command.words[0];
  is_over_ = spawned != 0;
  posix_spawn_file_actions_destroy(&files);
  for (const int theirs : {in.read, out.write, err.write}) {
    close(theirs);
  }
  in_ = in.write;
  out_end_ = out.read;
  err_end_ = err.read;
  fcntl(in_, F_SETFL, O_NONBLOCK);
}

Process::~Process() {
  if (!is_over_) {
    signal(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  for (const int end : {in_, out_end_, err_end_}) {
    if (end >= 0) {
      close(end);
    }
  }
}

void Process::signal(int number) const {
  kill(pid_, number);
  if (number == SIGSTOP) {
    // Its threads stop one after another, and the last of them may still answer somebody.
    siginfo_t stopped{};
    waitid(P_PID, static_cast<id_t>(pid_), &stopped, WSTOPPED | WEXITED | WNOWAIT);
  }
}

bool Process::pump() {
  if (out_end_ < 0 && err_end_ < 0) {
    return false;
  }
  if (in_ >= 0 && input_.empty()) {
    close(in_);
    in_ = -1;
  }
  // A negative descriptor is passed over.
  std::array<pollfd, 3> ends{{{in_, POLLOUT, 0}, {out_end_, POLLIN, 0}, {err_end_, POLLIN, 0}}};
  if (poll(ends.data(), ends.size(), patience_ms) == 0) {
    ADD_FAILURE() << "the program says nothing and does not end, so it is killed: " << err_;
    signal(SIGKILL);
    return false;
  }
  if (ends[0].revents != 0) {
    const ssize_t count = write(in_, input_.data(), input_.size());
    const bool is_closed = count < 0 && errno != EAGAIN && errno != EINTR;
    input_.erase(0, is_closed ? input_.size() : static_cast<std::size_t>(std::max(count, 0L)));
  }
  if (ends[1].revents != 0) {
    drain(out_end_, out_);
  }
  if (ends[2].revents != 0) {
    drain(err_end_, err_);
  }
  return true;
}

bool Process::wait_for_err(const std::string& text, int times) {
  while (occurrences(err_, text) < times) {
    if (err_end_ < 0 || !pump()) {
      return false;
    }
  }
  return true;
}

int Process::wait() {
  while (pump()) {
  }
  if (!is_over_) {
    int status = 0;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    is_over_ = true;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    dumped_core_ = WIFSIGNALED(status) && WCOREDUMP(status);
  }
  return exit_code_;
}

void PrintTo(const Finished& finished, std::ostream* out) {
  *out << "exit code " << finished.exit_code << "\n--- stdout\n"
       << finished.out << "--- stderr\n"
       << finished.err;
}

Finished run(Command command) {
  Process process(std::move(command));
  const int exit_code = process.wait();
  return {exit_code, process.out(), process.err()};
}

}  // namespace ringbook::test

// A data folder opened in this process: the composition of a server without its sockets, for the
// commands that need no server.
//
// Invariants: 1. The folder's lock is held as long as this lives. 2. Nothing runs but what a caller
// waits for: the loop turns only inside `answer_of` and `wait_until_folded`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/metrics.h"
#include "cli/settings.h"
#include "directory/directory.h"
#include "store/data_folder.h"

namespace ringbook {

// The one who asks when no token does: issuer "local", subject the operating system's user.
Administrator local_administrator(const std::string& os_user);

class LocalDirectory {
 public:
  // Errors: usage (memory: has no folder to open), locked (a process has the folder), unavailable
  // (no data folder there, and none was to be made), those of open_store.
  static Result<std::unique_ptr<LocalDirectory>> open(const Settings& settings,
                                                      const std::string& os_user,
                                                      DataFolder::Missing missing);

  const Administrator& administrator() const { return administrator_; }
  Directory& directory() { return *directory_; }
  Store& store() { return *store_; }
  const Clock& clock() const { return clock_; }
  Metrics& metrics() { return metrics_; }
  Log& log() { return log_; }

  // Asks the store and turns the loop until the answer is there. Errors: the answer's; unavailable
  // when it took longer than limits::local_store_time or the store failed.
  template <class T>
  Result<T> answer_of(std::move_only_function<void(Reply<T>)> question) {
    // Shared, because a reply that comes too late must find its place all the same.
    const auto answer = std::make_shared<std::optional<Result<T>>>();
    question(Reply<T>([answer](Result<T> result) { *answer = std::move(result); }));
    if (auto turned = turn_until([&] { return answer->has_value(); }); !turned) {
      return std::unexpected(turned.error());
    }
    return std::move(**answer);
  }

  // Turns the loop until `done`. Errors: unavailable, as above.
  Result<void> turn_until(std::move_only_function<bool()> done);

  // Turns the loop until every change is folded, telling `progress` again and again how many are
  // not yet written. Errors: unavailable when nothing was folded for limits::local_store_time.
  Result<void> wait_until_folded(std::move_only_function<void(std::uint64_t)> progress);

 private:
  LocalDirectory(const Settings& settings, Administrator administrator, DataFolder folder);
  void turn();

  SystemClock clock_;
  Log log_;
  Metrics metrics_;
  QueueLoop loop_;
  Administrator administrator_;
  DataFolder folder_;
  std::optional<Error> failure_;
  std::unique_ptr<Store> store_;
  std::optional<Directory> directory_;
};

// `error` of a data folder for the shell: one that is not there is no refusal, but a directory that
// cannot be reached.
Error folder_error(Error error);

}  // namespace ringbook

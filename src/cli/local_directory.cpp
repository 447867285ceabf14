#include "cli/local_directory.h"

#include <algorithm>

#include "base/limits.h"
#include "cli/log_settings.h"

namespace ringbook {
namespace {

// How long the loop sleeps when nothing is ready, before it looks at the deadline again.
constexpr auto nap = std::chrono::milliseconds{50};

// What a store says of itself at `info` is for a server's log, not for someone who typed a command.
LogLevel level_for_commands(LogLevel configured) {
  return configured == LogLevel::info ? LogLevel::warning : configured;
}

}  // namespace

Administrator local_administrator(const std::string& os_user) {
  auto administrator =
      authorise({.issuer = "local", .subject = os_user, .has_administrator_claim = true});
  check(administrator.has_value(), "the local principal is an administrator");
  return *std::move(administrator);
}

Error folder_error(Error error) {
  if (error.code == Errc::not_found) {
    error.code = Errc::unavailable;
  }
  return error;
}

LocalDirectory::LocalDirectory(const Settings& settings, Administrator administrator,
                               DataFolder folder)
    : log_(clock_, level_for_commands(settings.log_level), log_format_of(settings)),
      administrator_(std::move(administrator)),
      folder_(std::move(folder)) {}

Result<std::unique_ptr<LocalDirectory>> LocalDirectory::open(const Settings& settings,
                                                             const std::string& os_user,
                                                             DataFolder::Missing missing) {
  if (settings.is_memory_store()) {
    return fail(Errc::usage,
                "memory: is for `ringbook serve` only: nothing of it outlives a command");
  }
  auto folder = DataFolder::open(settings.data, missing);
  if (!folder) {
    return std::unexpected(folder_error(folder.error()));
  }
  std::unique_ptr<LocalDirectory> out(
      new LocalDirectory(settings, local_administrator(os_user), *std::move(folder)));
  StoreSettings alone = settings.store_settings();
  alone.is_alone = true;
  auto store = open_store(alone, out->loop_, out->clock_, out->metrics_, out->log_,
                          [self = out.get()](Error error) { self->failure_ = std::move(error); });
  if (!store) {
    return std::unexpected(store.error());
  }
  out->store_ = *std::move(store);
  out->directory_.emplace(*out->store_);
  return out;
}

void LocalDirectory::turn() {
  while (loop_.run_one()) {
    if (store_->turn_is_due()) {
      store_->end_turn();
    }
  }
  store_->end_turn();
}

Result<void> LocalDirectory::turn_until(std::move_only_function<bool()> done) {
  const Tick deadline = clock_.tick() + limits::local_store_time;
  for (turn(); !done(); turn()) {
    if (failure_) {
      return std::unexpected(*failure_);
    }
    if (clock_.tick() >= deadline) {
      return fail(Errc::unavailable,
                  "the store did not answer in time; the outcome is unknown, and "
                  "repeating the command is safe");
    }
    loop_.wait_one(nap);
  }
  return {};
}

Result<void> LocalDirectory::wait_until_folded(
    std::move_only_function<void(std::uint64_t)> progress) {
  std::uint64_t unfolded = store_->statistics().unfolded_changes;
  while (unfolded > 0) {
    // A deadline for each step forward, however many there are.
    std::uint64_t now = unfolded;
    const auto stepped = turn_until([&] {
      const StoreStatistics statistics = store_->statistics();
      progress(statistics.unwritten_changes);
      now = statistics.unfolded_changes;
      return now < unfolded || !store_->not_ready().empty();
    });
    if (!stepped) {
      return stepped;
    }
    if (now >= unfolded) {
      return fail(Errc::no_space, "the volume of the data folder has no room for directory.db");
    }
    unfolded = now;
  }
  return {};
}

}  // namespace ringbook

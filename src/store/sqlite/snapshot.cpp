// One snapshot of the directory at one change, read beside a running server.
#include "directory/registry.h"
#include "store/sqlite/replay.h"
#include "store/sqlite/snapshot_pair.h"
#include "store/sqlite/sqlite_store.h"

namespace ringbook {
namespace {

// Reads everything within one snapshot of each file, and lets go of them.
Result<void> read_all(const SqliteSettings& settings, Registry& registry) {
  auto files = sqlite::SnapshotPair::open(settings);
  if (!files) {
    return std::unexpected(std::move(files.error()));
  }
  if (auto begun = (*files)->begin(); !begun) {
    return std::unexpected(std::move(begun.error()));
  }
  sqlite::Connection* const people[] = {&(*files)->people()};
  const auto replayed = sqlite::replay(people, (*files)->journal(), registry);
  return replayed ? Result<void>{} : std::unexpected(replayed.error());
}

}  // namespace

Result<std::uint64_t> read_sqlite_snapshot(
    const SqliteSettings& settings, std::move_only_function<Result<void>(const User&)> each) {
  Registry registry;
  if (auto read = read_all(settings, registry); !read) {
    return std::unexpected(std::move(read.error()));
  }
  // Only now, since whoever takes the users may take long: a snapshot that is held makes logs grow.
  Result<void> visited;
  registry.visit_in_order([&](const User& user) {
    visited = each(user);
    return visited.has_value();
  });
  if (!visited) {
    return std::unexpected(std::move(visited.error()));
  }
  return registry.last_sequence();
}

}  // namespace ringbook

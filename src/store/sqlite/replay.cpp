#include "store/sqlite/replay.h"

#include <algorithm>

#include "store/sqlite/journal.h"
#include "store/sqlite/people.h"

namespace ringbook::sqlite {

Result<std::vector<Change>> replay(std::span<Connection* const> people, Connection& journal,
                                   Registry& registry) {
  auto included = included_in(*people.front());
  if (!included) {
    return std::unexpected(std::move(included.error()));
  }
  auto reader = ChangeReader::prepare(journal);
  if (!reader) {
    return std::unexpected(std::move(reader.error()));
  }
  const auto at = reader->time_of(*included);
  if (!at) {
    return std::unexpected(at.error());
  }
  if (*included != 0 && !*at) {
    return fail(Errc::damaged, "directory.db includes change " + std::to_string(*included) +
                                   ", which journal.db does not have");
  }
  if (auto loaded = load_people(people, registry, *included, at->value_or(Instant{})); !loaded) {
    return std::unexpected(std::move(loaded.error()));
  }

  std::vector<Change> unfolded;
  std::size_t set_begin = 0;
  const auto replay_set = [&]() -> Result<void> {
    const auto set = std::span(unfolded).subspan(set_begin);
    set_begin = unfolded.size();
    return registry.replay(set);
  };
  auto read = read_changes(journal, *included, [&](Change change) -> Result<void> {
    if (!unfolded.empty() && unfolded.back().set != change.set) {
      if (auto replayed = replay_set(); !replayed) {
        return replayed;
      }
    }
    unfolded.push_back(std::move(change));
    return {};
  });
  if (read) {
    read = replay_set();
  }
  if (!read) {
    return std::unexpected(std::move(read.error()));
  }
  return unfolded;
}

Result<std::vector<Change>> replay_files(const FileSettings& people, Connection& journal,
                                         Registry& registry) {
  const auto opened = open_readers(people);
  if (!opened) {
    return std::unexpected(opened.error());
  }
  std::vector<Connection*> readers(opened->size());
  std::ranges::transform(*opened, readers.begin(), [](const auto& reader) { return reader.get(); });
  return replay(readers, journal, registry);
}

}  // namespace ringbook::sqlite

#include "store/mongo/database_reader.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "directory/registry.h"
#include "directory/shared_fold.h"
#include "store/mongo/digest.h"
#include "store/mongo/documents.h"
#include "store/mongo/journal.h"
#include "store/mongo/keeper.h"
#include "store/mongo/person.h"
#include "store/mongo/server.h"

namespace ringbook::mongo {
namespace {

// Documents are read first, and the journal to its end after them, so that no document is newer
// than the journal. A document that is older than the last profile in the journal is made up for by
// that profile, and where this was erased meanwhile the document has it: it is read again.
class DatabaseReader {
 public:
  DatabaseReader(Connection& connection, Server& server, const Settings& settings,
                 const Clock& clock, Log& log, DirectoryWriter& to, const OnUpkeepStep& step)
      : connection_(connection),
        server_(server),
        settings_(settings),
        clock_(clock),
        log_(log),
        to_(to),
        step_(step),
        fold_(registry_, sha256, People::own) {
    fold_.raise_published(std::numeric_limits<std::uint64_t>::max());  // Nothing is published here.
  }

  Result<BackupSummary> run() {
    if (auto read = read_documents(); !read) {
      return std::unexpected(std::move(read.error()));
    }
    std::optional<std::uint64_t> end;  // Of the journal, when documents were looked at again.
    while (true) {
      if (auto read = read_journal(); !read) {
        return std::unexpected(std::move(read.error()));
      }
      const std::vector<UserId> missing = without_profile();
      if (missing.empty() || end == fold_.number()) {
        // Who is missing still has a document that was changed or removed by another hand.
        tell(missing);
        return hand_over();
      }
      end = fold_.number();
      for (const UserId& user : missing) {
        if (auto read = read_document(user); !read) {
          return std::unexpected(std::move(read.error()));
        }
      }
    }
  }

 private:
  struct Known {
    std::uint64_t version = 0;  // As in a document.
    PackedProfile profile = {};
    std::uint64_t wanted = 0;  // The last change of the profile.
  };

  void tell(const std::vector<UserId>& missing) {
    for (std::size_t i = 0; i < std::min(missing.size(), limits::findings_named); ++i) {
      log_.warning("profile_not_certain", {{"user", missing[i].text()},
                                           {"people", missing.size()},
                                           {"why", "another program changed the document"}});
    }
  }

  Result<void> read_documents() {
    Bson from;
    from.id("$gte", UserId()).text("$type", "objectId");
    while (true) {
      connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
      const auto page = find_people(connection_, settings_, from, limits::mongo_scan_people);
      if (!page) {
        return failed(page);
      }
      if (page->empty()) {
        return {};
      }
      for (const Bson& document : *page) {
        take(to_seen(document, settings_));
      }
      from = Bson();
      from.id("$gt", to_seen(page->back(), settings_).id).text("$type", "objectId");
      step_({.phase = "reading people", .unit = "people", .done = known_.size()});
    }
  }

  Result<void> read_document(const UserId& user) {
    Bson filter;
    filter.id("$eq", user);
    connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
    const auto page = find_people(connection_, settings_, filter, 1);
    if (!page) {
      return failed(page);
    }
    for (const Bson& document : *page) {
      take(to_seen(document, settings_));
    }
    return {};
  }

  void take(SeenUser&& seen) {
    Known& known = known_[seen.id];
    if (seen.version >= known.version) {
      known.version = seen.version;
      known.profile = std::move(seen.profile);
    }
  }

  Result<void> read_journal() {
    while (true) {
      connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
      auto batches = read_from(connection_, server_, fold_.number() + 1);
      if (!batches) {
        return std::unexpected(std::move(batches.error()));
      }
      if (batches->empty()) {
        return {};
      }
      for (SharedBatch& bare : *batches) {
        auto batch = with_parts(connection_, clock_, std::move(bare));
        auto done = batch ? take(*batch) : std::unexpected(batch.error());
        if (!done) {
          return done;
        }
      }
      step_({.phase = "reading changes", .unit = "changes", .done = registry_.last_sequence()});
    }
  }

  Result<void> take(const SharedBatch& batch) {
    if (auto folded = fold_.fold(batch); !folded) {
      return folded;
    }
    auto changes = read_changes(batch);
    if (!changes) {
      return std::unexpected(std::move(changes.error()));
    }
    for (RecordedChange& recorded : *changes) {
      note(recorded.change);
      if (auto added = to_.add(std::move(recorded)); !added) {
        return added;
      }
    }
    return {};
  }

  void note(const Change& change) {
    if ((change.kind & Change::removed) != 0) {
      known_.erase(change.user);
    } else if ((change.kind & (Change::created | Change::edited)) != 0) {
      Known& known = known_[change.user];
      known.wanted = change.sequence;
      if (const std::uint64_t version = 2 * change.sequence + 1;
          change.profile && version > known.version) {
        known.version = version;
        known.profile = change.profile;
      }
    }
  }

  std::vector<UserId> without_profile() const {
    std::vector<UserId> out;
    for (const auto& [user, known] : known_) {
      if (registry_.user(user) && (!known.profile || known.version < 2 * known.wanted)) {
        out.push_back(user);
      }
    }
    return out;
  }

  Result<BackupSummary> hand_over() {
    const std::uint64_t total = registry_.users();
    std::uint64_t done = 0;
    for (const auto& [user, known] : known_) {
      if (!registry_.user(user)) {
        continue;  // A document that no change made.
      }
      const PackedProfile profile = known.profile ? known.profile : PackedProfile(Profile{});
      if (auto described = to_.describe(user, profile); !described) {
        return std::unexpected(std::move(described.error()));
      }
      step_({.phase = "copying people", .unit = "people", .done = ++done, .total = total});
    }
    return to_.finish(clock_.now());
  }

  Connection& connection_;
  Server& server_;
  const Settings& settings_;
  const Clock& clock_;
  Log& log_;
  DirectoryWriter& to_;
  const OnUpkeepStep& step_;
  Registry registry_;
  SharedFold fold_;
  std::map<UserId, Known> known_;
};

}  // namespace

Result<BackupSummary> copy_database(Connection& connection, const Settings& settings,
                                    const Clock& clock, Log& log, DirectoryWriter& to,
                                    const OnUpkeepStep& step) {
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  const auto keeper = keeper_in(connection);
  if (!keeper) {
    return std::unexpected(keeper.error());
  }
  if (*keeper && **keeper != Keeper::own) {
    return fail(Errc::usage,
                "the people of this database are another program's, or not all there yet: only "
                "people that Ringbook makes and removes itself can be copied; copy the database "
                "with its own tools (mongodump)");
  }
  if (!*keeper) {
    return fail(Errc::usage, "there is no directory in this database");
  }
  auto server = Server::prepare(connection, settings, log);
  if (!server) {
    return std::unexpected(std::move(server.error()));
  }
  return DatabaseReader(connection, **server, settings, clock, log, to, step).run();
}

}  // namespace ringbook::mongo

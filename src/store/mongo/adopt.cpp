#include "store/mongo/adopt.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "directory/shared_store.h"
#include "store/mongo/digest.h"
#include "store/mongo/documents.h"
#include "store/mongo/driver.h"
#include "store/mongo/keeper.h"
#include "store/mongo/person.h"
#include "store/mongo/ports.h"

namespace ringbook::mongo {
namespace {

struct Shown {
  UserId user;
  Extension number;
};

// A shared store that one thread asks and waits for.
class WaitingStore {
 public:
  WaitingStore(Ports& ports, QueueLoop& loop, const Clock& clock)
      : loop_(loop),
        clock_(clock),
        store_({.instance = UserId::make(clock.now()).text(), .people = People::adopted},
               {.journal = ports.journal(),
                .documents = ports.documents(),
                .timer = ports.timer(),
                .make_digest = sha256},
               loop, clock, [this](const Error& error) { failure_ = error; }) {}

  Result<void> start() {
    return wait<void>([this](Reply<void> reply) { store_.start(std::move(reply)); });
  }
  std::uint64_t last_change() const { return store_.statistics().last_change; }
  Result<Outcome> apply(ChangeSet set) {
    return wait<Outcome>(
        [&](Reply<Outcome> reply) { store_.apply(std::move(set), std::move(reply)); });
  }
  Result<std::optional<User>> user(UserId id) {
    return wait<std::optional<User>>(
        [&](Reply<std::optional<User>> reply) { store_.user(id, std::move(reply)); });
  }

 private:
  template <class T, class Ask>
  Result<T> wait(Ask ask) {
    const auto answer = std::make_shared<std::optional<Result<T>>>();
    ask(Reply<T>([answer](Result<T> given) { *answer = std::move(given); }));
    const Tick deadline = clock_.tick() + limits::local_store_time;
    while (!*answer) {
      store_.end_turn();
      loop_.wait_one(std::chrono::milliseconds(50));
      if (failure_) {
        return std::unexpected(*failure_);
      }
      if (clock_.tick() >= deadline) {
        return fail(Errc::unavailable,
                    "the database did not answer in time; repeating the command is safe");
      }
    }
    return std::move(**answer);
  }

  QueueLoop& loop_;
  const Clock& clock_;
  std::optional<Error> failure_;
  SharedStore store_;
};

class Adopter {
 public:
  Adopter(Connection& connection, const Settings& settings, const Clock& clock,
          const OnUpkeepStep& step)
      : connection_(connection), settings_(settings), clock_(clock), step_(step) {}

  // Reads all documents; what only one of them shows may be adopted.
  Result<void> look() {
    Bson from;
    from.id("$gte", UserId()).text("$type", "objectId");
    while (true) {
      connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
      const auto page = find_people(connection_, settings_, from, limits::mongo_scan_people);
      if (!page) {
        return failed(page);
      }
      if (page->empty()) {
        return look_at_strangers();
      }
      std::ranges::for_each(*page, [this](const Bson& document) { take(document); });
      from = Bson();
      from.id("$gt", to_seen(page->back(), settings_).id).text("$type", "objectId");
      step_({.phase = "reading people", .unit = "people", .done = adoption_.people});
    }
  }

  // The highest version that Ringbook gave a document.
  std::uint64_t highest_version() const { return highest_version_; }

  // What is to be adopted, and what of it nobody can say.
  std::vector<Shown> plan() {
    std::vector<Shown> clean;
    for (const Shown& shown : shown_) {
      if (showers_.at(shown.number.packed()) == 1) {
        clean.push_back(shown);
      } else {
        ++adoption_.left_alone;
      }
    }
    adoption_.adopted = clean.size();
    return clean;
  }

  Result<void> apply(WaitingStore& store, const std::vector<Shown>& clean) {
    adoption_.adopted = 0;
    for (std::size_t begin = 0; begin < clean.size(); begin += limits::adopted_at_once) {
      const std::size_t end = std::min(begin + limits::adopted_at_once, clean.size());
      const std::vector<Shown> part(clean.begin() + static_cast<std::ptrdiff_t>(begin),
                                    clean.begin() + static_cast<std::ptrdiff_t>(end));
      if (auto done = apply_part(store, part); !done) {
        return done;
      }
      step_({.phase = "adopting", .unit = "numbers", .done = end, .total = clean.size()});
    }
    return {};
  }

  const Adoption& adoption() const { return adoption_; }

 private:
  Result<void> look_at_strangers() {
    connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
    Bson type;
    type.text("$type", "objectId");
    Bson others;
    others.document("$not", type);
    const auto page = find_people(connection_, settings_, others, limits::mongo_scan_people);
    if (!page) {
      return failed(page);
    }
    if (page->size() == limits::mongo_scan_people) {
      return fail(Errc::usage, "too many documents of " + settings_.users +
                                   " have ids that are no ObjectIds; keep them elsewhere");
    }
    std::ranges::for_each(*page, [this](const Bson& document) { take_stranger(document); });
    return {};
  }

  void take(const Bson& document) {
    ++adoption_.people;
    const SeenUser seen = to_seen(document, settings_);
    if (seen.number) {
      ++showers_[seen.number->packed()];
    }
    if (seen.shows_something_else || (seen.number && !seen.can_show)) {
      ++adoption_.left_alone;
    } else if (seen.number && seen.version != 0) {
      ++adoption_.already;
      highest_version_ = std::max(highest_version_, seen.version);
    } else if (seen.number) {
      shown_.push_back({seen.id, *seen.number});
    }
  }

  // Nobody can be named whose id is no ObjectId; what such a document shows is taken all the same.
  void take_stranger(const Bson& document) {
    if (const SeenUser seen = to_seen(document, settings_); seen.number) {
      ++showers_[seen.number->packed()];
    }
  }

  // All of them in one batch; when one cannot be, because somebody changed it meanwhile, each
  // alone.
  Result<void> apply_part(WaitingStore& store, const std::vector<Shown>& part) {
    ChangeSet set;
    set.issuer = own_issuer;
    set.subject = adopter;
    set.request_id = "adopt";
    for (const Shown& shown : part) {
      Edit& edit = set.edits.emplace_back();
      edit.user = shown.user;
      edit.number = Edit::Number::assign;
      edit.extension = shown.number;
    }
    const auto outcome = store.apply(std::move(set));
    if (!outcome && !store.user(part.front().user)) {
      return std::unexpected(outcome.error());
    }
    const bool is_done = outcome && (outcome->kind == Outcome::Kind::applied ||
                                     outcome->kind == Outcome::Kind::unchanged);
    if (is_done) {
      adoption_.adopted += outcome->changes;
      adoption_.already += part.size() - outcome->changes;
      return {};
    }
    if (part.size() == 1) {
      ++adoption_.left_alone;
      return {};
    }
    for (const Shown& shown : part) {
      if (auto done = apply_part(store, {shown}); !done) {
        return done;
      }
    }
    return {};
  }

  Connection& connection_;
  const Settings& settings_;
  const Clock& clock_;
  const OnUpkeepStep& step_;
  Adoption adoption_;
  std::uint64_t highest_version_ = 0;
  std::vector<Shown> shown_;
  std::unordered_map<std::uint64_t, std::uint32_t> showers_;  // How many show it.
};

Result<void> adopt_planned(Connection& connection, const Settings& settings, Adopter& adopter,
                           const std::vector<Shown>& clean, const Clock& clock, Log& log) {
  QueueLoop loop;
  Metrics metrics;
  auto ports = Ports::open(settings, loop, clock, metrics, log);
  if (!ports) {
    return std::unexpected(std::move(ports.error()));
  }
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  const auto keeper = say_keeper(connection, Keeper::adopting);
  if (!keeper) {
    return std::unexpected(keeper.error());
  }
  if (*keeper == Keeper::own) {
    return fail(Errc::usage, "a server has just taken the people of this database for its own");
  }
  WaitingStore store(**ports, loop, clock);
  if (auto started = store.start(); !started) {
    return started;
  }
  if (adopter.highest_version() > 2 * store.last_change() + 1) {
    return fail(Errc::usage, "documents of " + settings.users + " have the field " +
                                 settings.version_path +
                                 " of another journal: remove it from all of them ($unset) first");
  }
  if (auto done = adopter.apply(store, clean); !done) {
    return done;
  }
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  return change_keeper(connection, Keeper::adopted);
}

}  // namespace

Result<Adoption> adopt(const Settings& settings, bool only_plans, const Clock& clock, Log& log,
                       const OnUpkeepStep& step) {
  if (auto can = check_settings(settings); !can) {
    return std::unexpected(std::move(can.error()));
  }
  const Clients clients(*parse_url(settings.url));
  Connection connection(clients, database_of(settings), clock);
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  const auto keeper = keeper_in(connection);
  if (!keeper) {
    return std::unexpected(keeper.error());
  }
  if (*keeper == Keeper::own) {
    return fail(Errc::usage,
                "the people of this database are Ringbook's own: there is nothing to adopt");
  }
  Adopter adopter(connection, settings, clock, step);
  if (auto looked = adopter.look(); !looked) {
    return std::unexpected(std::move(looked.error()));
  }
  const std::vector<Shown> clean = adopter.plan();
  if (only_plans) {
    return adopter.adoption();
  }
  if (auto done = adopt_planned(connection, settings, adopter, clean, clock, log); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return adopter.adoption();
}

}  // namespace ringbook::mongo

#include "store/mongo/adopt.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "directory/shared_store.h"
#include "store/mongo/digest.h"
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
      Query query{.collection = settings_.users,
                  .projection = fields_of_person(settings_),
                  .limit = limits::mongo_scan_people,
                  .reading = Reading::majority};
      query.filter.document("_id", from);
      query.order.small("_id", 1);
      const auto page = connection_.find(query);
      if (!page) {
        return failed(page);
      }
      if (page->empty()) {
        return {};
      }
      std::ranges::for_each(*page, [this](const Bson& document) { take(document); });
      from = Bson();
      from.id("$gt", to_seen(page->back(), settings_).id).text("$type", "objectId");
      step_({.phase = "reading people", .unit = "people", .done = adoption_.people});
    }
  }

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

  Result<void> apply(WaitingStore& store, const std::vector<Shown>& clean,
                     const std::string& os_user) {
    adoption_.adopted = 0;
    for (std::size_t begin = 0; begin < clean.size(); begin += limits::adopted_at_once) {
      const std::size_t end = std::min(begin + limits::adopted_at_once, clean.size());
      const std::vector<Shown> part(clean.begin() + static_cast<std::ptrdiff_t>(begin),
                                    clean.begin() + static_cast<std::ptrdiff_t>(end));
      if (auto done = apply_part(store, part, os_user); !done) {
        return done;
      }
      step_({.phase = "adopting", .unit = "numbers", .done = end, .total = clean.size()});
    }
    return {};
  }

  const Adoption& adoption() const { return adoption_; }

 private:
  void take(const Bson& document) {
    ++adoption_.people;
    const SeenUser seen = to_seen(document, settings_);
    if (seen.shows_something_else || (seen.number && !seen.can_show)) {
      ++adoption_.left_alone;
    } else if (seen.number) {
      ++showers_[seen.number->packed()];
      if (seen.version != 0) {
        ++adoption_.already;
      } else {
        shown_.push_back({seen.id, *seen.number});
      }
    }
  }

  // All of them in one batch; when one cannot be, because somebody changed it meanwhile, each
  // alone.
  Result<void> apply_part(WaitingStore& store, const std::vector<Shown>& part,
                          const std::string& os_user) {
    ChangeSet set;
    set.issuer = "local";
    set.subject = os_user;
    set.request_id = "adopt";
    for (const Shown& shown : part) {
      Edit& edit = set.edits.emplace_back();
      edit.user = shown.user;
      edit.number = Edit::Number::assign;
      edit.extension = shown.number;
    }
    const auto outcome = store.apply(std::move(set));
    if (!outcome) {
      return std::unexpected(outcome.error());
    }
    const bool is_done =
        outcome->kind == Outcome::Kind::applied || outcome->kind == Outcome::Kind::unchanged;
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
      if (auto done = apply_part(store, {shown}, os_user); !done) {
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
  std::vector<Shown> shown_;
  std::unordered_map<std::uint64_t, std::uint32_t> showers_;  // How many show it.
};

}  // namespace

Result<Adoption> adopt(const Settings& settings, const std::string& os_user, bool only_plans,
                       const Clock& clock, Log& log, const OnUpkeepStep& step) {
  QueueLoop loop;
  auto ports = Ports::open(settings, loop, clock, log);
  if (!ports) {
    return std::unexpected(std::move(ports.error()));
  }
  const Clients clients(*parse_url(settings.url));
  Connection connection(clients, database_of(settings), clock);
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  const auto keeper = keeper_in(connection);
  if (!keeper) {
    return failed(keeper);
  }
  if (*keeper == People::own) {
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
  WaitingStore store(**ports, loop, clock);
  if (auto started = store.start(); !started) {
    return std::unexpected(std::move(started.error()));
  }
  if (auto done = adopter.apply(store, clean, os_user); !done) {
    return std::unexpected(std::move(done.error()));
  }
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  if (const auto said = say_keeper(connection, People::adopted); !said) {
    return failed(said);
  }
  return adopter.adoption();
}

}  // namespace ringbook::mongo

#include "store/mongo/probe.h"

#include "base/limits.h"
#include "store/mongo/collections.h"
#include "store/mongo/commands.h"
#include "store/mongo/errors.h"

namespace ringbook::mongo {

Probe::Probe(Pool& pool, Server& server, const Clock& clock, Metrics& metrics, Log& log)
    : pool_(pool),
      server_(server),
      clock_(clock),
      log_(log),
      shown_(metrics.gauge("ringbook_database_up",
                           "1 while the database answers, as it was last asked; else 0.")) {
  shown_.set(1);
  ask();
}

void Probe::ask() {
  pool_.ask(
      Lane::follow, clock_.tick() + limits::shared_time,
      [&server = server_](Connection& connection) -> Result<void> {
        const auto found =
            server.find_linearizable(connection, state_collection, by_id("published"));
        return found ? Result<void>() : std::unexpected(to_error(found.error()));
      },
      Reply<void>([this, alive = is_alive_](const Result<void>& answer) {
        if (*alive) {
          on_answer(answer);
        }
      }));
}

void Probe::on_answer(const Result<void>& answer) {
  if (answer.has_value() != is_answered_) {
    is_answered_ = answer.has_value();
    shown_.set(is_answered_ ? 1 : 0);
    if (is_answered_) {
      log_.info("database_answers");
    } else {
      log_.warning("database_silent", {{"why", answer.error().detail}});
    }
  }
  pool_.timer().at(clock_.tick() + limits::mongo_probe_time, [this, alive = is_alive_] {
    if (*alive) {
      ask();
    }
  });
}

}  // namespace ringbook::mongo

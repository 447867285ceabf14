#include "store/mongo/open.h"

#include "base/limits.h"
#include "store/mongo/digest.h"
#include "store/mongo/keeper.h"
#include "store/mongo/ports.h"

namespace ringbook {
namespace {

// What a store stands on is made before it and gone after it.
struct Ground {
  std::unique_ptr<mongo::Ports> ports;
};

class MongoStore final : private Ground, public SharedStore {
 public:
  MongoStore(std::unique_ptr<mongo::Ports> given_ports, SharedSettings settings, Loop& loop,
             const Clock& clock, std::function<void(const Error&)> on_failure)
      : Ground{std::move(given_ports)},
        SharedStore(std::move(settings),
                    {.journal = Ground::ports->journal(),
                     .documents = Ground::ports->documents(),
                     .timer = Ground::ports->timer(),
                     .make_digest = mongo::sha256},
                    loop, clock, std::move(on_failure)),
        clock_(clock) {}

  // Until the journal is folded.
  void begin() {
    start(Reply<void>([this, alive = is_alive()](const Result<void>& started) {
      if (!*alive) {
        return;
      }
      if (started) {
        is_started_ = true;
        return;
      }
      if (started.error().code != Errc::unavailable) {
        return fail_for_good(started.error());
      }
      ports->timer().at(clock_.tick() + limits::shared_retry_time, [this] { begin(); });
    }));
  }

  std::vector<std::string> not_ready() const override {
    std::vector<std::string> reasons = SharedStore::not_ready();
    if (reasons.empty() && !ports->probe().is_answered()) {
      reasons.emplace_back("database_silent");
    }
    if (reasons.empty() && !is_started_) {
      reasons.emplace_back("journal_not_read");
    }
    return reasons;
  }
  std::vector<std::string> warnings() const override {
    return ports->server().is_standalone() ? std::vector<std::string>{"database_standalone"}
                                           : std::vector<std::string>{};
  }

 private:
  const Clock& clock_;
  bool is_started_ = false;
};

Result<People> whose(const mongo::Settings& settings, std::optional<People> wanted,
                     const Clock& clock) {
  const mongo::Clients clients(*mongo::parse_url(settings.url));
  mongo::Connection connection(clients, mongo::database_of(settings), clock);
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  return mongo::settle_keeper(connection, settings, wanted);
}

}  // namespace

Result<std::unique_ptr<Store>> open_mongo_store(const mongo::Settings& settings,
                                                SharedSettings shared, std::optional<People> people,
                                                Loop& loop, const Clock& clock, Metrics& metrics,
                                                Log& log,
                                                std::move_only_function<void(Error)> on_failure) {
  auto ports = mongo::Ports::open(settings, loop, clock, metrics, log);
  if (!ports) {
    return std::unexpected(std::move(ports.error()));
  }
  const auto keeper = whose(settings, people, clock);
  if (!keeper) {
    return std::unexpected(keeper.error());
  }
  shared.instance = UserId::make(clock.now()).text();
  shared.people = *keeper;
  const auto tell = std::make_shared<std::move_only_function<void(Error)>>(std::move(on_failure));
  auto store = std::make_unique<MongoStore>(std::move(*ports), std::move(shared), loop, clock,
                                            [tell](const Error& error) { (*tell)(error); });
  store->begin();
  return store;
}

}  // namespace ringbook

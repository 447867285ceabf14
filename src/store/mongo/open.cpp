#include "store/mongo/open.h"

#include <openssl/sha.h>

#include "base/limits.h"
#include "store/mongo/ports.h"

namespace ringbook {
namespace {

Digest sha256(std::string_view octets) {
  Digest out;
  SHA256(reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), out.data());
  return out;
}

// What a store stands on is made before it and gone after it.
struct Ground {
  std::unique_ptr<mongo::Ports> ports;
};

class MongoStore final : private Ground, public SharedStore {
 public:
  MongoStore(std::unique_ptr<mongo::Ports> ports, SharedSettings settings, Loop& loop,
             const Clock& clock, std::function<void(const Error&)> on_failure)
      : Ground{std::move(ports)},
        SharedStore(std::move(settings),
                    {.journal = Ground::ports->journal(),
                     .documents = Ground::ports->documents(),
                     .timer = Ground::ports->timer(),
                     .make_digest = sha256},
                    loop, clock, std::move(on_failure)),
        clock_(clock) {}

  // Until the journal is folded.
  void begin() {
    start(Reply<void>([this](const Result<void>& started) {
      if (!started && started.error().code == Errc::unavailable) {
        ports->timer().at(clock_.tick() + limits::shared_retry_time, [this] { begin(); });
      }
    }));
  }

 private:
  const Clock& clock_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_mongo_store(const mongo::Settings& settings,
                                                SharedSettings shared, Loop& loop,
                                                const Clock& clock, Log& log,
                                                std::move_only_function<void(Error)> on_failure) {
  auto ports = mongo::Ports::open(settings, loop, clock, log);
  if (!ports) {
    return std::unexpected(std::move(ports.error()));
  }
  shared.instance = UserId::make(clock.now()).text();
  const auto tell = std::make_shared<std::move_only_function<void(Error)>>(std::move(on_failure));
  auto store = std::make_unique<MongoStore>(std::move(*ports), std::move(shared), loop, clock,
                                            [tell](const Error& error) { (*tell)(error); });
  store->begin();
  return store;
}

}  // namespace ringbook

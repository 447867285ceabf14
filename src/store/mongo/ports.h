// A database of MongoDB as a shared store stands on it.
#pragma once

#include <memory>

#include "base/log.h"
#include "base/metrics.h"
#include "store/mongo/documents.h"
#include "store/mongo/journal.h"
#include "store/mongo/pool.h"
#include "store/mongo/probe.h"
#include "store/mongo/server.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

class Ports {
 public:
  // Waits for the server, up to limits::mongo_open_time. Lifetime: what is given outlives this.
  // Errors: usage (the settings), unavailable.
  static Result<std::unique_ptr<Ports>> open(const Settings& settings, Loop& loop,
                                             const Clock& clock, Metrics& metrics, Log& log);

  SharedJournal& journal() { return *journal_; }
  Documents& documents() { return *documents_; }
  Timer& timer() { return pool_.timer(); }
  const Server& server() const { return *server_; }
  const Probe& probe() const { return probe_; }

 private:
  Ports(std::unique_ptr<Clients> clients, std::unique_ptr<Server> server, const Settings& settings,
        Loop& loop, const Clock& clock, Metrics& metrics, Log& log);

  const std::unique_ptr<Clients> clients_;
  const std::unique_ptr<Server> server_;
  Pool pool_;
  const std::unique_ptr<SharedJournal> journal_;
  const std::unique_ptr<Documents> documents_;
  Probe probe_;
};

}  // namespace ringbook::mongo

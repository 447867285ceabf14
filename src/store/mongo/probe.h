// Whether the database answers, found out by asking it again and again, also while no request does:
// a balancer that sends none because of /readyz has to learn when to send them again.
//
// What is asked is what every answer to a request needs: a read of what a majority has.
// Threads: the loop.
#pragma once

#include <memory>

#include "base/log.h"
#include "base/metrics.h"
#include "store/mongo/pool.h"
#include "store/mongo/server.h"

namespace ringbook::mongo {

class Probe {
 public:
  // Begins at once. Lifetime: what is given outlives this.
  Probe(Pool& pool, Server& server, const Clock& clock, Metrics& metrics, Log& log);
  Probe(const Probe&) = delete;
  ~Probe() { *is_alive_ = false; }

  // Whether it answered the last time.
  bool is_answered() const { return is_answered_; }

 private:
  void ask();
  void on_answer(const Result<void>& answer);

  Pool& pool_;
  Server& server_;
  const Clock& clock_;
  Log& log_;
  Gauge& shown_;
  bool is_answered_ = true;  // Whoever makes this has just been answered.
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
};

}  // namespace ringbook::mongo

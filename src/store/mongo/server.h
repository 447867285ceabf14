// What the server at the other end can do, and the reads that depend on it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "base/log.h"
#include "store/mongo/driver.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

// Threads: any.
class Server {
 public:
  // Asks it as soon as it is found, and makes what the journal needs: its indexes. Errors:
  // unavailable, at the connection's deadline at the latest.
  static Result<std::unique_ptr<Server>> prepare(Connection& connection, const Settings& settings,
                                                 Log& log);

  // Whether it is one alone, without others that would take over.
  bool is_standalone() const { return is_standalone_; }
  // Whether an index finds people by their numbers, so that asking who shows one is cheap.
  bool has_number_index() const { return has_number_index_; }

  // The document with this _id; nothing: there was none at a moment after the call, whichever
  // server is asked. A server without linearizable reads is asked for what it has newest; that is
  // told to the log, once.
  Answer<std::optional<Bson>> find_linearizable(Connection& connection, std::string_view collection,
                                                const Bson& filter);
  // The same of several: each was there, or was not, at a moment after the call.
  Answer<std::vector<Bson>> find_linearizable(Connection& connection, Query query);

 private:
  explicit Server(Log& log) : log_(log) {}
  // What a server alone shows may not be on disk yet. What is written after it, is when it is.
  Answer<void> sync(Connection& connection) const;

  Log& log_;
  bool is_standalone_ = false;
  bool shows_what_is_not_synced_ = false;
  bool has_number_index_ = false;
  std::atomic<bool> can_linearize_ = true;
};

}  // namespace ringbook::mongo

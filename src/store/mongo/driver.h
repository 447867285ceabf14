// The driver as this room uses it: started once, silent, bounded in time, and repeating nothing by
// itself.
#pragma once

#include <mongoc/mongoc.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/handle.h"
#include "store/mongo/bson.h"
#include "store/mongo/errors.h"

namespace ringbook::mongo {

using Uri = Handle<mongoc_uri_t, mongoc_uri_destroy>;

// With what this product needs in place of what the URL asks: the primary alone, no repetition by
// the driver, our bounds of time. Errors: usage, without what may be a secret.
Result<Uri> parse_url(const std::string& url);

template <class T>
using Answer = std::expected<T, Failure>;
// For whoever is asked by others.
template <class T>
std::unexpected<Error> failed(const Answer<T>& answer) {
  return std::unexpected(to_error(answer.error()));
}

// How certain what is read must be.
enum class Reading : std::uint8_t {
  newest,        // As the primary has it.
  majority,      // As a majority has it: it will not be undone.
  linearizable,  // That, and not older than when it was asked for.
};

// Which documents of a collection.
struct Query {
  std::string_view collection;
  Bson filter = {};
  Bson order = {};       // Empty for any.
  Bson projection = {};  // Empty for whole documents.
  std::size_t limit = 0;
  Reading reading = Reading::newest;
};

// What one statement of a write met.
struct Refusal {
  std::uint32_t statement = 0;
  Failure failure;
};
struct Written {
  std::int64_t matched = 0;  // Documents that are as they were to be, or are gone.
  std::vector<Refusal> refusals;
};

// Done once the write is certain and nothing of it was refused.
Result<void> to_result(const Answer<Written>& written);

// A place where connections come from: the driver watches the servers on threads of its own.
class Clients {
 public:
  // Needs a URL that parses.
  explicit Clients(const Uri& uri);
  mongoc_client_pool_t* get() const { return pool_.get(); }

 private:
  Handle<mongoc_client_pool_t, mongoc_client_pool_destroy> pool_;
};

// The connections of one client of the database. Threads: one at a time. Lifetime: within the pool
// of clients that it comes from.
class Connection {
 public:
  Connection(const Clients& clients, std::string database, const Clock& clock);
  ~Connection();
  Connection(const Connection&) = delete;

  // Nothing is sent after `deadline`, and servers are told how long is left.
  void set_deadline(Tick deadline) { deadline_ = deadline; }
  bool has_time() const { return left().count() > 0; }

  // A command that writes: what it wrote is durable with a majority when this answers without a
  // failure.
  Answer<Written> write(const Bson& command);
  // Documents, up to the limit; fewer when they are more than limits::mongo_read_bytes together,
  // but at least one.
  Answer<std::vector<Bson>> find(const Query& query);
  // Any other command.
  Answer<Bson> run(const Bson& command);

 private:
  std::chrono::milliseconds left() const;

  const Clients& clients_;
  mongoc_client_t* const client_;
  const std::string database_;
  const Clock& clock_;
  Tick deadline_;
};

}  // namespace ringbook::mongo

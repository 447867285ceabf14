#include "store/mongo/driver.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/check.h"
#include "base/limits.h"

namespace ringbook::mongo {
namespace {

// What the driver would log is told by failures, or is about commands that a server does not have.
void say_nothing(mongoc_log_level_t, const char*, const char*, void*) {}

// The library starts itself when the program is loaded, also for a command that has nothing to do
// with a database, and would then say on standard error that it finds no shared memory for its
// counters, and leave some of it behind when the program is killed. What stands in this section of
// a program runs before.
[[gnu::no_sanitize_address, gnu::no_sanitize_thread]] void silence(int, char**, char**) {
  setenv("MONGOC_DISABLE_SHM", "1", 1);
  mongoc_log_set_handler(say_nothing, nullptr);
}
[[gnu::section(".preinit_array"), gnu::used]] void (*const before_all)(int, char**,
                                                                       char**) = silence;

void start_driver() {
  static const bool is_started = [] {
    mongoc_init();
    return true;
  }();
  check(is_started, "the driver has started");
}

std::int32_t in_ms(std::chrono::milliseconds time) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(
      time.count(), 1, std::chrono::milliseconds(limits::mongo_socket_time).count()));
}

Failure to_failure(const bson_error_t& error) {
  return {error.domain, error.code, error.message};
}

Failure out_of_time() {
  return {MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_SOCKET, "there was no time left to ask"};
}

const char* name_of(Reading reading) {
  switch (reading) {
    case Reading::newest: return "local";
    case Reading::majority: return "majority";
    case Reading::linearizable: return "linearizable";
  }
  return "";
}

std::vector<Refusal> refusals_in(const Bson& reply) {
  std::vector<Refusal> out;
  const auto errors = place_of(reply, "writeErrors");
  const auto elements = errors ? elements_at(*errors) : std::nullopt;
  for (const Place& element : elements.value_or(std::vector<Place>{})) {
    const auto refusal = document_at(element);
    if (!refusal) {
      continue;
    }
    const auto index = place_of(*refusal, "index");
    const auto code = place_of(*refusal, "code");
    const auto words = place_of(*refusal, "errmsg");
    out.push_back(
        {.statement = static_cast<std::uint32_t>(index ? number_at(*index).value_or(0) : 0),
         .failure = {.domain = MONGOC_ERROR_SERVER,
                     .code = static_cast<std::uint32_t>(code ? number_at(*code).value_or(0) : 0),
                     .message = std::string(words ? text_at(*words).value_or("") : "")}});
  }
  return out;
}

}  // namespace

Result<Uri> parse_url(const std::string& url) {
  start_driver();
  bson_error_t error{};
  Uri uri(mongoc_uri_new_with_error(url.c_str(), &error));
  if (!uri) {
    return fail(Errc::usage,
                "the URL of the store is none of MongoDB's: " +
                    std::string(url.find('@') == std::string::npos
                                    ? error.message
                                    : "write mongodb://USER:PASSWORD@HOST:PORT/DATABASE "
                                      "with %40, %3A and %2F for @, : and / inside them"));
  }
  const auto set_time = [&](const char* option, std::chrono::milliseconds time) {
    check(
        mongoc_uri_set_option_as_int32(uri.get(), option, static_cast<std::int32_t>(time.count())),
        "the driver has this option");
  };
  set_time(MONGOC_URI_CONNECTTIMEOUTMS, limits::mongo_connect_time);
  set_time(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, limits::mongo_connect_time);
  set_time(MONGOC_URI_SOCKETTIMEOUTMS, limits::mongo_socket_time);
  set_time(MONGOC_URI_HEARTBEATFREQUENCYMS, limits::mongo_heartbeat_time);
  mongoc_uri_set_option_as_int32(uri.get(), MONGOC_URI_MAXPOOLSIZE,
                                 static_cast<std::int32_t>(limits::mongo_threads + 2));
  // What is sent again is ours to decide: our writes may be repeated, and those of the driver would
  // outlast our deadlines.
  mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_RETRYWRITES, false);
  mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_RETRYREADS, false);
  const Handle<mongoc_read_prefs_t, mongoc_read_prefs_destroy> primary(
      mongoc_read_prefs_new(MONGOC_READ_PRIMARY));
  mongoc_uri_set_read_prefs_t(uri.get(), primary.get());
  return uri;
}

Clients::Clients(const Uri& uri) : pool_(mongoc_client_pool_new(uri.get())) {
  check(pool_ != nullptr, "a URL that parses makes a pool");
  mongoc_client_pool_set_error_api(pool_.get(), MONGOC_ERROR_API_VERSION_2);
  mongoc_client_pool_set_appname(pool_.get(), "ringbook");
}

Connection::Connection(const Clients& clients, std::string database, const Clock& clock)
    : clients_(clients),
      client_(mongoc_client_pool_pop(clients.get())),
      database_(std::move(database)),
      clock_(clock) {}

Connection::~Connection() {
  mongoc_client_pool_push(clients_.get(), client_);
}

std::chrono::milliseconds Connection::left() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - clock_.tick());
}

Answer<Written> Connection::write(const Bson& command) {
  if (left().count() <= 0) {
    return std::unexpected(out_of_time());
  }
  Bson concern;
  concern.text("w", "majority").flag("j", true).small("wtimeout", in_ms(left()));
  Bson options;
  options.document("writeConcern", concern);
  Bson reply;
  bson_error_t error{};
  if (!mongoc_client_write_command_with_opts(client_, database_.c_str(), command.get(),
                                             options.get(), reply.out(), &error)) {
    return std::unexpected(to_failure(error));
  }
  const auto matched = place_of(reply, "n");
  return Written{.matched = matched ? number_at(*matched).value_or(0) : 0,
                 .refusals = refusals_in(reply)};
}

Answer<std::vector<Bson>> Connection::find(const Query& query) {
  if (left().count() <= 0) {
    return std::unexpected(out_of_time());
  }
  Bson concern;
  concern.text("level", name_of(query.reading));
  Bson options;
  options.number("limit", static_cast<std::int64_t>(query.limit))
      .number("batchSize", static_cast<std::int64_t>(query.limit))
      .number("maxTimeMS", in_ms(left()));
  if (query.reading != Reading::newest) {
    options.document("readConcern", concern);
  }
  if (!bson_empty(query.order.get())) {
    options.document("sort", query.order);
  }
  if (!bson_empty(query.projection.get())) {
    options.document("projection", query.projection);
  }
  const Handle<mongoc_collection_t, mongoc_collection_destroy> collection(
      mongoc_client_get_collection(client_, database_.c_str(),
                                   std::string(query.collection).c_str()));
  const Handle<mongoc_cursor_t, mongoc_cursor_destroy> cursor(mongoc_collection_find_with_opts(
      collection.get(), query.filter.get(), options.get(), nullptr));
  std::vector<Bson> out;
  std::size_t octets = 0;
  const bson_t* document = nullptr;
  while (octets < limits::mongo_read_bytes && mongoc_cursor_next(cursor.get(), &document)) {
    octets += document->len;
    out.emplace_back(*document);
  }
  bson_error_t error{};
  if (mongoc_cursor_error(cursor.get(), &error)) {
    return std::unexpected(to_failure(error));
  }
  return out;
}

Answer<Bson> Connection::run(const Bson& command) {
  if (left().count() <= 0) {
    return std::unexpected(out_of_time());
  }
  Bson reply;
  bson_error_t error{};
  if (!mongoc_client_command_simple(client_, database_.c_str(), command.get(), nullptr, reply.out(),
                                    &error)) {
    return std::unexpected(to_failure(error));
  }
  return reply;
}

Result<void> to_result(const Answer<Written>& written) {
  if (!written) {
    return failed(written);
  }
  if (!written->refusals.empty()) {
    return std::unexpected(to_error(written->refusals.front().failure));
  }
  return {};
}

}  // namespace ringbook::mongo

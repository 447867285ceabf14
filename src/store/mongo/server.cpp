#include "store/mongo/server.h"

#include <algorithm>
#include <initializer_list>
#include <memory>

#include "store/mongo/collections.h"
#include "store/mongo/commands.h"

namespace ringbook::mongo {
namespace {

bool has(const Bson& document, std::string_view path) {
  return place_of(document, path).has_value();
}

struct IndexKey {
  std::string_view field;
  std::int32_t order;
};

Bson to_index(std::string_view name, std::initializer_list<IndexKey> fields) {
  Bson key;
  for (const IndexKey& field : fields) {
    key.small(field.field, field.order);
  }
  Bson index;
  index.document("key", key).text("name", name);
  return index;
}

Bson create_indexes(std::string_view collection, const std::vector<Bson>& indexes) {
  Bson command;
  command.text("createIndexes", collection)
      .list("indexes", indexes,
            [](Bson& list, const std::string& at, const Bson& index) { list.document(at, index); });
  return command;
}

// For histories, and for the batches that name a large set.
std::vector<Bson> journal_indexes() {
  return {to_index("ringbook_user", {{"u", 1}, {"s", -1}}),
          to_index("ringbook_number", {{"x", 1}, {"s", -1}}),
          to_index("ringbook_first", {{"s", 1}}), to_index("ringbook_set", {{"set.id", 1}})};
}

std::vector<Bson> parts_indexes() {
  return {to_index("ringbook_user", {{"u", 1}}), to_index("ringbook_number", {{"x", 1}})};
}

// The documents of the first page of an answer, which is all where few can be.
std::vector<Bson> first_page(const Bson& reply) {
  std::vector<Bson> out;
  const auto page = place_of(reply, "cursor.firstBatch");
  for (const Place& element :
       page ? elements_at(*page).value_or(std::vector<Place>{}) : std::vector<Place>{}) {
    if (auto document = document_at(element)) {
      out.push_back(std::move(*document));
    }
  }
  return out;
}

Bson command_on(std::string_view command, std::string_view collection) {
  Bson out;
  out.text(command, collection);
  return out;
}

// Whether an index begins with the field. A collection that is not there yet has none.
bool has_index_on(Connection& connection, std::string_view collection, std::string_view field) {
  const auto reply = connection.run(command_on("listIndexes", collection));
  const auto begins_with = [&](const Bson& index) {
    const auto key = place_of(index, "key");
    const auto fields = key ? elements_at(*key) : std::nullopt;
    return fields && !fields->empty() && name_at(fields->front()) == field;
  };
  return reply && std::ranges::any_of(first_page(*reply), begins_with);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::prepare(Connection& connection, const Settings& settings,
                                                Log& log) {
  std::unique_ptr<Server> server(new Server(log));
  Bson hello;
  hello.small("isMaster", 1);  // Every server knows it by this name.
  Bson build;
  build.small("buildInfo", 1);
  auto said = connection.run(hello);
  // One that is not found yet, or has no primary yet, may be there in a moment.
  while (!said && said.error().domain == MONGOC_ERROR_SERVER_SELECTION && connection.has_time()) {
    said = connection.run(hello);
  }
  if (!said) {
    return failed(said);
  }
  const auto built = connection.run(build);
  const bool is_ferretdb = built && has(*built, "ferretdbVersion");
  server->is_standalone_ = !has(*said, "setName") && !has(*said, "msg");
  server->shows_what_is_not_synced_ = server->is_standalone_ && !is_ferretdb;
  // FerretDB does not use them, and its own index over a list bounds how long that may be.
  if (!is_ferretdb) {
    for (const Bson& command : {create_indexes(journal_collection, journal_indexes()),
                                create_indexes(parts_collection, parts_indexes())}) {
      if (const auto made = connection.run(command); !made) {
        return failed(made);
      }
    }
  }
  server->has_number_index_ = has_index_on(connection, settings.users, settings.number_path);
  return server;
}

Answer<std::optional<Bson>> Server::find_linearizable(Connection& connection,
                                                      std::string_view collection,
                                                      const Bson& filter) {
  auto found =
      find_linearizable(connection, Query{.collection = collection, .filter = filter, .limit = 1});
  if (!found) {
    return std::unexpected(std::move(found.error()));
  }
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Answer<std::vector<Bson>> Server::find_linearizable(Connection& connection, Query query) {
  query.reading = can_linearize_ ? Reading::linearizable : Reading::newest;
  auto found = connection.find(query);
  if (!found && query.reading == Reading::linearizable && is_unsupported(found.error())) {
    query.reading = Reading::newest;
    found = connection.find(query);
    if (found && can_linearize_.exchange(false)) {
      log_.info("mongo_reads_plain", {{"reason", "the server has no linearizable reads"}});
    }
  }
  if (found && shows_what_is_not_synced_) {
    if (const auto synced = sync(connection); !synced) {
      return std::unexpected(synced.error());
    }
  }
  return found;
}

Answer<void> Server::sync(Connection& connection) const {
  Bson filter;
  filter.text("_id", "sync");
  Bson one;
  one.number("n", 1);
  Bson update;
  update.document("$inc", one);
  const auto written = connection.write(
      update_command(state_collection, {to_update(filter, update, Finds::one_or_makes_it)}));
  if (!written) {
    return std::unexpected(written.error());
  }
  return {};
}

}  // namespace ringbook::mongo

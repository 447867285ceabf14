#include "store/mongo/commands.h"

#include <string>

namespace ringbook::mongo {
namespace {

Bson command_with(std::string_view command, std::string_view collection, std::string_view what,
                  const std::vector<Bson>& documents) {
  Bson out;
  out.text(command, collection)
      .list(what, documents,
            [](Bson& list, const std::string& at, const Bson& document) {
              list.document(at, document);
            })
      .flag("ordered", true);
  return out;
}

}  // namespace

Bson to_update(const Bson& filter, const Bson& change, Finds finds) {
  Bson out;
  out.document("q", filter).document("u", change);
  if (finds == Finds::one_or_makes_it) {
    out.flag("upsert", true);
  }
  if (finds == Finds::all) {
    out.flag("multi", true);
  }
  return out;
}

Bson update_command(std::string_view collection, const std::vector<Bson>& statements) {
  return command_with("update", collection, "updates", statements);
}

Bson insert_command(std::string_view collection, const std::vector<Bson>& documents) {
  return command_with("insert", collection, "documents", documents);
}

Bson delete_command(std::string_view collection, const Bson& filter) {
  Bson statement;
  statement.document("q", filter).small("limit", 0);
  return command_with("delete", collection, "deletes", {statement});
}

Bson by_id(std::string_view id) {
  Bson out;
  out.text("_id", id);
  return out;
}

Bson by_prefix(std::string_view prefix) {
  std::string end(prefix);
  end.back() = '/' + 1;
  Bson range;
  range.text("$gte", prefix).text("$lt", end);
  Bson out;
  out.document("_id", range);
  return out;
}

Bson by_range(std::string_view first, std::string_view end) {
  Bson range;
  range.text("$gte", first).text("$lt", end);
  Bson out;
  out.document("_id", range);
  return out;
}

Bson ordered_by(std::string_view field, std::int32_t order) {
  Bson out;
  out.small(field, order);
  return out;
}

}  // namespace ringbook::mongo

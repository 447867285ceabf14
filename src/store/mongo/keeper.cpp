#include "store/mongo/keeper.h"

#include "store/mongo/collections.h"
#include "store/mongo/commands.h"

namespace ringbook::mongo {
namespace {

constexpr std::string_view keeper_id = "people";

std::string_view name_of(People people) {
  return people == People::own ? "own" : "adopted";
}

Answer<bool> has_any(Connection& connection, std::string_view collection) {
  const auto found = connection.find({.collection = collection, .limit = 1});
  return found ? Answer<bool>(!found->empty()) : std::unexpected(found.error());
}

}  // namespace

Answer<std::optional<People>> keeper_in(Connection& connection) {
  Query query{.collection = state_collection, .limit = 1, .reading = Reading::majority};
  query.filter.text("_id", keeper_id);
  const auto found = connection.find(query);
  if (!found) {
    return std::unexpected(found.error());
  }
  const auto kind = found->empty() ? std::nullopt : place_of(found->front(), "kind");
  const auto text = kind ? text_at(*kind) : std::nullopt;
  if (!text) {
    return std::nullopt;
  }
  return *text == name_of(People::own) ? People::own : People::adopted;
}

Answer<void> say_keeper(Connection& connection, People people) {
  Bson filter;
  filter.text("_id", keeper_id);
  Bson kind;
  kind.text("kind", name_of(people));
  Bson change;
  change.document("$setOnInsert", kind);
  const auto written = connection.write(
      update_command(state_collection, {to_update(filter, change, Finds::one_or_makes_it)}));
  if (!written) {
    return std::unexpected(written.error());
  }
  return {};
}

Result<People> settle_keeper(Connection& connection, const Settings& settings,
                             std::optional<People> wanted) {
  const auto said = keeper_in(connection);
  if (!said) {
    return failed(said);
  }
  if (*said) {
    if (wanted && *wanted != **said) {
      return fail(Errc::usage, "mongo-people: the people of this database are " +
                                   std::string(name_of(**said)) + ", not " +
                                   std::string(name_of(*wanted)) +
                                   "; leave the setting out, or name another database");
    }
    return **said;
  }
  if (wanted == People::adopted) {
    return fail(Errc::usage,
                "the people of this database were not yet adopted: look with `ringbook doctor`, "
                "then run `ringbook adopt`, both with the same settings");
  }
  const auto has_people = has_any(connection, settings.users);
  if (!has_people) {
    return failed(has_people);
  }
  if (*has_people && !wanted) {
    return fail(Errc::usage,
                "mongo-people: the collection " + settings.users +
                    " has people already; say `adopted` when another program makes and removes "
                    "them, `own` when Ringbook is to");
  }
  if (const auto done = say_keeper(connection, People::own); !done) {
    return failed(done);
  }
  return People::own;
}

}  // namespace ringbook::mongo

#include "store/mongo/keeper.h"

#include <array>
#include <string>
#include <utility>

#include "store/mongo/collections.h"
#include "store/mongo/commands.h"

namespace ringbook::mongo {
namespace {

constexpr std::string_view keeper_id = "people";
constexpr std::array<std::pair<Keeper, std::string_view>, 4> words{{{Keeper::own, "own"},
                                                                    {Keeper::adopting, "adopting"},
                                                                    {Keeper::adopted, "adopted"},
                                                                    {Keeper::copying, "copying"}}};

std::string word_of(Keeper keeper) {
  return std::string(words[static_cast<std::size_t>(keeper)].second);
}

Result<bool> has_any(Connection& connection, std::string_view collection) {
  const auto found = connection.find({.collection = collection, .limit = 1});
  return found ? Result<bool>(!found->empty()) : failed(found);
}

Bson by_id() {
  Bson out;
  out.text("_id", keeper_id);
  return out;
}

// What the database says, if whoever was told `wanted` may take it.
Result<Keeper> accept(Keeper said, const Settings& settings, std::optional<People> wanted) {
  if (said == Keeper::adopting) {
    return fail(Errc::usage,
                "the people of this database are being adopted: run `ringbook adopt` to its end, "
                "with the same settings");
  }
  if (said == Keeper::copying) {
    return fail(Errc::usage,
                "what is copied to this database is not whole: wait for the end of the copy; if "
                "it was cut short, " +
                    how_to_copy_again(settings));
  }
  if (wanted && (*wanted == People::own) != (said == Keeper::own)) {
    return fail(Errc::usage, "mongo-people: the people of this database are " + word_of(said) +
                                 "; leave the setting out, or name another database");
  }
  return said;
}

}  // namespace

Result<std::optional<Keeper>> keeper_in(Connection& connection) {
  Query query{
      .collection = state_collection, .filter = by_id(), .limit = 1, .reading = Reading::majority};
  const auto found = connection.find(query);
  if (!found) {
    return failed(found);
  }
  if (found->empty()) {
    return std::nullopt;
  }
  const auto kind = place_of(found->front(), "kind");
  const auto text = kind ? text_at(*kind) : std::nullopt;
  for (const auto& [keeper, word] : words) {
    if (text == word) {
      return keeper;
    }
  }
  return fail(Errc::newer, "the database says of its people what this program does not know");
}

Result<Keeper> say_keeper(Connection& connection, Keeper keeper) {
  Bson kind;
  kind.text("kind", word_of(keeper));
  Bson change;
  change.document("$setOnInsert", kind);
  const auto written = connection.write(
      update_command(state_collection, {to_update(by_id(), change, Finds::one_or_makes_it)}));
  if (!written) {
    return failed(written);
  }
  const auto said = keeper_in(connection);
  if (!said) {
    return std::unexpected(said.error());
  }
  return *said ? Result<Keeper>(**said)
               : fail(Errc::unavailable, "the database does not keep what is written there");
}

Result<void> change_keeper(Connection& connection, Keeper keeper) {
  Bson kind;
  kind.text("kind", word_of(keeper));
  Bson change;
  change.document("$set", kind);
  return to_result(
      connection.write(update_command(state_collection, {to_update(by_id(), change)})));
}

Result<bool> has_journal(Connection& connection) {
  return has_any(connection, journal_collection);
}

std::string how_to_copy_again(const Settings& settings) {
  return "remove the collections " + settings.users + ", " + std::string(journal_collection) +
         ", " + std::string(parts_collection) + " and " + std::string(state_collection) +
         " and copy again";
}

Result<bool> is_new(Connection& connection, const Settings& settings) {
  const auto said = keeper_in(connection);
  if (!said) {
    return std::unexpected(said.error());
  }
  bool is_empty = true;
  for (const std::string_view collection :
       {std::string_view(settings.users), journal_collection, parts_collection}) {
    const auto has = has_any(connection, collection);
    if (!has) {
      return has;
    }
    is_empty = is_empty && !*has;
  }
  return is_empty && (!*said || *said == Keeper::copying);
}

Result<People> settle_keeper(Connection& connection, const Settings& settings,
                             std::optional<People> wanted) {
  const auto said = keeper_in(connection);
  if (!said) {
    return std::unexpected(said.error());
  }
  Result<Keeper> keeper = Keeper::own;
  if (*said) {
    keeper = accept(**said, settings, wanted);
  } else {
    const auto is_begun = has_journal(connection);
    const auto has_people = has_any(connection, settings.users);
    if (!is_begun || !has_people) {
      return std::unexpected(is_begun ? has_people.error() : is_begun.error());
    }
    if (wanted == People::adopted || *is_begun) {
      return fail(Errc::usage,
                  "the people of this database were not yet adopted: look with `ringbook doctor`, "
                  "then run `ringbook adopt`, both with the same settings");
    }
    if (*has_people && !wanted) {
      return fail(Errc::usage,
                  "mongo-people: the collection " + settings.users +
                      " has people already; say `adopted` when another program makes and removes "
                      "them, `own` when Ringbook is to");
    }
    keeper = say_keeper(connection, Keeper::own);
    if (keeper) {
      keeper = accept(*keeper, settings, People::own);
    }
  }
  if (!keeper) {
    return std::unexpected(keeper.error());
  }
  return *keeper == Keeper::own ? People::own : People::adopted;
}

}  // namespace ringbook::mongo

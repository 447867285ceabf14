#include "store/mongo/inspect.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/wording.h"
#include "store/mongo/codec.h"
#include "store/mongo/collections.h"
#include "store/mongo/digest.h"
#include "store/mongo/documents.h"
#include "store/mongo/driver.h"
#include "store/mongo/journal.h"
#include "store/mongo/keeper.h"
#include "store/mongo/people_check.h"
#include "store/mongo/person.h"

namespace ringbook::mongo {
namespace {

class Inspector {
 public:
  Inspector(Connection& connection, const Settings& settings, People people, const Clock& clock,
            const OnFinding& found, const OnUpkeepStep& step)
      : connection_(connection),
        settings_(settings),
        clock_(clock),
        found_(found),
        step_(step),
        fold_(registry_, sha256, people) {}

  Result<Inspection> run() {
    for (auto part :
         {&Inspector::check_server, &Inspector::check_collections, &Inspector::check_index,
          &Inspector::check_journal, &Inspector::check_people}) {
      connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
      if (auto done = (this->*part)(); !done) {
        return std::unexpected(std::move(done.error()));
      }
    }
    return Inspection{.last_change = registry_.last_sequence(),
                      .users = users_,
                      .extensions = registry_.extensions()};
  }

 private:
  void care(std::string_view where, std::string what, std::string mend) const {
    found_({.weight = Finding::Weight::care,
            .where = std::string(where),
            .what = std::move(what),
            .mend = std::move(mend)});
  }

  // What a command lists; one page is all that there is of collections and of indexes.
  Answer<std::vector<Bson>> listed(const Bson& question) {
    std::vector<Bson> out;
    const auto answer = connection_.run(question);
    if (!answer) {
      return std::unexpected(answer.error());
    }
    const auto page = place_of(*answer, "cursor.firstBatch");
    for (const Place& element :
         page ? elements_at(*page).value_or(std::vector<Place>{}) : std::vector<Place>{}) {
      if (auto document = document_at(element)) {
        out.push_back(std::move(*document));
      }
    }
    return out;
  }

  Result<void> check_server() {
    Bson hello;
    hello.small("isMaster", 1);
    const auto said = connection_.run(hello);
    if (!said) {
      return failed(said);
    }
    const bool is_router = place_of(*said, "msg").has_value();
    if (!is_router && !place_of(*said, "setName")) {
      care("the server", "it stands alone: when it fails, nothing takes over",
           "run a replica set of three; one member alone can be one, too");
    }
    return {};
  }

  Result<void> check_collections() {
    const auto collections = listed(Bson().small("listCollections", 1));
    if (!collections) {
      return failed(collections);
    }
    for (const Bson& collection : *collections) {
      const auto name = place_of(collection, "name");
      const auto text = name ? text_at(*name) : std::nullopt;
      if (!text) {
        continue;
      }
      if (*text == journal_collection && is_true(collection, "options.capped")) {
        found_({.weight = Finding::Weight::damage,
                .where = std::string(journal_collection),
                .what = "it is capped, so its oldest batches are removed",
                .mend = "stop every server, dump the collection, drop it, and restore it as an "
                        "ordinary one"});
      }
      if (*text == settings_.users) {
        check_validator(collection);
      }
    }
    return {};
  }

  static bool is_true(const Bson& document, std::string_view path) {
    const auto place = place_of(document, path);
    return place && flag_at(*place).value_or(false);
  }

  // A schema that allows nothing beside what it names, and does not name our field.
  void check_validator(const Bson& collection) {
    const std::string schema = "options.validator.$jsonSchema";
    const std::string top = settings_.version_path.substr(0, settings_.version_path.find('.'));
    const auto additional = place_of(collection, schema + ".additionalProperties");
    const bool forbids = additional && !flag_at(*additional).value_or(true);
    if (forbids && !place_of(collection, schema + ".properties." + top)) {
      care(settings_.users, "its validator allows no field " + in_quotes(top),
           "add it to the schema's properties, or choose a place that it allows with "
           "--mongo-version-path");
    }
  }

  Result<void> check_index() {
    bool is_indexed = false;
    bool is_unique = false;
    // Of a collection that is not there yet there are none.
    const auto indexes = listed(Bson().text("listIndexes", settings_.users));
    for (const Bson& index : indexes.value_or(std::vector<Bson>{})) {
      const auto key = place_of(index, "key");
      const auto fields = key ? elements_at(*key) : std::nullopt;
      if (fields && fields->size() == 1 && name_at(fields->front()) == settings_.number_path) {
        is_indexed = true;
        is_unique = is_unique || is_true(index, "unique");
      }
    }
    if (!is_unique) {
      care(
          settings_.users,
          is_indexed ? "the index on " + settings_.number_path + " is not unique"
                     : "no index on " + settings_.number_path +
                           ": a number that another program "
                           "gave is noticed late",
          std::string(is_indexed ? "drop it, leave each number with one document, and then " : "") +
              "db." + settings_.users + ".createIndex({\"" + settings_.number_path +
              "\": 1}, {unique: true, partialFilterExpression: {\"" + settings_.number_path +
              "\": {$type: \"string\"}}}), unless the collection is sharded by something else");
    }
    return {};
  }

  Result<void> check_journal() {
    fold_.raise_published(std::numeric_limits<std::uint64_t>::max());  // Nothing is published here.
    for (bool is_over = false; !is_over;) {
      connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
      Bson from;
      from.text("$gte", key_of(fold_.number() + 1));
      Query query{.collection = journal_collection, .limit = limits::shared_read_batches};
      query.filter.document("_id", from);
      query.order.small("_id", 1);
      query.reading = Reading::majority;
      const auto documents = connection_.find(query);
      if (!documents) {
        return failed(documents);
      }
      is_over = documents->empty();
      for (const Bson& document : *documents) {
        if (!fold(document)) {
          return {};
        }
      }
      step_({.phase = "checking changes", .unit = "changes", .done = registry_.last_sequence()});
    }
    return {};
  }

  // Whether the next batch is what follows; behind damage nothing can be told.
  bool fold(const Bson& document) {
    auto batch = to_batch(document);
    if (batch) {
      batch = with_parts(connection_, clock_, std::move(*batch));
    }
    const auto folded = batch ? fold_.fold(*batch) : std::unexpected(batch.error());
    if (!folded) {
      found_(
          {.weight = Finding::Weight::damage,
           .where = std::string(journal_collection),
           .what = "behind batch " + std::to_string(fold_.number()) + ": " + folded.error().detail,
           .mend = "restore a backup of the database; keep the damaged one for an examination"});
    }
    return folded.has_value();
  }

  Result<void> check_people() {
    PeopleCheck check(settings_, registry_, fold_);
    Bson from;
    from.id("$gte", UserId()).text("$type", "objectId");
    for (bool is_over = false; !is_over;) {
      connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
      const auto page = find_people(connection_, settings_, from, limits::mongo_scan_people);
      if (!page) {
        return failed(page);
      }
      for (const Bson& document : *page) {
        check.take(document);
      }
      is_over = page->empty();
      if (!is_over) {
        from = Bson();
        from.id("$gt", *id_at(*place_of(page->back(), "_id"))).text("$type", "objectId");
      }
      step_({.phase = "checking people", .unit = "people", .done = check.users()});
    }
    // Those with ids of other types, of which a page is enough to see that there are some.
    Bson type;
    type.text("$type", "objectId");
    Bson others;
    others.document("$not", type);
    connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
    const auto page = find_people(connection_, settings_, others, limits::mongo_scan_people);
    if (!page) {
      return failed(page);
    }
    for (const Bson& document : *page) {
      check.take(document);
    }
    users_ = check.users();
    check.tell(found_);
    return {};
  }

  Connection& connection_;
  const Settings& settings_;
  const Clock& clock_;
  const OnFinding& found_;
  const OnUpkeepStep& step_;
  Registry registry_;
  SharedFold fold_;
  std::uint64_t users_ = 0;
};

}  // namespace

Result<Inspection> inspect(const Settings& settings, const Clock& clock, const OnFinding& found,
                           const OnUpkeepStep& step) {
  if (auto can = check_settings(settings); !can) {
    return std::unexpected(std::move(can.error()));
  }
  const auto uri = parse_url(settings.url);
  if (!uri) {
    return std::unexpected(uri.error());
  }
  const Clients clients(*uri);
  Connection connection(clients, database_of(settings), clock);
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  const auto keeper = keeper_in(connection);
  if (!keeper) {
    return std::unexpected(keeper.error());
  }
  const bool is_copied = *keeper == Keeper::copying;
  if (is_copied) {
    found({.weight = Finding::Weight::care,
           .where = "the database",
           .what = "what is copied there is not whole",
           .mend = "wait for the end of the copy; if it was cut short, " +
                   how_to_copy_again(settings)});
  }
  const People people = is_copied || *keeper == Keeper::own ? People::own : People::adopted;
  return Inspector(connection, settings, people, clock, found, step).run();
}

}  // namespace ringbook::mongo

#include "store/mongo/touching.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "store/mongo/codec.h"
#include "store/mongo/collections.h"
#include "store/mongo/commands.h"

namespace ringbook::mongo {
namespace {

Bson touched_by(const Touched& touched) {
  Bson out;
  if (const auto* user = std::get_if<UserId>(&touched)) {
    out.id("u", *user);
  } else {
    out.text("x", std::get<Extension>(touched).text());
  }
  return out;
}

Result<std::vector<SharedBatch>> find_batches(Connection& connection, const Span& span,
                                              Bson filter) {
  Query query{.collection = journal_collection, .order = ordered_by("s", span.order)};
  query.filter = std::move(filter.document(span.field, span.bound));
  query.limit = span.limit;
  query.reading = Reading::majority;
  const auto found = connection.find(query);
  return found ? to_batches(*found) : failed(found);
}

std::string set_of(const Bson& part) {
  const auto id = place_of(part, "_id");
  const std::string_view name = id ? text_at(*id).value_or("") : "";
  return std::string(name.substr(0, name.rfind('/')));
}

// The large sets of which a part touches it.
Answer<std::vector<std::string>> find_sets(Connection& connection, const Touched& touched) {
  Query query{.collection = parts_collection,
              .filter = touched_by(touched),
              .projection = ordered_by("_id", 1)};
  query.limit = limits::mongo_sets_of_one;
  query.reading = Reading::majority;
  const auto parts = connection.find(query);
  if (!parts) {
    return std::unexpected(parts.error());
  }
  std::vector<std::string> out;
  for (const Bson& part : *parts) {
    out.push_back(set_of(part));
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

// Gives a batch with a large set what of its parts touches it.
Result<void> add_parts(Connection& connection, const Touched& touched, SharedBatch& batch) {
  Query query{.collection = parts_collection, .order = ordered_by("_id", 1)};
  query.filter = by_prefix(batch.set->id + "/").fields(touched_by(touched));
  query.limit = batch.set->parts;
  query.reading = Reading::majority;
  const auto parts = connection.find(query);
  if (!parts) {
    return failed(parts);
  }
  for (const Bson& document : *parts) {
    auto part = from_part(PartName::Of::set, document);
    if (!part) {
      return std::unexpected(std::move(part.error()));
    }
    auto& contents = std::get<BatchContents>(*part);
    const auto move_to = [](auto& from, auto& to) {
      std::ranges::move(from, std::back_inserter(to));
    };
    move_to(contents.records, batch.contents.records);
    move_to(contents.users, batch.contents.users);
    move_to(contents.numbers, batch.contents.numbers);
    move_to(contents.profiles, batch.contents.profiles);
  }
  return {};
}

}  // namespace

Result<std::vector<SharedBatch>> read_touching(Connection& connection, const Span& span) {
  auto batches = find_batches(connection, span, touched_by(span.touched));
  const auto sets = batches ? find_sets(connection, span.touched) : std::vector<std::string>{};
  if (!batches) {
    return batches;
  }
  if (!sets) {
    return failed(sets);
  }
  if (sets->empty()) {
    return batches;
  }
  Bson among;
  among.list("$in", *sets,
             [](Bson& list, const std::string& at, const std::string& id) { list.text(at, id); });
  Bson of_sets;
  of_sets.document("set.id", among);
  auto large = find_batches(connection, span, std::move(of_sets));
  if (!large) {
    return large;
  }
  std::ranges::move(*large, std::back_inserter(*batches));
  std::ranges::sort(*batches, [&](const SharedBatch& a, const SharedBatch& b) {
    return span.order > 0 ? a.number < b.number : a.number > b.number;
  });
  batches->resize(std::min(batches->size(), span.limit));
  for (SharedBatch& batch : *batches) {
    if (batch.set) {
      if (auto added = add_parts(connection, span.touched, batch); !added) {
        return std::unexpected(std::move(added.error()));
      }
    }
  }
  return batches;
}

}  // namespace ringbook::mongo

#include "store/mongo/journal.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "directory/shared_parts.h"
#include "store/mongo/codec.h"
#include "store/mongo/collections.h"
#include "store/mongo/commands.h"
#include "store/mongo/digest.h"
#include "store/mongo/touching.h"

namespace ringbook::mongo {
namespace {

constexpr std::string_view published_id = "published";
constexpr std::string_view checkpoint_prefix = "checkpoint/";

bool is_taken(const Answer<Written>& written) {
  return written && !written->refusals.empty() &&
         fate_of(written->refusals.front().failure) == Fate::taken;
}

// Inserts what can only be one thing: that it is there already is as good.
Result<void> insert_once(Connection& connection, std::string_view collection,
                         const Bson& document) {
  const auto written = connection.write(insert_command(collection, {document}));
  return is_taken(written) ? Result<void>() : to_result(written);
}

Result<Appended> append_batch(Connection& connection, const SharedBatch& batch) {
  const auto written = connection.write(insert_command(journal_collection, {to_document(batch)}));
  if (is_taken(written)) {
    return Appended::taken;
  }
  return written && written->refusals.empty() && written->matched == 1 ? Appended::mine
                                                                       : Appended::unknown;
}

// The batches from `next` on as a majority has them, up to a gap: what stands behind one is there
// for whoever asks next.
Result<std::vector<SharedBatch>> find_committed(Connection& connection, std::uint64_t next,
                                                std::size_t limit) {
  Bson onwards;
  onwards.text("$gte", key_of(next));
  Query query{.collection = journal_collection, .order = ordered_by("_id", 1)};
  query.filter.document("_id", onwards);
  query.limit = limit;
  query.reading = Reading::majority;
  const auto found = connection.find(query);
  auto batches = found ? to_batches(*found) : failed(found);
  if (batches) {
    const auto gap = std::ranges::find_if(
        *batches, [&](const SharedBatch& batch) { return batch.number != next++; });
    batches->erase(gap, batches->end());
  }
  return batches;
}

// --- parts ---------------------------------------------------------------------------------------

std::string_view collection_of(PartName::Of of) {
  return of == PartName::Of::set ? parts_collection : checkpoint_collection;
}

Result<void> remove_set(Connection& connection, const std::string& id) {
  return to_result(connection.write(delete_command(parts_collection, by_prefix(id + "/"))));
}

// First what says that parts are whole.
Result<void> remove_checkpoints(Connection& connection, const std::string& before) {
  const std::string heads(checkpoint_prefix);
  const auto removed = to_result(
      connection.write(delete_command(state_collection, by_range(heads, heads + before))));
  return removed ? to_result(connection.write(
                       delete_command(checkpoint_collection, by_range("", before))))
                 : removed;
}

Result<std::optional<Checkpoint>> find_newest_checkpoint(Connection& connection) {
  const auto found = connection.find({.collection = state_collection,
                                      .filter = by_prefix(checkpoint_prefix),
                                      .order = ordered_by("_id", -1),
                                      .limit = 1,
                                      .reading = Reading::majority});
  if (!found) {
    return failed(found);
  }
  if (found->empty()) {
    return std::nullopt;
  }
  auto checkpoint = to_checkpoint(found->front());
  if (!checkpoint) {
    return std::unexpected(std::move(checkpoint.error()));
  }
  checkpoint->id.erase(0, checkpoint_prefix.size());
  return *std::move(checkpoint);
}

// --- the hint, and what is erased ----------------------------------------------------------------

Result<std::uint64_t> find_published(Connection& connection) {
  const auto found = connection.find({.collection = state_collection,
                                      .filter = by_id(published_id),
                                      .limit = 1,
                                      .reading = Reading::majority});
  if (!found) {
    return failed(found);
  }
  const auto place = found->empty() ? std::nullopt : place_of(found->front(), "b");
  return static_cast<std::uint64_t>(place ? std::max<std::int64_t>(0, number_at(*place).value_or(0))
                                          : 0);
}

// Those of large sets first: what says where they are is not touched.
Result<void> erase_profiles(Connection& connection, std::uint64_t first, std::uint64_t last) {
  Bson field;
  field.text("p", "");
  Bson change;
  change.document("$unset", field);
  Bson is_there;
  is_there.flag("$exists", true);
  Query sets{.collection = journal_collection,
             .filter = by_range(key_of(first), key_of(last + 1)),
             .projection = ordered_by("set.id", 1),
             .limit = limits::mongo_sets_of_one,
             .reading = Reading::majority};
  sets.filter.document("set", is_there);
  const auto found = connection.find(sets);
  if (!found) {
    return failed(found);
  }
  for (const Bson& set : *found) {
    const auto id = place_of(set, "set.id");
    const auto text = id ? text_at(*id) : std::nullopt;
    const auto erased =
        text ? to_result(connection.write(update_command(
                   parts_collection,
                   {to_update(by_prefix(std::string(*text) + "/"), change, Finds::all)})))
             : Result<void>();
    if (!erased) {
      return erased;
    }
  }
  Bson batches = by_range(key_of(first), key_of(last + 1));
  batches.document("p", is_there);
  return to_result(connection.write(
      update_command(journal_collection, {to_update(batches, change, Finds::all)})));
}

// -------------------------------------------------------------------------------------------------

class Journal final : public SharedJournal {
 public:
  Journal(Pool& pool, Server& server, Metrics& metrics)
      : pool_(pool),
        server_(server),
        mine_(inserts(metrics, "mine")),
        taken_(inserts(metrics, "taken")),
        unknown_(inserts(metrics, "unknown")) {}

  void append(std::shared_ptr<const SharedBatch> batch, Tick deadline,
              Reply<Appended> reply) override {
    pool_.ask<Appended>(
        Lane::append, deadline,
        [batch = std::move(batch)](Connection& connection) {
          return append_batch(connection, *batch);
        },
        Reply<Appended>([this, reply = std::move(reply)](Result<Appended> answer) mutable {
          if (!answer && answer.error().code == Errc::internal) {
            return reply(std::move(answer));  // The pool is gone, and perhaps this with it.
          }
          const Appended outcome = answer.value_or(Appended::unknown);
          counter_of(outcome).add();
          reply(outcome);
        }));
  }

  void confirm(std::uint64_t next, Tick deadline, Reply<std::vector<SharedBatch>> reply) override {
    pool_.ask(
        Lane::follow, deadline,
        [&server = server_, next](Connection& connection) {
          return read_from(connection, server, next);
        },
        std::move(reply));
  }

  void touching(Touched touched, std::uint64_t sequence, std::size_t limit, Tick deadline,
                Reply<std::vector<SharedBatch>> reply) override {
    Bson bound;
    bound.number("$lte", static_cast<std::int64_t>(std::min(sequence, limits::changes)));
    walk({touched, "s", std::move(bound), -1, limit}, deadline, std::move(reply));
  }
  void touching_after(Touched touched, Instant at, std::size_t limit, Tick deadline,
                      Reply<std::vector<SharedBatch>> reply) override {
    Bson bound;
    bound.instant("$gt", at);
    walk({touched, "at", std::move(bound), 1, limit}, deadline, std::move(reply));
  }

  void put_part(PartName name, std::shared_ptr<const Part> part, Tick deadline,
                Reply<void> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [name = std::move(name), part = std::move(part)](Connection& connection) {
          return insert_once(connection, collection_of(name.of), to_part(id_of(name), *part));
        },
        std::move(reply));
  }
  void read_part(PartName name, Tick deadline, Reply<Part> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [name = std::move(name)](Connection& connection) { return find_part(connection, name); },
        std::move(reply));
  }
  void drop_set(std::string id, Tick deadline, Reply<void> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [id = std::move(id)](Connection& connection) { return remove_set(connection, id); },
        std::move(reply));
  }

  void write_checkpoint(Checkpoint checkpoint, Tick deadline, Reply<void> reply) override {
    pool_.ask(
        Lane::follow, deadline,
        [checkpoint](Connection& connection) {
          return insert_once(
              connection, state_collection,
              to_document(std::string(checkpoint_prefix) + checkpoint.id, checkpoint));
        },
        std::move(reply));
  }
  void newest_checkpoint(Tick deadline, Reply<std::optional<Checkpoint>> reply) override {
    pool_.ask(Lane::follow, deadline, find_newest_checkpoint, std::move(reply));
  }

  void drop_checkpoints(std::string before, Tick deadline, Reply<void> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [before = std::move(before)](Connection& connection) {
          return remove_checkpoints(connection, before);
        },
        std::move(reply));
  }

  void published(Tick deadline, Reply<std::uint64_t> reply) override {
    pool_.ask(Lane::follow, deadline, find_published, std::move(reply));
  }
  void raise_published(std::uint64_t batch, Tick deadline, Reply<void> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [batch](Connection& connection) { return set_published(connection, batch); },
        std::move(reply));
  }

  void scrub(std::uint64_t first, std::uint64_t last, Tick deadline, Reply<void> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [first, last](Connection& connection) { return erase_profiles(connection, first, last); },
        std::move(reply));
  }

 private:
  static Counter& inserts(Metrics& metrics, const char* outcome) {
    return metrics.counter("ringbook_journal_inserts_total",
                           "Batches that were sent to the shared journal.", {{"outcome", outcome}});
  }
  Counter& counter_of(Appended outcome) {
    switch (outcome) {
      case Appended::mine: return mine_;
      case Appended::taken: return taken_;
      case Appended::unknown: return unknown_;
    }
    std::unreachable();
  }
  void walk(Span span, Tick deadline, Reply<std::vector<SharedBatch>> reply) {
    pool_.ask(
        Lane::others, deadline,
        [span = std::move(span)](Connection& connection) {
          return read_touching(connection, span);
        },
        std::move(reply));
  }

  Pool& pool_;
  Server& server_;
  Counter& mine_;
  Counter& taken_;
  Counter& unknown_;
};

}  // namespace

std::string id_of(const PartName& name) {
  const std::string digits = std::to_string(name.part);
  return name.id + "/" + std::string(10 - std::min<std::size_t>(digits.size(), 10), '0') + digits;
}

Result<Part> find_part(Connection& connection, const PartName& name) {
  const auto found = connection.find({.collection = collection_of(name.of),
                                      .filter = by_id(id_of(name)),
                                      .limit = 1,
                                      .reading = Reading::majority});
  if (!found) {
    return failed(found);
  }
  if (found->empty()) {
    return fail(Errc::not_found, "there is no part " + id_of(name));
  }
  return from_part(name.of, found->front());
}

Result<SharedBatch> with_parts(Connection& connection, const Clock& clock, SharedBatch batch) {
  if (!batch.set) {
    return batch;
  }
  FilledBatch filled{.batch = std::move(batch), .digests = {}};
  while (!filled.is_whole()) {
    connection.set_deadline(clock.tick() + limits::mongo_open_time);
    const auto part =
        find_part(connection, {PartName::Of::set, filled.batch.set->id, filled.parts});
    if (!part) {
      return std::unexpected(part.error());
    }
    if (auto added = add_part(filled, *part, sha256); !added) {
      return std::unexpected(std::move(added.error()));
    }
  }
  return std::move(filled.batch);
}

// Most often there is nothing new, or one batch: each is asked for alone. Where there are more, the
// many need no more than a majority, as long as a linearizable read says at last that they are all.
Result<std::vector<SharedBatch>> read_from(Connection& connection, Server& server,
                                           std::uint64_t next) {
  constexpr std::size_t alone = 2;
  std::vector<SharedBatch> out;
  while (out.size() < limits::shared_read_batches) {
    const auto found =
        server.find_linearizable(connection, journal_collection, by_id(key_of(next + out.size())));
    if (!found) {
      return failed(found);
    }
    if (!*found) {
      break;
    }
    auto batch = to_batch(**found);
    if (!batch) {
      return std::unexpected(std::move(batch.error()));
    }
    out.push_back(std::move(*batch));
    if (out.size() >= alone && out.size() < limits::shared_read_batches) {
      auto many =
          find_committed(connection, next + out.size(), limits::shared_read_batches - out.size());
      if (!many) {
        return many;
      }
      std::ranges::move(*many, std::back_inserter(out));
    }
  }
  return out;
}

Result<void> set_published(Connection& connection, std::uint64_t batch) {
  Bson number;
  number.number("b", static_cast<std::int64_t>(batch));
  Bson change;
  change.document("$max", number);
  const Bson command = update_command(
      state_collection, {to_update(by_id(published_id), change, Finds::one_or_makes_it)});
  const auto written = connection.write(command);
  // Two that make it at once: now it is there.
  return to_result(is_taken(written) ? connection.write(command) : written);
}

std::unique_ptr<SharedJournal> make_journal(Pool& pool, Server& server, Metrics& metrics) {
  return std::make_unique<Journal>(pool, server, metrics);
}

}  // namespace ringbook::mongo

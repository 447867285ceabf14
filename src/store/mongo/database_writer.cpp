#include "store/mongo/database_writer.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/limits.h"
#include "directory/shared_parts.h"
#include "store/mongo/codec.h"
#include "store/mongo/collections.h"
#include "store/mongo/commands.h"
#include "store/mongo/digest.h"
#include "store/mongo/journal.h"
#include "store/mongo/keeper.h"
#include "store/mongo/person.h"
#include "store/mongo/server.h"

namespace ringbook::mongo {
namespace {

// About the octets that it takes in a document, with the texts of its sets.
std::size_t octets_of(const Batch& batch) {
  std::size_t octets = ringbook::octets_of(batch, 0, batch.changes.size());
  for (const Batch::Set& set : batch.sets) {
    octets += set.issuer.size() + set.subject.size() + set.request_id.size();
  }
  return octets;
}

void append(Batch& all, Batch&& more) {
  for (Batch::Set& set : more.sets) {
    set.begin += all.changes.size();
    set.end += all.changes.size();
    all.sets.push_back(std::move(set));
  }
  all.changes.insert(all.changes.end(), std::make_move_iterator(more.changes.begin()),
                     std::make_move_iterator(more.changes.end()));
}

}  // namespace

DatabaseWriter::DatabaseWriter(Connection& connection, const Settings& settings, const Clock& clock)
    : connection_(connection),
      settings_(settings),
      clock_(clock),
      fold_(registry_, sha256, People::own) {
  // What is folded here is published at the end, all of it.
  fold_.raise_published(std::numeric_limits<std::uint64_t>::max());
}

Result<std::unique_ptr<DatabaseWriter>> DatabaseWriter::begin(Connection& connection,
                                                              const Settings& settings,
                                                              const Clock& clock, Log& log) {
  connection.set_deadline(clock.tick() + limits::mongo_open_time);
  // It makes the indexes of the journal.
  if (const auto server = Server::prepare(connection, settings, log); !server) {
    return std::unexpected(server.error());
  }
  const auto free = is_new(connection, settings);
  if (!free) {
    return std::unexpected(free.error());
  }
  if (!*free) {
    const auto keeper = keeper_in(connection);
    const bool was_cut_short = keeper && *keeper == Keeper::copying;
    return fail(Errc::usage, was_cut_short
                                 ? "a copy to this database is under way, or was cut short: then " +
                                       how_to_copy_again(settings)
                                 : "the database has people or a journal already; name a new one");
  }
  if (const auto said = say_keeper(connection, Keeper::copying); !said) {
    return std::unexpected(said.error());
  } else if (*said != Keeper::copying) {
    return fail(Errc::usage, "a server has just taken the database for its own");
  }
  return std::unique_ptr<DatabaseWriter>(new DatabaseWriter(connection, settings, clock));
}

// --- changes -------------------------------------------------------------------------------------

Result<void> DatabaseWriter::add(RecordedChange recorded) {
  Change& change = recorded.change;
  if (change.set == change.sequence) {
    if (auto ended = end_set(); !ended) {
      return ended;
    }
    set_.sets.push_back({std::move(recorded.issuer), std::move(recorded.subject),
                         std::move(recorded.request_id), 0, 0});
  }
  if (set_.sets.empty()) {
    return fail(Errc::damaged, "change " + std::to_string(change.sequence) + " has no set");
  }
  change.profile = PackedProfile();
  set_.changes.push_back(std::move(change));
  set_.sets.back().end = set_.changes.size();
  return {};
}

// Whether a batch may hold these, too: it has one moment.
bool DatabaseWriter::has_room_for(const Batch& more) const {
  return batch_.changes.empty() ||
         (batch_.changes.front().at.ms == more.changes.front().at.ms &&
          batch_.changes.size() + more.changes.size() <= limits::shared_batch_changes &&
          octets_of(batch_) + octets_of(more) <= limits::shared_batch_bytes);
}

Result<void> DatabaseWriter::end_set() {
  if (set_.changes.empty()) {
    return {};
  }
  if (!has_room_for(set_)) {
    if (auto ended = end_batch(); !ended) {
      return ended;
    }
  }
  append(batch_, std::exchange(set_, {}));
  return {};
}

Result<void> DatabaseWriter::end_batch() {
  if (batch_.changes.empty()) {
    return {};
  }
  const std::size_t all = batch_.changes.size();
  SharedBatch batch;
  batch.by = "copy/" + std::to_string(fold_.number() + 1);
  batch.at = batch_.changes.front().at;
  batch.changes = static_cast<std::uint32_t>(all);
  const bool is_large = all > limits::shared_batch_changes;
  std::vector<BatchContents> parts;
  if (is_large) {
    parts = to_parts(batch_, limits::shared_part_changes);
    batch.set = ringbook::describe(batch.by, parts, registry_.last_sequence(), sha256);
  } else {
    batch.contents = to_contents(batch_, 0, all);
  }
  fold_.seal(batch);
  // Parts first: the batch counts when it is there.
  std::uint32_t number = 0;
  for (const BatchContents& part : parts) {
    const std::string id = id_of({PartName::Of::set, batch.set->id, number++});
    if (auto sent = insert(parts_collection, to_part(id, part)); !sent) {
      return sent;
    }
  }
  if (auto sent = insert(journal_collection, to_document(batch)); !sent) {
    return sent;
  }
  for (BatchContents& part : parts) {
    std::ranges::move(part.records, std::back_inserter(batch.contents.records));
  }
  batch_ = Batch();
  return fold_.fold(batch);
}

Result<void> DatabaseWriter::insert(std::string_view collection, Bson document) {
  if (inserted_into_ != collection || inserts_.size() == limits::mongo_inserts ||
      insert_bytes_ > limits::shared_batch_bytes) {
    if (auto sent = send_inserts(); !sent) {
      return sent;
    }
  }
  inserted_into_ = collection;
  insert_bytes_ += document.octets().size();
  inserts_.push_back(std::move(document));
  return {};
}

Result<void> DatabaseWriter::send_inserts() {
  if (inserts_.empty()) {
    return {};
  }
  connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
  const auto written = connection_.write(insert_command(inserted_into_, inserts_));
  inserts_.clear();
  insert_bytes_ = 0;
  return to_result(written);
}

// --- people --------------------------------------------------------------------------------------

Result<void> DatabaseWriter::describe(UserId id, const PackedProfile& profile) {
  // The journal first: whoever else copies to it at the same time is met there.
  for (auto part :
       {&DatabaseWriter::end_set, &DatabaseWriter::end_batch, &DatabaseWriter::send_inserts}) {
    if (auto done = (this->*part)(); !done) {
      return done;
    }
  }
  const auto user = registry_.user(id);
  if (!user) {
    return fail(Errc::damaged, "the journal does not know " + id.text());
  }
  people_.push_back(to_new_person({.kind = Publication::Kind::show,
                                   .user = id,
                                   .version = fold_.version_of(id),
                                   .number = user->extension,
                                   .profile = profile,
                                   .may_create = true},
                                  settings_));
  return people_.size() < limits::mongo_statements ? Result<void>() : send_people();
}

Result<void> DatabaseWriter::send_people() {
  if (people_.empty()) {
    return {};
  }
  connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
  const auto written = connection_.write(update_command(settings_.users, people_));
  people_.clear();
  return to_result(written);
}

Result<BackupSummary> DatabaseWriter::finish(Instant taken_at) {
  for (auto part : {&DatabaseWriter::end_set, &DatabaseWriter::end_batch,
                    &DatabaseWriter::send_inserts, &DatabaseWriter::send_people}) {
    if (auto done = (this->*part)(); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  connection_.set_deadline(clock_.tick() + limits::mongo_open_time);
  if (auto done = set_published(connection_, fold_.number()); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return BackupSummary{.taken_at = taken_at,
                       .last_change = registry_.last_sequence(),
                       .users = registry_.users(),
                       .extensions = registry_.extensions()};
}

}  // namespace ringbook::mongo

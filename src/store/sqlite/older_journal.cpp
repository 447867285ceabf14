#include "store/sqlite/older_journal.h"

#include <utility>

#include "base/limits.h"
#include "store/sqlite/tables.h"

namespace ringbook::sqlite {
namespace {

Result<std::optional<Extension>> extension_of(const Statement& row, int column) {
  if (row.is_null(column)) {
    return std::nullopt;
  }
  auto extension = Extension::from_packed(static_cast<std::uint64_t>(row.integer(column)));
  if (!extension) {
    return fail(Errc::damaged, "holds a number that is no extension");
  }
  return extension;
}

// Why the change cannot follow `last` in a journal; null when it can.
const char* refusal_of(const Change& change, const OlderChanges& row, std::uint64_t last,
                       const Batch& batch) {
  constexpr std::size_t text_bytes = 4 * limits::subject_chars;
  if (change.sequence != last + 1) {
    return "stands where none can be, or the one before it is missing";
  }
  if (!is_recordable(change)) {
    return "is of a kind or names fields that cannot be";
  }
  if (!row.names_actor() || row.issuer().size() > text_bytes || row.subject().size() > text_bytes) {
    return "does not say who made it";
  }
  if (row.request_id().size() > limits::request_id_chars) {
    return "has a request id that cannot be";
  }
  if (change.set == change.sequence) {
    return nullptr;
  }
  const bool continues = !batch.changes.empty() && batch.changes.back().set == change.set &&
                         batch.changes.back().at == change.at &&
                         batch.sets.back().issuer == row.issuer() &&
                         batch.sets.back().subject == row.subject() &&
                         batch.sets.back().request_id == row.request_id();
  return continues ? nullptr : "differs from its change set, or has none";
}

}  // namespace

Result<OlderChanges> OlderChanges::all(Connection& connection) {
  auto select = connection.prepare(
      "SELECT changes.*, issuer, subject FROM changes LEFT JOIN actors ON actors.id = actor "
      "ORDER BY sequence");
  if (!select) {
    return std::unexpected(std::move(select.error()));
  }
  OlderChanges changes;
  changes.select_ = std::move(*select);
  return changes;
}

Result<Change> OlderChanges::change() const {
  Change change;
  change.sequence = static_cast<std::uint64_t>(select_.integer(0));
  change.set = static_cast<std::uint64_t>(select_.integer(1));
  change.at = Instant{select_.integer(2)};
  const auto user = user_id_of(select_, 3);
  if (!user) {
    return fail(Errc::damaged, "names no user");
  }
  change.user = *user;
  // What does not fit its type is none of those there are.
  const std::int64_t kind = select_.integer(4);
  const std::int64_t fields = select_.integer(5);
  change.kind = static_cast<std::uint8_t>(kind);
  change.kind = kind == change.kind ? change.kind : 0;
  change.fields = static_cast<std::uint8_t>(fields);
  change.fields = fields == change.fields ? change.fields : 0xFF;
  auto from = extension_of(select_, 6);
  auto to = extension_of(select_, 7);
  if (!from || !to) {
    return std::unexpected(from ? to.error() : from.error());
  }
  change.from = *from;
  change.to = *to;
  change.previous_of_user = static_cast<std::uint64_t>(select_.integer(8));
  change.previous_of_number = static_cast<std::uint64_t>(select_.integer(9));
  return change;
}

// The changes of a full turn are kept until the next one comes, for which they may be the set.
Result<void> OlderConversion::add(const OlderChanges& row) {
  auto change = row.change();
  const std::string name = "change " + std::to_string(row.row().integer(0));
  if (!change) {
    return fail(Errc::damaged, name + " " + change.error().detail);
  }
  if (const char* refusal = refusal_of(*change, row, last_, batch_)) {
    return fail(Errc::damaged, name + " " + refusal);
  }
  const bool begins_set = change->set == change->sequence;
  if (batch_.changes.size() == limits::turn_changes) {
    if (auto written = writer_.write(batch_, 0, batch_.changes.size()); !written) {
      return written;
    }
    batch_.changes.clear();
    batch_.sets.erase(batch_.sets.begin(), begins_set ? batch_.sets.end() : batch_.sets.end() - 1);
    if (!begins_set) {
      batch_.sets.back().begin = 0;
    }
  }
  if (begins_set) {
    batch_.sets.push_back({std::string(row.issuer()), std::string(row.subject()),
                           std::string(row.request_id()), batch_.changes.size(), 0});
  }
  last_ = change->sequence;
  batch_.changes.push_back(std::move(*change));
  batch_.sets.back().end = batch_.changes.size();
  return {};
}

Result<void> OlderConversion::finish() {
  return batch_.changes.empty() ? Result<void>{} : writer_.write(batch_, 0, batch_.changes.size());
}

Result<void> convert_journal(Connection& journal, const OnUpkeepStep& step) {
  const auto total = journal.query_integer("SELECT coalesce(max(sequence), 0) FROM changes");
  auto changes = OlderChanges::all(journal);
  auto writer = TurnWriter::prepare(journal);
  if (!total || !changes || !writer) {
    return std::unexpected(!total ? total.error() : !changes ? changes.error() : writer.error());
  }
  OlderConversion conversion(*writer);
  while (true) {
    const auto row = changes->next();
    if (!row) {
      return std::unexpected(row.error());
    }
    if (!*row) {
      break;
    }
    if (auto added = conversion.add(*changes); !added) {
      return added;
    }
    step({.phase = "upgrading journal.db",
          .unit = "changes",
          .done = conversion.last(),
          .total = static_cast<std::uint64_t>(*total)});
  }
  if (auto finished = conversion.finish(); !finished) {
    return finished;
  }
  // What is dropped lives on in the turns, so it need not be overwritten, which would take as much
  // room in the log again.
  return journal.run(
      "PRAGMA secure_delete=OFF; DROP TABLE changes; DROP TABLE actors; PRAGMA secure_delete=ON");
}

}  // namespace ringbook::sqlite

#include "store/mongo/publisher.h"

#include <algorithm>

#include "base/limits.h"
#include "store/mongo/commands.h"
#include "store/mongo/person.h"

namespace ringbook::mongo {
namespace {

// FerretDB's word for a unique index that refuses an update, among other things.
constexpr std::uint32_t internal_error = 1;

bool is_removal(const Publication& publication) {
  return publication.kind == Publication::Kind::remove;
}

std::size_t statements_of(const Publication& publication) {
  return publication.kind == Publication::Kind::leave && publication.number ? 2 : 1;
}

// How many at the front one command may carry: removals alone, updates up to the bound of their
// statements.
std::size_t chunk_at_front(std::span<const Publication> publications) {
  if (is_removal(publications.front())) {
    return 1;
  }
  std::size_t count = 0;
  std::size_t statements = 0;
  while (count < publications.size() && !is_removal(publications[count])) {
    statements += statements_of(publications[count]);
    if (statements > limits::mongo_statements) {
      break;
    }
    ++count;
  }
  return count;
}

// What a document of this version, or none, means for it.
std::optional<Published> judge(const Publication& publication,
                               std::optional<std::uint64_t> version) {
  if (!version) {
    return is_removal(publication) ? Published::done : Published::gone;
  }
  if (*version < publication.version) {
    return std::nullopt;
  }
  return *version == publication.version && !is_removal(publication) ? Published::done
                                                                     : Published::newer;
}

}  // namespace

std::vector<Published> Publisher::publish(std::span<const Publication> publications) {
  std::vector<Published> out(publications.size(), Published::unknown);
  for (std::size_t begin = 0; begin < publications.size();) {
    const std::size_t count = chunk_at_front(publications.subspan(begin));
    publish_chunk(publications.subspan(begin, count), std::span(out).subspan(begin, count));
    begin += count;
  }
  return out;
}

Answer<Written> Publisher::send(std::span<const Publication> publications) {
  if (is_removal(publications.front())) {
    return connection_.write(
        delete_command(settings_.users, guard_of(publications.front(), settings_)));
  }
  std::vector<Bson> statements;
  for (const Publication& publication : publications) {
    std::ranges::move(to_statements(publication, settings_), std::back_inserter(statements));
  }
  return connection_.write(update_command(settings_.users, statements));
}

void Publisher::publish_chunk(std::span<const Publication> chunk, Outcomes outcomes) {
  const auto written = send(chunk);
  if (written && written->refusals.empty() &&
      written->matched == static_cast<std::int64_t>(chunk.size())) {
    std::ranges::fill(outcomes, Published::done);
  } else if (written || is_answer(written.error())) {
    settle(chunk, outcomes);
  }
}

void Publisher::settle(std::span<const Publication> chunk, Outcomes outcomes) {
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    const auto known = shown(chunk[i]);
    outcomes[i] = known ? *known : publish_alone(chunk[i]);
  }
}

Published Publisher::publish_alone(const Publication& publication) {
  const auto written = send(std::span(&publication, 1));
  if (!written) {
    return judge_refusal(publication, written.error());
  }
  if (!written->refusals.empty()) {
    return judge_refusal(publication, written->refusals.front().failure);
  }
  return written->matched > 0 ? Published::done : shown(publication).value_or(Published::unknown);
}

Published Publisher::judge_refusal(const Publication& publication, const Failure& failure) {
  switch (fate_of(failure)) {
    case Fate::taken:
      // Perhaps by its own _id: somebody made the document meanwhile.
      if (const auto known = shown(publication)) {
        return *known;
      }
      return is_number_elsewhere(publication) ? Published::refused : Published::unknown;
    case Fate::refused: return Published::failed;
    case Fate::unknown: break;
  }
  const bool may_be_index = is_answer(failure) && failure.code == internal_error;
  return may_be_index && is_number_elsewhere(publication) ? Published::refused : Published::unknown;
}

std::optional<Published> Publisher::shown(const Publication& publication) {
  Query query{.collection = settings_.users};
  query.filter.id("_id", publication.user);
  query.projection.small(settings_.version_path, 1);
  query.limit = 1;
  query.reading = Reading::majority;
  const auto found = connection_.find(query);
  if (!found) {
    return Published::unknown;
  }
  return judge(publication, found->empty()
                                ? std::nullopt
                                : std::optional(to_seen(found->front(), settings_).version));
}

bool Publisher::is_number_elsewhere(const Publication& publication) {
  if (!publication.number) {
    return false;
  }
  Query query{.collection = settings_.users};
  query.filter.text(settings_.number_path, publication.number->text());
  query.projection.small("_id", 1);
  query.limit = 2;
  const auto found = connection_.find(query);
  return found && std::ranges::any_of(*found, [&](const Bson& document) {
           return to_seen(document, settings_).id != publication.user;
         });
}

}  // namespace ringbook::mongo

#include "simulation/witness.h"

#include <algorithm>

namespace ringbook::test {

Witness::Witness(SharedDatabase& database) : database_(database), states_(1), ends_(1) {
  database_.on_journal = [this] { on_journal(); };
  database_.on_documents = [this] { on_documents(); };
}

void Witness::adopt(const std::vector<UserId>& users) {
  is_adopted_ = true;
  for (const UserId& user : users) {
    states_.front()[user].is_present = true;
  }
}

void Witness::complain(std::string what) {
  if (!problem_) {
    problem_ = std::move(what);
  }
}

// --- the journal ---------------------------------------------------------------------------------

void Witness::on_journal() {
  const auto& batches = database_.batches();
  std::size_t same = 0;
  while (same < made_.size() && same < batches.size() && made_[same] == batches[same].by) {
    ++same;
  }
  made_.resize(same);
  ends_.resize(same + 1);
  states_.resize(ends_.back() + 1);
  std::erase_if(batches_, [&](const auto& request) { return request.second > same; });
  for (std::size_t i = same; i < batches.size(); ++i) {
    fold(batches[i]);
  }
}

void Witness::fold(const SharedBatch& batch) {
  made_.push_back(batch.by);
  const auto changes = read_changes(database_.whole(batch));
  if (!changes) {
    return complain("a batch cannot be read: " + changes.error().detail);
  }
  std::uint64_t set = 0;
  for (const RecordedChange& read : *changes) {
    const Change& change = read.change;
    if (change.set != set) {
      set = change.set;
      states_.push_back(states_.back());
    }
    Person& person = states_.back()[change.user];
    person.is_present = (change.kind & Change::removed) == 0;
    person.number = change.to;
    person.name = change.profile ? change.profile.unpack().name : person.name;
    if (read.issuer == "ringbook" && read.subject == "reconcile" &&
        !excused_.contains(change.user)) {
      complain("A7: a holding ends that nobody ended");
    }
    const auto [known, is_new] = batches_.emplace(read.request_id, batch.number);
    if (!is_new && known->second != batch.number && read.issuer != "ringbook") {
      complain("A6: request " + read.request_id + " is in the journal twice");
    }
  }
  ends_.push_back(states_.size() - 1);
  std::set<Extension> held;
  for (const auto& [user, person] : states_.back()) {
    if (person.number && !held.insert(*person.number).second) {
      complain("A1: two users hold " + person.number->text());
    }
  }
}

void Witness::on_documents() {
  std::map<Extension, UserId> shown;
  for (const auto& [user, document] : database_.documents()) {
    if (!document.number || excused_.contains(user)) {
      continue;
    }
    const auto [other, is_new] = shown.emplace(*document.number, user);
    if (!is_new) {
      complain("A3: two documents show " + document.number->text());
    }
  }
}

// --- answers -------------------------------------------------------------------------------------

Witness::Asked Witness::begin(std::string request_id, std::vector<Edit> edits) const {
  return {std::move(request_id), database_.committed(), std::move(edits)};
}

bool Witness::held(const Asked& asked, const std::function<bool(const People&)>& what) const {
  const auto begin = states_.begin() + static_cast<std::ptrdiff_t>(ends_[asked.committed]);
  const auto end = states_.begin() + static_cast<std::ptrdiff_t>(ends_[database_.committed()]) + 1;
  return std::any_of(begin, end, what);
}

namespace {

bool has(const Witness::People& people, const Edit& edit) {
  const auto found = people.find(edit.user);
  const bool is_present = found != people.end() && found->second.is_present;
  if (edit.person == Edit::Person::remove) {
    return !is_present;
  }
  const auto number = is_present ? found->second.number : std::nullopt;
  return is_present && (edit.number == Edit::Number::keep || number == edit.extension);
}

}  // namespace

void Witness::judge(const Asked& asked, const Result<Outcome>& outcome) {
  using Kind = Outcome::Kind;
  if (!outcome) {
    ++seen[std::string(name_of(outcome.error().code))];
    if (outcome.error().code == Errc::invalid || outcome.error().code == Errc::damaged) {
      complain("a request ended with: " + outcome.error().detail);
    }
    return;
  }
  switch (outcome->kind) {
    case Kind::applied: ++seen["applied"]; return judge_success(asked);
    case Kind::unchanged:
      ++seen["unchanged"];
      if (!held(asked, [&](const People& people) {
            return std::ranges::all_of(asked.edits, [&](const Edit& e) { return has(people, e); });
          })) {
        complain("A4: \"already so\" was never true: " + asked.request_id);
      }
      return;
    case Kind::not_found:
      ++seen["not found"];
      if (!held(asked,
                [&](const People& people) {
                  return std::ranges::any_of(asked.edits, [&](const Edit& e) {
                    return !people.contains(e.user) || !people.at(e.user).is_present;
                  });
                }) &&
          !std::ranges::any_of(asked.edits,
                               [&](const Edit& e) { return excused_.contains(e.user); })) {
        complain("A4: somebody was never absent: " + asked.request_id);
      }
      return;
    case Kind::conflict: {
      ++seen["conflict"];
      const UserId holder = outcome->conflict->holder;
      if (!held(asked,
                [&](const People& people) {
                  return people.contains(holder) &&
                         people.at(holder).number == outcome->conflict->wanted;
                }) &&
          !excused_.contains(holder)) {
        complain("A4: a conflict was never one: " + asked.request_id);
      }
      return;
    }
    default: complain("a refusal that nothing asked for");
  }
}

void Witness::judge_success(const Asked& asked) {
  const auto found = batches_.find(asked.request_id);
  if (found == batches_.end() || found->second > database_.committed()) {
    return complain("A2: a success is not in the journal: " + asked.request_id);
  }
  const auto changes = read_changes(database_.whole(database_.batches()[found->second - 1]));
  for (const Edit& edit : asked.edits) {
    const auto change = std::ranges::find_if(*changes, [&](const RecordedChange& read) {
      return read.request_id == asked.request_id && read.issuer != "ringbook" &&
             read.change.user == edit.user;
    });
    if (change == changes->end()) {
      continue;  // Already so.
    }
    if (edit.number != Edit::Number::keep && change->change.to != edit.extension) {
      complain("A2: something else is in the journal: " + asked.request_id);
    }
    const auto& documents = database_.committed_documents();
    const auto document = documents.find(edit.user);
    if (document != documents.end() && document->second.version < 2 * change->change.sequence + 1 &&
        !excused_.contains(edit.user)) {
      complain("A2: a success is not in its document: " + asked.request_id);
    }
    if (document == documents.end() && people().at(edit.user).is_present &&
        !excused_.contains(edit.user)) {
      complain("A2: a success has no document: " + asked.request_id);
    }
  }
}

void Witness::judge_user(const Asked& asked, UserId user,
                         const Result<std::optional<User>>& answer) {
  ++seen[answer ? "read" : "read failed"];
  if (is_adopted_ && excused_.contains(user)) {
    return;
  }
  if (answer && !held(asked, [&](const People& people) {
        const auto found = people.find(user);
        const bool is_present = found != people.end() && found->second.is_present;
        if (!*answer) {
          return !is_present;
        }
        return is_present && found->second.number == (*answer)->extension &&
               (is_adopted_ || excused_.contains(user) ||
                found->second.name == (*answer)->profile.name);
      })) {
    complain("A4: a user was never so: " + asked.request_id);
  }
}

void Witness::judge_number(const Asked& asked, Extension number,
                           const Result<ExtensionState>& answer) {
  ++seen[answer ? "read" : "read failed"];
  if (answer && !held(asked, [&](const People& people) {
        const auto holder = std::ranges::find_if(
            people, [&](const auto& person) { return person.second.number == number; });
        return answer->holder ==
               (holder != people.end() ? std::optional(holder->first) : std::nullopt);
      })) {
    complain("A4: a number was never so: " + asked.request_id);
  }
}

void Witness::judge_rest() {
  for (const auto& [user, person] : people()) {
    const auto document = database_.documents().find(user);
    if (excused_.contains(user)) {
      continue;
    }
    if (person.is_present != (document != database_.documents().end())) {
      complain("A5: a document is there or not, unlike its user " + user.text());
    } else if (person.is_present && document->second.number != person.number) {
      complain("A5: a document shows something else of " + user.text());
    } else if (person.is_present && !is_adopted_ &&
               document->second.profile.unpack().name != person.name) {
      complain("A5: a document shows another name of " + user.text());
    }
  }
}

namespace {

Result<void> fold_from(const SharedDatabase& database, std::uint64_t first, SharedFold& fold) {
  for (std::uint64_t number = first; number <= database.batches().size(); ++number) {
    auto folded = fold.fold(database.whole(database.batches()[number - 1]));
    if (!folded) {
      return folded;
    }
  }
  return {};
}

Result<void> restore_newest(const SharedDatabase& database, SharedFold& fold) {
  const Checkpoint& newest = database.checkpoints.rbegin()->second;
  for (std::uint32_t i = 0; i < newest.parts; ++i) {
    const auto part = database.parts.find({"checkpoint/" + newest.id, i});
    if (part == database.parts.end()) {
      return fail(Errc::damaged, "a part is missing");
    }
    if (auto restored = fold.restore(std::get<std::string>(part->second)); !restored) {
      return restored;
    }
  }
  auto restored = fold.end_restoring(newest);
  return restored ? fold_from(database, newest.batch, fold) : restored;
}

// All but names, of those whom the journal names.
std::map<UserId, std::vector<std::uint64_t>> users_of(const Registry& registry,
                                                      ringbook::People people) {
  std::map<UserId, std::vector<std::uint64_t>> out;
  for (std::uint32_t slot = 0; slot < registry.slots(); ++slot) {
    const StoredState user = registry.stored(slot);
    if (user.version != 0) {
      out[user.id] = {user.is_present || people == ringbook::People::adopted,
                      user.extension ? user.extension->packed() : 0,
                      user.number_sequence,
                      static_cast<std::uint64_t>(user.since.ms),
                      user.version,
                      static_cast<std::uint64_t>(user.updated_at.ms)};
    }
  }
  return out;
}

std::map<Extension, std::uint64_t> released_in(const Registry& registry) {
  std::map<Extension, std::uint64_t> out;
  for (std::size_t shard = 0; shard < Registry::shards; ++shard) {
    registry.visit_released(
        shard, [&](Extension number, std::uint64_t sequence) { out.emplace(number, sequence); });
  }
  return out;
}

}  // namespace

void Witness::judge_checkpoint(ringbook::People people) {
  Registry by_checkpoint;
  Registry by_journal;
  SharedFold with(by_checkpoint, simulated_digest, people);
  SharedFold without(by_journal, simulated_digest, people);
  const auto restored = restore_newest(database_, with);
  const auto folded = fold_from(database_, 1, without);
  if (!restored || !folded) {
    return complain("A9: " + (restored ? folded : restored).error().detail);
  }
  if (users_of(by_checkpoint, people) != users_of(by_journal, people) ||
      released_in(by_checkpoint) != released_in(by_journal) ||
      by_checkpoint.last_sequence() != by_journal.last_sequence() ||
      by_checkpoint.last_at() != by_journal.last_at() || with.hash() != without.hash() ||
      with.number() != without.number()) {
    complain("A9: a checkpoint gives another state than the journal");
  }
}

}  // namespace ringbook::test

#include "store/memory/memory_store.h"

#include <deque>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "directory/sharded_table.h"
#include "store/embedded/registry_store.h"

namespace ringbook {
namespace {

// All changes, and where in them to begin for a moment.
class MemoryJournal final : public JournalView {
 public:
  void append(RecordedChange record) {
    const Change& change = record.change;
    const std::uint64_t sequence = changes_.size() + 1;
    const bool is_milestone = mix(sequence) % limits::milestone_distance == 0;
    if (is_milestone && (change.kind & Change::number) != 0) {
      of_users_.emplace(std::pair(change.user, change.at), sequence);
      if (change.to) {
        of_numbers_.emplace(std::pair(*change.to, change.at), sequence);
      }
    }
    changes_.push_back(std::move(record));
  }

  Result<RecordedChange> read(std::uint64_t sequence) override {
    if (sequence == 0 || sequence > changes_.size()) {
      return fail(Errc::damaged, "the journal lacks change " + std::to_string(sequence));
    }
    const RecordedChange& kept = changes_[sequence - 1];
    RecordedChange copy{{}, kept.issuer, kept.subject, kept.request_id};
    copy.change = kept.change;
    return copy;
  }

  Result<std::uint64_t> find_after(UserId user, Instant at) override {
    return find_in(of_users_, user, at);
  }
  Result<std::uint64_t> find_after(Extension extension, Instant at) override {
    return find_in(of_numbers_, extension, at);
  }

 private:
  template <class Key>
  using Milestones = std::multimap<std::pair<Key, Instant>, std::uint64_t>;

  template <class Key>
  static std::uint64_t find_in(const Milestones<Key>& milestones, Key key, Instant at) {
    const auto found = milestones.upper_bound(std::pair(key, at));
    return found != milestones.end() && found->first.first == key ? found->second : 0;
  }

  std::deque<RecordedChange> changes_;  // Element i is change i + 1.
  Milestones<UserId> of_users_;
  Milestones<Extension> of_numbers_;
};

class MemoryStore final : public RegistryStore {
 public:
  using RegistryStore::RegistryStore;
  bool is_durable() const override { return false; }

 protected:
  Result<void> keep(Batch& batch) override {
    for (const Batch::Set& set : batch.sets) {
      for (std::size_t i = set.begin; i < set.end; ++i) {
        // Only the present profile is kept, by the registry: history knows ids and numbers.
        batch.changes[i].profile = {};
        journal_.append({std::move(batch.changes[i]), set.issuer, set.subject, set.request_id});
      }
    }
    return {};
  }

  void read_journal(Touched, std::unique_ptr<JournalQuestion> question) override {
    question->walk(journal_);
    question->answer();
  }

  void on_failure(const Error&) override { check(false, "memory does not fail"); }

 private:
  MemoryJournal journal_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(Loop& loop, const Clock& clock) {
  return std::make_unique<MemoryStore>(loop, clock);
}

}  // namespace ringbook

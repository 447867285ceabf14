#include "directory/shared_history.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace ringbook {
namespace {

// The changes that were fetched; notes what is missed.
class FetchedJournal final : public JournalView {
 public:
  Result<RecordedChange> read(std::uint64_t sequence) override {
    const auto found = changes_.find(sequence);
    if (found == changes_.end()) {
      missed = missed ? missed : std::optional(sequence);
      return fail(Errc::unavailable, "the change is not fetched yet");
    }
    return found->second;
  }
  Result<std::uint64_t> find_after(UserId, Instant at) override { return find_after(at); }
  Result<std::uint64_t> find_after(Extension, Instant at) override { return find_after(at); }

  // Errors: damaged.
  Result<void> add(const std::vector<SharedBatch>& batches) {
    for (const SharedBatch& batch : batches) {
      auto changes = read_changes(batch);
      if (!changes) {
        return std::unexpected(std::move(changes.error()));
      }
      for (RecordedChange& change : *changes) {
        const std::uint64_t sequence = change.change.sequence;
        changes_.insert_or_assign(sequence, std::move(change));
      }
    }
    return {};
  }
  bool has(std::uint64_t sequence) const { return changes_.contains(sequence); }
  // The first of the changes after `at` that are fetched and that the history is about.
  std::uint64_t first_after(Instant at, const Touched& touched) const {
    for (const auto& [sequence, read] : changes_) {
      const Change& change = read.change;
      const bool changes_number = (change.kind & Change::number) != 0;
      const auto* user = std::get_if<UserId>(&touched);
      const bool is_about = user != nullptr
                                ? change.user == *user && changes_number
                                : changes_number && change.to == std::get<Extension>(touched);
      if (change.at > at && is_about) {
        return sequence;
      }
    }
    return 0;
  }

  std::optional<std::uint64_t> missed;  // A change.
  std::optional<Instant> missed_after;  // The first after a moment.
  std::optional<std::uint64_t> after;   // Which that is.

 private:
  Result<std::uint64_t> find_after(Instant at) {
    if (!after) {
      missed_after = at;
      return fail(Errc::unavailable, "the moment is not looked up yet");
    }
    return *after;
  }

  std::map<std::uint64_t, RecordedChange> changes_;
};

// One question on its way; whoever fetches for it keeps it.
class Walk : public std::enable_shared_from_this<Walk> {
 public:
  Walk(SharedJournal& journal, Tick deadline, Touched touched,
       std::unique_ptr<JournalQuestion> question, std::shared_ptr<const bool> is_alive)
      : journal_(journal),
        deadline_(deadline),
        touched_(touched),
        question_(std::move(question)),
        is_alive_(std::move(is_alive)) {}

  void step() {
    fetched_.missed.reset();
    fetched_.missed_after.reset();
    question_->walk(fetched_);
    if (fetched_.missed_after) {
      const Instant at = *fetched_.missed_after;
      journal_.touching_after(touched_, at, batches_to_fetch(), deadline_, take([at](Walk& walk) {
                                walk.fetched_.after = walk.fetched_.first_after(at, walk.touched_);
                                return true;
                              }));
    } else if (fetched_.missed) {
      const std::uint64_t sequence = *fetched_.missed;
      journal_.touching(touched_, sequence, batches_to_fetch(), deadline_,
                        take([sequence](Walk& walk) { return walk.fetched_.has(sequence); }));
    } else {
      question_->answer();
    }
  }

 private:
  // Few at first: a moment takes one or two.
  std::size_t batches_to_fetch() const {
    return std::min(limits::shared_history_batches,
                    std::size_t{8} << std::min(fetches_, std::size_t{8}));
  }

  // Takes what is fetched; `note` says whether it was what was asked for.
  template <class Note>
  Reply<std::vector<SharedBatch>> take(Note note) {
    return {[walk = shared_from_this(), note](Result<std::vector<SharedBatch>> batches) {
      if (!*walk->is_alive_) {
        return;
      }
      if (!batches) {
        return walk->question_->refuse(batches.error());
      }
      ++walk->fetches_;
      if (auto added = walk->fetched_.add(*batches); !added) {
        return walk->question_->refuse(added.error());
      }
      if (!note(*walk)) {
        return walk->question_->refuse(
            walk->fetches_ == 1 ? Error{Errc::invalid, "the cursor belongs to another history"}
                                : Error{Errc::damaged, "the journal lacks a change that it names"});
      }
      walk->step();
    }};
  }

  SharedJournal& journal_;
  Tick deadline_;
  Touched touched_;
  std::unique_ptr<JournalQuestion> question_;
  std::shared_ptr<const bool> is_alive_;
  FetchedJournal fetched_;
  std::size_t fetches_ = 0;
};

}  // namespace

void walk_shared_journal(SharedJournal& journal, Tick deadline, Touched touched,
                         std::unique_ptr<JournalQuestion> question,
                         std::shared_ptr<const bool> is_alive) {
  std::make_shared<Walk>(journal, deadline, touched, std::move(question), std::move(is_alive))
      ->step();
}

}  // namespace ringbook

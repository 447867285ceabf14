// Deciding change sets of a shared directory: against the fold, and against what the documents of
// users were seen to show. A holding that a foreign hand ended is released by the way; a number
// that a foreign hand gave is a conflict.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "directory/batch.h"
#include "directory/documents.h"
#include "directory/registry.h"
#include "directory/shared_batch.h"
#include "directory/shared_fold.h"

namespace ringbook {

// What was seen so far, and of each what the fold said when it was asked for.
struct SeenUsers {
  struct Document {
    SeenUser seen;
    std::uint64_t version = 0;  // As SharedFold::version_of.
    bool must_exist = false;    // The fold had a user whose document was there.
  };
  std::map<UserId, Document> users;
  std::multimap<Extension, UserId> by_number;  // Whoever showed it when it was looked at.
  std::vector<Extension> numbers;              // All that were looked at, in order.
};

// That a document shows the number it does, which nobody gave it.
Conflict conflict_with(const SeenUser& holder, std::uint32_t edit, const Registry& registry);

class SharedLook {
 public:
  // Lifetime: both outlive this.
  SharedLook(const Registry& registry, const SharedFold& fold) : registry_(registry), fold_(fold) {}

  // Notes what has to be looked at before these sets can be decided, and was not yet; says whether
  // there is anything.
  bool begin(std::span<const ChangeSet> sets);
  const Look& look() const { return look_; }
  void add(std::vector<SeenUser> found);
  const SeenUsers& seen() const { return seen_; }

 private:
  SeenUsers::Document expect(UserId user) const;

  const Registry& registry_;
  const SharedFold& fold_;
  Look look_;
  SeenUsers seen_;
};

// One round of decisions. What it decided stays in the registry until it is rolled back.
class SharedDecision {
 public:
  // Lifetime: all of it outlives this.
  SharedDecision(Registry& registry, const SharedFold& fold, People people, const SeenUsers& seen,
                 Instant now)
      : registry_(registry), fold_(fold), people_(people), seen_(seen), now_(now) {}

  // Errors: as Registry::decide, and unavailable: the number cannot be shown in the user's
  // document.
  Result<Outcome> decide(const ChangeSet& set);
  const Batch& batch() const { return batch_; }

 private:
  const SeenUsers::Document* seen(UserId user) const;
  bool is_gone(UserId user) const;
  bool is_stale(UserId user, Extension number) const;
  std::optional<Outcome> find_absent(const ChangeSet& set) const;
  Result<void> check_can_show(const ChangeSet& set) const;
  std::optional<Outcome> find_foreign_conflict(const ChangeSet& set) const;
  void reconcile(const ChangeSet& set);
  void release(UserId user, const std::string& request_id);
  Result<Outcome> add(const ChangeSet& set);

  Registry& registry_;
  const SharedFold& fold_;
  People people_;
  const SeenUsers& seen_;
  Instant now_;
  Batch batch_;
};

}  // namespace ringbook

// The journal of a shared directory as one instance has folded it: the registry after batch
// `number`, and what of it may not stand in the documents of users yet.
//
// Invariants: 1. The registry is the fold of exactly the batches up to `number`, each of which a
// majority has; whatever is decided on it is rolled back. 2. A change is pending until the document
// of its user is known to show it or something newer, as a majority has it. 3. Whoever lost a
// number by a pending change is taken off before that number is shown by another. Threads: the
// loop.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "directory/documents.h"
#include "directory/registry.h"
#include "directory/shared_batch.h"
#include "directory/shared_checkpoint.h"
#include "directory/shared_journal.h"

namespace ringbook {

// Who the users of a shared directory are: made and removed by its own change sets, or by another
// program in its documents.
enum class People : std::uint8_t { own, adopted };

// Whom changes name that no request asked for: a holding released that a foreign hand ended, so
// that the document stays as it is; an assignment taken back that a foreign hand kept out of the
// document.
inline constexpr std::string_view own_issuer = "ringbook";
inline constexpr std::string_view reconciler = "reconcile";
inline constexpr std::string_view returner = "take-back";
// And who takes what documents show into the journal: of those nothing but the version is written.
inline constexpr std::string_view adopter = "adopt";

class SharedFold {
 public:
  SharedFold(Registry& registry, MakeDigest make_digest, People people)
      : registry_(registry), make_digest_(make_digest), people_(people) {}

  const Registry& registry() const { return registry_; }
  std::uint64_t number() const { return number_; }
  const Digest& hash() const { return hash_; }
  // Fills in what makes it the next batch.
  void seal(SharedBatch& batch) const;
  // Folds the next batch. Errors: damaged (it does not follow from what is folded).
  Result<void> fold(const SharedBatch& batch);

  // Restores a part of a checkpoint into a fold of nothing, and says that it was the last one. The
  // next batch to fold is then the checkpoint's own, by which the journal is known again. Errors:
  // damaged.
  Result<void> restore(std::string_view part);
  Result<void> end_restoring(const Checkpoint& checkpoint);
  bool awaits_its_checkpoint() const { return restored_.has_value(); }
  // Is told of every change before it is folded; null for nobody.
  void set_packer(CheckpointPacker* packer) { packer_ = packer; }

  // Takes note of what a document says of its user's person, where that is not in the journal.
  void observe(const SeenUser& user);
  // Users whose profiles were scrubbed before they were read here, at most so many: until they are
  // observed nothing may be decided or answered. Between two looks at the same one the journal has
  // to be read to its end: what a document shows may be newer than what is folded.
  std::vector<UserId> strangers(std::size_t most) const;
  bool has_strangers() const { return are_people_unread_ || !strangers_.empty(); }
  // All documents were observed: of whom a checkpoint restored, those who were not met are
  // strangers.
  void end_reading_people();

  // --- documents ---------------------------------------------------------------------------------

  struct Plan {
    std::vector<Publication> first;  // As Documents::publish takes them.
    std::vector<Publication> then;   // One for each user who was given, in order.
  };
  // What brings the documents of these users to what the fold says. Each once.
  Plan plan(std::span<const UserId> users) const;
  // The user's document has this version or a higher one, or there is none, as a majority has it.
  void settled(UserId user, std::uint64_t version);
  // The version of a document that shows what the fold says of its user; 0 for one nobody knows.
  std::uint64_t version_of(UserId user) const;
  bool is_pending(UserId user) const { return pending_.contains(user); }
  // Whether there may be no document yet of a user whom the journal created.
  bool may_create(UserId user) const;

  // The number that the user had before the last pending change of it.
  std::optional<Extension> lost_by(UserId user) const;

  // Every batch up to this one is published.
  std::uint64_t published() const { return published_; }
  void raise_published(std::uint64_t batch);
  // Users with changes that are pending in batches that are not later than `at`: the first, about
  // so many.
  std::vector<UserId> pending_until(Instant at, std::size_t limit) const;
  // How many users have such changes in any batch.
  std::size_t pending() const { return pending_.size(); }
  // The first batch that is published and was read with profiles, unless it was said since that
  // nothing up to it has any.
  std::optional<std::uint64_t> first_with_profiles() const;
  void scrubbed(std::uint64_t batch);
  // Whether all up to this batch is published, and its profiles gone.
  bool is_without_names(std::uint64_t batch) const;

 private:
  struct Pending {
    std::uint64_t sequence = 0;
    std::uint64_t batch = 0;
    std::optional<Extension> lost;
    PackedProfile profile;  // The new one, unless it was scrubbed: then the document has it.
    bool changes_profile = false;
    bool changes_number = false;
    bool creates = false;
    bool leaves = false;  // Releases what the document does not show.
  };
  struct Loser {
    UserId user;
    std::uint64_t sequence = 0;
  };
  struct PendingBatch {
    std::uint64_t number = 0;
    Instant at;
    std::size_t changes = 0;  // Of these, still pending.
    std::vector<UserId> users;
  };

  // By which a present user is marked whose document was not read yet: no role is a line break.
  static constexpr ProfileView unread = {std::nullopt, std::nullopt, std::nullopt, "\n"};

  Result<void> recognise(const SharedBatch& batch);
  Result<void> check_follows(const SharedBatch& batch) const;
  void await_publication(const SharedBatch& batch, std::span<const RecordedChange> changes);
  Publication publication_of(UserId user) const;
  PackedProfile pending_profile(UserId user, std::uint64_t sequence) const;
  void forget(UserId user, const Pending& pending);
  void drop_published();

  Registry& registry_;
  MakeDigest make_digest_;
  People people_;
  std::uint64_t number_ = 0;
  Digest hash_{};
  std::uint64_t published_ = 0;
  std::deque<PendingBatch> batches_;           // In order; the first has changes that are pending.
  std::map<UserId, std::uint64_t> strangers_;  // And up to where was folded at the last look.
  bool are_people_unread_ = false;
  std::optional<Checkpoint> restored_;  // Until its batch is met.
  CheckpointPacker* packer_ = nullptr;
  std::deque<std::uint64_t> with_profiles_;         // Batches, in order.
  std::map<UserId, std::vector<Pending>> pending_;  // Each in order, none empty.
  std::multimap<Extension, Loser> losers_;          // By what they lost.
};

}  // namespace ringbook

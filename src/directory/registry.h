// Who holds what, in memory: decides every change set and answers every question about the present.
// Pure: no I/O, no clock. An engine is a registry with something durable under it.
//
// Invariants: 1. No extension has two holders, at any moment between two calls. 2. A change set is
// decided against everything decided before it, and either all of it happened or nothing. 3. What
// was decided since the last `commit` can be undone by `roll_back`. 4. Sequences ascend without
// gaps; times never go back. 5. A user keeps its slot for the life of the registry, also when
// deleted. 6. A number stands in one table at most: of the held ones, by whose rows it is found, or
// of the released ones. Threads: one. Cost: some 135 octets a user with a number and a usual
// profile, 52 more once searches are prepared, and some 24 for a number that was released.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "directory/change.h"
#include "directory/registry_rows.h"
#include "directory/registry_search.h"
#include "directory/restored_users.h"
#include "directory/sharded_table.h"
#include "directory/slot_table.h"
#include "directory/store.h"

namespace ringbook {

class Registry {
 public:
  // Up to `search_candidates` who may fit a search are all looked at.
  explicit Registry(std::size_t search_candidates = limits::search_candidates);
  Registry(const Registry&) = delete;

  // Has the processor fetch what deciding these sets will look at, all of it at once: one after the
  // other they would wait for memory. Of no other effect, and only for sets of one edit.
  void fetch(std::span<const ChangeSet> sets) const;
  // Decides a set and, when it is accepted, does it and appends its changes to `made`.
  // Errors: invalid (no edit, too many, two for one user), overloaded (no slot left).
  Result<Outcome> decide(const ChangeSet& set, Instant now, std::vector<Change>& made);
  // Takes note of somebody whom no change set makes or removes, or of a profile that none edits;
  // nothing for one who is not there: a holder stays until the number is released. Needs that
  // nothing is decided since the last commit.
  void observe(UserId id, const std::optional<ProfileView>& profile);
  // Everything decided so far stays.
  void commit();
  // Undoes everything decided since the last commit.
  void roll_back();

  std::optional<User> user(UserId id) const;
  ExtensionState extension(Extension extension) const;
  std::optional<std::string> name_of(UserId id) const;
  // Free numbers of the same length, upward from the wanted one; at most limits::suggestions.
  std::vector<Extension> suggest(Extension wanted) const;
  // Goes on with what `step` goes through, by what `most` users take; says whether it is there. See
  // RegistrySearch.
  bool prepare_search(std::size_t most) { return search_.prepare(most, committed_rows_); }
  bool step(UserScan& scan, std::size_t most) const;
  // Where the histories begin: the newest change of the number, 0 when there is none. Nothing for
  // an id that nobody ever had.
  std::optional<std::uint64_t> newest_of(UserId id) const;
  std::uint64_t newest_of(Extension extension) const;

  // The user's last change of any kind, also of one who was removed.
  std::optional<Version> last_version_of(UserId id) const;

  std::uint64_t last_sequence() const { return last_sequence_; }
  Instant last_at() const { return last_at_; }
  std::size_t users() const { return present_; }
  std::size_t extensions() const { return by_number_.size(); }

  // --- storing -----------------------------------------------------------------------------------

  // Every user who was ever there, by a number that stays, up to `slots`.
  std::uint32_t slots() const { return static_cast<std::uint32_t>(rows_.size()); }
  std::optional<std::uint32_t> slot_of(UserId id) const;
  StoredState stored(std::uint32_t slot) const;
  std::optional<ProfileView> profile_of(std::uint32_t slot) const;  // Of a present user.
  // Numbers that nobody holds and the changes that released them, in parts.
  static constexpr std::size_t shards = 256;
  static std::size_t shard_of(Extension extension);
  void visit_released(std::size_t shard,
                      std::move_only_function<void(Extension, std::uint64_t)> visit) const;
  // Which change released the number last, when nobody holds it; 0 for none.
  std::uint64_t released_by(Extension extension) const;

  // --- loading; errors: damaged, naming what contradicts -----------------------------------------

  // Makes room for as many users as are to come; of no effect but on how long they take.
  void expect(std::size_t users);
  // Adds the users of the next slots.
  Result<void> restore(RestoredUsers users);
  // A number that nobody holds, and the change that released it.
  Result<void> restore_released(Extension extension, std::uint64_t sequence);
  // Says that everything up to this change is restored, and nothing beyond it.
  Result<void> restored(std::uint64_t last_sequence, Instant last_at);
  // Does again what one change set did, and fills in the slots.
  Result<void> replay(std::span<Change> set);

  // Present users in order of id; `visit` says whether to go on.
  void visit_in_order(std::move_only_function<bool(const User&)> visit) const;

 private:
  using Slot = RegistrySearch::Slot;
  static constexpr Slot nobody = SlotTable::nobody;
  using Row = RegistryRow;

  // A number that nobody holds, and the change that released it last.
  struct Released {
    std::uint64_t packed = 0;  // 0: an empty cell.
    std::uint64_t sequence = 0;
  };
  struct ReleasedTraits {
    static bool is_empty(const Released& r) { return r.packed == 0; }
    static Released empty() { return {}; }
    static std::uint32_t hash(const Released& r) { return hash_of(r.packed); }
  };

  // What one edit will do, found out before anything is done.
  struct Plan {
    Slot slot = nobody;
    bool changes_person = false;
    bool changes_number = false;
    PackedProfile profile;
  };
  struct RowUndo {
    Slot slot;
    bool has_profile;  // Whether the profile of `row` is the one to go back to; else it stays.
    Row row;
  };
  struct NumberUndo {
    std::uint64_t packed;
    Slot slot;  // Who was given it, or gave it up.
    bool was_given;
    std::uint64_t released_before;  // By which change, for one that was given; 0 for none.
  };

  static std::uint32_t hash_of(const UserId& id);
  static std::uint32_t hash_of(std::uint64_t packed);

  Slot find(const UserId& id) const;
  Slot find_present(const UserId& id) const;
  Slot add(const UserId& id);
  Slot holder_of(Extension extension) const;  // nobody when nobody holds it.
  void fetch_number(std::uint64_t packed) const;
  Released* find_released(std::uint64_t packed);

  std::optional<Outcome> look(const ChangeSet& set);
  std::optional<Outcome> find_conflicts(const ChangeSet& set) const;
  std::optional<Conflict> conflict_of(const ChangeSet& set, std::uint32_t edit) const;
  std::string differing_member(const ReadOnlyMembers& members, Slot slot) const;
  bool plans_nothing() const;
  void describe(const ChangeSet& set, Slot slot, Outcome& outcome) const;
  Change to_change(const Edit& edit, Plan& plan) const;

  void release_number(const Change& change);
  void give_number(Extension extension, Slot slot);
  void take_effect(const Change& change);
  void save(Slot slot, bool with_profile);

  RegistrySearch::Rows rows_;
  SlotTable by_id_;
  SlotTable by_number_;  // By the number that the row holds.
  ShardedTable<Released, ReleasedTraits> released_;
  RegistrySearch search_;
  std::size_t present_ = 0;
  std::uint64_t last_sequence_ = 0;
  Instant last_at_;
  std::uint64_t newest_restored_ = 0;

  std::vector<Plan> plans_;  // Of the set being decided; kept for its memory.
  std::vector<RowUndo> row_undo_;
  std::vector<NumberUndo> number_undo_;
  std::size_t committed_rows_ = 0;
  std::uint64_t committed_sequence_ = 0;
  Instant committed_at_;
};

}  // namespace ringbook

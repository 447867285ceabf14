// Lists of users, found in steps among those of a registry through an index, which the registry
// keeps up.
//
// Invariants: 1. Once prepared, the index holds exactly the present users and their numbers; while
// it is being prepared, those of the slots that are listed, some of them not in their places
// yet. 2. A list shows in order, and each once, everybody who fits it all the time that it takes.
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "directory/gathered_set.h"
#include "directory/registry_rows.h"
#include "directory/search_index.h"
#include "directory/store.h"

namespace ringbook {

// A list in progress: it can be looked for in steps, so that other requests get their turn.
struct UserScan {
  explicit UserScan(UserQuery query);

  UserQuery query;
  std::vector<std::string> words;  // Of query.search, folded.
  std::optional<UserId> position;  // Ids up to this one have been looked at.
  UserPage page;

  // How it goes on, once it is planned: through those who may fit, or through all in order, passing
  // over those who cannot.
  enum class Way : std::uint8_t { unplanned, candidates, order };
  Way way = Way::unplanned;
  std::vector<std::uint32_t> candidates;  // Slots still to be looked at, a heap: least id first.
  std::vector<bool> may_fit;              // By slot; empty when everybody may.
};

class RegistrySearch {
 public:
  using Rows = RegistryRows;
  using Slot = SearchIndex::Slot;

  // Up to `most_candidates` who may fit a search are all looked at. Lifetime: `rows` outlives this.
  RegistrySearch(const Rows& rows, std::size_t most_candidates);

  // Goes on with making the index, which is kept up once it is there; says whether it is. Rows from
  // `kept_rows` on may yet be taken back. Cost: what `most` users take, a microsecond each, the
  // work of putting them in order included.
  bool prepare(std::size_t most, std::size_t kept_rows);

  // What there is to be found, and no longer; of no effect before it is listed. The row is as it is
  // found, so it changes after `remove` and before `add`; nobody is found of a row that is absent.
  void add(Slot slot);
  void remove(Slot slot);
  void add(Extension extension, Slot slot);
  void remove(Extension extension, Slot slot);

  // Looks at up to `most` further users, at fewer when their texts are long, at one at least; says
  // whether the page is complete. Needs to be prepared.
  bool step(UserScan& scan, std::size_t most) const;

  // The slots of present users in order of their ids. Needs no preparation.
  std::vector<Slot> present_in_order() const;

 private:
  struct IdOrder {
    const Rows* rows;
    bool operator()(Slot a, Slot b) const { return (*rows)[a].id() < (*rows)[b].id(); }
  };
  struct LaterId : IdOrder {
    bool operator()(Slot a, Slot b) const { return IdOrder::operator()(b, a); }
  };
  using Part = SearchIndex::Part;

  std::vector<Part> parts_of(const UserScan& scan) const;
  std::optional<std::vector<Slot>> combine(const std::vector<Part>& parts) const;
  void plan(UserScan& scan) const;
  std::size_t cost_of_look(const UserScan& scan, Slot slot) const;
  bool matches(const UserScan& scan, Slot slot) const;
  bool take(UserScan& scan, Slot slot) const;
  bool step_through_candidates(UserScan& scan, std::size_t most) const;
  bool step_in_order(UserScan& scan, std::size_t most) const;

  bool is_prepared() const { return listed_ == every_slot; }
  // The next slot: with all the others, or when these are already being put in order.
  void list();
  void list_late();

  static constexpr Slot every_slot = 0xFFFF'FFFFU;

  const Rows& rows_;
  const std::size_t most_candidates_;
  // Both are empty until a search is prepared: most commands need neither, and they take a while to
  // make. Of the slots below this one they know.
  Slot listed_ = 0;
  bool is_gathered_ = false;
  GatheredSet<Slot, IdOrder> order_;
  SearchIndex index_;
  std::size_t present_ = 0;
};

}  // namespace ringbook

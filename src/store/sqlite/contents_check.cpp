#include "store/sqlite/contents_check.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "base/limits.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/ledger.h"
#include "store/sqlite/older_journal.h"
#include "store/sqlite/people_check.h"
#include "store/sqlite/tables.h"
#include "store/sqlite/turns.h"

namespace ringbook::sqlite {
namespace {

constexpr unsigned kinds_with_profile = Change::created | Change::edited;

// Finds every milestone of a journal's changes where it must be, and counts them.
class MilestoneCheck {
 public:
  static Result<MilestoneCheck> prepare(Connection& journal) {
    auto of_user = journal.prepare(
        "SELECT 1 FROM milestones_of_users WHERE user = ?1 AND at = ?2 AND sequence = ?3");
    auto of_number = journal.prepare(
        "SELECT 1 FROM milestones_of_numbers WHERE extension = ?1 AND at = ?2 AND sequence = ?3");
    if (!of_user || !of_number) {
      return std::unexpected(of_user ? of_number.error() : of_user.error());
    }
    MilestoneCheck check;
    check.of_user_ = std::move(*of_user);
    check.of_number_ = std::move(*of_number);
    return check;
  }

  // Whether all that the change must have are there.
  Result<bool> has_all_of(const Change& change) {
    if (!is_milestone(change)) {
      return true;
    }
    bind_user_id(of_user_, 1, change.user);
    const auto of_user = has(of_user_, change);
    if (!of_user || !change.to) {
      return of_user;
    }
    of_number_.bind(1, change.to->packed());
    const auto of_number = has(of_number_, change);
    return of_number ? Result<bool>(*of_user && *of_number) : of_number;
  }

  // How many there are that no change was found to have.
  Result<std::uint64_t> others(Connection& journal) const {
    const auto all = journal.query_integer(
        "SELECT (SELECT count(*) FROM milestones_of_users) + "
        "(SELECT count(*) FROM milestones_of_numbers)");
    return all ? Result<std::uint64_t>(static_cast<std::uint64_t>(*all) - found_)
               : std::unexpected(all.error());
  }

 private:
  Result<bool> has(Statement& select, const Change& change) {
    select.bind(2, change.at.ms);
    select.bind(3, change.sequence);
    auto row = select.step();
    select.reset();
    found_ += row.value_or(false) ? 1 : 0;
    return row;
  }

  Statement of_user_;
  Statement of_number_;
  std::uint64_t found_ = 0;
};

// One comparison of the two files: what it needs, and what it tells.
class ContentsCheck {
 public:
  ContentsCheck(Connection& journal, Connection* people, const OnFinding& found,
                const OnUpkeepStep& step)
      : journal_(journal), found_(found), step_(step), ledger_(found) {
    if (people != nullptr) {
      people_.emplace(*people, journal, found, step);
    }
  }

  Result<Inspection> run() {
    for (auto check : {&ContentsCheck::read_included, &ContentsCheck::walk,
                       &ContentsCheck::end_walk, &ContentsCheck::check_strays}) {
      if (auto done = (this->*check)(); !done) {
        return std::unexpected(std::move(done.error()));
      }
    }
    const std::uint64_t last = ledger_.last_sequence();
    return Inspection{.last_change = last,
                      .unfolded = last - std::min(last, included_),
                      .users = ledger_.present(),
                      .extensions = ledger_.held()};
  }

 private:
  void tell(std::string what) const {
    found_({.where = "journal.db", .what = std::move(what), .mend = mend_contents});
  }

  Result<void> read_included() {
    if (!people_) {
      return {};
    }
    const auto included = people_->read_included();
    if (!included) {
      return std::unexpected(included.error());
    }
    included_ = included->value_or(0);
    if (!*included) {
      people_.reset();
    }
    return {};
  }

  // --- the journal -------------------------------------------------------------------------------

  // One pass over the journal; the directory is compared when the replay stands where it does.
  Result<void> walk() {
    const auto version = version_of(journal_, journal_schema);
    auto profiles = KeptProfiles::all(journal_);
    if (!version || !profiles) {
      return std::unexpected(version ? profiles.error() : version.error());
    }
    profiles_.emplace(std::move(*profiles));
    if (*version <= older_journal_version) {
      return walk_changes();
    }
    // A damaged one is told of in its place.
    total_ = last_change_in(journal_).value_or(0);
    return walk_turns();
  }

  Result<void> walk_turns() {
    auto rows = TurnRows::all(journal_);
    auto milestones = MilestoneCheck::prepare(journal_);
    if (!rows || !milestones) {
      return std::unexpected(rows ? milestones.error() : rows.error());
    }
    while (true) {
      const auto row = rows->next();
      if (!row) {
        return std::unexpected(row.error());
      }
      if (!*row) {
        return check_other_milestones(*milestones);
      }
      if (auto sound = check_turn_record(rows->record()); !sound) {
        tell(damaged_turn(rows->first(), sound.error()).detail);
        continue;
      }
      auto turn = open_turn(rows->first(), rows->record());
      if (!turn) {
        tell(turn.error().detail);
        continue;
      }
      if (auto taken = take_turn(*turn, *milestones); !taken) {
        return taken;
      }
    }
  }

  // Needs a turn whose record is sound.
  Result<void> take_turn(TurnCursor& turn, MilestoneCheck& milestones) {
    for (auto more = turn.next(); more && *more; more = turn.next()) {
      const Change& change = turn.change();
      if (auto taken = take(change, turn.request_id()); !taken) {
        return taken;
      }
      const auto has_milestones = milestones.has_all_of(change);
      if (!has_milestones) {
        return std::unexpected(has_milestones.error());
      }
      if (!*has_milestones) {
        tell(name_of(change) + " is not among the milestones, which histories are entered by");
      }
    }
    return {};
  }

  Result<void> check_other_milestones(const MilestoneCheck& milestones) const {
    const auto others = milestones.others(journal_);
    if (!others) {
      return std::unexpected(others.error());
    }
    if (*others != 0) {
      tell("milestones of histories that belong to no change: " + std::to_string(*others));
    }
    return {};
  }

  // The same of a journal that an older program wrote.
  Result<void> walk_changes() {
    const auto count = journal_.query_integer("SELECT count(*) FROM changes");
    auto rows = OlderChanges::all(journal_);
    if (!count || !rows) {
      return std::unexpected(count ? rows.error() : count.error());
    }
    total_ = static_cast<std::uint64_t>(*count);
    while (true) {
      const auto row = rows->next();
      if (!row) {
        return std::unexpected(row.error());
      }
      if (!*row) {
        return {};
      }
      const auto change = rows->change();
      if (!change) {
        tell("change " + std::to_string(rows->row().integer(0)) + " " + change.error().detail);
        continue;
      }
      if (auto taken = take(*change, rows->request_id()); !taken) {
        return taken;
      }
      if (!rows->names_actor()) {
        tell(name_of(*change) + " does not say who made it");
      }
    }
  }

  static std::string name_of(const Change& change) {
    return "change " + std::to_string(change.sequence);
  }

  Result<void> take(const Change& change, std::string_view request_id) {
    if (change.sequence > included_) {
      if (auto compared = compare(change.set); !compared) {
        return compared;
      }
    }
    ledger_.take(change);
    if (request_id.empty() || request_id.size() > limits::request_id_chars) {
      tell(name_of(change) + " has a request id that cannot be");
    }
    const bool needs_profile = (change.kind & kinds_with_profile) != 0;
    const auto has_profile = take_profiles(change.sequence, needs_profile);
    if (!has_profile) {
      return std::unexpected(has_profile.error());
    }
    if (needs_profile && !*has_profile && people_ && change.sequence > included_) {
      tell(name_of(change) + " lacks its profile, which directory.db does not have yet");
    }
    step_({.phase = "checking changes", .unit = "changes", .done = ++taken_, .total = total_});
    return {};
  }

  // Takes the profiles that are kept of changes up to `sequence`; says whether there is one of that
  // very change, which alone may have one.
  Result<bool> take_profiles(std::uint64_t sequence, bool may_have_one) {
    bool has_one = false;
    while (true) {
      const auto kept = profiles_->next_up_to(sequence);
      if (!kept) {
        return kept;
      }
      if (!*kept) {
        return has_one;
      }
      const bool is_of_change = profiles_->sequence() == sequence;
      has_one = has_one || is_of_change;
      const std::string name = "the profile of change " +
                               std::to_string(static_cast<std::int64_t>(profiles_->sequence()));
      if (!is_of_change || !may_have_one) {
        tell(name + " belongs to no change that can carry one");
      }
      const auto profile = PackedProfile::from_bytes(profiles_->bytes());
      if (!profile || problem_of(profile->unpack())) {
        tell(name + " breaks the rules for profiles");
      }
    }
  }

  Result<void> end_walk() {
    if (auto compared = compare(0); !compared) {
      return compared;
    }
    ledger_.settle();
    const auto others = take_profiles(std::numeric_limits<std::int64_t>::max(), false);
    return others ? Result<void>{} : std::unexpected(others.error());
  }

  // --- the directory -----------------------------------------------------------------------------

  // Once, where the ledger stands at what the directory includes.
  Result<void> compare(std::uint64_t next_set) {
    if (!people_ || is_compared_) {
      return {};
    }
    is_compared_ = true;
    ledger_.settle();
    return people_->compare(ledger_, included_, next_set);
  }

  Result<void> check_strays() { return people_ ? people_->check_strays() : Result<void>{}; }

  Connection& journal_;
  std::optional<PeopleCheck> people_;
  const OnFinding& found_;
  const OnUpkeepStep& step_;
  Ledger ledger_;
  std::optional<KeptProfiles> profiles_;
  std::uint64_t total_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t included_ = 0;
  bool is_compared_ = false;
};

}  // namespace

Result<Inspection> check_contents(Connection& journal, Connection* people, const OnFinding& found,
                                  const OnUpkeepStep& step) {
  return ContentsCheck(journal, people, found, step).run();
}

}  // namespace ringbook::sqlite

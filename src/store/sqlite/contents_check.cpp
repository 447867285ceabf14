#include "store/sqlite/contents_check.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/ledger.h"
#include "store/sqlite/people.h"

namespace ringbook::sqlite {
namespace {

constexpr const char* journal_name = "journal.db";
constexpr const char* people_name = "directory.db";

// One comparison of the two files: what it needs, and what it tells.
class ContentsCheck {
 public:
  ContentsCheck(Connection& journal, Connection* people, const OnFinding& found,
                const OnUpkeepStep& step)
      : journal_(journal), people_(people), found_(found), step_(step), ledger_(found) {}

  Result<Inspection> run() {
    if (auto read = read_included(); !read) {
      return std::unexpected(std::move(read.error()));
    }
    if (auto walked = walk(); !walked) {
      return std::unexpected(std::move(walked.error()));
    }
    for (auto check : {&ContentsCheck::check_journal_profiles, &ContentsCheck::check_strays}) {
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
  void tell(const char* where, std::string what) const {
    found_({.where = where, .what = std::move(what), .mend = mend_contents});
  }

  Result<void> read_included() {
    if (people_ == nullptr) {
      return {};
    }
    const auto rows = people_->query_integer("SELECT count(*) FROM included");
    const auto included = included_in(*people_);
    if (!rows || !included) {
      return std::unexpected(rows ? included.error() : rows.error());
    }
    if (*rows != 1) {
      tell(people_name, "it does not say which change it includes");
      people_ = nullptr;
      return {};
    }
    included_ = *included;
    return {};
  }

  // One pass over the journal; the directory is compared when the replay stands where it does.
  Result<void> walk() {
    const auto total = journal_.query_integer("SELECT count(*) FROM changes");
    auto rows = journal_.prepare(
        "SELECT " + std::string(change_columns) +
        ", actors.id IS NULL, length(request_id), profiles.sequence IS NULL FROM changes "
        "LEFT JOIN actors ON actors.id = actor LEFT JOIN profiles USING(sequence) "
        "ORDER BY changes.sequence");
    if (!total || !rows) {
      return std::unexpected(total ? rows.error() : total.error());
    }
    for (std::uint64_t count = 0;; ++count) {
      auto row = rows->step();
      if (!row) {
        return std::unexpected(std::move(row.error()));
      }
      const auto sequence = static_cast<std::uint64_t>(rows->integer(0));
      if (people_ != nullptr && !is_compared_ && (!*row || sequence > included_)) {
        if (auto compared = compare(*row, static_cast<std::uint64_t>(rows->integer(1)));
            !compared) {
          return compared;
        }
      }
      if (!*row) {
        ledger_.settle();
        return {};
      }
      take(*rows);
      step_({.phase = "checking changes",
             .unit = "changes",
             .done = count,
             .total = static_cast<std::uint64_t>(*total)});
    }
  }

  void take(const Statement& row) {
    const std::string name = "change " + std::to_string(row.integer(0));
    auto change = change_of(row);
    if (!change) {
      tell(journal_name, name + ": " + change.error().detail);
      return;
    }
    // What does not fit its type is none of those there are.
    change->kind = row.integer(4) == change->kind ? change->kind : 0;
    change->fields = row.integer(5) == change->fields ? change->fields : 0xFF;
    ledger_.take(*change);
    if (row.integer(10) != 0) {
      tell(journal_name, name + " does not say who made it");
    }
    const std::int64_t request_id = row.integer(11);
    if (request_id < 1 || request_id > static_cast<std::int64_t>(limits::request_id_chars)) {
      tell(journal_name, name + " has a request id that cannot be");
    }
    const bool carries_profile = (change->kind & (Change::created | Change::edited)) != 0;
    if (carries_profile && people_ != nullptr && change->sequence > included_ &&
        row.integer(12) != 0) {
      tell(journal_name, name + " lacks its profile, which directory.db does not have yet");
    }
  }

  // --- the directory ---------------------------------------------------------------------------

  // `next_set`: the set of the journal's next change, if there is one.
  Result<void> compare(bool has_next, std::uint64_t next_set) {
    is_compared_ = true;
    ledger_.settle();
    if (included_ > ledger_.last_sequence()) {
      tell(people_name, "it includes change " + std::to_string(included_) +
                            ", but the journal ends with " +
                            std::to_string(ledger_.last_sequence()));
      return {};
    }
    if (has_next && next_set <= included_) {
      tell(people_name, "it includes a part of change set " + std::to_string(next_set));
    }
    if (auto done = compare_users(); !done) {
      return done;
    }
    return compare_released();
  }

  Result<void> compare_users() {
    auto rows = people_->prepare(select_users);
    auto profile = journal_.prepare("SELECT profile FROM profiles WHERE sequence = ?1");
    if (!rows || !profile) {
      return std::unexpected(rows ? profile.error() : rows.error());
    }
    const auto& expected = ledger_.people();
    std::size_t slot = 0;
    for (;; ++slot) {
      auto row = rows->step();
      if (!row) {
        return std::unexpected(std::move(row.error()));
      }
      if (!*row) {
        break;
      }
      if (slot >= expected.size()) {
        tell(people_name, "it has users whom the journal does not know");
        return {};
      }
      auto user = user_of(*rows, static_cast<std::int64_t>(slot));
      if (!user) {
        tell(people_name, user.error().detail);
        // After a row that is missing every further one would seem wrong.
        if (rows->integer(0) != static_cast<std::int64_t>(slot)) {
          return {};
        }
        continue;
      }
      if (auto done = compare_user(*user, expected[slot], *profile); !done) {
        return done;
      }
      step_({.phase = "comparing users", .unit = "users", .done = slot, .total = expected.size()});
    }
    if (slot < expected.size()) {
      tell(people_name, "it lacks user " + expected[slot].id.text());
    }
    return {};
  }

  Result<void> compare_user(const StoredUser& user, const Ledger::Person& expected,
                            Statement& profile) {
    const std::string name = "user " + user.id.text();
    const auto differs = [&](const char* what) {
      tell(people_name, name + ": " + what + " is not what the journal says");
    };
    if (user.id != expected.id) {
      tell(people_name, name + " stands where user " + expected.id.text() + " must");
      return {};
    }
    if (user.is_present != expected.is_present) {
      differs("whether there is such a person");
    }
    if ((user.extension ? user.extension->packed() : 0) != expected.extension) {
      differs("the number");
    }
    if (user.number_sequence != expected.number_sequence) {
      differs("the last change of the number");
    }
    if (user.since != expected.since) {
      differs("since when the number is held");
    }
    if (user.version != expected.version) {
      differs("the version");
    }
    if (user.updated_at != expected.updated_at) {
      differs("the time of the last change");
    }
    if (user.is_present != static_cast<bool>(user.profile)) {
      tell(people_name,
           name + (user.is_present ? " has no profile" : " is removed but has a profile still"));
    }
    if (!user.profile || expected.profile_sequence == 0) {
      return {};
    }
    // The journal forgets profiles some time after they are folded.
    profile.bind(1, expected.profile_sequence);
    auto kept = profile.step();
    if (!kept) {
      return std::unexpected(std::move(kept.error()));
    }
    if (*kept && user.profile.bytes() != profile.bytes(0)) {
      differs("the profile");
    }
    profile.reset();
    return {};
  }

  Result<void> compare_released() {
    auto rows = people_->prepare("SELECT extension, sequence FROM released");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    std::uint64_t right = 0;
    while (true) {
      auto row = rows->step();
      if (!row) {
        return std::unexpected(std::move(row.error()));
      }
      if (!*row) {
        break;
      }
      const auto packed = static_cast<std::uint64_t>(rows->integer(0));
      const std::uint64_t by = ledger_.released_by(packed);
      if (by != 0 && by == static_cast<std::uint64_t>(rows->integer(1))) {
        ++right;
        continue;
      }
      const auto extension = Extension::from_packed(packed);
      tell(people_name, "the released number " +
                            (extension ? extension->text() : std::to_string(packed)) +
                            " is not what the journal says");
    }
    if (right < ledger_.released()) {
      tell(people_name, "released numbers that are missing or wrong: " +
                            std::to_string(ledger_.released() - right));
    }
    return {};
  }

  // --- what belongs to nothing -------------------------------------------------------------------

  Result<void> check_journal_profiles() {
    auto rows = journal_.prepare(
        "SELECT sequence, profile, coalesce(kind, 0) FROM profiles LEFT JOIN changes "
        "USING(sequence) ORDER BY sequence");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    while (true) {
      auto row = rows->step();
      if (!row) {
        return std::unexpected(std::move(row.error()));
      }
      if (!*row) {
        return {};
      }
      const std::string name = "the profile of change " + std::to_string(rows->integer(0));
      if ((rows->integer(2) & (Change::created | Change::edited)) == 0) {
        tell(journal_name, name + " belongs to no change that can carry one");
      }
      const auto profile = PackedProfile::from_bytes(rows->bytes(1));
      if (!profile || problem_of(profile->unpack())) {
        tell(journal_name, name + " breaks the rules for profiles");
      }
    }
  }

  Result<void> check_strays() {
    if (people_ == nullptr) {
      return {};
    }
    const auto strays = people_->query_integer(
        "SELECT count(*) FROM profiles WHERE slot NOT IN (SELECT slot FROM users)");
    if (!strays) {
      return std::unexpected(strays.error());
    }
    if (*strays != 0) {
      tell(people_name, "profiles that belong to nobody: " + std::to_string(*strays));
    }
    return {};
  }

  Connection& journal_;
  Connection* people_;
  const OnFinding& found_;
  const OnUpkeepStep& step_;
  Ledger ledger_;
  std::uint64_t included_ = 0;
  bool is_compared_ = false;
};

}  // namespace

Result<Inspection> check_contents(Connection& journal, Connection* people, const OnFinding& found,
                                  const OnUpkeepStep& step) {
  return ContentsCheck(journal, people, found, step).run();
}

}  // namespace ringbook::sqlite

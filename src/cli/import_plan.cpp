#include "cli/import_plan.h"

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "base/text.h"
#include "cli/console.h"
#include "import/zeros.h"

namespace ringbook {
namespace {

using Progress = std::function<void(std::uint64_t)>;

// A number of the file that somebody else holds now.
struct Contest {
  std::size_t edit;  // Who wants it.
  Holder holder;
  std::optional<std::size_t> freed_by;  // The edit by which the holder gives it up.
};

// Whether a text says what is so already: in another form of Unicode, or, of addresses, without
// what cannot be seen at the edges, which import takes away.
bool says_what_is(Column column, std::string_view given, std::string_view present) {
  const std::string_view compared = column == Column::email ? trimmed(present) : present;
  return given == compared || composed(given) == composed(compared);
}

Profile overlaid(const std::optional<User>& user, const ImportRow& row,
                 bool merges_empty_and_absent) {
  Profile profile = user ? user->profile : Profile{};
  Profile given = row.profile.unpack();
  const auto lay = [&](Column column, std::optional<std::string>& to,
                       std::optional<std::string>& from) {
    const bool says_the_same = (merges_empty_and_absent && !from && to && to->empty()) ||
                               (from && to && says_what_is(column, *from, *to));
    if (row.gives(column) && !says_the_same) {
      to = std::move(from);
    }
  };
  lay(Column::name, profile.name, given.name);
  lay(Column::email, profile.email, given.email);
  lay(Column::department, profile.department, given.department);
  if (row.gives(Column::role)) {
    profile.role = std::move(given.role);
  }
  if (row.gives(Column::active)) {
    profile.active = given.active;
  }
  return profile;
}

Edit edit_of(const std::optional<User>& user, const ImportRow& row, bool merges_empty_and_absent) {
  Edit edit{
      .user = row.user, .profile = overlaid(user, row, merges_empty_and_absent), .extension = {}};
  if (!user) {
    edit.person = Edit::Person::create;
  } else if (edit.profile != user->profile) {
    edit.person = Edit::Person::put;
  } else {
    edit.profile = {};
  }
  const auto present = user ? user->extension : std::nullopt;
  if (row.gives(Column::extension) && row.extension != present) {
    edit.number = row.extension ? Edit::Number::assign : Edit::Number::release;
    edit.extension = row.extension;
  }
  return edit;
}

class Planner {
 public:
  Planner(PlanRules rules, Present& present, Refusals& refusals, Refusals& warnings)
      : rules_(rules), present_(present), refusals_(refusals), warnings_(warnings) {}

  Result<void> lay_rows(ImportFile file, const Progress& progress) {
    const LostZeros zeros(file);
    plan_.edits.reserve(file.rows.size());
    plan_.origins.reserve(file.rows.size());
    for (std::size_t from = 0; from < file.rows.size(); from += limits::import_batch) {
      const std::size_t count = std::min(limits::import_batch, file.rows.size() - from);
      const std::span<ImportRow> rows(file.rows.data() + from, count);
      ids_.clear();
      std::ranges::transform(rows, std::back_inserter(ids_), &ImportRow::user);
      const auto users = present_.users(ids_);
      if (!users) {
        return std::unexpected(users.error());
      }
      for (std::size_t i = 0; i < count; ++i) {
        lay_row((*users)[i], rows[i], zeros, file.merges_empty_and_absent);
        // Its memory is needed no longer, and there are many rows.
        rows[i].profile = {};
      }
      progress(from + count);
    }
    return {};
  }

  Result<void> find_contests() {
    std::vector<std::size_t> wanting;
    for (std::size_t from = 0; from < plan_.edits.size(); from += limits::import_batch) {
      const std::size_t end = std::min(from + limits::import_batch, plan_.edits.size());
      wanting.clear();
      numbers_.clear();
      for (std::size_t i = from; i < end; ++i) {
        if (plan_.edits[i].number == Edit::Number::assign) {
          wanting.push_back(i);
          numbers_.push_back(*plan_.edits[i].extension);
        }
      }
      const auto states = present_.extensions(numbers_);
      if (!states) {
        return std::unexpected(states.error());
      }
      for (std::size_t i = 0; i < wanting.size(); ++i) {
        add_contest(wanting[i], (*states)[i]);
      }
    }
    return {};
  }

  // A contest is lost when the holder keeps the number: because the file does not make the holder
  // give it up, or because the row that would is refused itself. So refusals run along the chains.
  void refuse_lost_contests() {
    for (std::size_t i = 0; i < plan_.edits.size() && !contests_.empty(); ++i) {
      const auto contest = contests_.find(plan_.edits[i].user);
      if (contest != contests_.end() && plan_.edits[i].number != Edit::Number::keep) {
        contest->second.freed_by = i;
      }
    }
    std::vector<bool> lost(plan_.edits.size());
    for (auto& [holder, first] : contests_) {
      const Contest* contest = first.freed_by ? nullptr : &first;
      while (contest != nullptr && !lost[contest->edit]) {
        lost[contest->edit] = true;
        refuse(*contest);
        // Whoever lost keeps the number that is held now, which somebody else may have wanted.
        const auto next = contests_.find(plan_.edits[contest->edit].user);
        contest = next == contests_.end() ? nullptr : &next->second;
      }
    }
    drop(lost);
  }

  ImportPlan take() { return std::move(plan_); }

 private:
  void lay_row(const std::optional<User>& user, const ImportRow& row, const LostZeros& zeros,
               bool merges_empty_and_absent) {
    Edit edit = edit_of(user, row, merges_empty_and_absent);
    if (edit.number == Edit::Number::release && !rules_.allow_release) {
      refusals_.add(row.line, row.extension_place, "",
                    "would take extension " + user->extension->text() + " from user " +
                        row.user.text() + "; --allow-release permits that");
      return;
    }
    if (edit.number == Edit::Number::assign && !rules_.accept_short_numbers) {
      const auto doubt = zeros.doubt(*edit.extension, user ? user->extension : std::nullopt);
      if (doubt) {
        (doubt->is_refused ? refusals_ : warnings_)
            .add(row.line, row.extension_place, edit.extension->text(), doubt->reason);
        if (doubt->is_refused) {
          return;
        }
      }
    }
    if (edit.person == Edit::Person::keep && edit.number == Edit::Number::keep) {
      ++plan_.unchanged;
    } else {
      plan_.edits.push_back(std::move(edit));
      plan_.origins.push_back({row.line, row.extension_place});
    }
  }

  void add_contest(std::size_t edit, const ExtensionState& state) {
    if (state.holder && *state.holder != plan_.edits[edit].user) {
      contests_.emplace(
          *state.holder,
          Contest{edit, {*state.holder, state.holder_name, state.since}, std::nullopt});
    }
  }

  void refuse(const Contest& contest) {
    const Origin& origin = plan_.origins[contest.edit];
    const std::string number = plan_.edits[contest.edit].extension->text();
    refusals_.add(origin.line, origin.extension, number,
                  "extension " + number + " is held by " + contest.holder.text(), contest.holder);
  }

  void drop(const std::vector<bool>& lost) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < plan_.edits.size(); ++i) {
      if (lost[i]) {
        continue;
      }
      if (kept != i) {
        plan_.edits[kept] = std::move(plan_.edits[i]);
        plan_.origins[kept] = plan_.origins[i];
      }
      ++kept;
    }
    plan_.edits.resize(kept);
    plan_.origins.resize(kept);
  }

  PlanRules rules_;
  Present& present_;
  Refusals& refusals_;
  Refusals& warnings_;
  ImportPlan plan_;
  std::vector<UserId> ids_;
  std::vector<Extension> numbers_;
  // By holder: everybody holds one number at most, and the file names each number once.
  std::map<UserId, Contest> contests_;
};

}  // namespace

Result<ImportPlan> plan_import(ImportFile file, PlanRules rules, Present& present,
                               Refusals& refusals, Refusals& warnings,
                               const std::function<void(std::uint64_t)>& progress) {
  Planner planner(rules, present, refusals, warnings);
  if (auto laid = planner.lay_rows(std::move(file), progress); !laid) {
    return std::unexpected(laid.error());
  }
  if (auto found = planner.find_contests(); !found) {
    return std::unexpected(found.error());
  }
  planner.refuse_lost_contests();
  return planner.take();
}

ImportCounts count(const std::vector<Edit>& edits) {
  ImportCounts out;
  for (const auto& edit : edits) {
    out.created += edit.person == Edit::Person::create ? 1 : 0;
    out.edited += edit.person == Edit::Person::put ? 1 : 0;
    out.assigned += edit.number == Edit::Number::assign ? 1 : 0;
    out.released += edit.number == Edit::Number::release ? 1 : 0;
  }
  return out;
}

}  // namespace ringbook

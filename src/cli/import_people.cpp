#include "cli/import_people.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "base/wording.h"
#include "directory/identity.h"

namespace ringbook {
namespace {

constexpr const char* permit_of_create = "; --create makes people of such rows";

bool has_own_address(const ImportRow& row) {
  return row.gives(Column::email) && !row.shares_address;
}

std::string row_name(const ImportRow& row) {
  return std::string(row.profile.name().value_or(""));
}

// What names a person changes nothing of the person.
void forget(ImportRow& row, Column column) {
  row.given &= static_cast<std::uint8_t>(~ImportRow::bit_of(column));
}

std::string ids_of(const KnownPeople& people) {
  std::string out;
  for (std::size_t i = 0; i < std::min(people.size(), limits::ids_shown); ++i) {
    out += (i == 0 ? "" : ", ") + people[i].id.text();
  }
  return people.size() > limits::ids_shown ? out + ", …" : out;
}

// The only one of them who has the name.
const KnownPerson* only_one_named(const KnownPeople& people, const std::string& name) {
  const auto has_name = [&](const KnownPerson& person) {
    return is_same_name(person.name.value_or(""), name);
  };
  const auto found = std::ranges::find_if(people, has_name);
  const bool is_only = std::ranges::count_if(people, has_name) == 1;
  return is_only ? &*found : nullptr;
}

// One batch of rows after the other.
class PeopleFinder {
 public:
  PeopleFinder(bool may_create, Instant now, Present& present, Refusals& refusals)
      : may_create_(may_create), now_(now), present_(present), refusals_(refusals) {}

  Result<void> find(std::span<ImportRow> rows) {
    std::vector<std::string> emails;
    std::vector<Extension> numbers;
    for (const ImportRow& row : rows) {
      if (row.gives(Column::email)) {
        emails.emplace_back(*row.profile.email());
      }
      if (row.extension) {
        numbers.push_back(*row.extension);
      }
    }
    const auto people = present_.people_with(emails);
    if (!people) {
      return std::unexpected(people.error());
    }
    const auto states = present_.extensions(numbers);
    if (!states) {
      return std::unexpected(states.error());
    }
    auto next_people = people->begin();
    auto next_state = states->begin();
    strangers_.clear();
    renamed_.clear();
    for (ImportRow& row : rows) {
      const KnownPeople& with_address = row.gives(Column::email) ? *next_people++ : nobody_;
      const ExtensionState* state = row.extension ? &*next_state++ : nullptr;
      find(row, with_address, state);
    }
    if (auto judged = judge_renamed(); !judged) {
      return judged;
    }
    return judge_strangers();
  }

 private:
  void find(ImportRow& row, const KnownPeople& with_address, const ExtensionState* state) {
    if (with_address.size() == 1 && has_own_address(row)) {
      take_owner(row, with_address.front());
      return;
    }
    if (const KnownPerson* person = only_one_named(with_address, row_name(row))) {
      name(row, person->id);
      forget(row, Column::email);
      return;
    }
    const bool is_holder = state != nullptr && state->holder &&
                           is_same_name(state->holder_name.value_or(""), row_name(row));
    const bool has_several = has_own_address(row) && with_address.size() > 1;
    if (is_holder && !has_several) {
      name(row, *state->holder);
      if (row.shares_address) {
        forget(row, Column::email);
      }
    } else if (has_several) {
      const std::string email(*row.profile.email());
      refuse(row, email,
             "several people have the e-mail " + in_quotes(email) + ": " + ids_of(with_address) +
                 "; without it the row is told by its number and name");
    } else if (!has_own_address(row) &&
               (state == nullptr || words_of_name(row_name(row)).empty())) {
      refuse(row, "", "neither an e-mail nor a name with an extension says whom this row is about");
    } else {
      meet_stranger(row, state);
    }
  }

  void take_owner(ImportRow& row, const KnownPerson& owner) {
    row.user = owner.id;
    const std::string name = row_name(row);
    if (!words_of_name(name).empty() && !is_same_name(owner.name.value_or(""), name)) {
      renamed_.push_back({&row, owner, std::string(*row.profile.email())});
    }
    forget(row, Column::email);
  }

  void name(ImportRow& row, UserId user) {
    row.user = user;
    forget(row, Column::name);
  }

  // Nobody is told by the row. Whether a new person can have a number that somebody holds is for
  // the plan to say: the holder may get another one.
  void meet_stranger(ImportRow& row, const ExtensionState* state) {
    const std::string email(row.profile.email().value_or(""));
    const std::string number = row.extension ? row.extension->text() : "";
    std::string reason = has_own_address(row)
                             ? "nobody has the e-mail " + in_quotes(email)
                             : "no e-mail " + std::string(row.shares_address ? "of its own " : "") +
                                   "says whom this row is about";
    if (state != nullptr && state->holder && !has_own_address(row)) {
      const Holder holder{*state->holder, state->holder_name, state->since};
      refuse(row, number,
             reason + ", and extension " + number + " is held by " + holder.text() + ", not by " +
                 in_quotes(row_name(row)),
             holder);
      return;
    }
    if (!has_own_address(row)) {
      reason += ", and nobody holds extension " + number;
      forget(row, Column::email);
    }
    strangers_.push_back({&row, std::move(reason)});
  }

  // A name alone does not tell a person, but whoever has it may be the one who is meant.
  Result<void> judge_strangers() {
    std::vector<std::string> names;
    for (const Stranger& stranger : strangers_) {
      if (!stranger.row->gives(Column::email)) {
        names.push_back(row_name(*stranger.row));
      }
    }
    const auto namesakes = present_.people_named(names);
    if (!namesakes) {
      return std::unexpected(namesakes.error());
    }
    auto next = namesakes->begin();
    for (const Stranger& stranger : strangers_) {
      ImportRow& row = *stranger.row;
      const KnownPeople& others = row.gives(Column::email) ? nobody_ : *next++;
      const std::string number = row.extension ? row.extension->text() : "";
      const std::string value =
          row.gives(Column::email) ? std::string(*row.profile.email()) : number;
      if (!others.empty()) {
        refuse(
            row, value,
            stranger.reason + "; " + in_quotes(row_name(row)) + " is the name of " +
                ids_of(others) + ": `ringbook set ID " + number +
                "` if that is the same person, otherwise `ringbook user add` and `ringbook set`");
      } else if (may_create_) {
        row.user = UserId::make(now_);
      } else {
        refuse(row, value, stranger.reason + permit_of_create);
      }
    }
    return {};
  }

  // Whoever has the address gets the name of the row, unless that is somebody else's: then one of
  // the two is meant, and which one is not known.
  Result<void> judge_renamed() {
    std::vector<std::string> names;
    std::ranges::transform(renamed_, std::back_inserter(names),
                           [](const Renamed& renamed) { return row_name(*renamed.row); });
    auto namesakes = present_.people_named(names);
    if (!namesakes) {
      return std::unexpected(std::move(namesakes.error()));
    }
    for (std::size_t i = 0; i < renamed_.size(); ++i) {
      const auto& [row, owner, email] = renamed_[i];
      KnownPeople& others = (*namesakes)[i];
      std::erase_if(others, [&](const KnownPerson& other) { return other.id == owner.id; });
      if (!others.empty()) {
        refuse(*row, email,
               "the e-mail " + in_quotes(email) + " is that of " +
                   in_quotes(owner.name.value_or("")) + " (" + owner.id.text() + "), but " +
                   in_quotes(names[i]) + " is the name of " + ids_of(others) +
                   ": take the address away if they are meant, or mend the name");
      }
    }
    return {};
  }

  void refuse(ImportRow& row, std::string_view value, std::string reason,
              std::optional<Holder> holder = {}) {
    row.is_refused = true;
    const bool is_about_number = row.extension && (holder || !row.gives(Column::email));
    refusals_.add(row.line, is_about_number ? row.extension_place : row.person_place, value,
                  std::move(reason), std::move(holder));
  }

  struct Stranger {
    ImportRow* row;
    std::string reason;
  };

  struct Renamed {
    ImportRow* row;
    KnownPerson owner;  // Of the address.
    std::string email;
  };

  bool may_create_;
  Instant now_;
  Present& present_;
  Refusals& refusals_;
  std::vector<Stranger> strangers_;
  std::vector<Renamed> renamed_;
  const KnownPeople nobody_;
};

}  // namespace

Result<void> find_people(ImportFile& file, bool may_create, Instant now, Present& present,
                         Refusals& refusals, const std::function<void(std::uint64_t)>& progress) {
  PeopleFinder finder(may_create, now, present, refusals);
  for (std::size_t from = 0; from < file.rows.size(); from += limits::people_batch) {
    const std::size_t count = std::min(limits::people_batch, file.rows.size() - from);
    if (auto found = finder.find({file.rows.data() + from, count}); !found) {
      return found;
    }
    progress(from + count);
  }
  std::erase_if(file.rows, [](const ImportRow& row) { return row.is_refused; });
  refuse_repeated_users(file, refusals);
  return {};
}

}  // namespace ringbook

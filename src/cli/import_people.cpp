#include "cli/import_people.h"

#include <algorithm>

#include "base/limits.h"
#include "cli/console.h"

namespace ringbook {
namespace {

constexpr const char* permit_of_create = "; --create makes people of such rows";

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
      } else if (row.extension) {
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
    for (ImportRow& row : rows) {
      if (row.gives(Column::email)) {
        find_by_email(row, *next_people++);
      } else if (row.extension) {
        find_by_number(row, *next_state++);
      } else {
        refuse(row, "", "neither an e-mail nor an extension says whom this row is about");
      }
    }
    return {};
  }

 private:
  void find_by_email(ImportRow& row, const std::vector<UserId>& people) {
    const std::string email(*row.profile.email());
    if (people.empty()) {
      create_or_refuse(row, email, "nobody has the e-mail " + in_quotes(email));
    } else if (people.size() == 1) {
      row.user = people.front();
      // It names the person, also where the two differ in case, and changes nothing.
      row.given &= static_cast<std::uint8_t>(~ImportRow::bit_of(Column::email));
    } else {
      refuse(row, email,
             "several people have the e-mail " + in_quotes(email) + ": " + ids_of(people));
    }
  }

  void find_by_number(ImportRow& row, const ExtensionState& state) {
    const std::string number = row.extension->text();
    if (!state.holder) {
      create_or_refuse(
          row, number,
          "no e-mail says whom this row is about, and nobody holds extension " + number);
    } else if (row.profile.name() && state.holder_name == row.profile.name()) {
      row.user = *state.holder;
    } else {
      const Holder holder{*state.holder, state.holder_name, state.since};
      row.is_refused = true;
      refusals_.add(row.line, row.extension_place, number,
                    "no e-mail says whom this row is about, and extension " + number +
                        " is held by " + holder.text(),
                    holder);
    }
  }

  static std::string ids_of(const std::vector<UserId>& people) {
    std::string out;
    for (std::size_t i = 0; i < std::min(people.size(), limits::ids_shown); ++i) {
      out += (i == 0 ? "" : ", ") + people[i].text();
    }
    return people.size() > limits::ids_shown ? out + ", …" : out;
  }

  void create_or_refuse(ImportRow& row, std::string_view value, const std::string& reason) {
    if (may_create_) {
      row.user = UserId::make(now_);
    } else {
      refuse(row, value, reason + permit_of_create);
    }
  }

  void refuse(ImportRow& row, std::string_view value, std::string reason) {
    row.is_refused = true;
    const bool has_email = row.gives(Column::email);
    refusals_.add(row.line, has_email || !row.extension ? row.person_place : row.extension_place,
                  value, std::move(reason));
  }

  bool may_create_;
  Instant now_;
  Present& present_;
  Refusals& refusals_;
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

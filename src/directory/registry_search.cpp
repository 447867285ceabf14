#include "directory/registry_search.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "directory/identity.h"

namespace ringbook {
namespace {

// More of the rarest parts than these hardly leave out anybody more.
constexpr std::size_t parts_combined = 4;

// What the work of a step is counted in: comparing an octet with a word, or folding one of ASCII,
// about two nanoseconds. The others are measured against it: a look at a user, beside that; passing
// over somebody who cannot fit; folding a text that is not ASCII, and each octet of it.
constexpr std::size_t cost_of_user = 320;
constexpr std::size_t cost_of_passing_over = 20;
constexpr std::size_t cost_of_unicode_text = 300;
constexpr std::size_t cost_of_unicode_octet = 6;

// Entries of a user in the index and its order; each settles in the fraction of the time that
// listing the user took.
constexpr std::size_t entries_of_user = 5;

std::size_t cost_of_text(std::string_view text, std::size_t words) {
  return is_ascii(text) ? text.size() * (words + 1)
                        : text.size() * (words + cost_of_unicode_octet) + cost_of_unicode_text;
}

}  // namespace

UserScan::UserScan(UserQuery q) : query(std::move(q)) {
  // Words are cut at white space only, so that "ada@example" stays one.
  const std::string folded = fold_for_search(query.search);
  std::size_t begin = 0;
  while ((begin = folded.find_first_not_of(" \t\r\n", begin)) != std::string::npos) {
    const std::size_t end = std::min(folded.find_first_of(" \t\r\n", begin), folded.size());
    words.push_back(folded.substr(begin, end - begin));
    begin = end;
  }
  if (query.email) {
    query.email = email_key(*query.email);
  }
  position = query.after;
}

RegistrySearch::RegistrySearch(const Rows& rows, std::size_t most_candidates)
    : rows_(rows), most_candidates_(most_candidates), order_(IdOrder{&rows}) {}

std::size_t RegistrySearch::cost_of_look(const UserScan& scan, Slot slot) const {
  const RegistryRow& row = rows_[slot];
  const std::size_t words = scan.words.size();
  if (words == 0 || !row.is_present()) {
    return cost_of_user;
  }
  const ProfileView profile = row.profile().view();
  return cost_of_user + cost_of_text(profile.name.value_or(""), words) +
         cost_of_text(profile.email.value_or(""), words);
}

// --- the index -----------------------------------------------------------------------------------

bool RegistrySearch::prepare(std::size_t most, std::size_t kept_rows) {
  if (is_prepared()) {
    return true;
  }
  if (listed_ == 0) {
    order_.begin();
    index_.begin();
  }
  for (; most > 0 && listed_ < kept_rows; --most) {
    is_gathered_ ? list_late() : list();
  }
  if (listed_ < kept_rows) {
    return false;
  }
  is_gathered_ = true;
  std::size_t entries = most * entries_of_user;
  if (!order_.settle(entries) || !index_.settle(entries)) {
    return false;
  }
  // Those who may yet be taken back could not be remembered: what they are ordered by goes with
  // them. Now it is known where they belong.
  while (listed_ < rows_.size()) {
    list_late();
  }
  listed_ = every_slot;
  return true;
}

void RegistrySearch::list() {
  const RegistryRow& row = rows_[listed_];
  if (const auto extension = row.extension()) {
    index_.load(*extension, listed_);
  }
  if (row.is_present()) {
    index_.load(row.profile().view(), listed_);
    order_.gather(listed_);
    ++present_;
  }
  ++listed_;
}

void RegistrySearch::list_late() {
  const Slot slot = listed_++;
  add(slot);
  if (const auto extension = rows_[slot].extension()) {
    add(*extension, slot);
  }
}

void RegistrySearch::add(Slot slot) {
  if (const RegistryRow& row = rows_[slot]; slot < listed_ && row.is_present()) {
    order_.insert(slot);
    index_.add(row.profile().view(), slot);
    ++present_;
  }
}

void RegistrySearch::remove(Slot slot) {
  if (const RegistryRow& row = rows_[slot]; slot < listed_ && row.is_present()) {
    order_.erase(slot);
    index_.remove(row.profile().view(), slot);
    --present_;
  }
}

void RegistrySearch::add(Extension extension, Slot slot) {
  if (slot < listed_) {
    index_.add(extension, slot);
  }
}

void RegistrySearch::remove(Extension extension, Slot slot) {
  if (slot < listed_) {
    index_.remove(extension, slot);
  }
}

// --- searches ------------------------------------------------------------------------------------

std::vector<RegistrySearch::Slot> RegistrySearch::present_in_order() const {
  std::vector<Slot> out;
  out.reserve(rows_.size());
  for (Slot slot = 0; slot < rows_.size(); ++slot) {
    if (rows_[slot].is_present()) {
      out.push_back(slot);
    }
  }
  std::ranges::sort(out, IdOrder{&rows_});
  return out;
}

bool RegistrySearch::matches(const UserScan& scan, Slot slot) const {
  const RegistryRow& row = rows_[slot];
  if (!row.is_present()) {
    return false;
  }
  const UserQuery& query = scan.query;
  const std::optional<Extension> extension = row.extension();
  if (query.extension && extension != query.extension) {
    return false;
  }
  const ProfileView profile = row.profile().view();
  if (query.department &&
      profile.department != std::optional<std::string_view>(*query.department)) {
    return false;
  }
  if (query.email && (!profile.email || email_key(*profile.email) != *query.email)) {
    return false;
  }
  if (scan.words.empty()) {
    return true;
  }
  const SearchTexts texts{.name = fold_for_search(profile.name.value_or("")),
                          .email = fold_for_search(profile.email.value_or("")),
                          .number = extension ? extension->text() : ""};
  return std::ranges::all_of(scan.words, [&](const std::string& word) { return texts.meet(word); });
}

// Adds the user to the page; says whether the page is complete.
bool RegistrySearch::take(UserScan& scan, Slot slot) const {
  if (scan.page.users.size() == scan.query.limit) {
    scan.page.has_more = true;
    return true;
  }
  scan.page.users.push_back(to_user(rows_[slot]));
  return false;
}

bool RegistrySearch::step(UserScan& scan, std::size_t most) const {
  check(is_prepared(), "searches are prepared");
  if (scan.way == UserScan::Way::unplanned) {
    plan(scan);
  }
  return scan.way == UserScan::Way::candidates ? step_through_candidates(scan, most)
                                               : step_in_order(scan, most);
}

// Everything that a user must have, as those who may have it; the rarest first. A number leaves so
// few that the rest is looked at with them.
std::vector<SearchIndex::Part> RegistrySearch::parts_of(const UserScan& scan) const {
  if (scan.query.extension) {
    return {index_.part_of_extension(*scan.query.extension)};
  }
  std::vector<Part> parts;
  for (const std::string& word : scan.words) {
    index_.add_parts_of_word(word, parts);
  }
  if (scan.query.department) {
    parts.push_back(index_.part_of_department(*scan.query.department));
  }
  if (scan.query.email) {
    parts.push_back(index_.part_of_email(*scan.query.email));
  }
  std::ranges::sort(parts, {}, &Part::entries);
  return parts;
}

// Few who may fit are gathered, and looked at in order of their ids until the page is full. Many
// stand so close in that order that a page is soon full. It is found out in one step, so that
// nobody who fits all the time is missed while entries move.
void RegistrySearch::plan(UserScan& scan) const {
  std::optional<std::vector<Slot>> fitting = combine(parts_of(scan));
  if (!fitting) {
    scan.way = UserScan::Way::order;
  } else if (fitting->size() > most_candidates_) {
    scan.way = UserScan::Way::order;
    scan.may_fit.resize(rows_.size());
    for (const Slot slot : *fitting) {
      scan.may_fit[slot] = true;
    }
  } else {
    std::ranges::sort(*fitting);
    const auto repeated = std::ranges::unique(*fitting);
    fitting->erase(repeated.begin(), repeated.end());
    std::ranges::make_heap(*fitting, LaterId{{&rows_}});
    scan.way = UserScan::Way::candidates;
    scan.candidates = std::move(*fitting);
  }
}

// Who may have all the rarer parts, some twice; nothing when no part is rare enough to be worth it.
std::optional<std::vector<RegistrySearch::Slot>> RegistrySearch::combine(
    const std::vector<Part>& parts) const {
  const std::size_t most = std::min(present_ / 4, limits::search_entries);
  const auto is_rare = [&](const Part& part) {
    return part.entries <= std::max(most, most_candidates_);
  };
  if (parts.empty() || !is_rare(parts.front())) {
    return std::nullopt;
  }
  std::vector<Slot> fitting;
  index_.visit(parts.front(), [&](Slot slot) { fitting.push_back(slot); });
  for (const Part& part : parts | std::views::take(parts_combined) | std::views::drop(1) |
                              std::views::take_while(is_rare)) {
    std::vector<bool> has_part(rows_.size());
    index_.visit(part, [&](Slot slot) { has_part[slot] = true; });
    std::erase_if(fitting, [&](Slot slot) { return !has_part[slot]; });
  }
  return fitting;
}

bool RegistrySearch::step_through_candidates(UserScan& scan, std::size_t most) const {
  std::size_t budget = most * cost_of_user;
  while (!scan.candidates.empty()) {
    if (budget == 0) {
      return false;
    }
    std::ranges::pop_heap(scan.candidates, LaterId{{&rows_}});
    const Slot slot = scan.candidates.back();
    scan.candidates.pop_back();
    budget -= std::min(budget, cost_of_look(scan, slot));
    const bool is_after = !scan.position || rows_[slot].id() > *scan.position;
    if (is_after && matches(scan, slot) && take(scan, slot)) {
      return true;
    }
  }
  return true;
}

bool RegistrySearch::step_in_order(UserScan& scan, std::size_t most) const {
  bool complete = true;
  std::size_t budget = most * cost_of_user;
  const auto may_fit = [&](Slot slot) {
    return scan.may_fit.empty() || (slot < scan.may_fit.size() && scan.may_fit[slot]);
  };
  const auto is_after = [&](Slot slot) {
    return !scan.position || rows_[slot].id() > *scan.position;
  };
  std::optional<Slot> last;
  order_.settled().visit_after(is_after, [&](Slot slot) {
    if (budget == 0) {
      complete = false;
      return false;
    }
    const bool fits = may_fit(slot);
    budget -= std::min(budget, fits ? cost_of_look(scan, slot) : cost_of_passing_over);
    last = slot;
    return !(fits && matches(scan, slot) && take(scan, slot));
  });
  if (last) {
    scan.position = rows_[*last].id();
  }
  return complete;
}

}  // namespace ringbook

#include "directory/search_index.h"

#include <array>

#include "base/limits.h"
#include "base/text.h"
#include "directory/sharded_table.h"

namespace ringbook {
namespace {

constexpr int slot_bits = 32;
constexpr int key_bits = 30;
constexpr std::uint64_t last_slot = 0xFFFF'FFFF;

// What a key is made of.
enum class Kind : std::uint64_t { word, number, department, email };

constexpr std::uint64_t first_entry(Kind kind, std::uint64_t key) {
  return (static_cast<std::uint64_t>(kind) << key_bits | key) << slot_bits;
}

SearchIndex::Range range_of(Kind kind, std::uint64_t first_key, std::uint64_t last_key) {
  return {first_entry(kind, first_key), first_entry(kind, last_key) | last_slot};
}

// By octet: a search asks for each of every text that it looks at.
constexpr std::array<bool, 256> separators = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view(" \t\r\n.,;:@_-+/()'\"")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_separator(char c) {
  return separators[static_cast<unsigned char>(c)];
}

// Six octets of a word, five bits each: letters of their own, other ASCII in classes, octets of
// other scripts wherever they fall. 0 stands after the end of a text, so the words with a common
// beginning stand side by side.
constexpr std::size_t word_octets = 6;
constexpr int class_bits = 5;
constexpr std::uint64_t last_class = 31;
static_assert(word_octets * class_bits == key_bits);

std::uint64_t class_of(char c) {
  if (c >= 'a' && c <= 'z') {
    return static_cast<std::uint64_t>(c - 'a' + 1);
  }
  if (is_separator(c)) {
    return 27;
  }
  if (c >= '0' && c <= '9') {
    return c < '5' ? 28 : 29;
  }
  const auto octet = static_cast<unsigned char>(c);
  return octet < 0x80 ? 30 : 1 + octet % last_class;
}

// The key of what begins with `text`, `filler` standing for each octet that it lacks.
std::uint64_t word_key(std::string_view text, std::uint64_t filler) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < word_octets; ++i) {
    key = key << class_bits | (i < text.size() ? class_of(text[i]) : filler);
  }
  return key;
}

// Nine digits fit; a tenth is looked at with the user.
constexpr std::size_t number_digits = 9;

std::uint64_t number_key(std::string_view digits, char filler) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < number_digits; ++i) {
    key = key * 10 + static_cast<std::uint64_t>((i < digits.size() ? digits[i] : filler) - '0');
  }
  return key;
}

std::uint64_t hashed_key(std::string_view text) {
  return mix(std::hash<std::string_view>{}(text)) >> (64 - key_bits);
}

SearchIndex::Range range_of_department(std::string_view department) {
  const std::uint64_t key = hashed_key(department);
  return range_of(Kind::department, key, key);
}

SearchIndex::Range range_of_email(std::string_view email) {
  const std::uint64_t key = hashed_key(ascii_lower(email));
  return range_of(Kind::email, key, key);
}

// Calls `visit(rest)` with the rest of `text` from each beginning of a word on, its own beginning
// included, until it returns true; says whether one did.
template <class Visit>
bool any_beginning(std::string_view text, std::size_t end, Visit visit) {
  for (std::size_t at = 0; at < end; ++at) {
    const bool begins = at == 0 || (is_separator(text[at - 1]) && !is_separator(text[at]));
    if (begins && visit(text.substr(at))) {
      return true;
    }
  }
  return false;
}

// An address is looked for by what stands before its @: the domain is everybody's.
std::size_t end_of_local_part(std::string_view email) {
  return std::min(email.rfind('@'), email.size());
}

}  // namespace

bool SearchTexts::meet(std::string_view word) const {
  const auto begins = [&](std::string_view rest) { return rest.starts_with(word); };
  return begins(number) || any_beginning(name, name.size(), begins) ||
         any_beginning(email, end_of_local_part(email), begins);
}

std::uint64_t SearchIndex::entry_of(Extension extension, Slot slot) {
  return first_entry(Kind::number, number_key(extension.text(), '0')) | slot;
}

void SearchIndex::list_entries(const PackedProfile& profile, Slot slot) {
  scratch_.clear();
  const auto list_words = [&](std::string_view text, std::size_t end) {
    any_beginning(text, end, [&](std::string_view rest) {
      scratch_.push_back(first_entry(Kind::word, word_key(rest, 0)) | slot);
      return false;
    });
  };
  if (const auto name = profile.name()) {
    const std::string folded = fold_for_search(*name);
    list_words(folded, folded.size());
  }
  if (const auto email = profile.email()) {
    const std::string folded = fold_for_search(*email);
    list_words(folded, end_of_local_part(folded));
    scratch_.push_back(range_of_email(*email).first | slot);
  }
  if (const auto department = profile.department()) {
    scratch_.push_back(range_of_department(*department).first | slot);
  }
  std::ranges::sort(scratch_);
  scratch_.erase(std::unique(scratch_.begin(), scratch_.end()), scratch_.end());
}

void SearchIndex::add(const PackedProfile& profile, Slot slot) {
  list_entries(profile, slot);
  for (const std::uint64_t entry : scratch_) {
    entries_.insert(entry);
  }
}

void SearchIndex::remove(const PackedProfile& profile, Slot slot) {
  list_entries(profile, slot);
  for (const std::uint64_t entry : scratch_) {
    entries_.erase(entry);
  }
}

void SearchIndex::load(const PackedProfile& profile, Slot slot) {
  list_entries(profile, slot);
  loaded_.insert(loaded_.end(), scratch_.begin(), scratch_.end());
}

void SearchIndex::sort() {
  std::ranges::sort(loaded_);
  entries_.assign(loaded_);
  loaded_ = std::vector<std::uint64_t>();  // Gives the memory back, which `{}` would not.
}

SearchIndex::Part SearchIndex::part_of(std::vector<Range> ranges) const {
  std::size_t entries = 0;
  for (const Range& range : ranges) {
    entries += entries_.count(range.first, range.last);
  }
  return {std::move(ranges), entries};
}

// A word such as "ada.lovelace" is several to the index, and the key of the whole is that of the
// first alone. What follows an @ may be a domain, which has no entries.
void SearchIndex::add_parts_of_word(std::string_view word, std::vector<Part>& parts) const {
  any_beginning(
      word, std::max<std::size_t>(1, end_of_local_part(word)), [&](std::string_view rest) {
        std::vector<Range> ranges{
            range_of(Kind::word, word_key(rest, 0), word_key(rest, last_class))};
        const bool may_be_number =
            rest == word && word.size() <= limits::extension_digits_max &&
            std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
        if (may_be_number) {
          ranges.push_back(range_of(Kind::number, number_key(word, '0'), number_key(word, '9')));
        }
        parts.push_back(part_of(std::move(ranges)));
        return false;
      });
}

SearchIndex::Part SearchIndex::part_of_department(std::string_view department) const {
  return part_of({range_of_department(department)});
}

SearchIndex::Part SearchIndex::part_of_email(std::string_view email) const {
  return part_of({range_of_email(email)});
}

}  // namespace ringbook

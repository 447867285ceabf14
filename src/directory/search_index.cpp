#include "directory/search_index.h"

#include <array>

#include "base/limits.h"
#include "base/text.h"
#include "directory/identity.h"
#include "directory/sharded_table.h"

namespace ringbook {
namespace {

constexpr int slot_bits = 32;
constexpr int key_bits = 30;
constexpr SearchIndex::Slot last_slot = 0xFFFF'FFFF;

// What a key is made of.
enum class Kind : std::uint64_t { number, department, email };

constexpr SearchIndex::Key first_entry(Kind kind, std::uint64_t key) {
  return (static_cast<std::uint64_t>(kind) << key_bits | key) << slot_bits;
}

SearchIndex::Range<SearchIndex::Key> range_of(Kind kind, std::uint64_t first_key,
                                              std::uint64_t last_key) {
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

// Twelve octets of a word as digits to the base of 40: letters and digits of their own, other ASCII
// in one class, octets of other scripts wherever they fall. 0 stands after the end, so the words
// with a common beginning stand side by side.
constexpr std::size_t word_octets = 12;
constexpr std::uint64_t classes = 40;
constexpr std::uint64_t last_class = classes - 1;

std::uint64_t class_of(char c) {
  if (c >= 'a' && c <= 'z') {
    return static_cast<std::uint64_t>(c - 'a' + 1);
  }
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint64_t>(c - '0' + 27);
  }
  const auto octet = static_cast<unsigned char>(c);
  return octet < 0x80 ? 37 : 1 + octet % last_class;
}

// What begins with `text`, `filler` standing for each octet that it lacks.
SearchIndex::Word word_entry(std::string_view text, std::uint64_t filler, SearchIndex::Slot slot) {
  std::uint64_t octets = 0;
  for (std::size_t i = 0; i < word_octets; ++i) {
    octets = octets * classes + (i < text.size() ? class_of(text[i]) : filler);
  }
  return {static_cast<std::uint32_t>(octets >> 32), static_cast<std::uint32_t>(octets), slot};
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

SearchIndex::Range<SearchIndex::Key> range_of_department(std::string_view department) {
  const std::uint64_t key = hashed_key(department);
  return range_of(Kind::department, key, key);
}

SearchIndex::Range<SearchIndex::Key> range_of_email(std::string_view email) {
  const std::uint64_t key = hashed_key(email_key(email));
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

// The word that a text begins with: up to the first separator.
std::string_view first_word(std::string_view text) {
  return text.substr(
      0, static_cast<std::size_t>(std::ranges::find_if(text, is_separator) - text.begin()));
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

SearchIndex::Key SearchIndex::entry_of(Extension extension, Slot slot) {
  return first_entry(Kind::number, number_key(extension.text(), '0')) | slot;
}

// Words are looked for by their beginnings: who has "person123" is found for "person" too, so that
// this needs no entry of its own. In order, a word stands right before those that it begins.
const SearchIndex::Entries& SearchIndex::entries_of(const ProfileView& profile, Slot slot) {
  const std::string name = fold_for_search(profile.name.value_or(""));
  const std::string email = fold_for_search(profile.email.value_or(""));
  scratch_words_.clear();
  const auto list_words = [&](std::string_view text, std::size_t end) {
    any_beginning(text, end, [&](std::string_view rest) {
      scratch_words_.push_back(first_word(rest));
      return false;
    });
  };
  list_words(name, name.size());
  list_words(email, end_of_local_part(email));
  std::ranges::sort(scratch_words_);
  std::vector<Word>& words = scratch_.words;
  words.clear();
  for (std::size_t i = 0; i < scratch_words_.size(); ++i) {
    if (i + 1 < scratch_words_.size() && scratch_words_[i + 1].starts_with(scratch_words_[i])) {
      continue;
    }
    const Word word = word_entry(scratch_words_[i], 0, slot);
    if (std::ranges::find(words, word) == words.end()) {
      words.push_back(word);
    }
  }
  scratch_.keys.clear();
  if (profile.email) {
    scratch_.keys.push_back(range_of_email(*profile.email).first | slot);
  }
  if (profile.department) {
    scratch_.keys.push_back(range_of_department(*profile.department).first | slot);
  }
  return scratch_;
}

void SearchIndex::add(const ProfileView& profile, Slot slot) {
  const Entries& entries = entries_of(profile, slot);
  std::ranges::for_each(entries.words, [&](const Word& word) { words_.insert(word); });
  std::ranges::for_each(entries.keys, [&](Key key) { keys_.insert(key); });
}

void SearchIndex::remove(const ProfileView& profile, Slot slot) {
  const Entries& entries = entries_of(profile, slot);
  std::ranges::for_each(entries.words, [&](const Word& word) { words_.erase(word); });
  std::ranges::for_each(entries.keys, [&](Key key) { keys_.erase(key); });
}

void SearchIndex::begin() {
  words_.begin();
  keys_.begin();
}

void SearchIndex::load(const ProfileView& profile, Slot slot) {
  const Entries& entries = entries_of(profile, slot);
  std::ranges::for_each(entries.words, [&](const Word& word) { words_.gather(word); });
  std::ranges::for_each(entries.keys, [&](Key key) { keys_.gather(key); });
}

SearchIndex::Part SearchIndex::part_of(std::optional<Range<Word>> words,
                                       std::optional<Range<Key>> keys) const {
  const std::size_t entries = (words ? words_.settled().count(words->first, words->last) : 0) +
                              (keys ? keys_.settled().count(keys->first, keys->last) : 0);
  return {words, keys, entries};
}

// A word such as "ada.lovelace" is several to the index. What follows an @ may be a domain, which
// has no entries.
void SearchIndex::add_parts_of_word(std::string_view word, std::vector<Part>& parts) const {
  any_beginning(
      word, std::max<std::size_t>(1, end_of_local_part(word)), [&](std::string_view rest) {
        const std::string_view beginning = first_word(rest);
        const bool may_be_number =
            rest == word && word.size() <= limits::extension_digits_max &&
            std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
        parts.push_back(part_of(
            Range<Word>{word_entry(beginning, 0, 0), word_entry(beginning, last_class, last_slot)},
            may_be_number ? std::optional(range_of(Kind::number, number_key(word, '0'),
                                                   number_key(word, '9')))
                          : std::nullopt));
        return false;
      });
}

SearchIndex::Part SearchIndex::part_of_extension(Extension extension) const {
  const std::uint64_t key = number_key(extension.text(), '0');
  return part_of(std::nullopt, range_of(Kind::number, key, key));
}

SearchIndex::Part SearchIndex::part_of_department(std::string_view department) const {
  return part_of(std::nullopt, range_of_department(department));
}

SearchIndex::Part SearchIndex::part_of_email(std::string_view email) const {
  return part_of(std::nullopt, range_of_email(email));
}

}  // namespace ringbook

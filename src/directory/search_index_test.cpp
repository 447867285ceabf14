#include "directory/search_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/text.h"
#include "directory/packed_profile.h"

namespace ringbook {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

PackedProfile profile(std::string name, std::string email = {}, std::string department = {}) {
  const auto given = [](std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
  };
  Profile out;
  out.name = given(std::move(name));
  out.email = given(std::move(email));
  out.department = given(std::move(department));
  return PackedProfile(out);
}

class SearchIndexTest : public ::testing::Test {
 protected:
  std::set<SearchIndex::Slot> in(const SearchIndex::Part& part) const {
    std::set<SearchIndex::Slot> slots;
    index.visit(part, [&](SearchIndex::Slot slot) { slots.insert(slot); });
    return slots;
  }
  std::set<SearchIndex::Slot> of_word(std::string_view word) const {
    std::vector<SearchIndex::Part> parts;
    index.add_parts_of_word(fold_for_search(word), parts);
    auto slots = in(parts.at(0));
    for (const auto& part : parts) {
      std::erase_if(slots, [others = in(part)](auto slot) { return !others.contains(slot); });
    }
    return slots;
  }
  bool is_empty() const {
    constexpr std::uint32_t most = ~std::uint32_t{0};
    return in({.words = SearchIndex::Range<SearchIndex::Word>{{}, {most, most, most}},
               .keys = SearchIndex::Range<SearchIndex::Key>{0, ~SearchIndex::Key{0}},
               .entries = 0})
        .empty();
  }

  SearchIndex index;
};

TEST_F(SearchIndexTest, FindsTheBeginningsOfWordsFolded) {
  index.add(profile("Ada Lovelace", "countess@example.com").view(), 1);
  index.add(profile("Søren O'Neil").view(), 2);
  for (const auto* word : {"ADA", "love", "lovelace", "coun", "countess@example"}) {
    EXPECT_THAT(of_word(word), UnorderedElementsAre(1)) << word;
  }
  for (const auto* word : {"neil", "o'ne", "søR"}) {
    EXPECT_THAT(of_word(word), UnorderedElementsAre(2)) << word;
  }
  EXPECT_THAT(of_word("velace"), IsEmpty());
  EXPECT_THAT(of_word("countess.nobody"), IsEmpty());
}

// So that those whose names begin alike need not all be looked at.
TEST_F(SearchIndexTest, TellsWordsApartByTheirFirstTwelveOctets) {
  index.add(profile("Person 012345", "person12345@example.com").view(), 1);
  index.add(profile("Person 012346", "person12346@example.com").view(), 2);
  EXPECT_THAT(of_word("person"), UnorderedElementsAre(1, 2));
  EXPECT_THAT(of_word("person1234"), UnorderedElementsAre(1, 2));
  EXPECT_THAT(of_word("person12345"), UnorderedElementsAre(1));
  EXPECT_THAT(of_word("012346"), UnorderedElementsAre(2));
  EXPECT_THAT(of_word("person12345@example.com"), UnorderedElementsAre(1));
}

TEST_F(SearchIndexTest, FindsNumbersByTheirFirstDigitsAndOfEveryLength) {
  const char* const numbers[] = {"12", "1234", "0012", "1234567890", "99", "9999999999"};
  for (SearchIndex::Slot slot = 0; slot < 6; ++slot) {
    index.add(*Extension::parse(numbers[slot]), slot);
  }
  EXPECT_THAT(of_word("1"), UnorderedElementsAre(0, 1, 3));
  EXPECT_THAT(of_word("00"), UnorderedElementsAre(2));
  EXPECT_THAT(of_word("1234567890"), UnorderedElementsAre(3));
  EXPECT_THAT(of_word("9999999999"), UnorderedElementsAre(5));
  EXPECT_THAT(of_word("9"), UnorderedElementsAre(4, 5));
  EXPECT_THAT(of_word("99999999999"), IsEmpty());
}

TEST_F(SearchIndexTest, FindsWhoMayHoldANumber) {
  const char* const numbers[] = {"12", "120", "1234567890", "1234567891", "1235"};
  for (SearchIndex::Slot slot = 0; slot < 5; ++slot) {
    index.add(*Extension::parse(numbers[slot]), slot);
  }
  const auto of_number = [&](const char* digits) {
    return in(index.part_of_extension(*Extension::parse(digits)));
  };
  EXPECT_THAT(of_number("12"), UnorderedElementsAre(0, 1));
  EXPECT_THAT(of_number("1234567890"), UnorderedElementsAre(2, 3));
  EXPECT_THAT(of_number("1235"), UnorderedElementsAre(4));
  EXPECT_THAT(of_number("13"), IsEmpty());
}

TEST_F(SearchIndexTest, FindsDepartmentsExactlyAndAddressesInAnyCase) {
  index.add(profile("", "Ada@Example.com", "Support").view(), 7);
  EXPECT_THAT(in(index.part_of_department("Support")), UnorderedElementsAre(7));
  EXPECT_THAT(in(index.part_of_department("support")), IsEmpty());
  EXPECT_THAT(in(index.part_of_email("aDA@example.COM")), UnorderedElementsAre(7));
}

TEST_F(SearchIndexTest, ForgetsWhatIsRemoved) {
  const auto ada = profile("Ada Ada", "ada@example.com", "Support");
  index.add(ada.view(), 1);
  index.add(*Extension::parse("1234"), 1);
  index.remove(ada.view(), 1);
  EXPECT_THAT(of_word("ada"), IsEmpty());
  EXPECT_THAT(of_word("1234"), UnorderedElementsAre(1));
  index.remove(*Extension::parse("1234"), 1);
  EXPECT_TRUE(is_empty());
}

// Whatever a profile is met by, the index finds.
TEST_F(SearchIndexTest, LacksNobodyWhoFits) {
  std::mt19937 random(20261125);
  const std::string letters = "aAbzZ09 .-'@é漢";
  const auto text = [&](std::size_t most) {
    std::string out;
    for (std::size_t left = random() % (most + 1); left > 0; --left) {
      out += letters[random() % letters.size()];
    }
    return out;
  };
  constexpr SearchIndex::Slot loaded = 500, all = 1000;
  std::vector<PackedProfile> profiles;
  std::vector<SearchTexts> texts;
  for (SearchIndex::Slot slot = 0; slot < all; ++slot) {
    profiles.push_back(profile(text(12), text(12), text(3)));
    texts.push_back({.name = fold_for_search(profiles.back().name().value_or("")),
                     .email = fold_for_search(profiles.back().email().value_or("")),
                     .number = ""});
  }
  // One half is loaded; the other comes while that is put in order, and some of both go.
  index.begin();
  for (SearchIndex::Slot slot = 0; slot < loaded; ++slot) {
    index.load(profiles[slot].view(), slot);
  }
  bool is_settled = false;
  for (SearchIndex::Slot slot = loaded; slot < all || !is_settled; ++slot) {
    if (slot < all) {
      index.add(profiles[slot].view(), slot);
      index.remove(profiles[slot - loaded].view(), slot - loaded);
      index.add(profiles[slot - loaded].view(), slot - loaded);
    }
    std::size_t most = 7;
    is_settled = index.settle(most);
  }
  for (int round = 0; round < 300; ++round) {
    const std::string word = fold_for_search(text(8));
    if (word.empty()) {
      continue;
    }
    const auto found = of_word(word);
    for (SearchIndex::Slot slot = 0; slot < all; ++slot) {
      EXPECT_TRUE(!texts[slot].meet(word) || found.contains(slot)) << word;
    }
  }
  for (SearchIndex::Slot slot = 0; slot < all; ++slot) {
    index.remove(profiles[slot].view(), slot);
  }
  EXPECT_TRUE(is_empty());
}

}  // namespace
}  // namespace ringbook

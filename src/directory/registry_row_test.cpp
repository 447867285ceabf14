#include "directory/registry_row.h"

#include <gtest/gtest.h>

#include "directory/registry_rows.h"
#include "directory/registry_test_support.h"

namespace ringbook::test {
namespace {

Instant instant_of(std::uint64_t ms) {
  return Instant{static_cast<std::int64_t>(ms)};
}

TEST(RegistryRow, BeginsAbsentAndWithoutANumber) {
  const RegistryRow row(id(7));
  EXPECT_EQ(row.id(), id(7));
  EXPECT_FALSE(row.is_present());
  EXPECT_EQ(row.extension(), std::nullopt);
  EXPECT_EQ(row.number_sequence(), 0U);
  EXPECT_EQ(row.version(), 0U);
}

void expect_to_keep(Extension extension, std::uint64_t sequence, bool number_comes_last) {
  const std::uint64_t other = limits::changes - sequence;
  RegistryRow row(id(1));
  const auto set_number = [&] { row.set_number(extension, sequence, instant_of(other)); };
  if (!number_comes_last) {
    set_number();
  }
  row.set_version(other, instant_of(sequence));
  row.set_profile(CompactProfile(Profile{}.view()));
  if (number_comes_last) {
    set_number();
  }
  EXPECT_TRUE(row.is_present());
  const RegistryRow copy = row.without_profile();
  EXPECT_FALSE(copy.is_present());
  for (const RegistryRow* each : {static_cast<const RegistryRow*>(&row), &copy}) {
    EXPECT_EQ(each->id(), id(1));
    EXPECT_EQ(each->extension(), extension);
    EXPECT_EQ(each->number_sequence(), sequence);
    EXPECT_EQ(each->since(), instant_of(other));
    EXPECT_EQ(each->version(), other);
    EXPECT_EQ(each->updated_at(), instant_of(sequence));
  }
  row.set_number(std::nullopt, sequence, Instant{});
  EXPECT_EQ(row.extension(), std::nullopt);
  EXPECT_EQ(row.version(), other);
}

// None of them touches another, whichever is set last.
TEST(RegistryRow, KeepsEveryNumberSequenceAndTime) {
  for (const auto* digits : {"00", "99", "0000000000", "1234567890", "9999999999", "999999999"}) {
    for (const std::uint64_t sequence :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xFFFF}, std::uint64_t{0x1'0000},
          std::uint64_t{0xFFFF'FFFF}, std::uint64_t{0x1'0000'0000}, limits::changes}) {
      expect_to_keep(number(digits), sequence, /*number_comes_last=*/false);
      expect_to_keep(number(digits), sequence, /*number_comes_last=*/true);
    }
  }
}

TEST(RegistryRow, KeepsTheNearestOfATimeThatDoesNotFit) {
  const Instant last = instant_of((std::uint64_t{1} << 47) - 1);
  RegistryRow row(id(1));
  row.set_version(1, Instant{-5});
  EXPECT_EQ(row.updated_at(), Instant{0});
  row.set_version(1, last);
  EXPECT_EQ(row.updated_at(), last);
  row.set_version(1, Instant{last.ms + 1});
  EXPECT_EQ(row.updated_at(), last);
}

TEST(RegistryRows, StayWhereTheyAre) {
  constexpr std::uint32_t chunk = RegistryRows::chunk_rows;
  RegistryRows rows;
  const RegistryRow* const first = &rows.add(RegistryRow(id(1)));
  for (std::uint32_t n = 1; n < 3 * chunk; ++n) {
    rows.add(RegistryRow(scattered_id(n)));
  }
  EXPECT_EQ(&rows[0], first);
  while (rows.size() > chunk) {
    rows.remove_last();
  }
  rows.add(RegistryRow(id(2)));
  EXPECT_EQ(rows[chunk].id(), id(2));
  EXPECT_EQ(rows[chunk - 1].id(), scattered_id(chunk - 1));
}

}  // namespace
}  // namespace ringbook::test

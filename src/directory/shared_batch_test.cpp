#include "directory/shared_batch.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "directory/registry_test_support.h"

namespace ringbook::test {
namespace {

// Edits of so many people, each with a profile of some `octets`.
Batch edits(std::size_t count, std::size_t octets) {
  Batch batch;
  Profile profile;
  profile.name = std::string(octets, 'x');
  for (std::size_t i = 0; i < count; ++i) {
    Change& change = batch.changes.emplace_back();
    change.sequence = i + 1;
    change.set = 1;
    change.user = scattered_id(static_cast<std::uint32_t>(i));
    change.kind = Change::created;
    change.profile = PackedProfile(profile);
  }
  batch.sets.push_back({"issuer", "subject", "request", 0, count});
  return batch;
}

// [MONGO-9]
TEST(SharedBatch, IsPartedByItsChangesAndByTheirOctets) {
  EXPECT_EQ(to_parts(edits(1000, 10), 300).size(), 4U);
  const auto parts = to_parts(edits(3000, 500), 3000);
  EXPECT_GT(parts.size(), 1U);
  std::uint64_t next = 1;
  for (const BatchContents& part : parts) {
    std::size_t octets = 0;
    for (const ChangedProfile& changed : part.profiles) {
      EXPECT_EQ(changed.sequence, next++);
      octets += changed.profile.bytes().size();
    }
    EXPECT_LE(octets, limits::shared_part_bytes);
    EXPECT_GT(octets, limits::shared_part_bytes / 2);
  }
  EXPECT_EQ(next, 3001U);
}

}  // namespace
}  // namespace ringbook::test

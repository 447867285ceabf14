// A turn's changes as the instances of a shared directory hand them to each other: the unit of
// their journal, and what of it can be told without knowing where the journal is kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "directory/batch.h"
#include "directory/extension.h"
#include "directory/history.h"
#include "directory/packed_profile.h"
#include "directory/user_id.h"

namespace ringbook {

using Digest = std::array<std::uint8_t, 32>;
// SHA-256, given by whoever has one.
using MakeDigest = Digest (*)(std::string_view octets);

// The new profile of a change that created or edited its user.
struct ChangedProfile {
  std::uint64_t sequence = 0;
  PackedProfile profile;
};

// Changes, in order, and what they touch.
struct BatchContents {
  std::vector<std::string> records;      // Turn records, see directory/turn_record.h.
  std::vector<UserId> users;             // Whose changes stand in the records; each once.
  std::vector<Extension> numbers;        // Which they give or take; each once.
  std::vector<ChangedProfile> profiles;  // By sequence; none once they are scrubbed.
};

// Where the contents of a batch stand that is too large for one document.
struct LargeSet {
  std::string id;
  std::uint32_t parts = 0;  // Numbered from 0.
  Digest digest{};          // Over all of them, in order.
  // The last change when the set was decided. Batches that came between have nothing in common with
  // it, so its changes are these, moved up: every sequence above `base` by `first - base - 1`.
  std::uint64_t base = 0;
};

struct SharedBatch {
  std::uint64_t number = 0;  // 1, 2, 3, …
  std::string by;            // "<instance>/<n>": by which its maker knows it again.
  Digest hash{};             // Over the hash of the batch before it and this one.
  std::uint64_t first = 0;   // The sequence of its first change.
  std::uint32_t changes = 0;
  Instant at;              // Of all of its changes.
  BatchContents contents;  // Empty with `set`.
  std::optional<LargeSet> set;
  std::optional<std::string> drop;  // The id of a large set that no batch will ever name.
};

void add_digest(std::string& octets, const Digest& digest);

// The octets whose digest is the hash of `batch`: everything but its profiles, which are scrubbed,
// and what can be told from the records; of a large set its own digest stands for the records.
std::string hashed_octets(const SharedBatch& batch, const Digest& before);

// What stands in a batch of the changes [begin, end) of `batch`.
BatchContents to_contents(const Batch& batch, std::size_t begin, std::size_t end);
// All of it in parts of so many changes at most, and of some limits::shared_part_bytes.
std::vector<BatchContents> to_parts(const Batch& batch, std::size_t changes);
// About the octets that the changes [begin, end) take in a document.
std::size_t octets_of(const Batch& batch, std::size_t begin, std::size_t end);
// The octets whose digest a large set takes of a part: all but profiles.
std::string octets_of_part(const BatchContents& part);
// The changes that stand in it, in order, with the profiles it still has. Errors: damaged.
Result<std::vector<RecordedChange>> read_changes(const SharedBatch& batch);

}  // namespace ringbook

// The parts of large sets on their way to the journal and back.
//
// Threads: the loop. What is under way when it is destroyed is dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/reply.h"
#include "directory/shared_batch.h"
#include "directory/shared_journal.h"

namespace ringbook {

// A batch that takes its contents part by part.
struct FilledBatch {
  SharedBatch batch;        // Of a large set.
  std::uint32_t parts = 0;  // So many are in it.
  std::string digests;      // Of these.
  bool is_whole() const { return parts == batch.set->parts; }
};
// Takes the next part. Errors: damaged (it is none, or with the last they are not what was
// written).
Result<void> add_part(FilledBatch& filled, Part part, MakeDigest make_digest);

// The set of these parts under this id, which no other has or had.
LargeSet describe(std::string id, const std::vector<BatchContents>& parts, std::uint64_t base,
                  MakeDigest make_digest);

class SharedParts {
 public:
  // Lifetime: all of it outlives this.
  SharedParts(SharedJournal& journal, const Clock& clock, MakeDigest make_digest)
      : journal_(journal), clock_(clock), make_digest_(make_digest) {}
  ~SharedParts() { *is_alive_ = false; }

  // Keeps the parts, one after the other, each within limits::shared_time. Errors: unavailable.
  void put(const std::string& id, std::vector<BatchContents> parts, Reply<void> reply);
  // Gives the batches with the contents that stand elsewhere. Errors: unavailable, damaged.
  void fill(std::vector<SharedBatch> batches, Reply<std::vector<SharedBatch>> reply);

 private:
  struct Putting {
    std::string id;
    std::vector<std::shared_ptr<const Part>> parts;
    std::uint32_t done = 0;
    Reply<void> reply;
  };
  struct Filling {
    std::vector<SharedBatch> batches;
    std::size_t at = 0;  // The batch that is filled.
    FilledBatch filled;
    Reply<std::vector<SharedBatch>> reply;
  };

  void put_next(const std::shared_ptr<Putting>& putting);
  void fill_next(const std::shared_ptr<Filling>& filling);
  Result<void> take_part(Filling& filling, Part part);

  SharedJournal& journal_;
  const Clock& clock_;
  MakeDigest make_digest_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
};

}  // namespace ringbook

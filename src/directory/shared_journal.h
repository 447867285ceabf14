// The journal that instances of one directory share, as the state machine asks it: batches numbered
// from 1, of which each is inserted once or never.
//
// Durability: "committed" is what a majority of the servers has on disk; it never goes away.
// Nothing else is shown by any of these. Deadlines: every question has one, a tick of the clock; a
// question without an answer until then, or soon after, answers unavailable. Threads: called on the
// loop, and answered on it, never within the call. Lifetime: replies still waiting when the journal
// is destroyed answer `internal`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/loop.h"
#include "base/reply.h"
#include "directory/history.h"
#include "directory/shared_batch.h"

namespace ringbook {

// What became of an insert.
enum class Appended : std::uint8_t {
  mine,     // It is committed.
  taken,    // The number has a document, perhaps this very one, perhaps one that is not committed.
  unknown,  // It may be there, may still come, may be undone: a time-out, a cut, no majority.
};

// A part of something that is too large for one document.
struct PartName {
  enum class Of : std::uint8_t { set, checkpoint };
  Of of = Of::set;
  std::string id;  // Of the set or the checkpoint.
  std::uint32_t part = 0;
};
// A set's part is contents, a checkpoint's octets.
using Part = std::variant<BatchContents, std::string>;

// The whole state of the directory after a batch, but for names: every batch up to it is published.
// It counts once this is there, which is written after its parts.
struct Checkpoint {
  std::string id;  // A later batch's is greater; no two that anybody makes are equal.
  std::uint64_t batch = 0;
  Digest hash{};           // Of that batch.
  std::uint64_t last = 0;  // The last change up to it, and its time.
  Instant at;
  std::uint32_t parts = 0;
  Digest digest{};  // Over those of all parts, in order.
};

class SharedJournal {
 public:
  virtual ~SharedJournal() = default;

  // Inserts the batch under its number. The same batch may be given again: there is one of it.
  // Errors: none; whatever keeps the outcome from being known is `unknown`.
  virtual void append(std::shared_ptr<const SharedBatch> batch, Tick deadline,
                      Reply<Appended> reply) = 0;

  // The committed batches from number `next` on, without a gap: whatever was committed before the
  // call, whichever server has it; at most limits::shared_read_batches, and fewer only when these
  // are all. None: at a moment after the call the journal ended before `next`. Errors: unavailable,
  // damaged (a document that is no batch).
  virtual void confirm(std::uint64_t next, Tick deadline,
                       Reply<std::vector<SharedBatch>> reply) = 0;

  // Batches that touch it, with what of their contents does: of a large set only the parts that do.
  // Newest first, from those on whose first change is not above `sequence`.
  virtual void touching(Touched touched, std::uint64_t sequence, std::size_t limit, Tick deadline,
                        Reply<std::vector<SharedBatch>> reply) = 0;
  // Oldest first, from the first one on that is later than `at`.
  virtual void touching_after(Touched touched, Instant at, std::size_t limit, Tick deadline,
                              Reply<std::vector<SharedBatch>> reply) = 0;

  // Keeps a part; there may be one already, which is the same. Errors: unavailable.
  virtual void put_part(PartName name, std::shared_ptr<const Part> part, Tick deadline,
                        Reply<void> reply) = 0;
  // Errors also: not_found.
  virtual void read_part(PartName name, Tick deadline, Reply<Part> reply) = 0;
  // Removes all parts of a large set; of no effect when there are none.
  virtual void drop_set(std::string id, Tick deadline, Reply<void> reply) = 0;

  virtual void write_checkpoint(Checkpoint checkpoint, Tick deadline, Reply<void> reply) = 0;
  // That of the greatest id.
  virtual void newest_checkpoint(Tick deadline, Reply<std::optional<Checkpoint>> reply) = 0;
  // Removes all that is there of checkpoints with smaller ids.
  virtual void drop_checkpoints(std::string before, Tick deadline, Reply<void> reply) = 0;

  // Every batch up to this one is published: the documents of its users show it or something newer,
  // as a majority has them. 0 when nobody said so yet. It never goes down.
  virtual void published(Tick deadline, Reply<std::uint64_t> reply) = 0;
  virtual void raise_published(std::uint64_t batch, Tick deadline, Reply<void> reply) = 0;

  // Removes the profiles of the batches [first, last] for good, and those of their large sets.
  virtual void scrub(std::uint64_t first, std::uint64_t last, Tick deadline, Reply<void> reply) = 0;
};

// Runs tasks on the loop when their time has come. Threads: the loop. Tasks still waiting when it
// is destroyed are dropped.
class Timer {
 public:
  virtual ~Timer() = default;
  virtual void at(Tick tick, Loop::Task task) = 0;
};

}  // namespace ringbook

// Reads the newest checkpoint of a shared journal into the fold, and writes one now and then.
//
// Invariants: 1. A checkpoint counts once every batch up to it is published and its names are gone
// from the journal: names are read from the documents. 2. What is removed is older than one that
// counts. Threads: the loop. What is under way when it is destroyed is dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/loop.h"
#include "base/reply.h"
#include "directory/shared_checkpoint.h"
#include "directory/shared_fold.h"
#include "directory/shared_journal.h"

namespace ringbook {

struct CheckpointSettings {
  std::string instance;        // Unlike that of any other process, ever.
  std::uint64_t changes = 0;   // A new one is due after so many, and a quarter of the users.
  std::size_t part_bytes = 0;  // Of a part, about.
};

class SharedCheckpoints {
 public:
  // Lifetime: all of it outlives this.
  SharedCheckpoints(CheckpointSettings settings, SharedFold& fold, SharedJournal& journal,
                    Loop& loop, const Clock& clock, MakeDigest make_digest)
      : settings_(std::move(settings)),
        fold_(fold),
        journal_(journal),
        loop_(loop),
        clock_(clock),
        make_digest_(make_digest) {}
  ~SharedCheckpoints();

  // Restores the newest one into a fold of nothing; of no effect when there is none. Errors:
  // unavailable, damaged.
  void read(Reply<void> reply);

  // Does what is due: begins one, goes on with its parts, or says that it is whole. Once at a time.
  // Errors: unavailable; then the next time goes on.
  void write(Reply<void> done);

 private:
  struct Reading {
    Checkpoint checkpoint;
    std::vector<std::string> parts;
    Reply<void> reply;
  };
  struct Writing {
    Checkpoint checkpoint;
    CheckpointPacker packer;
    std::string digests = {};
    std::shared_ptr<const Part> part = nullptr;  // That is being kept.
    bool is_packed = false;
  };

  void read_next(const std::shared_ptr<Reading>& reading);
  void on_part_missing(const std::shared_ptr<Reading>& reading);
  void restore_next(const std::shared_ptr<Reading>& reading, std::size_t part);
  bool is_due() const;
  void begin();
  void put_next(Reply<void> done);
  void finish(Reply<void> done);
  void give_up();
  template <class T, class Handler>
  Reply<T> then(Handler handler);

  CheckpointSettings settings_;
  SharedFold& fold_;
  SharedJournal& journal_;
  Loop& loop_;
  const Clock& clock_;
  MakeDigest make_digest_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  std::uint64_t last_ = 0;  // The last change that the newest known one includes.
  std::optional<Writing> writing_;
};

}  // namespace ringbook

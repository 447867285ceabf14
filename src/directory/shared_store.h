// A Store whose journal and whose users' documents are elsewhere, shared by any number of equal
// instances. What a turn asked is decided on what is folded of the journal, and inserted as its
// next batch: whoever inserts first decides, the others fold that batch and decide again. Then the
// numbers are published into the documents, while the next turn is decided; then the writes are
// answered.
//
// Invariants: 1. Batch n is inserted only by who has folded all before it, and only what a majority
// has is folded. 2. A write is answered as done when its batch is in the journal and the document
// of each of its users shows it or something newer, both as a majority has it. 3. Refusals, writes
// that change nothing and reads are answered when the journal was seen to end at what is folded, at
// a moment after they were asked. 4. Between two tasks of the loop the registry holds nothing that
// is not in the journal. 5. An insert of unknown outcome is forgotten at the deadline: it lands
// before the next one or never.
// Threads: the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "directory/documents.h"
#include "directory/history_store.h"
#include "directory/shared_checkpoints.h"
#include "directory/shared_decision.h"
#include "directory/shared_fold.h"
#include "directory/shared_journal.h"
#include "directory/shared_parts.h"
#include "directory/shared_publisher.h"
#include "directory/shared_tidy.h"

namespace ringbook {

struct SharedSettings {
  std::string instance;  // Unlike that of any other process, ever.
  People people = People::own;
  // How long a turn, and then what it publishes, tries to reach the database.
  std::chrono::milliseconds time = limits::shared_time;
  // How long after one reading of all people whom another program keeps the next begins.
  std::chrono::milliseconds rescan = limits::shared_rescan_time;
  // Changes that one batch carries in its own document, and a part of a larger set.
  std::size_t batch_changes = limits::shared_batch_changes;
  std::size_t part_changes = limits::shared_part_changes;
  // Changes that are folded in one turn of the loop, and what the last batch of it has more.
  std::size_t fold_changes = limits::shared_fold_changes;
  // Changes after which a checkpoint is due, and octets of a part of it.
  std::uint64_t checkpoint_changes = limits::shared_checkpoint_changes;
  std::size_t checkpoint_part_bytes = limits::shared_part_bytes;
};

// Lifetime: all of it outlives the store.
struct SharedPorts {
  SharedJournal& journal;
  Documents& documents;
  Timer& timer;
  MakeDigest make_digest;
};

class SharedStore : public HistoryStore {
 public:
  SharedStore(SharedSettings settings, SharedPorts ports, Loop& loop, const Clock& clock,
              std::function<void(const Error&)> on_failure);

  // Folds the journal; until then what is asked waits, up to its deadline. Once. Errors:
  // unavailable (nothing is served; it may be called again), damaged.
  void start(Reply<void> reply);

  bool is_durable() const override { return true; }
  void apply(ChangeSet&& set, Reply<Outcome> reply) override;
  void user(UserId id, Reply<std::optional<User>> reply) override;
  bool turn_is_due() const override;
  void end_turn() override;

 protected:
  void on_failure(const Error& error) override { on_failure_(error); }
  void read_journal(Touched touched, std::unique_ptr<JournalQuestion> question) override;

 private:
  // What a large set touches, in order: a batch with none of it does not concern it.
  struct Footprint {
    std::vector<UserId> users;
    std::vector<Extension> numbers;
    bool meets(const BatchContents& other) const;
  };
  // A turn from its end until its last batch is in the journal.
  struct Work {
    Turn turn;
    std::vector<ChangeSet> sets;  // Of its writes.
    SharedLook look;
    Tick deadline;
    std::size_t begin = 0;  // What is under way are the writes [begin, end).
    std::size_t end = 0;
    std::shared_ptr<const SharedBatch> batch = nullptr;  // What is inserted for them.
    Footprint footprint = {};                            // Of a large set.
    int tries = 0;                                       // Of it.
    bool is_overtaken = false;                           // Whether it has to be decided again.
    bool is_taken = false;      // Whether another batch was there at the last reading.
    bool is_committed = false;  // Whether that was seen in the journal.
    bool is_confirmed = false;  // Whether all that was committed before its end is folded.
    std::string why = {};       // What the last question failed for.
  };
  struct Folding {
    std::vector<SharedBatch> batches;
    std::size_t next = 0;
    Reply<void> reply;
  };
  // Writes that wait for the documents of their users.
  struct Publishing {
    std::vector<Write> writes;
    std::vector<std::vector<UserId>> users;  // Of each write.
    std::vector<std::string> request_ids;    // Of each write.
  };

  // Hands an answer of a port to a store that is still there.
  template <class T, class Handler>
  Reply<T> to_store(Handler handler) {
    return Reply<T>([alive = is_alive(), handler = std::move(handler)](Result<T> answer) mutable {
      if (*alive) {
        handler(std::move(answer));
      }
    });
  }
  // For questions about so many documents.
  Tick deadline_for(std::size_t documents) const;
  Tick deadline() const { return clock().tick() + settings_.time; }
  template <class T, class Handler>
  Reply<T> to_start(Reply<void> reply, Handler handler);
  void read_checkpoint(Reply<void> reply);
  void read_journal_to_its_end(Reply<void> reply);
  void on_journal_folded(bool is_all, Reply<void> go_on);
  void meet_people(Reply<void> reply);
  void read_people(std::optional<UserId> after, Reply<void> reply);
  void rescan_people(std::optional<UserId> after);
  void serve();
  Result<void> fold(const SharedBatch& batch);
  // One after the other: in a turn of the loop so many changes, and what the last batch has more.
  void fold_all(std::vector<SharedBatch> batches, Reply<void> reply);
  void fold_slice(const std::shared_ptr<Folding>& folding);
  // Reads profiles that the journal has no more; whose are still not certain stay strangers.
  void meet_strangers(Tick deadline, Reply<void> reply);

  // The steps of a turn. Each ends with the next, or with a question that goes on with it.
  void begin_when_started();
  void begin_round();
  void look();
  void look_at_documents();
  void decide();
  void append();
  void on_appended(Appended appended);
  void confirm();
  void on_confirmed(Result<std::vector<SharedBatch>> batches);
  void on_unread(const Error& error);
  void on_filled(std::vector<SharedBatch> batches, bool is_all);
  void on_folded(bool is_all);
  void look_at_strangers();
  void on_journal_end();
  void put_large_set(SharedBatch batch, const Batch& changes);
  void move_up_large_set();
  void conclude_round();
  void end_work(const Result<void>& durable);
  void try_again(void (SharedStore::*step)());

  void publish(Publishing publishing, std::vector<UserId> users);
  void end_publishing(Publishing publishing, const SharedPublisher::Outcomes& outcomes);
  void answer_published(Write write, const std::vector<UserId>& users,
                        const std::string& request_id, const SharedPublisher::Outcomes& outcomes);
  void take_back(UserId user, bool with_former, const std::string& request_id, Outcome answer,
                 Reply<Outcome> reply);

  void await_tidy();
  void tidy();

  SharedSettings settings_;
  SharedPorts ports_;
  std::function<void(const Error&)> on_failure_;
  SharedFold fold_;
  SharedParts parts_;
  SharedPublisher publisher_;
  SharedTidy tidy_;
  SharedCheckpoints checkpoints_;
  bool is_tidy_due_ = false;
  bool is_started_ = false;
  bool is_checkpoint_read_ = false;
  bool are_people_read_ = false;
  std::uint64_t batches_made_ = 0;
  std::vector<ChangeSet> sets_;  // What the turn that collects asked.
  std::size_t edits_asked_ = 0;
  std::optional<Work> work_;
  std::map<std::uint64_t, Publishing> publishings_;
  std::uint64_t publishings_begun_ = 0;
};

}  // namespace ringbook

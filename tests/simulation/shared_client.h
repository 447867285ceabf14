// One instance's way to a simulated database: what a SharedStore asks for, over a network that may
// lose, delay and repeat what it carries.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/loop.h"
#include "directory/documents.h"
#include "directory/shared_journal.h"
#include "simulation/shared_database.h"

namespace ringbook::test {

class Network {
 public:
  virtual ~Network() = default;
  // Runs `execute` at the database and then `answer` at the one who asked, both or less; and
  // `expire` there at the deadline. `execute` may be run twice.
  virtual void send(Tick deadline, std::function<void()> execute, std::function<void()> answer,
                    std::function<void()> expire) = 0;
  virtual void at(Tick tick, Loop::Task task) = 0;
};

// Carries everything at once, in order.
class PerfectNetwork final : public Network {
 public:
  explicit PerfectNetwork(Loop& loop) : loop_(loop) {}
  void send(Tick, std::function<void()> execute, std::function<void()> answer,
            std::function<void()>) override {
    execute();
    loop_.post(std::move(answer));
  }
  // Nothing is ever late here.
  void at(Tick, Loop::Task) override {}

 private:
  Loop& loop_;
};

class SharedClient : public SharedJournal, public Documents, public Timer {
 public:
  SharedClient(SharedDatabase& database, Network& network)
      : database_(database), network_(network) {}

  void append(std::shared_ptr<const SharedBatch> batch, Tick deadline,
              Reply<Appended> reply) override;
  void confirm(std::uint64_t next, Tick deadline, Reply<std::vector<SharedBatch>> reply) override;
  void touching(Touched touched, std::uint64_t sequence, std::size_t limit, Tick deadline,
                Reply<std::vector<SharedBatch>> reply) override;
  void touching_after(Touched touched, Instant at, std::size_t limit, Tick deadline,
                      Reply<std::vector<SharedBatch>> reply) override;
  void put_part(PartName name, std::shared_ptr<const Part> part, Tick deadline,
                Reply<void> reply) override;
  void read_part(PartName name, Tick deadline, Reply<Part> reply) override;
  void drop_set(std::string id, Tick deadline, Reply<void> reply) override;
  void write_checkpoint(Checkpoint checkpoint, Tick deadline, Reply<void> reply) override;
  void newest_checkpoint(Tick deadline, Reply<std::optional<Checkpoint>> reply) override;
  void drop_checkpoints(std::string before, Tick deadline, Reply<void> reply) override;
  void published(Tick deadline, Reply<std::uint64_t> reply) override;
  void raise_published(std::uint64_t batch, Tick deadline, Reply<void> reply) override;
  void scrub(std::uint64_t first, std::uint64_t last, Tick deadline, Reply<void> reply) override;

  void look(Look look, Tick deadline, Reply<std::vector<SeenUser>> reply) override;
  void publish(std::vector<Publication> first, std::vector<Publication> then, Tick deadline,
               Reply<std::vector<Published>> reply) override;
  void scan(std::optional<UserId> after, std::size_t limit, Tick deadline,
            Reply<std::vector<SeenUser>> reply) override;

  void at(Tick tick, Loop::Task task) override { network_.at(tick, std::move(task)); }

 private:
  // Executes `ask` on the primary; when it is still the primary as the answer is given, a majority
  // has what it saw: `commit` says so.
  template <class T>
  void call(Tick deadline, std::function<Result<T>()> ask, std::function<void(const T&)> commit,
            Reply<T> reply);
  // The same for what no fail-over undoes.
  void write(Tick deadline, std::function<void()> execute, Reply<void> reply);

  SharedDatabase& database_;
  Network& network_;
};

}  // namespace ringbook::test

#include "store/sqlite/journal_thread.h"

#include "base/limits.h"

namespace ringbook::sqlite {
namespace {

// What a job sees: the reader's snapshot, or why there is none.
class Snapshot final : public JournalView {
 public:
  Snapshot(Connection& connection, ChangeReader& reader)
      : transaction_(connection), begun_(transaction_.begin("BEGIN")), reader_(reader) {}

  Result<RecordedChange> read(std::uint64_t sequence) override {
    return begun_ ? reader_.read(sequence) : std::unexpected(begun_.error());
  }
  Result<std::uint64_t> find_after(UserId user, Instant at) override {
    return begun_ ? reader_.find_after(user, at) : std::unexpected(begun_.error());
  }
  Result<std::uint64_t> find_after(Extension extension, Instant at) override {
    return begun_ ? reader_.find_after(extension, at) : std::unexpected(begun_.error());
  }

 private:
  Transaction transaction_;
  Result<void> begun_;
  ChangeReader& reader_;
};

}  // namespace

JournalThread::JournalThread(std::unique_ptr<Connection> connection, ChangeReader reader,
                             Loop& loop)
    : connection_(std::move(connection)),
      reader_(std::move(reader)),
      worker_({}, take_first<Job>, [this, &loop](Job job) {
        Snapshot snapshot(*connection_, reader_);
        loop.post(job(snapshot));
      }) {}

Result<void> JournalThread::post(Job job) {
  return worker_.with_queue([&](std::deque<Job>& waiting) -> Result<void> {
    if (waiting.size() >= limits::waiting_histories) {
      return fail(Errc::overloaded, "too many histories are asked for");
    }
    waiting.push_back(std::move(job));
    return {};
  });
}

}  // namespace ringbook::sqlite

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
    : connection_(std::move(connection)), reader_(std::move(reader)), loop_(loop) {
  thread_ = std::thread([this] { work(); });
}

JournalThread::~JournalThread() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

Result<void> JournalThread::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= limits::waiting_histories) {
      return fail(Errc::overloaded, "too many histories are asked for");
    }
    waiting_.push_back(std::move(job));
  }
  arrived_.notify_one();
  return {};
}

void JournalThread::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (is_stopping_) {
      return;
    }
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    {
      Snapshot snapshot(*connection_, reader_);
      loop_.post(job(snapshot));
    }
    lock.lock();
  }
}

}  // namespace ringbook::sqlite

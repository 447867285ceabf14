#include "store/sqlite/journal_thread.h"

#include "base/limits.h"

namespace ringbook::sqlite {
namespace {

// What a question sees: the reader's snapshot, or why there is none.
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
      worker_({}, take_first<std::unique_ptr<JournalQuestion>>,
              [this, &loop](std::unique_ptr<JournalQuestion> question) {
                Snapshot snapshot(*connection_, reader_);
                question->walk(snapshot);
                loop.post([question = std::move(question)] { question->answer(); });
              }) {}

void JournalThread::post(std::unique_ptr<JournalQuestion> question) {
  worker_.with_queue([&](auto& waiting) {
    if (waiting.size() < limits::waiting_histories) {
      waiting.push_back(std::move(question));
    }
  });
  if (question) {
    question->refuse({Errc::overloaded, "too many histories are asked for"});
  }
}

}  // namespace ringbook::sqlite

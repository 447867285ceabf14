#include "directory/history_store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/limits.h"

namespace ringbook {

// A question of one kind: how to walk, what to add on the loop, and whom to answer.
template <class Page>
class HistoryStore::PageQuestion final : public JournalQuestion {
 public:
  PageQuestion(Reply<Page> reply, std::function<Result<Page>(JournalView&)> walk,
               std::function<void(Page&)> finish, std::shared_ptr<const bool> is_alive)
      : reply_(std::move(reply)),
        walk_(std::move(walk)),
        finish_(std::move(finish)),
        is_alive_(std::move(is_alive)) {}

  void walk(JournalView& journal) override { page_ = walk_(journal); }
  void answer() override {
    if (!*is_alive_) {
      return;
    }
    if (page_ && finish_) {
      finish_(*page_);
    }
    reply_(std::move(page_));
  }
  void refuse(const Error& error) override { reply_(std::unexpected(error)); }

 private:
  Reply<Page> reply_;
  std::function<Result<Page>(JournalView&)> walk_;
  std::function<void(Page&)> finish_;
  std::shared_ptr<const bool> is_alive_;
  Result<Page> page_;
};

template <class Page>
void HistoryStore::ask_journal(Touched touched, Reply<Page> reply,
                               std::function<Result<Page>(JournalView&)> walk,
                               std::function<void(Page&)> finish) {
  read_journal(touched, std::make_unique<PageQuestion<Page>>(std::move(reply), std::move(walk),
                                                             std::move(finish), is_alive()));
}

void HistoryStore::user_history(UserId id, HistoryCursor from, std::size_t limit,
                                Reply<UserHistoryPage> reply) {
  when_durable<UserHistoryPage>(std::move(reply), [this, id, from, limit](auto answer) {
    const auto newest = registry().newest_of(id);
    if (!newest) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    if (from > registry().last_sequence()) {
      return answer(fail(Errc::invalid, "the cursor names no change"));
    }
    const HistoryCursor begin = from != 0 ? from : *newest;
    ask_journal<UserHistoryPage>(id, std::move(answer), [id, begin, limit](JournalView& journal) {
      return walk_user_history(id, begin, limit, journal);
    });
  });
}

void HistoryStore::extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                                     Reply<ExtensionHistoryPage> reply) {
  when_durable<ExtensionHistoryPage>(std::move(reply), [this, extension, from, limit](auto answer) {
    if (from > registry().last_sequence()) {
      return answer(fail(Errc::invalid, "the cursor names no change"));
    }
    const HistoryCursor begin = from != 0 ? from : registry().newest_of(extension);
    ask_journal<ExtensionHistoryPage>(
        extension, std::move(answer),
        [extension, begin, limit](JournalView& journal) {
          return walk_extension_history(extension, begin, limit, journal);
        },
        [this](ExtensionHistoryPage& page) {
          for (ExtensionHistoryRow& row : page.rows) {
            row.name = registry().name_of(row.user);
          }
        });
  });
}

// Errors: invalid, for a moment that is still to come.
Result<Instant> HistoryStore::end_of(const Moment& moment) const {
  // Changes may be ahead of a clock that was set back.
  const Instant now = std::max(clock().now(), registry().last_at());
  if (moment.first.ms > now.ms + std::chrono::milliseconds(limits::clock_skew).count()) {
    return fail(Errc::invalid, "the moment lies in the future");
  }
  return std::min(moment.last, now);
}

void HistoryStore::user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) {
  when_durable<UserHoldingAt>(std::move(reply), [this, id, moment](auto answer) {
    const auto newest = registry().newest_of(id);
    if (!newest) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    const auto at = end_of(moment);
    if (!at) {
      return answer(std::unexpected(at.error()));
    }
    ask_journal<UserHoldingAt>(
        id, std::move(answer),
        [id, at = *at, newest = *newest](JournalView& journal) -> Result<UserHoldingAt> {
          auto holding = find_user_holding(id, newest, at, journal);
          if (!holding) {
            return std::unexpected(std::move(holding.error()));
          }
          return UserHoldingAt{at, *std::move(holding)};
        });
  });
}

void HistoryStore::extension_holding(Extension extension, Moment moment,
                                     Reply<ExtensionHoldingAt> reply) {
  when_durable<ExtensionHoldingAt>(std::move(reply), [this, extension, moment](auto answer) {
    const auto at = end_of(moment);
    if (!at) {
      return answer(std::unexpected(at.error()));
    }
    ask_journal<ExtensionHoldingAt>(
        extension, std::move(answer),
        [extension, at = *at, newest = registry().newest_of(extension)](
            JournalView& journal) -> Result<ExtensionHoldingAt> {
          auto holding = find_extension_holding(extension, newest, at, journal);
          if (!holding) {
            return std::unexpected(std::move(holding.error()));
          }
          return ExtensionHoldingAt{at, *std::move(holding)};
        },
        [this](ExtensionHoldingAt& found) {
          if (found.holding) {
            found.holding->name = registry().name_of(found.holding->user);
          }
        });
  });
}

namespace {

Result<LastChange> read_last_change(JournalView& journal, std::uint64_t sequence) {
  auto record = journal.read(sequence);
  if (!record) {
    return std::unexpected(std::move(record.error()));
  }
  const Change& change = record->change;
  return LastChange{.at = change.at,
                    .issuer = std::move(record->issuer),
                    .subject = std::move(record->subject),
                    .version = sequence,
                    .fields = change.fields,
                    .from = change.from,
                    .to = change.to};
}

}  // namespace

void HistoryStore::last_changes(UserId id, Reply<LastChanges> reply) {
  when_durable<LastChanges>(std::move(reply), [this, id](auto answer) {
    const auto of_user = registry().last_version_of(id);
    if (!of_user) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    ask_journal<LastChanges>(id, std::move(answer),
                             [user = registry().user(id), of_user = *of_user,
                              of_number = registry().newest_of(id).value_or(0)](
                                 JournalView& journal) -> Result<LastChanges> {
                               auto last = read_last_change(journal, of_user);
                               auto number =
                                   of_number != 0 ? read_last_change(journal, of_number) : last;
                               if (!last || !number) {
                                 return std::unexpected(last ? number.error() : last.error());
                               }
                               LastChanges changes{user, *std::move(last), std::nullopt};
                               if (of_number != 0) {
                                 changes.of_number = *std::move(number);
                               }
                               return changes;
                             });
  });
}

}  // namespace ringbook

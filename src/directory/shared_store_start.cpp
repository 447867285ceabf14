// From the journal and the documents to an instance that serves.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "directory/shared_store.h"

namespace ringbook {

void SharedStore::start(Reply<void> reply) {
  ports_.journal.published(
      deadline(), to_start<std::uint64_t>(std::move(reply), [this](auto batch, auto go_on) {
        fold_.raise_published(batch);
        read_checkpoint(std::move(go_on));
      }));
}

void SharedStore::read_checkpoint(Reply<void> reply) {
  if (is_checkpoint_read_) {
    return read_journal_to_its_end(std::move(reply));
  }
  checkpoints_.read(to_store<void>([this, reply = std::move(reply)](auto read) mutable {
    is_checkpoint_read_ = read.has_value();
    read ? read_journal_to_its_end(std::move(reply)) : reply(std::move(read));
  }));
}

// Hands an answer to the next step of the start, or ends it.
template <class T, class Handler>
Reply<T> SharedStore::to_start(Reply<void> reply, Handler handler) {
  return to_store<T>(
      [reply = std::move(reply), handler = std::move(handler)](Result<T> answer) mutable {
        answer ? handler(*std::move(answer), std::move(reply))
               : reply(std::unexpected(std::move(answer.error())));
      });
}

void SharedStore::read_journal_to_its_end(Reply<void> reply) {
  ports_.journal.confirm(
      fold_.number() + 1, deadline(),
      to_start<std::vector<SharedBatch>>(std::move(reply), [this](auto batches, auto go_on) {
        const bool is_all = batches.size() < limits::shared_read_batches;
        parts_.fill(std::move(batches),
                    to_start<std::vector<SharedBatch>>(
                        std::move(go_on), [this, is_all](auto filled, auto go_further) {
                          fold_all(
                              std::move(filled),
                              to_store<void>([this, is_all, go_further = std::move(go_further)](
                                                 auto folded) mutable {
                                folded ? on_journal_folded(is_all, std::move(go_further))
                                       : go_further(std::move(folded));
                              }));
                        }));
      }));
}

void SharedStore::on_journal_folded(bool is_all, Reply<void> go_on) {
  if (!is_all) {
    return read_journal_to_its_end(std::move(go_on));
  }
  if (fold_.awaits_its_checkpoint()) {
    return go_on(fail(Errc::damaged, "the journal ends before its checkpoint"));
  }
  if (settings_.people == People::own) {
    return meet_people(std::move(go_on));
  }
  serve();
  rescan_people(std::nullopt);
  go_on({});
}

// Whom the journal does not name; most of them at once, then those who changed meanwhile.
void SharedStore::meet_people(Reply<void> reply) {
  if (!fold_.has_strangers()) {
    serve();
    return reply({});
  }
  if (!std::exchange(are_people_read_, true)) {
    return read_people(std::nullopt,
                       to_store<void>([this, reply = std::move(reply)](auto read) mutable {
                         are_people_read_ = read.has_value();
                         if (read) {
                           fold_.end_reading_people();
                         }
                         read ? read_journal_to_its_end(std::move(reply)) : reply(std::move(read));
                       }));
  }
  meet_strangers(deadline(), to_store<void>([this, reply = std::move(reply)](auto met) mutable {
                   met ? read_journal_to_its_end(std::move(reply)) : reply(std::move(met));
                 }));
}

void SharedStore::read_people(std::optional<UserId> after, Reply<void> reply) {
  ports_.documents.scan(
      after, limits::shared_scan_page, deadline(),
      to_start<std::vector<SeenUser>>(std::move(reply), [this](auto page, auto go_on) {
        for (const SeenUser& user : page) {
          fold_.observe(user);
        }
        page.empty() ? go_on({}) : read_people(page.back().id, std::move(go_on));
      }));
}

// Their program makes and renames them without telling us. A page that fails is read again.
void SharedStore::rescan_people(std::optional<UserId> after) {
  const auto go_on = [this](std::chrono::milliseconds pause, std::optional<UserId> from) {
    ports_.timer.at(clock().tick() + pause, [this, from, alive = is_alive()] {
      if (*alive) {
        rescan_people(from);
      }
    });
  };
  ports_.documents.scan(after, limits::shared_scan_page, deadline(),
                        to_store<std::vector<SeenUser>>([this, after, go_on](const auto& page) {
                          if (!page) {
                            return go_on(limits::shared_time, after);
                          }
                          for (const SeenUser& user : *page) {
                            fold_.observe(user);
                          }
                          page->empty() ? go_on(settings_.rescan, std::nullopt)
                                        : rescan_people(page->back().id);
                        }));
}

void SharedStore::serve() {
  if (!std::exchange(is_started_, true)) {
    await_tidy();
    want_turn();
  }
}

Result<void> SharedStore::fold(const SharedBatch& batch) {
  auto folded = fold_.fold(batch);
  if (!folded) {
    fail_for_good(folded.error());
  }
  return folded;
}

void SharedStore::fold_all(std::vector<SharedBatch> batches, Reply<void> reply) {
  fold_slice(std::make_shared<Folding>(std::move(batches), 0, std::move(reply)));
}

void SharedStore::fold_slice(const std::shared_ptr<Folding>& folding) {
  auto& [batches, next, reply] = *folding;
  for (std::size_t changes = 0; next < batches.size() && changes < settings_.fold_changes; ++next) {
    changes += batches[next].changes;
    if (auto folded = fold(batches[next]); !folded) {
      return reply(std::move(folded));
    }
  }
  if (next == batches.size()) {
    return reply({});
  }
  loop().post([this, folding, alive = is_alive()] {
    if (*alive) {
      fold_slice(folding);
    }
  });
}

}  // namespace ringbook

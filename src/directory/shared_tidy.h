// Sees to what others have left unpublished: every instance does, now and then, without asking who
// else does. Nothing is decided here, so it does no harm done twice.
//
// Threads: the loop. What is under way when it is destroyed is dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/reply.h"
#include "directory/documents.h"
#include "directory/shared_fold.h"
#include "directory/shared_journal.h"
#include "directory/shared_publisher.h"

namespace ringbook {

class SharedTidy {
 public:
  // Told of a user whose number a foreign hand gave to another document.
  using OnRefused = std::function<void(UserId)>;

  // Lifetime: all of it outlives this.
  SharedTidy(SharedFold& fold, SharedJournal& journal, Documents& documents,
             SharedPublisher& publisher, const Clock& clock, OnRefused on_refused)
      : fold_(fold),
        journal_(journal),
        documents_(documents),
        publisher_(publisher),
        clock_(clock),
        on_refused_(std::move(on_refused)) {}
  ~SharedTidy() { *is_alive_ = false; }

  // Publishes what is folded, old enough and still missing, says in the journal how far all is
  // published, and removes the names from what is. Once at a time. What fails is for the next time.
  void run(Reply<void> done);

 private:
  void look();
  void on_seen(const std::vector<SeenUser>& seen);
  void on_published(const SharedPublisher::Outcomes& outcomes);
  void raise();
  void scrub();
  void end(Result<void> how);
  template <class T, class Handler>
  Reply<T> then(Handler handler);
  template <class Handler>
  Reply<void> then(Handler handler);

  SharedFold& fold_;
  SharedJournal& journal_;
  Documents& documents_;
  SharedPublisher& publisher_;
  const Clock& clock_;
  OnRefused on_refused_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  Reply<void> done_;
  Tick deadline_{};
  std::size_t before_ = 0;  // Users who were pending when the last piece of them began.
  std::uint64_t said_ = 0;  // How far the journal says that all is published.
};

}  // namespace ringbook

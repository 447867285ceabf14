#include "directory/shared_tidy.h"

#include <limits>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace ringbook {

// Goes on with an answer, or ends with its error.
template <class T, class Handler>
Reply<T> SharedTidy::then(Handler handler) {
  return Reply<T>([this, alive = std::shared_ptr<const bool>(is_alive_),
                   handler = std::move(handler)](Result<T> answer) mutable {
    if (!*alive) {
      return;
    }
    answer ? handler(*std::move(answer)) : end(std::unexpected(std::move(answer.error())));
  });
}

template <class Handler>
Reply<void> SharedTidy::then(Handler handler) {
  return Reply<void>([this, alive = std::shared_ptr<const bool>(is_alive_),
                      handler = std::move(handler)](const Result<void>& answer) mutable {
    if (*alive) {
      answer ? handler() : end(answer);
    }
  });
}

void SharedTidy::run(Reply<void> done) {
  check(!done_, "one tidy ends before the next begins");
  done_ = std::move(done);
  deadline_ = clock_.tick() + limits::shared_time;
  before_ = std::numeric_limits<std::size_t>::max();
  journal_.published(deadline_, then<std::uint64_t>([this](std::uint64_t batch) {
                       said_ = batch;
                       fold_.raise_published(batch);
                       look();
                     }));
}

void SharedTidy::look() {
  constexpr auto age = std::chrono::milliseconds(limits::shared_tidy_time);
  std::vector<UserId> users =
      fold_.pending_until(Instant{clock_.now().ms - age.count()}, limits::shared_scan_page);
  // Where a piece brought nothing the rest is for the next time.
  if (users.empty() || fold_.pending() >= before_) {
    return raise();
  }
  before_ = fold_.pending();
  deadline_ = clock_.tick() + limits::shared_time + users.size() * limits::shared_document_time;
  documents_.look({std::move(users), {}}, deadline_,
                  then<std::vector<SeenUser>>([this](const auto& seen) { on_seen(seen); }));
}

void SharedTidy::on_seen(const std::vector<SeenUser>& seen) {
  std::vector<UserId> missing;
  for (const SeenUser& user : seen) {
    if (user.exists ? user.version >= fold_.version_of(user.id) : !fold_.may_create(user.id)) {
      fold_.settled(user.id, fold_.version_of(user.id));
    } else {
      missing.push_back(user.id);
    }
  }
  publisher_.publish(std::move(missing), deadline_,
                     [this](const auto& outcomes) { on_published(outcomes); });
}

void SharedTidy::on_published(const SharedPublisher::Outcomes& outcomes) {
  for (const auto& [user, outcome] : outcomes) {
    if (outcome.published == Published::refused && outcome.shown_by) {
      on_refused_(user);
    }
  }
  look();
}

void SharedTidy::raise() {
  if (fold_.published() <= said_) {
    return scrub();
  }
  journal_.raise_published(fold_.published(), deadline_, then([this] { scrub(); }));
}

// The documents have the profiles now. Every instance removes them: it costs one question, which
// finds nothing where another was earlier, and nobody has to be relied on.
void SharedTidy::scrub() {
  const auto first = fold_.first_with_profiles();
  if (!first) {
    return end({});
  }
  const std::uint64_t last = fold_.published();
  journal_.scrub(*first, last, deadline_, then([this, last] {
    fold_.scrubbed(last);
    end({});
  }));
}

void SharedTidy::end(Result<void> how) {
  auto done = std::exchange(done_, {});
  done(std::move(how));
}

}  // namespace ringbook

#include "directory/shared_publisher.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/limits.h"

namespace ringbook {

// Hands an answer to a job that is still there.
template <class T, class Handler>
Reply<T> SharedPublisher::to_job(std::uint64_t id, Handler handler) {
  return Reply<T>([this, id, alive = std::shared_ptr<const bool>(is_alive_),
                   handler = std::move(handler)](Result<T> answer) mutable {
    if (*alive && jobs_.contains(id)) {
      handler(std::move(answer));
    }
  });
}

void SharedPublisher::publish(std::vector<UserId> users, Tick deadline, Done done) {
  const std::uint64_t id = ++jobs_begun_;
  Job& job = jobs_[id];
  job.users = std::move(users);
  job.deadline = deadline;
  job.done = std::move(done);
  step(id);
}

void SharedPublisher::step(std::uint64_t id) {
  Job& job = jobs_.at(id);
  std::set<UserId> users(job.users.begin(), job.users.end());
  users.insert(job.in_the_way.begin(), job.in_the_way.end());
  SharedFold::Plan plan = fold_.plan(std::vector(users.begin(), users.end()));
  // Two who are in each other's way by what foreign hands wrote would wait for each other.
  for (const Publication& publication : plan.then) {
    if (publication.kind == Publication::Kind::show &&
        std::ranges::find(job.in_the_way, publication.user) != job.in_the_way.end()) {
      plan.first.push_back({.kind = Publication::Kind::take_off,
                            .user = publication.user,
                            .version = publication.version - 1,
                            .profile = publication.profile});
    }
  }
  auto asked = plan.then;
  documents_.publish(
      std::move(plan.first), std::move(plan.then), job.deadline,
      to_job<std::vector<Published>>(id, [this, id, asked = std::move(asked)](auto published) {
        on_published(id, asked,
                     published ? *published : std::vector(asked.size(), Published::unknown));
      }));
}

void SharedPublisher::on_published(std::uint64_t id, const std::vector<Publication>& asked,
                                   const std::vector<Published>& published) {
  Job& job = jobs_.at(id);
  bool is_refused = false;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const UserId user = asked[i].user;
    job.outcomes[user].published = published[i];
    if (published[i] == Published::unknown || published[i] == Published::refused) {
      is_refused = is_refused || published[i] == Published::refused;
      continue;
    }
    if (published[i] != Published::failed) {
      fold_.settled(user, asked[i].version);
    }
    std::erase(job.users, user);
    std::erase(job.in_the_way, user);
  }
  is_refused ? look_who_is_in_the_way(id) : go_on(id);
}

void SharedPublisher::look_who_is_in_the_way(std::uint64_t id) {
  Job& job = jobs_.at(id);
  Look look;
  for (const Publication& publication : fold_.plan(job.users).then) {
    if (publication.number && job.outcomes[publication.user].published == Published::refused) {
      look.numbers.push_back(*publication.number);
    }
  }
  documents_.look(std::move(look), job.deadline,
                  to_job<std::vector<SeenUser>>(
                      id, [this, id](auto seen) { seen ? on_seen(id, *seen) : go_on(id); }));
}

// Whoever is in the way by what the fold gave and took is published, too; a foreign hand stays.
void SharedPublisher::on_seen(std::uint64_t id, const std::vector<SeenUser>& seen) {
  Job& job = jobs_.at(id);
  for (const Publication& publication : fold_.plan(job.users).then) {
    Outcome& outcome = job.outcomes[publication.user];
    const auto other = std::ranges::find_if(seen, [&](const SeenUser& user) {
      return user.exists && publication.number && user.number == publication.number &&
             user.id != publication.user;
    });
    if (outcome.published != Published::refused || other == seen.end()) {
      continue;
    }
    if (fold_.is_pending(other->id) || other->version < fold_.version_of(other->id)) {
      job.in_the_way.push_back(other->id);
      continue;
    }
    outcome.shown_by = *other;
    std::erase(job.users, publication.user);
  }
  go_on(id);
}

void SharedPublisher::go_on(std::uint64_t id) {
  Job& job = jobs_.at(id);
  const Tick next = clock_.tick() + limits::shared_retry_time;
  if (!job.users.empty() && next < job.deadline) {
    return timer_.at(next, [this, id, alive = std::shared_ptr<const bool>(is_alive_)] {
      if (*alive) {
        step(id);
      }
    });
  }
  const auto node = jobs_.extract(id);
  node.mapped().done(node.mapped().outcomes);
}

}  // namespace ringbook

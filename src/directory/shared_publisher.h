// Brings the documents of users to what the fold says of them, and tries again until it is certain.
//
// Threads: the loop. What is under way when it is destroyed is dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "directory/documents.h"
#include "directory/shared_fold.h"
#include "directory/shared_journal.h"

namespace ringbook {

class SharedPublisher {
 public:
  struct Outcome {
    Published published = Published::unknown;
    std::optional<SeenUser> shown_by;  // Of a refused one: the foreign holder of its number.
  };
  using Outcomes = std::map<UserId, Outcome>;
  using Done = std::move_only_function<void(const Outcomes&)>;

  // Lifetime: all of it outlives this.
  SharedPublisher(SharedFold& fold, Documents& documents, Timer& timer, const Clock& clock)
      : fold_(fold), documents_(documents), timer_(timer), clock_(clock) {}
  ~SharedPublisher() { *is_alive_ = false; }

  // Says of each user what came of it, at the deadline at the latest.
  void publish(std::vector<UserId> users, Tick deadline, Done done);

 private:
  struct Job {
    std::vector<UserId> users;       // Whose outcome is not known yet.
    std::vector<UserId> in_the_way;  // Who still show what a user of the job was given.
    Outcomes outcomes;
    Tick deadline;
    Done done;
  };

  void step(std::uint64_t id);
  void on_published(std::uint64_t id, const std::vector<Publication>& asked,
                    const std::vector<Published>& published);
  void look_who_is_in_the_way(std::uint64_t id);
  void on_seen(std::uint64_t id, const std::vector<SeenUser>& seen);
  void go_on(std::uint64_t id);
  template <class T, class Handler>
  Reply<T> to_job(std::uint64_t id, Handler handler);

  SharedFold& fold_;
  Documents& documents_;
  Timer& timer_;
  const Clock& clock_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  std::map<std::uint64_t, Job> jobs_;
  std::uint64_t jobs_begun_ = 0;
};

}  // namespace ringbook

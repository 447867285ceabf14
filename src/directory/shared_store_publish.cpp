// What the documents of users mean for the answers, and seeing to them now and then.
#include <algorithm>
#include <utility>

#include "base/distinct.h"
#include "base/limits.h"
#include "directory/shared_store.h"

namespace ringbook {

void SharedStore::publish(Publishing publishing, std::vector<UserId> users) {
  keep_distinct(users);
  if (users.empty()) {
    return end_publishing(std::move(publishing), {});
  }
  const std::uint64_t id = ++publishings_begun_;
  publishings_.emplace(id, std::move(publishing));
  const Tick deadline = deadline_for(users.size());
  publisher_.publish(std::move(users), deadline,
                     [this, id](const SharedPublisher::Outcomes& outcomes) {
                       end_publishing(std::move(publishings_.extract(id).mapped()), outcomes);
                     });
}

void SharedStore::end_publishing(Publishing publishing, const SharedPublisher::Outcomes& outcomes) {
  for (std::size_t i = 0; i < publishing.writes.size(); ++i) {
    answer_published(std::move(publishing.writes[i]), publishing.users[i],
                     publishing.request_ids[i], outcomes);
  }
}

// Answers a write as the documents of its users allow.
void SharedStore::answer_published(Write write, const std::vector<UserId>& users,
                                   const std::string& request_id,
                                   const SharedPublisher::Outcomes& outcomes) {
  for (const UserId& user : users) {
    const auto& [published, shown_by] = outcomes.at(user);
    const auto present = registry().user(user);
    if (published == Published::done || published == Published::newer) {
      continue;
    }
    if (published == Published::gone && present) {
      Outcome gone;
      gone.kind = Outcome::Kind::not_found;
      return take_back(user, /*with_former=*/false, request_id, std::move(gone),
                       std::move(write.reply));
    }
    if (published == Published::refused && shown_by && shown_by->number) {
      Outcome refused;
      refused.kind = Outcome::Kind::conflict;
      refused.conflict = conflict_with(*shown_by, 0, registry());
      return take_back(user, /*with_former=*/true, request_id, std::move(refused),
                       std::move(write.reply));
    }
    if (published != Published::gone) {
      write.outcome = fail(Errc::unavailable, "the documents could not be written");
    }
  }
  write.reply(std::move(write.outcome));
}

// Undoes in the journal what a foreign hand kept out of the user's document, unless somebody has
// changed the user meanwhile, and gives the answer then.
void SharedStore::take_back(UserId user, bool with_former, const std::string& request_id,
                            Outcome answer, Reply<Outcome> reply) {
  ChangeSet set;
  set.issuer = own_issuer;
  set.subject = returner;
  set.request_id = request_id;
  set.precondition.if_match = Precondition::Match::one_of;
  set.precondition.if_match_versions = {registry().last_version_of(user).value_or(0)};
  Edit& edit = set.edits.emplace_back();
  edit.user = user;
  edit.extension = with_former ? fold_.lost_by(user) : std::nullopt;
  edit.number = edit.extension ? Edit::Number::assign : Edit::Number::release;
  const bool has_former = edit.extension.has_value();
  apply(std::move(set), to_store<Outcome>([=, this, answer = std::move(answer),
                                           reply = std::move(reply)](auto undone) mutable {
          if (!undone) {
            return reply(std::unexpected(std::move(undone.error())));
          }
          if (has_former && undone->kind == Outcome::Kind::conflict) {
            return take_back(user, /*with_former=*/false, request_id, std::move(answer),
                             std::move(reply));
          }
          reply(std::move(answer));
        }));
}

// --- tidying -------------------------------------------------------------------------------------

// Instances that were started together part by their names.
void SharedStore::await_tidy() {
  constexpr auto mean = std::chrono::milliseconds(limits::shared_tidy_time);
  const auto spread = std::hash<std::string>()(settings_.instance) % (mean.count() / 2);
  ports_.timer.at(clock().tick() + mean * 3 / 4 + std::chrono::milliseconds(spread),
                  [this, alive = is_alive()] {
                    if (*alive) {
                      is_tidy_due_ = true;
                      want_turn();
                    }
                  });
}

void SharedStore::tidy() {
  tidy_.run(to_store<void>([this](const Result<void>& tidied) {
    auto then = to_store<void>([this](const Result<void>&) { await_tidy(); });
    tidied ? checkpoints_.write(std::move(then)) : then({});
  }));
}

}  // namespace ringbook

#include "simulation/played_history.h"

#include <utility>

namespace ringbook::test {

using namespace std::chrono_literals;

namespace {

Edit edit_of(UserId user, std::optional<Extension> number) {
  Edit edit;
  edit.user = user;
  edit.number = number ? Edit::Number::assign : Edit::Number::release;
  edit.extension = number;
  return edit;
}

Edit put_of(UserId user, std::string name) {
  Edit edit;
  edit.user = user;
  edit.person = Edit::Person::put;
  edit.profile.name = std::move(name);
  return edit;
}

Edit removal_of(UserId user) {
  Edit edit;
  edit.user = user;
  edit.person = Edit::Person::remove;
  return edit;
}

}  // namespace

PlayedHistory::PlayedHistory(std::uint64_t seed) : random_(seed) {
  const std::size_t users = 2 + random_() % 3;
  const std::size_t numbers = 1 + random_() % 3;
  for (std::size_t i = 0; i < users; ++i) {
    users_.emplace_back(UserId::Bytes{1, static_cast<std::uint8_t>(i)});
  }
  for (std::size_t i = 0; i < numbers; ++i) {
    numbers_.push_back(*Extension::parse(std::to_string(10 + i)));
  }
  instances_.resize(2 + random_() % 4);
  people_ = random_() % 3 == 0 ? People::adopted : People::own;
  has_foreign_hands_ = random_() % 3 == 0;
  renames_people_ = people_ == People::own && random_() % 3 == 0;
  removes_people_ = people_ == People::own && random_() % 3 == 0;
  batch_changes_ = random_() % 3 == 0 ? 1 : 4096;
  checkpoint_changes_ = 1 + random_() % 20;
  database_.has_unique_index = random_() % 3 == 0;
}

std::optional<std::string> PlayedHistory::play() {
  network_.is_faulty = false;
  const bool are_there_before = people_ == People::adopted;
  if (are_there_before) {
    begin_people();
  }
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    start(i);
  }
  if (!are_there_before) {
    begin_people();
  }
  run_until(network_.clock.tick() + 100ms);
  network_.is_faulty = true;
  const std::size_t events = 5 + random_() % 20;
  for (std::size_t i = 0; i < events && !witness_.problem(); ++i) {
    const int pause = network_.happens(40) ? 30'000 : network_.happens(100) ? 3000 : 40;
    run_until(network_.clock.tick() + network_.up_to(pause));
    happen();
  }
  come_to_rest();
  return witness_.problem();
}

// Most are there before anything goes wrong.
void PlayedHistory::begin_people() {
  if (people_ == People::adopted) {
    witness_.adopt(users_);
    for (const UserId& user : users_) {
      database_.set_by_a_foreign_hand(user, Document{.profile = PackedProfile(Profile{})});
    }
    return;
  }
  std::vector<Edit> edits;
  for (std::size_t i = random_() % 2; i < users_.size(); ++i) {
    edits.push_back(put_of(users_[i], "somebody"));
    if (i < numbers_.size() && random_() % 2 == 0) {
      edits.back().number = Edit::Number::assign;
      edits.back().extension = numbers_[i];
    }
  }
  ask_for(std::move(edits));
}

void PlayedHistory::start(std::size_t instance) {
  Instance& started = instances_[instance];
  if (!started.store) {
    started.life = ++instances_made_;
    started.store = std::make_unique<SharedStore>(
        SharedSettings{.instance = "i" + std::to_string(started.life),
                       .people = people_,
                       .batch_changes = batch_changes_,
                       .part_changes = 1,
                       .fold_changes = 2,
                       .checkpoint_changes = checkpoint_changes_,
                       .checkpoint_part_bytes = 64},
        SharedPorts{client_, client_, client_, simulated_digest}, network_, network_.clock,
        [this](const Error& error) { witness_.complain("an instance gave up: " + error.detail); });
  }
  const auto is_the_same = [this, instance, life = started.life] {
    return instances_[instance].store && instances_[instance].life == life;
  };
  started.store->start(Reply<void>([this, instance, is_the_same](const Result<void>& how) {
    if (how || !is_the_same()) {
      witness_.seen["started"] += how ? 1 : 0;
      return;
    }
    if (how.error().code == Errc::damaged) {
      return witness_.complain("a start found damage: " + how.error().detail);
    }
    network_.at(network_.clock.tick() + 50ms, [this, instance, is_the_same] {
      if (is_the_same()) {
        start(instance);
      }
    });
  }));
}

void PlayedHistory::run_until(Tick tick) {
  network_.post([] {});  // What was asked is heard.
  while (!witness_.problem() && network_.run_one(tick)) {
    for (const Instance& instance : instances_) {
      if (instance.store && (!network_.is_faulty || random_() % 4 != 0)) {
        instance.store->end_turn();
      }
    }
  }
}

void PlayedHistory::happen() {
  const std::uint64_t dice = random_() % 100;
  if (dice < 62) {
    ask();
  } else if (dice < 74) {
    read();
  } else if (dice < 82) {
    database_.fail_over(random_);
  } else if (dice < 90) {
    stop_or_start();
  } else if (has_foreign_hands_) {
    foreign_hand();
  } else {
    ask();
  }
}

PlayedHistory::Instance* PlayedHistory::any_instance() {
  Instance& instance = instances_[random_() % instances_.size()];
  return instance.store ? &instance : nullptr;
}

void PlayedHistory::ask() {
  const UserId user = any_user();
  const UserId other = any_user();
  if (renames_people_ && random_() % 2 == 0) {
    Edit edit = put_of(user, "name " + std::to_string(requests_));
    edit.number = static_cast<Edit::Number>(random_() % 3);
    edit.extension =
        edit.number == Edit::Number::assign ? std::optional(any_number()) : std::nullopt;
    return ask_for({std::move(edit)});
  }
  const std::uint64_t dice = random_() % 100;
  if (dice < 55) {
    return ask_for({edit_of(user, any_number())});
  }
  if (dice < 70) {
    return ask_for({edit_of(user, std::nullopt)});
  }
  if (dice < 85 && user != other) {
    const auto& people = witness_.people();
    const auto number_of = [&](UserId id) {
      const auto found = people.find(id);
      return found != people.end() ? found->second.number : std::nullopt;
    };
    return ask_for({edit_of(user, number_of(other)), edit_of(other, number_of(user))});
  }
  if (removes_people_ && dice < 92) {
    return ask_for({removal_of(user)});
  }
  if (people_ == People::adopted) {
    return ask_for({edit_of(user, any_number())});
  }
  ask_for({put_of(user, "name " + std::to_string(requests_))});
}

void PlayedHistory::ask_for(std::vector<Edit> edits) {
  Instance* instance = any_instance();
  if (instance == nullptr) {
    return;
  }
  ChangeSet set;
  set.issuer = "issuer";
  set.subject = "subject";
  set.request_id = "r" + std::to_string(++requests_);
  set.edits = edits;
  for (const Edit& edit : edits) {
    if (edit.person == Edit::Person::remove) {
      // A document that is made late may come back for a while: whoever sees it deletes it.
      witness_.excuse(edit.user);
    }
  }
  ++waiting_;
  instance->store->apply(
      std::move(set),
      Reply<Outcome>([this, asked = witness_.begin("r" + std::to_string(requests_),
                                                   std::move(edits))](auto outcome) {
        --waiting_;
        witness_.judge(asked, outcome);
      }));
}

void PlayedHistory::read() {
  if (Instance* instance = any_instance()) {
    read_from(*instance);
  }
}

void PlayedHistory::read_from(Instance& instance) {
  const auto asked = witness_.begin("read " + std::to_string(++requests_), {});
  ++waiting_;
  if (random_() % 2 == 0) {
    const UserId user = any_user();
    return instance.store->user(user,
                                Reply<std::optional<User>>([this, asked, user](const auto& answer) {
                                  --waiting_;
                                  witness_.judge_user(asked, user, answer);
                                }));
  }
  const Extension number = any_number();
  instance.store->extension(number,
                            Reply<ExtensionState>([this, asked, number](const auto& answer) {
                              --waiting_;
                              witness_.judge_number(asked, number, answer);
                            }));
}

void PlayedHistory::stop_or_start() {
  const std::size_t instance = random_() % instances_.size();
  if (instances_[instance].store) {
    instances_[instance].store.reset();
  } else {
    start(instance);
  }
}

void PlayedHistory::foreign_hand() {
  const UserId user = any_user();
  witness_.excuse(user);
  const auto found = database_.documents().find(user);
  if (found == database_.documents().end() || random_() % 3 == 0) {
    return database_.set_by_a_foreign_hand(user, std::nullopt);
  }
  Document document = found->second;
  document.number = random_() % 2 == 0 ? std::optional(any_number()) : std::nullopt;
  if (document.number && database_.has_unique_index &&
      !database_.showing(*document.number).empty()) {
    return;
  }
  database_.set_by_a_foreign_hand(user, std::move(document));
}

// No further faults: everything is answered, whoever is up serves, and all is published.
void PlayedHistory::come_to_rest() {
  network_.is_faulty = false;
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    if (!instances_[i].store) {
      start(i);
    }
  }
  run_until(network_.clock.tick() + 8s);
  if (waiting_ != 0) {
    witness_.complain("somebody is never answered");
  }
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    bool is_served = false;
    instances_[i].store->user(users_.front(), Reply<std::optional<User>>([&](const auto& answer) {
                                is_served = answer.has_value();
                              }));
    run_until(network_.clock.tick() + 1s);
    if (!is_served) {
      witness_.complain("an instance serves nothing although the database does");
    }
  }
  run_until(network_.clock.tick() + 40s);
  witness_.judge_rest();
  instances_.front().store.reset();
  start(0);
  run_until(network_.clock.tick() + 1s);
  for (Instance& instance : instances_) {  // Names are still known, also to a new one.
    read_from(instance);
    read_from(instance);
  }
  run_until(network_.clock.tick() + 1s);
  if (database_.published != database_.batches().size()) {
    witness_.complain("A5: the journal does not say that all is published");
  }
  if (!database_.checkpoints.empty()) {
    ++witness_.seen["checkpoint"];
    witness_.judge_checkpoint(people_);
  }
  if (database_.has_names()) {
    witness_.complain("A8: names stay in the journal");
  }
  if (!has_foreign_hands_ && database_.refusals != 0 && !removes_people_) {
    witness_.complain("A3: a unique index refused a number");
  }
}

}  // namespace ringbook::test

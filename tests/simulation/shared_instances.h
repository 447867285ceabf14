// Instances of one directory as one Store: each turn asks another of them.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "directory/shared_store.h"
#include "simulation/shared_client.h"

namespace ringbook::test {

// A database and the way there, which outlive the instances and what they asked.
struct SharedWorld {
  explicit SharedWorld(Loop& loop) : network(loop) {}

  SharedDatabase database;
  PerfectNetwork network;
  SharedClient client{database, network};
};

class SharedInstances final : public Store {
 public:
  explicit SharedInstances(std::vector<std::unique_ptr<Store>> instances)
      : instances_(std::move(instances)) {}
  // Starts them; what is asked before it is done waits. Lifetime: all of it outlives this.
  SharedInstances(std::size_t count, SharedWorld& world, Loop& loop, const Clock& clock,
                  std::function<void(const Error&)> on_failure) {
    static int made = 0;
    for (std::size_t i = 0; i < count; ++i) {
      auto instance = std::make_unique<SharedStore>(
          SharedSettings{.instance = "instance-" + std::to_string(++made)},
          SharedPorts{world.client, world.client, world.client, simulated_digest}, loop, clock,
          on_failure);
      instance->start(Reply<void>([on_failure](const Result<void>& started) {
        if (!started && started.error().code != Errc::internal) {
          on_failure(started.error());
        }
      }));
      instances_.push_back(std::move(instance));
    }
  }

  bool is_durable() const override { return true; }
  void apply(ChangeSet&& set, Reply<Outcome> reply) override {
    ask().apply(std::move(set), std::move(reply));
  }
  void user(UserId id, Reply<std::optional<User>> reply) override {
    ask().user(id, std::move(reply));
  }
  void extension(Extension extension, Reply<ExtensionState> reply) override {
    ask().extension(extension, std::move(reply));
  }
  void users(UserQuery query, Reply<UserPage> reply) override {
    ask().users(std::move(query), std::move(reply));
  }
  void prepare_search() override { ask().prepare_search(); }
  void user_history(UserId id, HistoryCursor from, std::size_t limit,
                    Reply<UserHistoryPage> reply) override {
    ask().user_history(id, from, limit, std::move(reply));
  }
  void extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                         Reply<ExtensionHistoryPage> reply) override {
    ask().extension_history(extension, from, limit, std::move(reply));
  }
  void user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) override {
    ask().user_holding(id, moment, std::move(reply));
  }
  void extension_holding(Extension extension, Moment moment,
                         Reply<ExtensionHoldingAt> reply) override {
    ask().extension_holding(extension, moment, std::move(reply));
  }
  void last_changes(UserId id, Reply<LastChanges> reply) override {
    ask().last_changes(id, std::move(reply));
  }
  bool turn_is_due() const override {
    return std::ranges::any_of(instances_, [](const auto& i) { return i->turn_is_due(); });
  }
  void end_turn() override {
    for (const auto& instance : instances_) {
      instance->end_turn();
    }
    present_ = is_asked_ ? (present_ + 1) % instances_.size() : present_;
    is_asked_ = false;
  }
  std::vector<std::string> not_ready() const override { return instances_[present_]->not_ready(); }
  // Of the one that has folded most.
  StoreStatistics statistics() const override {
    StoreStatistics newest = instances_.front()->statistics();
    for (const auto& instance : instances_) {
      const StoreStatistics other = instance->statistics();
      newest = other.last_change > newest.last_change ? other : newest;
    }
    return newest;
  }

 private:
  Store& ask() {
    is_asked_ = true;
    return *instances_[present_];
  }

  std::vector<std::unique_ptr<Store>> instances_;
  std::size_t present_ = 0;
  bool is_asked_ = false;
};

}  // namespace ringbook::test

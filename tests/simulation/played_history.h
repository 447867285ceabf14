// One history of a shared directory, of which a seed decides everything: instances that come and
// go, requests, a database that fails over, other programs; then rest.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "directory/shared_store.h"
#include "simulation/faulty_network.h"
#include "simulation/shared_client.h"
#include "simulation/shared_database.h"
#include "simulation/witness.h"

namespace ringbook::test {

class PlayedHistory {
 public:
  explicit PlayedHistory(std::uint64_t seed);

  // What should never happen and did.
  std::optional<std::string> play();
  const std::map<std::string, std::uint64_t>& seen() const { return witness_.seen; }
  bool has_foreign_hands() const { return has_foreign_hands_; }

 private:
  struct Instance {
    std::unique_ptr<SharedStore> store;
    std::uint64_t life = 0;  // Which one it is of all that were started.
  };

  void begin_people();
  void start(std::size_t instance);
  void run_until(Tick tick);
  void happen();
  void ask();
  void ask_for(std::vector<Edit> edits);
  void read();
  void read_from(Instance& instance);
  void stop_or_start();
  void foreign_hand();
  void come_to_rest();
  UserId any_user() { return users_[random_() % users_.size()]; }
  Extension any_number() { return numbers_[random_() % numbers_.size()]; }
  Instance* any_instance();

  std::mt19937_64 random_;
  FaultyNetwork network_{random_};
  SharedDatabase database_;
  SharedClient client_{database_, network_};
  Witness witness_{database_};
  std::vector<UserId> users_;
  std::vector<Extension> numbers_;
  std::vector<Instance> instances_;
  People people_;
  std::size_t batch_changes_;  // More make a large set.
  std::size_t checkpoint_changes_;
  bool has_foreign_hands_;
  bool renames_people_;
  bool removes_people_;
  std::uint64_t requests_ = 0;
  std::uint64_t instances_made_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace ringbook::test

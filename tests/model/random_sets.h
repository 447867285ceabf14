// Random change sets over few users and few numbers, so that they meet all the time.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "model/model.h"

namespace ringbook::test {

class RandomSets {
 public:
  RandomSets(std::uint64_t seed, std::uint32_t users, std::uint32_t numbers);

  const Universe& universe() const { return universe_; }
  // From 0 to n-1.
  std::size_t below(std::size_t n) { return random_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  // The sets of one turn; `model` lends versions and numbers that conditions may name.
  std::vector<ChangeSet> turn(const Model& model);

 private:
  ChangeSet set(const std::vector<User>& present);
  Edit edit(UserId user);
  Profile profile();
  void condition(ChangeSet& set, const std::vector<User>& present);
  template <class T>
  const T& any_of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

  std::mt19937_64 random_;
  Universe universe_;
  std::uint64_t sets_ = 0;
};

}  // namespace ringbook::test

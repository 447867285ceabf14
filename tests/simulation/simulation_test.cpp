// Many instances of a shared directory on a database that fails in every way it may: what is
// promised holds in each of very many histories, which their seeds decide.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "simulation/played_history.h"
#include "support/seed.h"

namespace ringbook::test {
namespace {

// [MONGO-1] [MONGO-2] [MONGO-4] [MONGO-7] [MONGO-8] [MONGO-12]
TEST(Simulation, KeepsEveryPromiseInEveryHistory) {
  const char* given = std::getenv("RINGBOOK_HISTORIES");
  const std::uint64_t histories =
      given != nullptr ? std::strtoull(given, nullptr, 10) : RINGBOOK_HISTORIES;
  const std::uint64_t begin = seed();
  std::map<std::string, std::uint64_t> seen;
  for (std::uint64_t i = 0; i < histories; ++i) {
    PlayedHistory history(begin + i);
    const auto problem = history.play();
    ASSERT_FALSE(problem) << *problem << "\nafter " << i
                          << " histories; RINGBOOK_SEED=" << begin + i
                          << " RINGBOOK_HISTORIES=1 repeats this one";
    for (const auto& [answer, times] : history.seen()) {
      seen[answer] += times;
    }
  }
  for (const auto& [answer, times] : seen) {
    std::cout << answer << ": " << times << "\n";
  }
  EXPECT_GT(seen["applied"], histories);
}

}  // namespace
}  // namespace ringbook::test

// Replays the seeds of every target: those of its corpus and those that the vectors hold.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/target.h"
#include "fuzz/vector_seeds.h"
#include "support/vectors.h"

namespace ringbook::fuzz {
namespace {

// Fuzzing alone shows that its fault is found; canary_test.cpp shows that it is one.
constexpr std::string_view canary = "canary";

// As strings, so that GoogleTest prints them.
std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& [name, run] : targets()) {
    if (name != canary) {
      all.emplace_back(name);
    }
  }
  return all;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Seeds : public testing::TestWithParam<std::string> {
 protected:
  // Names the seed first: one that breaks a property ends the process.
  static void replay(std::string_view name, std::string_view seed) {
    std::cout << "seed " << name << std::endl;
    // A copy as long as the seed, so that reading past its end is seen.
    const std::vector<char> bytes(seed.begin(), seed.end());
    targets().at(GetParam())({bytes.data(), bytes.size()});
  }
};

TEST_P(Seeds, OfTheCorpusKeepEveryProperty) {
  const auto corpus = std::filesystem::path(RINGBOOK_SOURCE_DIR) / "fuzz/corpus" / GetParam();
  std::size_t replayed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    replay(entry.path().string(), content_of(entry.path()));
    ++replayed;
  }
  EXPECT_GT(replayed, 0U) << "a target without seeds proves nothing";
}

TEST_P(Seeds, OfTheVectorsKeepEveryProperty) {
  const auto folder = test::vectors("");
  if (!folder) {
    GTEST_SKIP() << test::no_vectors;
  }
  std::size_t number = 0;
  for (const std::string& seed : vector_seeds(*folder, GetParam())) {
    replay("of the vectors, " + std::to_string(number), seed);
    ++number;
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Seeds, testing::ValuesIn(names()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace ringbook::fuzz

// Replays the seeds of one target: those of its corpus and those that the vectors hold.
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

constexpr std::string_view target = RINGBOOK_FUZZ_TARGET;

// Names the seed first: one that breaks a property ends the process.
void replay(std::string_view name, std::string_view seed) {
  std::cout << "seed " << name << std::endl;
  // A copy as long as the seed, so that reading past its end is seen.
  const std::vector<char> bytes(seed.begin(), seed.end());
  run({bytes.data(), bytes.size()});
}

std::vector<std::filesystem::path> corpus() {
  const auto folder = std::filesystem::path(RINGBOOK_SOURCE_DIR) / "fuzz/corpus" / target;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  return files;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Seeds, KeepEveryProperty) {
  const auto files = corpus();
  ASSERT_FALSE(files.empty()) << "a target without seeds proves nothing";
  for (const auto& file : files) {
    replay(file.string(), content_of(file));
  }
}

TEST(Vectors, KeepEveryProperty) {
  const auto folder = test::vectors("");
  if (!folder) {
    GTEST_SKIP() << test::no_vectors;
  }
  std::size_t number = 0;
  for (const std::string& seed : vector_seeds(*folder, target)) {
    replay("of the vectors, " + std::to_string(number), seed);
    ++number;
  }
}

}  // namespace
}  // namespace ringbook::fuzz

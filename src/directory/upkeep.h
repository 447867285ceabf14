// What the upkeep of stored data speaks of: what is wrong with it, how far a check or a copy is,
// what a backup holds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace ringbook {

// Something about stored data that is not as it must be.
struct Finding {
  enum class Weight : std::uint8_t {
    damage,  // What is stored contradicts itself, cannot be read, or is lost.
    care,    // Nothing is lost; something beside the data should be put right.
  };
  Weight weight = Weight::damage;
  std::string where;  // The file.
  std::string what;
  std::string mend;
};
using OnFinding = std::function<void(Finding)>;

// How far a long piece of work is.
struct UpkeepStep {
  std::string_view phase;  // "checking changes"
  std::string_view unit;   // "changes"
  std::uint64_t done = 0;
  std::optional<std::uint64_t> total = {};
};
using OnUpkeepStep = std::function<void(const UpkeepStep&)>;

// How much was found, as far as it could be read.
struct Inspection {
  std::uint64_t last_change = 0;
  std::uint64_t unfolded = 0;  // Changes that directory.db does not include yet.
  std::uint64_t users = 0;
  std::uint64_t extensions = 0;
};

// What a backup says of itself.
struct BackupSummary {
  Instant taken_at;
  std::uint64_t last_change = 0;
  std::uint64_t users = 0;
  std::uint64_t extensions = 0;
};

}  // namespace ringbook

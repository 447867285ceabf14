// Where random tests begin: each prints its seed, and RINGBOOK_SEED repeats a run.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace ringbook::test {

inline std::uint64_t seed() {
  const char* given = std::getenv("RINGBOOK_SEED");
  const std::uint64_t chosen =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "RINGBOOK_SEED=" << chosen << " repeats this run\n";
  return chosen;
}

}  // namespace ringbook::test

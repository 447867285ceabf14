// fuzz_seeds VECTORS TARGET FOLDER writes the seeds that VECTORS holds for TARGET into FOLDER, one
// a file.
#include <fstream>
#include <iostream>

#include "fuzz/vector_seeds.h"

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "usage: fuzz_seeds VECTORS TARGET FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = arguments[3];
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& seed : ringbook::fuzz::vector_seeds(arguments[1], arguments[2])) {
    std::ofstream(folder / std::to_string(number), std::ios::binary) << seed;
    ++number;
  }
  return 0;
}

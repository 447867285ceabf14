// Seeds made of the test vectors from outside, which are not copied into this tree.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ringbook::fuzz {

// The inputs that the folder of vectors holds for a target; none for a target without any.
std::vector<std::string> vector_seeds(const std::filesystem::path& vectors,
                                      std::string_view target);

}  // namespace ringbook::fuzz

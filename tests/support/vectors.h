// Where the test vectors from outside lie. A lone clone has none, so a test that needs them skips;
// where RINGBOOK_REQUIRE names `vectors`, their absence is a failure.
//
//   const auto folder = test::vectors("jsontestsuite/test_parsing");
//   if (!folder) {
//     GTEST_SKIP() << test::no_vectors;
//   }
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ringbook::test {

inline constexpr std::string_view no_vectors =
    "NOT TESTED: no vectors in RINGBOOK_VECTORS or in ../shared/vectors";

// Whether the comma list RINGBOOK_REQUIRE holds `what` or `all`: then a test may not skip for want
// of it.
inline bool is_required(std::string_view what) {
  const char* list = std::getenv("RINGBOOK_REQUIRE");
  const std::string whole = "," + std::string(list == nullptr ? "" : list) + ",";
  return whole.find("," + std::string(what) + ",") != std::string::npos ||
         whole.find(",all,") != std::string::npos;
}

// The file or folder `name` among the vectors; nothing, and a failure if required, when it is
// absent.
inline std::optional<std::filesystem::path> vectors(std::string_view name) {
  const char* configured = std::getenv("RINGBOOK_VECTORS");
  const std::filesystem::path root =
      configured != nullptr ? std::filesystem::path(configured)
                            : std::filesystem::path(RINGBOOK_SOURCE_DIR) / "../shared/vectors";
  const std::filesystem::path found = root / name;
  if (std::filesystem::exists(found)) {
    return found;
  }
  if (is_required("vectors")) {
    ADD_FAILURE() << no_vectors << ", but RINGBOOK_REQUIRE names them: " << found;
  }
  return std::nullopt;
}

}  // namespace ringbook::test

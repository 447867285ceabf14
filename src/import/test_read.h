// A list in a test, read as a file would be.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"
#include "import/file.h"

namespace ringbook::test {

inline constexpr std::string_view ada = "64b7f1a2e4b0a5d3f9c12345";
inline constexpr std::string_view bob = "64b7f1a2e4b0a5d3f9c12346";

struct ReadList {
  Result<ImportFile> file;
  Refusals refusals;
  Refusals warned;

  std::vector<std::string> problems() const { return messages_of(refusals); }
  std::vector<std::string> warnings() const { return messages_of(warned); }
  // Why nothing could be read; "" when it could.
  std::string error() const { return file ? "" : file.error().detail; }
  const ImportRow& row(std::size_t index) const {
    EXPECT_TRUE(file.has_value()) << error();
    return file->rows.at(index);
  }
  const ImportRow& only_row() const {
    EXPECT_TRUE(file.has_value()) << error();
    EXPECT_EQ(file->rows.size(), 1U);
    return file->rows.at(0);
  }

 private:
  static std::vector<std::string> messages_of(const Refusals& list) {
    std::vector<std::string> out;
    for (const auto& [line, refusal] : list.list()) {
      out.push_back(refusal.message());
    }
    return out;
  }
};

inline ReadList read(std::string text) {
  ByteSource source = ByteSource::of_text(std::move(text));
  Refusals refusals(limits::import_problems);
  Refusals warnings(limits::import_problems);
  auto file =
      read_import_file(source, refusals, warnings, [](std::uint64_t, std::optional<double>) {});
  return {std::move(file), std::move(refusals), std::move(warnings)};
}

inline std::string line_of(std::string_view id, std::string_view rest) {
  return std::string(id) + "," + std::string(rest) + "\n";
}

}  // namespace ringbook::test

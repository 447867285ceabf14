// Where something stands in a file that people look at.
#pragma once

#include <cstdint>
#include <string>

namespace ringbook {

inline std::string at_line(std::uint32_t line) {
  return "line " + std::to_string(line);
}

struct FilePlace {
  std::uint32_t line = 0;    // From 1.
  std::uint32_t column = 0;  // In code points, from 1; 0 means the line as a whole.

  // "line 7, column 12" or "line 7".
  std::string text() const {
    return at_line(line) + (column == 0 ? "" : ", column " + std::to_string(column));
  }
};

}  // namespace ringbook

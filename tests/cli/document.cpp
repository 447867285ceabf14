#include "cli/document.h"

#include <gtest/gtest.h>

#include <fstream>

namespace ringbook::test {

std::vector<Block> blocks_of(const std::string& name) {
  std::ifstream document(std::string(RINGBOOK_SOURCE_DIR) + "/docs/" + name);
  EXPECT_TRUE(document.is_open()) << name;
  std::vector<Block> out;
  std::string kind;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("```")) {
      kind = line.substr(3);
      if (kind == "sh") {
        out.emplace_back();
      }
    } else if (kind == "sh") {
      out.back().lines += line + "\n";
    } else if (kind == "text" && !out.empty()) {
      out.back().shown += line + "\n";
    }
  }
  return out;
}

std::string block_of(const std::string& name, const std::string& kind) {
  std::ifstream document(std::string(RINGBOOK_SOURCE_DIR) + "/docs/" + name);
  std::string out;
  bool is_inside = false;
  for (std::string line; std::getline(document, line);) {
    if (is_inside && line == "```") {
      return out;
    }
    if (is_inside) {
      out += line + "\n";
    }
    is_inside |= line == "```" + kind;
  }
  ADD_FAILURE() << name << " has no block " << kind;
  return out;
}

std::string script_beginning() {
  const std::string binary = RINGBOOK_BINARY;
  return "PATH='" + binary.substr(0, binary.rfind('/')) + R"(':$PATH
port() {
  until told=$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\)}.*/\1/p' server.log 2>/dev/null) &&
        [ -n "$told" ]; do
    kill -0 $! || { cat server.log >&2; exit 1; }
  done
  echo "$told"
}
)";
}

}  // namespace ringbook::test

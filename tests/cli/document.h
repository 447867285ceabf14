// The shell blocks of our documents, run as a reader would.
#pragma once

#include <string>
#include <vector>

namespace ringbook::test {

struct Block {
  std::string lines;  // Of the shell.
  std::string shown;  // The text blocks that follow it, before the next.
};

// Those of docs/`name`.
std::vector<Block> blocks_of(const std::string& name);

// The first block of docs/`name` that is marked as `kind`, such as "nginx"; a failure when there is
// none.
std::string block_of(const std::string& name, const std::string& kind);

// What a script of them begins with: `ringbook` is on the PATH, and `port` prints the port of the
// server that was last started in the background and logs to server.log; it waits for that as long
// as there is the server, whose log it shows otherwise.
std::string script_beginning();

}  // namespace ringbook::test

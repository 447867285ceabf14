// A data folder of one's own, the binary under test, and its server.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "cli/process.h"
#include "support/temporary_folder.h"

namespace ringbook::test {

inline constexpr std::string_view ada = "64b7f1a2e4b0a5d3f9c12345";
inline constexpr std::string_view grace = "64b7f1a2e4b0a5d3f9c12346";
inline constexpr std::string_view nobody = "64b7f1a2e4b0a5d3f9c12399";

// "64b7f1a2e4b0a5d300000007": the ids of generated people, in order.
std::string id_number(unsigned number);
// A file for import: `count` people, each with a number.
std::string many_people(unsigned count);

// `text` with every instant in it replaced by "T".
std::string without_times(const std::string& text);

class CliWorld {
 public:
  CliWorld();

  std::string data() const { return (folder_.path() / "data").string(); }
  // A path for a file of the test's own.
  std::string path(std::string_view name) const { return (folder_.path() / name).string(); }
  // Writes such a file, 0600, and gives its path.
  std::string write(std::string_view name, std::string_view content) const;

  // Runs `ringbook WORDS… --data DATA`.
  Finished ringbook(Words words, std::string input = {}, Words environment = {}) const;
  // The same as a command to start.
  Command command(Words words) const;

  // Grace with number 1300, Ada without one.
  void add_people() const;

 private:
  TemporaryFolder folder_;
};

// What a file holds; a failure when it cannot be read.
std::string content_of(const std::filesystem::path& path);

// Runs the binary with these words alone.
Finished bare(Words words, Words environment = {});

// `ringbook serve` on a free port; ends with its test.
class Serving {
 public:
  explicit Serving(const CliWorld& world, Words more = {});

  const std::string& port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + port_; }
  // SIGTERM, and the exit code.
  int stop();
  Process& process() { return process_; }

 private:
  Process process_;
  std::string port_;
};

// An administrator's token of the folder's server.
std::string token_of(const CliWorld& world);
// What curl, given `words`, gets from a server; the status stands in a line of its own at the end.
std::string curl(Words words, const std::string& token);

}  // namespace ringbook::test

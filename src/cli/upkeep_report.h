// What the commands about stored data share.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "directory/upkeep.h"

namespace ringbook {

// Shows each step on the terminal. Lifetime: the progress outlives it.
OnUpkeepStep shown_by(Progress& progress);

// Findings up to a bound, and how many of each weight there are.
class Findings {
 public:
  void add(Finding finding);
  bool empty() const { return damages_ + cares_ == 0; }
  // For people: what, where, and how to mend it.
  std::string text() const;
  // Members of a JSON object.
  std::string json_members() const;
  // damaged when anything is, refused when something else should be put right.
  ExitCode exit_code() const;

 private:
  std::size_t omitted() const { return damages_ + cares_ - kept_.size(); }

  std::vector<Finding> kept_;
  std::size_t damages_ = 0;
  std::size_t cares_ = 0;
};

// "12 changes, 3 people, 2 numbers"
std::string amounts(std::uint64_t changes, std::uint64_t people, std::uint64_t numbers);

// The same as members of a JSON object.
std::string json_amounts(std::uint64_t changes, std::uint64_t people, std::uint64_t numbers);

// What a backup holds, as a JSON object; `place` is the value of the member `name`.
std::string json_of(const BackupSummary& summary, std::string_view name, std::string_view place);

// Errors: usage, when a server is named: this command is about files on this machine.
Result<void> refuse_server(const Settings& settings, std::string_view command);

// Where private copies of files may be made: TMPDIR, else /tmp. Errors: unavailable.
Result<std::filesystem::path> scratch_folder();

}  // namespace ringbook

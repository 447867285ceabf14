// What an import would do to the directory as it is: rows become edits, or are refused. Pure: the
// present is asked through an interface, nothing is written.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "directory/change.h"
#include "directory/store.h"
#include "import/file.h"

namespace ringbook {

struct KnownPerson {
  UserId id;
  std::optional<std::string> name;
};
using KnownPeople = std::vector<KnownPerson>;

// The directory as it is. Answers come in the order of the questions.
class Present {
 public:
  virtual ~Present() = default;
  // At most limits::import_batch at once.
  virtual Result<std::vector<std::optional<User>>> users(std::span<const UserId> ids) = 0;
  virtual Result<std::vector<ExtensionState>> extensions(std::span<const Extension> numbers) = 0;
  // For each address who has it, at most limits::ids_shown + 1; for each name who has that very
  // name (is_same_name), as far as a look at limits::namesakes_looked_at people shows. At most
  // limits::people_batch at once.
  virtual Result<std::vector<KnownPeople>> people_with(std::span<const std::string> emails) = 0;
  virtual Result<std::vector<KnownPeople>> people_named(std::span<const std::string> names) = 0;
};

// A directory in which there is nobody.
class NobodyPresent final : public Present {
 public:
  Result<std::vector<std::optional<User>>> users(std::span<const UserId> ids) override {
    return std::vector<std::optional<User>>(ids.size());
  }
  Result<std::vector<ExtensionState>> extensions(std::span<const Extension> numbers) override {
    return std::vector<ExtensionState>(numbers.size());
  }
  Result<std::vector<KnownPeople>> people_with(std::span<const std::string> emails) override {
    return std::vector<KnownPeople>(emails.size());
  }
  Result<std::vector<KnownPeople>> people_named(std::span<const std::string> names) override {
    return std::vector<KnownPeople>(names.size());
  }
};

// Where in the file an edit comes from.
struct Origin {
  std::uint32_t line = 0;
  FilePlace extension;
};

struct ImportPlan {
  std::vector<Edit> edits;      // New people are `create`, changed profiles `put`.
  std::vector<Origin> origins;  // For each edit.
  std::uint64_t unchanged = 0;  // Rows that say what is so already.
};

struct PlanRules {
  bool allow_release = false;
  bool accept_short_numbers = false;
};

// Lays every row over its user; refuses rows that would release a number although `rules` do not
// allow it, rows whose number may have lost zeros (import/zeros.h; weak doubts go to `warnings`),
// and rows whose number somebody keeps who is not of the same file. Since a set is judged on its
// result, numbers may be swapped and passed on within it. Errors: those of `present`.
Result<ImportPlan> plan_import(ImportFile file, PlanRules rules, Present& present,
                               Refusals& refusals, Refusals& warnings,
                               const std::function<void(std::uint64_t)>& progress);

struct ImportCounts {
  std::uint64_t created = 0;
  std::uint64_t edited = 0;
  std::uint64_t assigned = 0;
  std::uint64_t released = 0;
};
ImportCounts count(const std::vector<Edit>& edits);

}  // namespace ringbook

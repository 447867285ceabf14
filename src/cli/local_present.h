// What an import asks of a directory in this process.
#pragma once

#include "cli/import_plan.h"
#include "cli/local_directory.h"

namespace ringbook {

class LocalPresent final : public Present {
 public:
  // Lifetime: `local` outlives this.
  explicit LocalPresent(LocalDirectory& local) : local_(local) {}

  // Errors: those of LocalDirectory::turn_until and of the store.
  Result<std::vector<std::optional<User>>> users(std::span<const UserId> ids) override;
  Result<std::vector<KnownPeople>> people_with(std::span<const std::string> emails) override;
  Result<std::vector<KnownPeople>> people_named(std::span<const std::string> names) override;
  Result<std::vector<ExtensionState>> extensions(std::span<const Extension> numbers) override;

 private:
  Result<std::vector<KnownPeople>> people_of(std::span<const UserQuery> queries);

  LocalDirectory& local_;
};

}  // namespace ringbook

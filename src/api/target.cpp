#include "api/target.h"

#include "api/conditions.h"
#include "api/query.h"

namespace ringbook {

std::optional<UserId> read_target_user(const Exchange& exchange, Problems& problems) {
  const std::optional<UserId> user = UserId::parse(exchange.parameter);
  if (!user) {
    problems.add("userId", ProblemCode::invalid_format, "Must be 24 hexadecimal digits.");
  }
  return user;
}

std::optional<Extension> read_target_extension(const Exchange& exchange, Problems& problems) {
  const std::optional<Extension> extension = Extension::parse(exchange.parameter);
  if (!extension) {
    problems.add("extension", ProblemCode::invalid_format, "Must be 2 to 10 digits.");
  }
  return extension;
}

UserTarget read_user_target(const Exchange& exchange, Problems& problems) {
  Query::expect_none(exchange.head.query, problems);
  const UserId user = read_target_user(exchange, problems).value_or(UserId());
  return {user, read_conditions(exchange.head.if_match, exchange.head.if_none_match, problems)};
}

}  // namespace ringbook

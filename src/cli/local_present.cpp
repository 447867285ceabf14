#include "cli/local_present.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/limits.h"
#include "directory/identity.h"

namespace ringbook {
namespace {

template <class Value>
struct Gathered {
  std::vector<Value> values;
  std::size_t answers = 0;
  std::optional<Error> error;
};

// Asks everything in one turn. What the replies write to is shared with them, because some may come
// after this gave up.
template <class Value, class Key, class Ask>
Result<std::vector<Value>> gather(LocalDirectory& local, std::span<const Key> keys, Ask ask) {
  const auto gathered = std::make_shared<Gathered<Value>>();
  gathered->values.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ask(keys[i], Reply<Value>([gathered, i](Result<Value> answer) {
          ++gathered->answers;
          if (answer) {
            gathered->values[i] = *std::move(answer);
          } else {
            gathered->error = answer.error();
          }
        }));
  }
  const auto turned = local.turn_until([&] { return gathered->answers == keys.size(); });
  if (!turned) {
    return std::unexpected(turned.error());
  }
  if (gathered->error) {
    return std::unexpected(*gathered->error);
  }
  return std::move(gathered->values);
}

}  // namespace

Result<std::vector<std::optional<User>>> LocalPresent::users(std::span<const UserId> ids) {
  if (local_.store().statistics().users == 0) {
    return NobodyPresent().users(ids);
  }
  return gather<std::optional<User>>(local_, ids, [this](UserId id, auto reply) {
    local_.directory().user(local_.administrator(), id, std::move(reply));
  });
}

Result<std::vector<KnownPeople>> LocalPresent::people_of(std::span<const UserQuery> queries) {
  const auto pages = gather<UserPage>(local_, queries, [this](const UserQuery& query, auto reply) {
    local_.directory().users(local_.administrator(), query, std::move(reply));
  });
  if (!pages) {
    return std::unexpected(pages.error());
  }
  std::vector<KnownPeople> out(pages->size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::ranges::transform((*pages)[i].users, std::back_inserter(out[i]), [](const User& user) {
      return KnownPerson{user.id, user.profile.name};
    });
  }
  return out;
}

Result<std::vector<KnownPeople>> LocalPresent::people_with(std::span<const std::string> emails) {
  std::vector<UserQuery> queries(emails.size());
  for (std::size_t i = 0; i < emails.size(); ++i) {
    queries[i].email = emails[i];
    queries[i].limit = limits::ids_shown + 1;
  }
  return people_of(queries);
}

Result<std::vector<KnownPeople>> LocalPresent::people_named(std::span<const std::string> names) {
  std::vector<UserQuery> queries(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    queries[i].search = words_of_name(names[i]);
    queries[i].limit = limits::namesakes_looked_at;
  }
  auto found = people_of(queries);
  for (std::size_t i = 0; found && i < names.size(); ++i) {
    std::erase_if((*found)[i], [&](const KnownPerson& person) {
      return !is_same_name(person.name.value_or(""), names[i]);
    });
  }
  return found;
}

Result<std::vector<ExtensionState>> LocalPresent::extensions(std::span<const Extension> numbers) {
  if (local_.store().statistics().extensions == 0) {
    return NobodyPresent().extensions(numbers);
  }
  return gather<ExtensionState>(local_, numbers, [this](Extension number, auto reply) {
    local_.directory().extension(local_.administrator(), number, std::move(reply));
  });
}

}  // namespace ringbook

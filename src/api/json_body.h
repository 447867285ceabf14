// The bodies of requests: from bytes to values that are already valid. Every problem of shape is
// reported, not only the first.
//
// Each reader takes a `scratch` document, whose content it replaces and whose memory it reuses,
// adds what is wrong to `problems`, and gives a value only where `problems` is still empty then.
// Unknown members are ignored.
#pragma once

#include <optional>
#include <string_view>

#include "api/problem.h"
#include "base/json.h"
#include "directory/change.h"

namespace ringbook {

struct Assignment {
  UserId user;
  Extension extension;
};

// {"payload":{"userId":…,"rcExtension":…}}
std::optional<Assignment> read_assignment(JsonDocument& scratch, std::string_view body,
                                          Problems& problems);

// {"rcExtension":…}
std::optional<Extension> read_extension(JsonDocument& scratch, std::string_view body,
                                        Problems& problems);

// A person as a client writes one. Members that it cannot write are taken for comparison.
struct Person {
  Profile profile;
  std::optional<UserId> user;
  ReadOnlyMembers read_only;
};

std::optional<Person> read_person(JsonDocument& scratch, std::string_view body, Problems& problems);

}  // namespace ringbook

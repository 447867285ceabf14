// Whether what clients of one directory were told can be true, given what its journal says: the
// journal is the order in which everything happened, so nothing has to be searched for.
//
// Each request took effect at one place of the journal, between its beginning and its end: a change
// where it stands there, everything else (a refusal, "already so", a read) at some place where it
// was true. What ended before something else began took effect no later. Unanswered requests may
// stand in the journal once, or never.
//
// Cost: sorting, and a step for each change of a user or a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "directory/extension.h"
#include "directory/history.h"
#include "directory/user_id.h"

namespace ringbook::test {

// What one request asked, and what it was told.
struct Exchange {
  enum class What : std::uint8_t { give, release, read };
  enum class Answer : std::uint8_t { done, refused, unknown };

  std::string id;  // Of the request; no other has it.
  What what = What::give;
  UserId user;
  std::optional<Extension> number;  // The wanted one; of a read the one that was shown.
  Tick begin;
  Tick end;  // Of no meaning with an unknown answer.
  Answer answer = Answer::unknown;
  std::optional<UserId> holder;  // Who has the number, as a refusal says.
};

// Sentences about what cannot be; none when everything can. `journal` is all changes in order.
std::vector<std::string> contradictions(const std::vector<RecordedChange>& journal,
                                        const std::vector<Exchange>& exchanges);

}  // namespace ringbook::test

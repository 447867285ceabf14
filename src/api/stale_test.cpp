// What lies between a decision and its answer cannot be made by requests, so it is asked here.
#include "api/stale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

User ada() {
  User user;
  user.id = *UserId::parse("64b7f1a2e4b0a5d3f9c12345");
  user.profile.name = "Ada";
  user.version = 7;
  return user;
}

LastChanges made_by_root() {
  LastChange change;
  change.subject = "root";
  change.version = 7;
  return {.of_user = change, .of_number = std::nullopt};
}

StaleRequest removal(Precondition condition) {
  Edit edit;
  edit.person = Edit::Person::remove;
  return {.user = ada().id, .condition = std::move(condition), .wanted = edit};
}

// [COND-2]
TEST(Stale, BlamesNoHeaderThatWasNotSentWhenSomebodyWasMadeMeanwhile) {
  Precondition any;
  any.if_match = Precondition::Match::any;
  Precondition this_version;
  this_version.if_match = Precondition::Match::one_of;
  this_version.if_match_versions = {7};
  for (const Precondition& condition : {any, this_version}) {
    const std::string details = stale_details(removal(condition), ada(), made_by_root());
    EXPECT_THAT(details, StartsWith(R"([{"path":"If-Match","code":"STALE")"));
    EXPECT_THAT(details, testing::Not(HasSubstr("If-None-Match")));
  }
}

// [COND-2]
TEST(Stale, NamesIfNoneMatchWhenThatDidNotHold) {
  Precondition nobody;
  nobody.if_none_match = Precondition::Match::any;
  EXPECT_THAT(stale_details(removal(nobody), ada(), made_by_root()),
              StartsWith(R"([{"path":"If-None-Match","code":"EXISTS")"));
}

}  // namespace
}  // namespace ringbook

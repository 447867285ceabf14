#include "store/mongo/errors.h"

#include <gtest/gtest.h>
#include <mongoc/mongoc.h>

namespace ringbook::mongo {
namespace {

Fate fate_of_code(std::uint32_t code) {
  return fate_of({.domain = MONGOC_ERROR_SERVER, .code = code, .message = ""});
}

// [MONGO-2]
TEST(MongoErrors, KnowThatAUniqueValueIsTaken) {
  EXPECT_EQ(fate_of_code(11000), Fate::taken);
  EXPECT_EQ(fate_of_code(11001), Fate::taken);
}

// [MONGO-2] A majority, a primary, memory, time: what is missing now may be there later, and the
// write may have gone through.
TEST(MongoErrors, TakeForUnknownWhatMayHaveHappened) {
  for (const std::uint32_t code : std::initializer_list<std::uint32_t>{
           1,   6,    7,     50,    64,    79,    89,    91,    112,   189,
           262, 9001, 10107, 11600, 11602, 13388, 13435, 13436, 16500, 999'999}) {
    EXPECT_EQ(fate_of_code(code), Fate::unknown) << code;
  }
}

TEST(MongoErrors, KnowWhatIsRefusedForGood) {
  for (const std::uint32_t code : std::initializer_list<std::uint32_t>{
           2, 9, 13, 14, 18, 28, 66, 72, 73, 121, 238, 10334, 17419}) {
    EXPECT_EQ(fate_of_code(code), Fate::refused) << code;
  }
}

// [MONGO-2] The same number means another thing in another domain.
TEST(MongoErrors, BelieveNoNumberThatIsNotTheServers) {
  for (const std::uint32_t domain :
       {MONGOC_ERROR_CLIENT, MONGOC_ERROR_STREAM, MONGOC_ERROR_PROTOCOL, MONGOC_ERROR_SASL,
        MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_WRITE_CONCERN}) {
    for (const std::uint32_t code :
         std::initializer_list<std::uint32_t>{2, 9, 13, 64, 121, 11000}) {
      const Failure failure{.domain = domain, .code = code, .message = ""};
      EXPECT_EQ(fate_of(failure), Fate::unknown) << domain << " " << code;
      EXPECT_FALSE(is_unsupported(failure)) << domain << " " << code;
    }
  }
}

TEST(MongoErrors, AreUnavailableWithTheServersNumber) {
  const Error answered =
      to_error({.domain = MONGOC_ERROR_SERVER, .code = 13, .message = "not authorized"});
  EXPECT_EQ(answered.code, Errc::unavailable);
  EXPECT_EQ(answered.detail, "the database answered 13: not authorized");
  EXPECT_EQ(to_error({.domain = MONGOC_ERROR_STREAM, .code = 4, .message = "closed"}).detail,
            "the database did not answer: closed");
}

}  // namespace
}  // namespace ringbook::mongo

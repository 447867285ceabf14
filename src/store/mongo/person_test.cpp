#include "store/mongo/person.h"

#include <gtest/gtest.h>

namespace ringbook::mongo {
namespace {

using Write = Publication::Kind;

const Settings settings;
const UserId ada = *UserId::parse("64b7f1a2e4b0a5d3f9c12345");

std::string json(const Bson& document) {
  char* text = bson_as_relaxed_extended_json(document.get(), nullptr);
  std::string out(text);
  bson_free(text);
  return out;
}

std::string update_of(Write kind, const char* number, const PackedProfile& profile = {}) {
  Publication publication;
  publication.profile = profile;
  publication.kind = kind;
  publication.user = ada;
  publication.version = 15;
  if (number != nullptr) {
    publication.number = Extension::parse(number);
  }
  std::string out;
  for (const Bson& statement : to_statements(publication, settings)) {
    out += json(statement) + "\n";
  }
  return out;
}

const std::string guarded =
    R"({ "q" : { "_id" : { "$oid" : "64b7f1a2e4b0a5d3f9c12345" }, "ringbook.v" : { "$not" : { "$gte" : 15 } })";

// [MONGO-3]
TEST(MongoPerson, SetsTheNumberAndTheVersionAndNothingElse) {
  EXPECT_EQ(
      update_of(Write::show, "012"),
      guarded +
          R"( }, "u" : { "$set" : { "ringbook.v" : 15, "personalInformation.rcExtension" : "012" } } })"
          "\n");
  EXPECT_EQ(
      update_of(Write::take_off, nullptr),
      guarded +
          R"( }, "u" : { "$set" : { "ringbook.v" : 15 }, "$unset" : { "personalInformation.rcExtension" : "" } } })"
          "\n");
}

// [MONGO-8]
TEST(MongoPerson, TakesOnlyItsOwnNumberFromAForeignHand) {
  EXPECT_EQ(
      update_of(Write::leave, "1234"),
      guarded +
          R"(, "personalInformation.rcExtension" : "1234" }, "u" : { "$set" : { "ringbook.v" : 15 }, "$unset" : { "personalInformation.rcExtension" : "" } } })"
          "\n" +
          guarded +
          R"( }, "u" : { "$set" : { "ringbook.v" : 15 } } })"
          "\n");
}

// The version tells which profile a document shows, so no write leaves one behind.
// [MONGO-13]
TEST(MongoPerson, BringsTheProfileAlongWhateverItWrites) {
  Profile profile;
  profile.name = "Ada";
  for (const Write kind : {Write::show, Write::take_off, Write::leave}) {
    for (const char* number : {static_cast<const char*>(nullptr), "1234"}) {
      EXPECT_NE(update_of(kind, number, PackedProfile(profile)).find(R"("name" : "Ada")"),
                std::string::npos);
    }
  }
  EXPECT_EQ(
      update_of(Write::leave, nullptr),
      R"({ "q" : { "_id" : { "$oid" : "64b7f1a2e4b0a5d3f9c12345" } }, "u" : { "$max" : { "ringbook.v" : 15 } } })"
      "\n");
}

TEST(MongoPerson, ReadsVersionsOfEveryTypeOfNumber) {
  const auto version_of = [](const auto& add) {
    Bson inside;
    add(inside);
    Bson document;
    document.id("_id", ada).document("ringbook", inside);
    return to_seen(document, settings).version;
  };
  EXPECT_EQ(version_of([](Bson& inside) { inside.number("v", 1LL << 40); }), 1ULL << 40);
  EXPECT_EQ(version_of([](Bson& inside) { inside.small("v", 7); }), 7U);
  EXPECT_EQ(version_of([](Bson& inside) { bson_append_double(inside.out(), "v", 1, 9.0); }), 9U);
  EXPECT_EQ(version_of([](Bson& inside) { bson_append_double(inside.out(), "v", 1, 9.5); }), 0U);
  EXPECT_EQ(version_of([](Bson& inside) { inside.number("v", -7); }), 0U);
  EXPECT_EQ(version_of([](Bson& inside) { inside.text("v", "7"); }), 0U);
}

TEST(MongoPerson, AsksForNoFieldInsideAnother) {
  EXPECT_EQ(
      json(fields_of_person(settings)),
      R"({ "personalInformation" : 1, "ringbook" : 1, "name" : 1, "email" : 1, "department" : 1, "role" : 1, "active" : 1 })");
}

}  // namespace
}  // namespace ringbook::mongo

// The documents of users on servers, and other programs that write them.
#include <gtest/gtest.h>

#include <algorithm>

#include "mongo/mongo_world.h"

namespace ringbook::test {
namespace {

using Write = Publication::Kind;

class MongoDocuments : public OnMongoPorts {
 protected:
  Documents& documents() { return world_->ports->documents(); }
  std::vector<SeenUser> look(const Look& look) {
    auto answer = world_->ask<std::vector<SeenUser>>(
        [&](auto reply) { documents().look(look, world_->deadline(), std::move(reply)); });
    EXPECT_TRUE(answer) << answer.error().detail;
    return answer ? std::move(*answer) : std::vector<SeenUser>{};
  }
  SeenUser look_at(const UserId& user) {
    auto seen = look({.users = {user}, .numbers = {}});
    EXPECT_EQ(seen.size(), 1U);
    return seen.empty() ? SeenUser{} : std::move(seen.front());
  }
  std::vector<Published> publish(const std::vector<Publication>& first,
                                 const std::vector<Publication>& then) {
    auto answer = world_->ask<std::vector<Published>>([&](auto reply) {
      documents().publish(first, then, world_->deadline(), std::move(reply));
    });
    EXPECT_TRUE(answer) << answer.error().detail;
    return answer ? std::move(*answer) : std::vector<Published>{};
  }
  Published publish(const Publication& one) {
    const auto outcomes = publish({}, {one});
    EXPECT_EQ(outcomes.size(), 1U);
    return outcomes.empty() ? Published::unknown : outcomes.front();
  }
  // A person as another program keeps one, with fields of its own.
  void add_person(const UserId& user, const char* number) {
    mongo::Bson information;
    information.text("phone", "+49 30 1");
    if (number != nullptr) {
      information.text("rcExtension", number);
    }
    mongo::Bson person;
    person.id("_id", user).text("name", "Ada").document("personalInformation", information);
    person.text("motto", "Ünïcode");
    hand_->insert("users", person);
  }
  std::optional<mongo::Bson> document_of(const UserId& user) {
    mongo::Bson filter;
    filter.id("_id", user);
    return hand_->find("users", filter);
  }
};

INSTANTIATE_TEST_SUITE_P(Servers, MongoDocuments, testing::ValuesIn(MongoServer::kinds()),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

UserId person(std::uint32_t n) {
  return UserId(UserId::Bytes{0x64, 0xB7, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(n >> 24),
                              static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8),
                              static_cast<std::uint8_t>(n)});
}

Extension number(std::string_view digits) {
  return *Extension::parse(digits);
}

Publication show(const UserId& user, std::uint64_t version, const char* digits) {
  Publication out;
  out.user = user;
  out.version = version;
  if (digits != nullptr) {
    out.number = number(digits);
  }
  return out;
}

Publication create(const UserId& user, std::uint64_t version, std::string name) {
  Publication out = show(user, version, nullptr);
  Profile profile;
  profile.name = std::move(name);
  profile.active = false;
  out.profile = PackedProfile(profile);
  out.may_create = true;
  return out;
}

Publication of_kind(Write kind, const UserId& user, std::uint64_t version,
                    const char* digits = nullptr) {
  Publication out = show(user, version, digits);
  out.kind = kind;
  return out;
}

TEST_P(MongoDocuments, ShowWhoIsThereAndWhoIsNot) {
  add_person(person(2), "1234");
  add_person(person(1), nullptr);
  const auto seen = look({.users = {person(1), person(3), person(2)}, .numbers = {}});
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_TRUE(seen[0].exists);
  EXPECT_EQ(seen[0].number, std::nullopt);
  EXPECT_EQ(seen[0].profile.name(), "Ada");
  EXPECT_EQ(seen[0].profile.role(), "user");
  EXPECT_TRUE(seen[0].can_show);
  EXPECT_EQ(seen[1].id, person(3));
  EXPECT_FALSE(seen[1].exists);
  EXPECT_EQ(seen[2].id, person(2));
  EXPECT_EQ(seen[2].number, number("1234"));
  EXPECT_EQ(seen[2].version, 0U);
}

// [MONGO-9] More than one reading gathers: nobody who is there is taken for somebody who is not.
TEST_P(MongoDocuments, AreAllSeenHoweverLargeTheyAre) {
  constexpr std::uint32_t people = 4;
  const std::string notes(limits::mongo_read_bytes / 3, 'n');
  Look everybody;
  for (std::uint32_t n = 1; n <= people; ++n) {
    mongo::Bson information;
    information.text("rcExtension", std::to_string(1000 + n)).text("notes", notes);
    mongo::Bson document;
    document.id("_id", person(n)).document("personalInformation", information);
    hand_->insert("users", document);
    everybody.users.push_back(person(n));
  }
  const auto seen = look(everybody);
  ASSERT_EQ(seen.size(), people);
  std::size_t scanned = 0;
  for (std::optional<UserId> after;;) {
    const auto page = world_->ask<std::vector<SeenUser>>(
        [&](auto reply) { documents().scan(after, people, world_->deadline(), std::move(reply)); });
    ASSERT_TRUE(page) << page.error().detail;
    if (page->empty()) {
      break;
    }
    scanned += page->size();
    after = page->back().id;
  }
  EXPECT_EQ(scanned, people);
  for (std::uint32_t n = 1; n <= people; ++n) {
    EXPECT_TRUE(seen[n - 1].exists) << n;
    EXPECT_EQ(seen[n - 1].number, number(std::to_string(1000 + n)));
  }
}

// [MONGO-3]
TEST_P(MongoDocuments, KeepEveryOtherFieldAsItWas) {
  add_person(person(1), "1234");
  EXPECT_EQ(publish(show(person(1), 3, "1300")), Published::done);
  const auto document = document_of(person(1));
  ASSERT_TRUE(document);
  mongo::Bson information;
  information.text("phone", "+49 30 1").text("rcExtension", "1300");
  mongo::Bson version;
  version.number("v", 3);
  mongo::Bson expected;
  expected.id("_id", person(1)).text("name", "Ada").document("personalInformation", information);
  expected.text("motto", "Ünïcode").document("ringbook", version);
  EXPECT_EQ(document->octets(), expected.octets());
}

TEST_P(MongoDocuments, AreMadeAndRemoved) {
  EXPECT_EQ(publish(create(person(1), 3, "Ada")), Published::done);
  EXPECT_EQ(publish(create(person(1), 3, "Ada")), Published::done);
  SeenUser seen = look_at(person(1));
  EXPECT_TRUE(seen.exists);
  EXPECT_EQ(seen.version, 3U);
  EXPECT_EQ(seen.profile.name(), "Ada");
  EXPECT_EQ(seen.profile.email(), std::nullopt);
  EXPECT_FALSE(seen.profile.active());
  EXPECT_EQ(publish(of_kind(Write::remove, person(1), 3)), Published::newer);
  EXPECT_EQ(publish(of_kind(Write::remove, person(1), 5)), Published::done);
  EXPECT_FALSE(look_at(person(1)).exists);
  EXPECT_EQ(publish(of_kind(Write::remove, person(1), 5)), Published::done);
}

TEST_P(MongoDocuments, AreMadeOnlyWhereThatIsAskedFor) {
  EXPECT_EQ(publish(show(person(1), 3, "1234")), Published::gone);
  Publication edit = create(person(1), 3, "Ada");
  edit.may_create = false;
  EXPECT_EQ(publish(edit), Published::gone);
  EXPECT_FALSE(look_at(person(1)).exists);
}

TEST_P(MongoDocuments, StayWhereTheyHaveTheVersionOrAHigherOne) {
  add_person(person(1), nullptr);
  EXPECT_EQ(publish(show(person(1), 7, "1234")), Published::done);
  EXPECT_EQ(publish(show(person(1), 7, "1234")), Published::done);
  EXPECT_EQ(publish(show(person(1), 5, "1300")), Published::newer);
  EXPECT_EQ(publish(create(person(1), 5, "Grace")), Published::newer);
  EXPECT_EQ(publish(of_kind(Write::take_off, person(1), 6)), Published::newer);
  publish(of_kind(Write::leave, person(1), 5));
  const SeenUser seen = look_at(person(1));
  EXPECT_EQ(seen.number, number("1234"));
  EXPECT_EQ(seen.version, 7U);
  EXPECT_EQ(publish(show(person(1), 9, nullptr)), Published::done);
  EXPECT_EQ(look_at(person(1)).number, std::nullopt);
}

TEST_P(MongoDocuments, GiveUpANumberBeforeAnotherShowsIt) {
  add_person(person(1), "1234");
  add_person(person(2), nullptr);
  EXPECT_EQ(publish({of_kind(Write::take_off, person(1), 4)}, {show(person(2), 5, "1234")}),
            std::vector{Published::done});
  EXPECT_EQ(look_at(person(1)).number, std::nullopt);
  EXPECT_EQ(look_at(person(1)).version, 4U);
  EXPECT_EQ(look_at(person(2)).number, number("1234"));
  // Nobody is there to lose it.
  EXPECT_EQ(publish({of_kind(Write::take_off, person(3), 6)}, {show(person(2), 7, "1300")}),
            std::vector{Published::done});
}

// [MONGO-8]
TEST_P(MongoDocuments, KeepAForeignNumberThatWasLeft) {
  add_person(person(1), "1234");
  add_person(person(2), "1300");
  EXPECT_EQ(publish({}, {of_kind(Write::leave, person(1), 3, "1234"),
                         of_kind(Write::leave, person(2), 3, "1234"),
                         of_kind(Write::leave, person(3), 3, "1234")}),
            (std::vector{Published::done, Published::done, Published::gone}));
  EXPECT_EQ(look_at(person(1)).number, std::nullopt);
  EXPECT_EQ(look_at(person(1)).version, 3U);
  EXPECT_EQ(look_at(person(2)).number, number("1300"));
  EXPECT_EQ(look_at(person(2)).version, 3U);
}

TEST_P(MongoDocuments, AreWrittenManyAtATime) {
  std::vector<Publication> all;
  for (std::uint32_t n = 0; n < 70; ++n) {
    all.push_back(create(person(n), 3, "Person " + std::to_string(n)));
  }
  EXPECT_EQ(publish({}, all), std::vector(70, Published::done));
  std::vector<Publication> half;
  std::vector<Published> expected;
  for (std::uint32_t n = 0; n < 140; ++n) {
    half.push_back(show(person(n), 5, std::to_string(1000 + n).c_str()));
    expected.push_back(n < 70 ? Published::done : Published::gone);
  }
  EXPECT_EQ(publish({}, half), expected);
}

TEST_P(MongoDocuments, SayWhereNoNumberCanBe) {
  const auto add = [&](std::uint32_t n, const auto& fill) {
    mongo::Bson document;
    document.id("_id", person(n));
    fill(document);
    hand_->insert("users", document);
  };
  add(1, [](mongo::Bson& document) { document.text("personalInformation", "none"); });
  add(2, [](mongo::Bson& document) { document.text("ringbook", "a telephone directory"); });
  add(3, [](mongo::Bson& document) {
    mongo::Bson information;
    information.small("rcExtension", 1234);
    document.document("personalInformation", information);
  });
  add(4, [](mongo::Bson& document) { document.small("name", 7).text("email", "a\nb"); });
  EXPECT_FALSE(look_at(person(1)).can_show);
  EXPECT_FALSE(look_at(person(2)).can_show);
  EXPECT_TRUE(look_at(person(3)).can_show);
  EXPECT_TRUE(look_at(person(3)).shows_something_else);
  EXPECT_TRUE(look_at(person(4)).can_show);
  EXPECT_EQ(look_at(person(4)).profile.name(), std::nullopt);
  EXPECT_EQ(look_at(person(4)).profile.email(), std::nullopt);
  // One that cannot be written stops no other.
  add_person(person(5), nullptr);
  EXPECT_EQ(publish({}, {show(person(1), 3, "1234"), show(person(5), 3, "1235"),
                         show(person(2), 3, "1236")}),
            (std::vector{Published::failed, Published::done, Published::failed}));
}

TEST_P(MongoDocuments, AreScannedInTheOrderOfTheirIds) {
  mongo::Bson stranger;
  stranger.text("_id", "no ObjectId");
  hand_->insert("users", stranger);
  for (const std::uint32_t n : {3U, 1U, 2U}) {
    add_person(person(n), nullptr);
  }
  const auto scan = [&](std::optional<UserId> after, std::size_t limit) {
    const auto answer = world_->ask<std::vector<SeenUser>>(
        [&](auto reply) { documents().scan(after, limit, world_->deadline(), std::move(reply)); });
    EXPECT_TRUE(answer) << answer.error().detail;
    std::vector<UserId> out;
    for (const SeenUser& seen : answer.value_or(std::vector<SeenUser>{})) {
      out.push_back(seen.id);
    }
    return out;
  };
  EXPECT_EQ(scan(std::nullopt, 2), (std::vector{person(1), person(2)}));
  EXPECT_EQ(scan(person(2), 2), (std::vector{person(3)}));
  EXPECT_EQ(scan(person(3), 2), std::vector<UserId>{});
}

// --- with a unique index on the number's path ----------------------------------------------------

class MongoDocumentsWithIndex : public MongoDocuments {
 protected:
  void prepare() override { hand_->make_unique_index("users", settings_.number_path); }
};

INSTANTIATE_TEST_SUITE_P(Servers, MongoDocumentsWithIndex, testing::ValuesIn(MongoServer::kinds()),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-12]
TEST_P(MongoDocumentsWithIndex, TellWhomAForeignHandGaveTheNumber) {
  add_person(person(1), "1234");
  add_person(person(2), nullptr);
  const auto seen = look({.users = {person(2)}, .numbers = {number("1234"), number("1300")}});
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].id, person(2));
  EXPECT_EQ(seen[1].id, person(1));
  EXPECT_EQ(seen[1].number, number("1234"));
}

// [MONGO-12]
TEST_P(MongoDocumentsWithIndex, RefuseOneAndTakeTheOthers) {
  add_person(person(1), "1234");
  for (const std::uint32_t n : {2U, 3U, 4U}) {
    add_person(person(n), nullptr);
  }
  EXPECT_EQ(publish({}, {show(person(2), 3, "1300"), show(person(3), 3, "1234"),
                         show(person(4), 3, "1301")}),
            (std::vector{Published::done, Published::refused, Published::done}));
  EXPECT_EQ(look_at(person(3)).number, std::nullopt);
  EXPECT_EQ(look_at(person(3)).version, 0U);
  EXPECT_EQ(look_at(person(4)).number, number("1301"));
}

// [MONGO-12]
TEST_P(MongoDocumentsWithIndex, SwapNumbers) {
  EXPECT_EQ(publish({}, {create(person(1), 3, "Ada"), create(person(2), 5, "Grace")}),
            std::vector(2, Published::done));
  EXPECT_EQ(publish({}, {show(person(1), 7, "1234"), show(person(2), 9, "1300")}),
            std::vector(2, Published::done));
  EXPECT_EQ(
      publish({of_kind(Write::take_off, person(1), 10), of_kind(Write::take_off, person(2), 12)},
              {show(person(1), 11, "1300"), show(person(2), 13, "1234")}),
      std::vector(2, Published::done));
  EXPECT_EQ(look_at(person(1)).number, number("1300"));
  EXPECT_EQ(look_at(person(2)).number, number("1234"));
}

}  // namespace
}  // namespace ringbook::test

// A collection that another program keeps: what doctor says of it, and what adopting it changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "mongo/mongo_world.h"
#include "store/mongo/adopt.h"
#include "store/mongo/commands.h"
#include "store/mongo/inspect.h"
#include "store/mongo/keeper.h"
#include "store/open.h"

namespace ringbook::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

UserId id(std::uint8_t n) {
  UserId::Bytes bytes{0x64, 0xB7};
  bytes[11] = n;
  return UserId(bytes);
}

mongo::Bson by_id(const UserId& user) {
  mongo::Bson out;
  out.id("_id", user);
  return out;
}

// A document with fields of its program's own beside what stands at personalInformation.
mongo::Bson person(const UserId& user) {
  mongo::Bson out;
  out.id("_id", user).text("name", "Ada").text("motto", "Ünïcode").number("logins", 17);
  return out;
}

// An instance on a database, asked one question after the other.
class Instance {
 public:
  Instance(const std::string& url, std::chrono::milliseconds rescan) {
    StoreSettings settings;
    settings.url = url;
    settings.shared.time = std::chrono::minutes(1);
    settings.shared.rescan = rescan;
    auto opened = open_store(settings, loop_, clock_, metrics_, log_, [](const Error&) {});
    EXPECT_TRUE(opened) << opened.error().detail;
    store_ = opened ? std::move(*opened) : nullptr;
  }

  void apply(Edit edit) {
    ChangeSet set;
    set.issuer = "https://issuer.example";
    set.subject = "admin-1";
    set.request_id = "test";
    set.edits.push_back(std::move(edit));
    ask<Outcome>([&](auto reply) { store_->apply(std::move(set), std::move(reply)); });
  }
  std::size_t found(const std::string& name) {
    UserQuery query;
    query.search = name;
    query.limit = 10;
    return ask<UserPage>([&](auto reply) { store_->users(query, std::move(reply)); }).users.size();
  }

 private:
  template <class T>
  T ask(const std::function<void(Reply<T>)>& question) {
    std::optional<Result<T>> answer;
    question(Reply<T>([&](Result<T> given) { answer = std::move(given); }));
    while (!answer) {
      store_->end_turn();
      loop_.wait_one(std::chrono::milliseconds(10));
    }
    EXPECT_TRUE(*answer) << answer->error().detail;
    return *answer ? std::move(**answer) : T{};
  }

  const SystemClock clock_;
  Log log_{clock_, LogLevel::error, LogFormat::json};
  Metrics metrics_;
  QueueLoop loop_;
  std::unique_ptr<Store> store_;
};

class MongoAdoption : public OnMongoServer {
 protected:
  void add(const UserId& user, std::string_view number) {
    mongo::Bson information;
    information.text("phone", "+49 30 1").text("rcExtension", number);
    hand_->insert("users", person(user).document("personalInformation", information));
  }
  Result<mongo::Adoption> adopt(bool only_plans = false) {
    return mongo::adopt(settings_, only_plans, clock_, log_, [](const UpkeepStep&) {});
  }
  // What doctor says, each with where and how to mend it.
  std::vector<std::string> findings() {
    std::vector<std::string> out;
    const auto inspection = mongo::inspect(
        settings_, clock_,
        [&](const Finding& f) { out.push_back(f.where + ": " + f.what + " -> " + f.mend); },
        [](const UpkeepStep&) {});
    EXPECT_TRUE(inspection) << inspection.error().detail;
    return out;
  }
  // The code with which a server refuses the database; nothing when it takes it.
  std::optional<Errc> refusal(std::optional<People> people = std::nullopt) {
    QueueLoop loop;
    Metrics metrics;
    StoreSettings settings;
    settings.url = settings_.url;
    settings.people = people;
    const auto store = open_store(settings, loop, clock_, metrics, log_, [](const Error&) {});
    return store ? std::nullopt : std::optional(store.error().code);
  }
  std::string document_of(const UserId& user) {
    const auto found = hand_->find("users", by_id(user));
    return found ? std::string(found->octets()) : "";
  }

  const SystemClock clock_;
  Log log_{clock_, LogLevel::error, LogFormat::json};
};

INSTANTIATE_TEST_SUITE_P(Servers, MongoAdoption, testing::ValuesIn(MongoServer::kinds()),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-5]
TEST_P(MongoAdoption, TakesWhatIsCleanAndNothingElse) {
  add(id(1), "1300");
  add(id(2), "1301");
  add(id(3), "1301");
  add(id(4), "13");
  add(id(5), " 1234");
  hand_->insert("users", person(id(6)));
  const auto planned = adopt(/*only_plans=*/true);
  ASSERT_TRUE(planned) << planned.error().detail;
  EXPECT_EQ(planned->people, 6U);
  EXPECT_EQ(planned->adopted, 2U);
  EXPECT_EQ(planned->left_alone, 3U);
  EXPECT_EQ(refusal(People::adopted), Errc::usage);

  const auto adopted = adopt();
  ASSERT_TRUE(adopted) << adopted.error().detail;
  EXPECT_EQ(adopted->adopted, 2U);
  EXPECT_EQ(adopted->already, 0U);
  EXPECT_EQ(adopted->left_alone, 3U);
  EXPECT_EQ(refusal(People::adopted), std::nullopt);
  EXPECT_EQ(refusal(People::own), Errc::usage);
}

// [MONGO-3] [MONGO-5] A document that is adopted gets Ringbook's field and keeps every other octet
// of its own; one that is not keeps all of them.
TEST_P(MongoAdoption, WritesItsOwnFieldAlone) {
  add(id(1), "1300");
  add(id(2), "no number");
  const std::string adopted = document_of(id(1));
  const std::string left_alone = document_of(id(2));
  ASSERT_TRUE(adopt());
  EXPECT_EQ(document_of(id(2)), left_alone);
  const auto after = hand_->find("users", by_id(id(1)));
  ASSERT_TRUE(after);
  const auto version = mongo::place_of(*after, "ringbook.v");
  ASSERT_TRUE(version);
  EXPECT_GT(mongo::number_at(*version).value_or(0), 0);
  // Fields of ours stand behind all others: without them it is what it was.
  mongo::Bson without;
  bson_copy_to_excluding_noinit(after->get(), without.out(), "ringbook", nullptr);
  EXPECT_EQ(without.octets(), adopted);
}

// [MONGO-5]
TEST_P(MongoAdoption, MayBeRepeated) {
  add(id(1), "1300");
  ASSERT_TRUE(adopt());
  add(id(2), "1301");
  const auto again = adopt();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->adopted, 1U);
  EXPECT_EQ(again->already, 1U);
  EXPECT_EQ(adopt()->adopted, 0U);
}

// [MONGO-4]
TEST_P(MongoAdoption, IsAskedForWhereThereArePeople) {
  EXPECT_EQ(refusal(), std::nullopt);  // Nobody is there: they will be ours.
  EXPECT_EQ(adopt().error().code, Errc::usage);
  settings_.url = MongoServer::shared(GetParam()).url_of_new_database();
  ForeignHand(settings_).insert("users", person(id(1)));
  EXPECT_EQ(refusal(), Errc::usage);
  EXPECT_EQ(refusal(People::own), std::nullopt);
  EXPECT_EQ(refusal(), std::nullopt);  // It was said.
  EXPECT_EQ(refusal(People::adopted), Errc::usage);
}

// [MONGO-5]
TEST_P(MongoAdoption, IsPreparedByADoctorWhoNamesEveryFault) {
  add(id(1), "1300");
  add(id(2), "1300");
  add(id(3), "ext. 7");
  mongo::Bson number;
  number.small("rcExtension", 1234);
  hand_->insert("users", person(id(4)).document("personalInformation", number));
  hand_->insert("users", person(id(5)).text("personalInformation", "+49 30 1"));
  hand_->insert("users", person(id(6)).text("ringbook", "a comic"));
  mongo::Bson stranger;
  stranger.text("_id", "ada").text("name", "Ada");
  hand_->insert("users", stranger);
  const std::string untouched = document_of(id(1)) + document_of(id(4));

  const auto said = findings();
  EXPECT_THAT(said, Contains(HasSubstr("1 number is shown by several: 1300 by " + id(1).text() +
                                       ", " + id(2).text())));
  EXPECT_THAT(said, Contains(HasSubstr("1 number is none: " + id(3).text() + ": \"ext. 7\"")));
  EXPECT_THAT(said, Contains(HasSubstr("1 number is not stored as a text: " + id(4).text())));
  EXPECT_THAT(said, Contains(HasSubstr(id(5).text() + ": personalInformation is a text")));
  EXPECT_THAT(said, Contains(HasSubstr(id(6).text() + ": ringbook is a text")));
  EXPECT_THAT(said, Contains(HasSubstr("1 document has an _id that is no ObjectId: \"ada\"")));
  EXPECT_THAT(said, Contains(HasSubstr("no index on personalInformation.rcExtension")));
  EXPECT_EQ(document_of(id(1)) + document_of(id(4)), untouched);
}

// [MONGO-5] A number that a document shows which cannot be adopted is one that somebody has.
TEST_P(MongoAdoption, TakesNoNumberThatIsShownWhereItCannotBeTaken) {
  add(id(1), "1300");
  mongo::Bson number;
  number.text("rcExtension", "1300");
  hand_->insert("users",
                person(id(2)).document("personalInformation", number).text("ringbook", "a comic"));
  add(id(3), "1301");
  mongo::Bson stranger;
  stranger.text("_id", "ada")
      .document("personalInformation", mongo::Bson().text("rcExtension", "1301"));
  hand_->insert("users", stranger);
  const auto adopted = adopt();
  ASSERT_TRUE(adopted) << adopted.error().detail;
  EXPECT_EQ(adopted->adopted, 0U);
  EXPECT_EQ(adopted->left_alone, 3U);
}

// [MONGO-5] Adopting that was begun is ended by nothing but adopting.
TEST_P(MongoAdoption, KeepsServersAwayUntilItHasEnded) {
  add(id(1), "1300");
  {
    SystemClock clock;
    mongo::Clients clients(*mongo::parse_url(settings_.url));
    mongo::Connection connection(clients, mongo::database_of(settings_), clock);
    connection.set_deadline(clock.tick() + std::chrono::minutes(1));
    const auto said = mongo::say_keeper(connection, mongo::Keeper::adopting);
    ASSERT_TRUE(said);
    EXPECT_EQ(*mongo::say_keeper(connection, mongo::Keeper::own), mongo::Keeper::adopting);
  }
  EXPECT_EQ(refusal(), Errc::usage);
  EXPECT_EQ(refusal(People::own), Errc::usage);
  EXPECT_EQ(refusal(People::adopted), Errc::usage);
  ASSERT_TRUE(adopt());
  EXPECT_EQ(refusal(), std::nullopt);
  EXPECT_EQ(refusal(People::adopted), std::nullopt);
}

// [MONGO-5] Documents that were copied without their journal were not adopted by this one.
TEST_P(MongoAdoption, RefusesTheFieldOfAnotherJournal) {
  mongo::Bson field;
  field.number("v", 4001);
  mongo::Bson number;
  number.text("rcExtension", "1300");
  hand_->insert("users",
                person(id(1)).document("personalInformation", number).document("ringbook", field));
  const auto adopted = adopt();
  ASSERT_FALSE(adopted);
  EXPECT_EQ(adopted.error().code, Errc::usage);
  EXPECT_THAT(adopted.error().detail, HasSubstr("of another journal"));
}

// [MONGO-4] [MONGO-5]
TEST_P(MongoAdoption, IsNothingThatADoctorAsksForWherePeopleAreOwn) {
  Instance instance(settings_.url, limits::shared_rescan_time);
  Edit edit;
  edit.user = id(1);
  edit.person = Edit::Person::put;
  edit.number = Edit::Number::assign;
  edit.extension = *Extension::parse("1300");
  instance.apply(std::move(edit));
  for (const std::string& finding : findings()) {
    EXPECT_THAT(finding, testing::AnyOf(HasSubstr("it stands alone"), HasSubstr("no index")));
  }
}

// [MONGO-4]
TEST_P(MongoAdoption, FindsThemUnderTheNamesThatTheirProgramGivesThem) {
  add(id(1), "1300");
  ASSERT_TRUE(adopt());
  Instance instance(settings_.url, std::chrono::milliseconds(100));
  EXPECT_EQ(instance.found("Grace"), 0U);
  mongo::Bson grace;
  grace.id("_id", id(2)).text("name", "Grace");
  hand_->insert("users", grace);
  mongo::Bson set;
  set.document("$set", mongo::Bson().text("name", "Augusta"));
  hand_->run(mongo::update_command("users", {mongo::to_update(by_id(id(1)), set)}));
  const Tick late = clock_.tick() + std::chrono::seconds(30);
  while ((instance.found("Grace") != 1 || instance.found("Augusta") != 1) && clock_.tick() < late) {
  }
  EXPECT_EQ(instance.found("Grace"), 1U);
  EXPECT_EQ(instance.found("Augusta"), 1U);
  EXPECT_EQ(instance.found("Ada"), 0U);
}

// [MONGO-8] Who is given the number that a foreign hand took out of the document gets it again.
TEST_P(MongoAdoption, GivesBackWhatAForeignHandTookAway) {
  add(id(1), "1300");
  ASSERT_TRUE(adopt());
  Instance instance(settings_.url, limits::shared_rescan_time);
  const auto assign = [&](const char* number) {
    Edit edit;
    edit.user = id(1);
    edit.number = Edit::Number::assign;
    edit.extension = *Extension::parse(number);
    instance.apply(std::move(edit));
  };
  const auto shown = [&] {
    const auto document = hand_->find("users", by_id(id(1)));
    const auto place =
        document ? mongo::place_of(*document, "personalInformation.rcExtension") : std::nullopt;
    return std::string(place ? mongo::text_at(*place).value_or("none") : "none");
  };
  assign("1300");
  EXPECT_EQ(shown(), "1300");
  mongo::Bson number;
  number.text("personalInformation.rcExtension", "");
  mongo::Bson unset;
  unset.document("$unset", number);
  hand_->run(mongo::update_command("users", {mongo::to_update(by_id(id(1)), unset)}));
  ASSERT_EQ(shown(), "none");
  assign("1300");
  EXPECT_EQ(shown(), "1300");
}

// [MONGO-5] [MONGO-8]
TEST_P(MongoAdoption, IsJudgedByADoctorAfterwards) {
  add(id(1), "1300");
  EXPECT_THAT(findings(), Contains(HasSubstr("is not in the journal: " + id(1).text() + ": 1300")));
  ASSERT_TRUE(adopt());
  EXPECT_THAT(findings(), Not(Contains(HasSubstr("journal"))));
  mongo::Bson number;
  number.text("personalInformation.rcExtension", "1400");
  mongo::Bson set;
  set.document("$set", number);
  hand_->run(mongo::update_command("users", {mongo::to_update(by_id(id(1)), set)}));
  EXPECT_THAT(findings(), Contains(HasSubstr("1400 instead of 1300")));
}

}  // namespace
}  // namespace ringbook::test

// Whole directories on their way between a folder and a database, and backups of a database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fault/stored.h"
#include "mongo/mongo_world.h"
#include "store/mongo/keeper.h"
#include "store/open.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

class CopiedDirectory : public OnMongoServer {
 protected:
  static StoreSettings at(const std::filesystem::path& folder) {
    StoreSettings store;
    store.url = "sqlite:" + folder.string();
    return store;
  }
  StoreSettings database() const { return at_url(settings_.url); }
  static StoreSettings at_url(std::string url) {
    StoreSettings store;
    store.url = std::move(url);
    return store;
  }
  StoreSettings other_database() const {
    return at_url(MongoServer::shared(GetParam()).url_of_new_database());
  }

  Result<BackupSummary> copy(const StoreSettings& from, const StoreSettings& to) {
    return copy_directory(from, to, upkeep_);
  }
  // What an engine on the store says of everything that the script touches.
  static State state_in(const StoreSettings& store) {
    Engine engine(store.url);
    engine.user(user_id(1));  // It has folded the journal when it has answered once.
    return state_of(engine, small_universe());
  }
  // Whether an instance takes the database; else why not.
  std::string refusal_of(const StoreSettings& store) {
    QueueLoop loop;
    Metrics metrics;
    const auto opened = open_store(store, loop, clock_, metrics, log_, [](const Error&) {});
    return opened ? "" : opened.error().detail;
  }

  const SystemClock clock_;
  Log log_{clock_, LogLevel::error, LogFormat::json};
  const TemporaryFolder scratch_;
  const OnUpkeepStep step_ = [](const UpkeepStep&) {};
  const Upkeep upkeep_{.clock = clock_, .log = log_, .scratch = scratch_.path(), .step = step_};
  const TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Servers, CopiedDirectory,
                         testing::Values(MongoServer::Kind::ferretdb_sqlite,
                                         MongoServer::Kind::java),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-11]
TEST_P(CopiedDirectory, IsTheSameInADatabaseAndInAFolderMadeOfThat) {
  const State whole = do_script(folder_.path(), Folded::everything);
  const auto into_database = copy(at(folder_.path()), database());
  ASSERT_TRUE(into_database) << into_database.error().detail;
  EXPECT_EQ(difference(state_in(database()), whole), "");
  const TemporaryFolder again;
  const auto into_folder = copy(database(), at(again.path()));
  ASSERT_TRUE(into_folder) << into_folder.error().detail;
  EXPECT_EQ(difference(state_in(at(again.path())), whole), "");
  EXPECT_EQ(into_folder->last_change, into_database->last_change);
  EXPECT_EQ(into_folder->users, into_database->users);
  EXPECT_EQ(into_folder->extensions, into_database->extensions);
  const auto inspected = inspect_store(
      at(again.path()), scratch_.path(), [](const Finding& f) { ADD_FAILURE() << f.what; }, step_);
  ASSERT_TRUE(inspected);
  EXPECT_EQ(inspected->last_change, into_database->last_change);
}

// [MONGO-11]
TEST_P(CopiedDirectory, GoesOnWhereItWas) {
  do_script(folder_.path(), Folded::everything);
  ASSERT_TRUE(copy(at(folder_.path()), database()));
  {
    Engine engine(settings_.url);
    engine.apply({put(user_id(7), "Barbara")});
    engine.apply({assign(user_id(7), number("77"))});
    engine.apply({put(user_id(2), "Grace Hopper")});
  }
  const TemporaryFolder again;
  const auto copied = copy(database(), at(again.path()));
  ASSERT_TRUE(copied) << copied.error().detail;
  Engine engine("sqlite:" + again.path().string());
  EXPECT_EQ(engine.held_by(user_id(7)), number("77"));
  EXPECT_EQ(engine.user(user_id(7))->profile.name, "Barbara");
  EXPECT_EQ(engine.user(user_id(2))->profile.name, "Grace Hopper");
  EXPECT_EQ(engine.apply({assign(user_id(2), number("77"))}).kind, Outcome::Kind::conflict);
}

// [MONGO-11]
TEST_P(CopiedDirectory, KeepsTheMomentOfEveryChange) {
  std::vector<Instant> moments;
  {
    Engine engine("sqlite:" + folder_.path().string());
    engine.apply({put(user_id(1), "Ada")});
    for (const char* digits : {"11", "22", "33"}) {
      engine.clock.advance(std::chrono::seconds(1));
      engine.apply({assign(user_id(1), number(digits))});
      moments.insert(moments.begin(), engine.clock.now());
    }
  }
  ASSERT_TRUE(copy(at(folder_.path()), database()));
  const TemporaryFolder again;
  ASSERT_TRUE(copy(database(), at(again.path())));
  for (const StoreSettings& store : {database(), at(again.path())}) {
    Engine engine(store.url);
    const auto history = engine.history(user_id(1));
    ASSERT_TRUE(history);
    std::vector<Instant> kept;
    for (const UserHistoryRow& row : history->rows) {
      kept.push_back(row.at);
    }
    EXPECT_EQ(kept, moments);
  }
}

// A set of more changes than a batch has room for.
// [MONGO-11]
TEST_P(CopiedDirectory, HasItsLargeSets) {
  if (GetParam() != MongoServer::Kind::java) {
    return;  // The other looks at every document for each that is written.
  }
  constexpr std::uint32_t people = limits::shared_batch_changes + 10;
  std::vector<Edit> edits;
  for (std::uint32_t i = 0; i < people; ++i) {
    Edit edit = put(user_id(1000 + i), "Person " + std::to_string(i));
    edit.number = Edit::Number::assign;
    edit.extension = number(std::to_string(100'000 + i));
    edits.push_back(std::move(edit));
  }
  {
    Engine engine("sqlite:" + folder_.path().string());
    engine.apply(std::move(edits));
    engine.apply({release(user_id(1000))});
  }
  ASSERT_TRUE(copy(at(folder_.path()), database()));
  const TemporaryFolder again;
  const auto copied = copy(database(), at(again.path()));
  ASSERT_TRUE(copied) << copied.error().detail;
  EXPECT_EQ(copied->users, people);
  EXPECT_EQ(copied->extensions, people - 1);
  Engine engine("sqlite:" + again.path().string());
  EXPECT_EQ(engine.held_by(user_id(1000)), std::nullopt);
  EXPECT_EQ(engine.held_by(user_id(1000 + people - 1)),
            number(std::to_string(100'000 + people - 1)));
  const auto history = engine.history(number("100000"));
  ASSERT_TRUE(history);
  ASSERT_EQ(history->rows.size(), 1U);
  EXPECT_TRUE(history->rows.front().to);
}

// [MONGO-11]
TEST_P(CopiedDirectory, IsNotTakenBeforeItIsWhole) {
  mongo::Clients clients(*mongo::parse_url(settings_.url));
  mongo::Connection connection(clients, mongo::database_of(settings_), clock_);
  connection.set_deadline(clock_.tick() + std::chrono::minutes(1));
  ASSERT_TRUE(mongo::say_keeper(connection, mongo::Keeper::copying));
  EXPECT_THAT(refusal_of(database()), HasSubstr("what is copied to this database is not whole"));
}

// [MONGO-11]
TEST_P(CopiedDirectory, CanBeMadeWhereACopyNeverBegan) {
  const auto of_nothing = copy(at(folder_.path() / "nothing"), database());
  ASSERT_FALSE(of_nothing);
  const auto of_no_directory = copy(at(scratch_.path()), database());
  ASSERT_FALSE(of_no_directory);
  do_script(folder_.path(), Folded::everything);
  const auto copied = copy(at(folder_.path()), database());
  EXPECT_TRUE(copied) << copied.error().detail;
}

// [MONGO-11]
TEST_P(CopiedDirectory, IsRefusedWhereSomethingIsAlready) {
  do_script(folder_.path(), Folded::everything);
  ASSERT_TRUE(copy(at(folder_.path()), database()));
  const auto twice = copy(at(folder_.path()), database());
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Errc::usage);
  EXPECT_THAT(twice.error().detail, HasSubstr("name a new one"));
  EXPECT_EQ(refusal_of(database()), "");
}

// [MONGO-11]
TEST_P(CopiedDirectory, IsRefusedWhileAServerHasTheFolder) {
  do_script(folder_.path(), Folded::everything);
  const Engine engine("sqlite:" + folder_.path().string());
  const auto copied = copy(at(folder_.path()), database());
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, Errc::locked);
}

// [MONGO-4] [MONGO-11]
TEST_P(CopiedDirectory, IsNotMadeOfPeopleOfAnotherProgram) {
  mongo::Bson person;
  person.id("_id", user_id(1)).text("name", "Ada");
  hand_->insert("users", person);
  std::filesystem::create_directory(folder_.path() / "one");
  const auto of_nothing = copy(database(), at(folder_.path() / "one"));
  ASSERT_FALSE(of_nothing);
  EXPECT_THAT(of_nothing.error().detail, HasSubstr("no directory in this database"));
  ASSERT_TRUE(adopt_people(database(), false, clock_, log_, step_));
  std::filesystem::create_directory(folder_.path() / "two");
  const auto of_adopted = copy(database(), at(folder_.path() / "two"));
  ASSERT_FALSE(of_adopted);
  EXPECT_EQ(of_adopted.error().code, Errc::usage);
  EXPECT_THAT(of_adopted.error().detail, HasSubstr("another program's"));
}

// [MONGO-11]
TEST_P(CopiedDirectory, HasBackupsThatMakeDatabasesAndFolders) {
  const State whole = do_script(folder_.path(), Folded::everything);
  ASSERT_TRUE(copy(at(folder_.path()), database()));
  const auto file = scratch_.path() / "monday";
  const auto backup = back_up_store(database(), file, false, upkeep_);
  ASSERT_TRUE(backup) << backup.error().detail;
  const StoreSettings restored = other_database();
  const auto into_database = restore_store(restored, file, upkeep_);
  ASSERT_TRUE(into_database) << into_database.error().detail;
  EXPECT_EQ(difference(state_in(restored), whole), "");
  const TemporaryFolder again;
  ASSERT_TRUE(restore_store(at(again.path()), file, upkeep_));
  EXPECT_EQ(difference(state_in(at(again.path())), whole), "");
}

}  // namespace
}  // namespace ringbook::test

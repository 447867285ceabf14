// The journal of an older program, brought to the present form by a start: all of it or nothing,
// whatever happens meanwhile.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "fault/journal_rows.h"
#include "fault/stored.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/journal.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Journal;

std::int64_t count_in(const fs::path& database, const std::string& sql) {
  auto connection = Connection::open(database, {});
  EXPECT_TRUE(connection) << connection.error().detail;
  const auto count = connection ? (*connection)->query_integer(sql) : Result<std::int64_t>(-1);
  EXPECT_TRUE(count) << sql << ": " << count.error().detail;
  return count.value_or(-1);
}

std::int64_t version_of(const fs::path& database) {
  return count_in(database, "PRAGMA user_version");
}

void expect_same(const std::vector<RecordedChange>& read,
                 const std::vector<RecordedChange>& written) {
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Change& a = read[i].change;
    const Change& b = written[i].change;
    EXPECT_TRUE(a.sequence == b.sequence && a.set == b.set && a.at == b.at && a.user == b.user &&
                a.kind == b.kind && a.fields == b.fields && a.from == b.from && a.to == b.to &&
                a.previous_of_user == b.previous_of_user &&
                a.previous_of_number == b.previous_of_number &&
                read[i].issuer == written[i].issuer && read[i].subject == written[i].subject &&
                read[i].request_id == written[i].request_id)
        << "change " << i + 1;
  }
}

class Upgrade : public testing::Test {
 protected:
  fs::path folder() const { return folder_.path() / "data"; }
  fs::path journal() const { return folder() / "journal.db"; }

  void make(Folded folded, int version) {
    fs::remove_all(folder());
    fs::create_directory(folder());
    whole = do_script(folder(), folded);
    changes = changes_in(journal());
    make_older_journal(folder(), version);
  }
  // Sets of very different sizes, by different people.
  void make_large(int version) {
    fs::create_directory(folder());
    FaultVfs vfs;
    Engine engine({folder(), vfs.name()});
    engine.open();
    std::uint32_t people = 0;
    for (const std::uint32_t size : {1U, 255U, 600U, 3U, 256U, 1U, 300U}) {
      std::vector<Edit> edits;
      for (std::uint32_t i = 0; i < size; ++i) {
        Edit edit = put(user_id(people), "Ada");
        edit.number = Edit::Number::assign;
        edit.extension = number(std::to_string(10'000 + people++));
        edits.push_back(std::move(edit));
      }
      ChangeSet set = change_set(std::move(edits), "set-" + std::to_string(size));
      set.subject = "admin-" + std::to_string(size % 3);
      ASSERT_TRUE(engine.apply(std::move(set)));
      engine.clock.advance(std::chrono::milliseconds(size));
    }
    engine.close();
    changes = changes_in(journal());
    make_older_journal(folder(), version);
  }

  // Everything is there, in one of the two forms.
  void expect_a_form() {
    const std::int64_t version = version_of(journal());
    versions_seen.insert(version);
    if (version == 3) {
      expect_same(changes_in(journal()), changes);
      EXPECT_EQ(count_in(journal(),
                         "SELECT count(*) FROM sqlite_schema WHERE name IN "
                         "('changes', 'actors')"),
                0);
      return;
    }
    EXPECT_EQ(version, 2);
    EXPECT_EQ(count_in(journal(), "SELECT count(*) FROM changes JOIN actors ON actors.id = actor"),
              std::ssize(changes));
    EXPECT_EQ(count_in(journal(), "SELECT count(*) FROM sqlite_schema WHERE name = 'turns'"), 0);
  }
  void expect_state() {
    Engine engine({folder(), ""});
    const auto opened = engine.try_open();
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(difference(state_of(engine, small_universe()), whole), "");
    engine.close();
    expect_a_form();
    EXPECT_EQ(version_of(journal()), 3);
  }
  void expect_sound() {
    const auto inspected = inspect_sqlite(
        folder(), folder_.path(),
        [](const Finding& finding) { ADD_FAILURE() << finding.where << ": " << finding.what; },
        [](const UpkeepStep&) {});
    EXPECT_TRUE(inspected);
  }

  TemporaryFolder folder_;
  State whole;
  std::vector<RecordedChange> changes;
  std::set<std::int64_t> versions_seen;
};

// [STORE-10]
TEST_F(Upgrade, KeepsEveryChangeOfEveryVersion) {
  for (const int version : {1, 2}) {
    for (const Folded folded : {Folded::nothing, Folded::half, Folded::everything}) {
      make(folded, version);
      expect_state();
      expect_sound();
    }
  }
}

// [STORE-10] [HIST-2]
TEST_F(Upgrade, FillsTurnsAndFindsTheMilestones) {
  make_large(2);
  const std::int64_t count = std::ssize(changes);
  ASSERT_EQ(count, 1416);
  std::vector<std::uint64_t> told;
  {
    const auto opened = Journal::open({journal(), "", true, [&](const UpkeepStep& step) {
                                         told.push_back(step.done);
                                         EXPECT_EQ(step.total, static_cast<std::uint64_t>(count));
                                       }});
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ((*opened)->last_sequence(), static_cast<std::uint64_t>(count));
  }
  expect_a_form();
  expect_sound();
  EXPECT_EQ(versions_seen, std::set<std::int64_t>{3});
  EXPECT_EQ(count_in(journal(), "SELECT count(*) FROM turns"),
            (count + static_cast<std::int64_t>(limits::turn_changes) - 1) /
                static_cast<std::int64_t>(limits::turn_changes));
  EXPECT_GT(count_in(journal(), "SELECT count(*) FROM milestones_of_users"), 0);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back(), static_cast<std::uint64_t>(count));
  EXPECT_TRUE(std::ranges::is_sorted(told));
}

// [STORE-10]
TEST_F(Upgrade, LeavesOneFormWhateverFails) {
  struct Failing {
    unsigned operations;
    int code;
    int system_error;
    Errc refusal;
  };
  make(Folded::half, 2);
  const TemporaryFolder good;
  fs::copy(folder(), good.path(), fs::copy_options::recursive);
  for (const Failing& failing : {Failing{disk_write, SQLITE_IOERR_WRITE, EIO, Errc::unavailable},
                                 Failing{disk_write, SQLITE_FULL, ENOSPC, Errc::no_space},
                                 Failing{disk_sync, SQLITE_IOERR_FSYNC, EIO, Errc::unavailable},
                                 Failing{disk_read, SQLITE_IOERR_READ, EIO, Errc::unavailable}}) {
    bool was_met = true;
    std::uint64_t nth = 1;
    for (; was_met && !HasFailure(); ++nth) {
      ASSERT_LT(nth, 1000U);
      fs::remove_all(folder());
      fs::copy(good.path(), folder(), fs::copy_options::recursive);
      FaultVfs vfs;
      vfs.plan({.operations = failing.operations,
                .code = failing.code,
                .system_error = failing.system_error,
                .nth = nth});
      auto opened = Journal::open({journal(), vfs.name(), true});
      was_met = vfs.was_met();
      EXPECT_TRUE(opened || opened.error().code == failing.refusal) << opened.error().detail;
      vfs.freeze();  // A kill: not even closing writes any more.
      opened = fail(Errc::unavailable);
      expect_a_form();
      expect_state();
    }
    EXPECT_GT(nth, 3U);
  }
  EXPECT_EQ(versions_seen, (std::set<std::int64_t>{2, 3}));
}

// [STORE-10]
TEST_F(Upgrade, LeavesOneFormWhereverThePowerIsCut) {
  std::mt19937_64 random(1);
  make(Folded::half, 2);
  const fs::path was = folder_.path() / "was";
  fs::copy(folder(), was, fs::copy_options::recursive);
  FaultVfs vfs;
  std::vector<FaultVfs::Image> cuts;
  vfs.on_sync([&] {
    using enum FaultVfs::Unsynced;
    for (const auto unsynced : {lost, kept, any, any}) {
      cuts.push_back(vfs.cut(unsynced, random));
    }
  });
  ASSERT_TRUE(Journal::open({journal(), vfs.name(), true}));
  vfs.on_sync({});
  ASSERT_GT(cuts.size(), 4U);
  for (const auto& cut : cuts) {
    fs::remove_all(folder());
    fs::copy(was, folder(), fs::copy_options::recursive);
    test::restore(cut, folder());
    expect_a_form();
    expect_state();
  }
  EXPECT_EQ(versions_seen, (std::set<std::int64_t>{2, 3}));
}

// [STORE-6] [STORE-10]
TEST_F(Upgrade, OnAFullDiskSaysSoAndLeavesWhatTheOlderProgramReads) {
  make_large(2);
  const std::int64_t size = static_cast<std::int64_t>(fs::file_size(journal()));
  for (std::uint64_t nth = 1; nth < 30; nth += 4) {
    FaultVfs vfs;
    vfs.plan({.operations = disk_write,
              .code = SQLITE_FULL,
              .system_error = ENOSPC,
              .nth = nth,
              .is_lasting = true});
    const auto refused = Journal::open({journal(), vfs.name(), true});
    ASSERT_FALSE(refused) << nth;
    EXPECT_EQ(refused.error().code, Errc::no_space);
    EXPECT_NE(refused.error().detail.find("full"), std::string::npos) << refused.error().detail;
    vfs.heal();
    expect_a_form();
    EXPECT_EQ(version_of(journal()), 2);
    EXPECT_EQ(static_cast<std::int64_t>(fs::file_size(journal())), size);
  }
  ASSERT_TRUE(Journal::open({journal(), "", true}));
  expect_a_form();
  expect_sound();
}

// [STORE-9] [STORE-10]
TEST_F(Upgrade, OfADamagedJournalNamesTheChangeAndChangesNothing) {
  for (const auto& [sql, name] :
       {std::pair("DELETE FROM changes WHERE sequence = 4", "change 5 "),
        std::pair("DELETE FROM changes WHERE sequence = 1", "change 2 "),
        std::pair("UPDATE changes SET change_set = 5 WHERE sequence = 7", "change 7 "),
        std::pair("UPDATE changes SET at = at + 1 WHERE sequence = 7", "change 7 "),
        std::pair("UPDATE changes SET request_id = 'x' WHERE sequence = 7", "change 7 "),
        std::pair("UPDATE changes SET kind = 256 + 8 WHERE sequence = 4 OR sequence = 8",
                  "change 8 "),
        std::pair("UPDATE changes SET fields = 1 WHERE sequence = 4", "change 4 "),
        std::pair("UPDATE changes SET actor = 9 WHERE sequence = 4", "change 4 "),
        std::pair("UPDATE changes SET user = x'' WHERE sequence = 4", "change 4 ")}) {
    make(Folded::everything, 2);
    run_sql(journal(), sql);
    const auto refused = Journal::open({journal(), "", true});
    ASSERT_FALSE(refused) << sql;
    EXPECT_EQ(refused.error().code, Errc::damaged);
    EXPECT_NE(refused.error().detail.find(name), std::string::npos) << refused.error().detail;
    EXPECT_EQ(version_of(journal()), 2);
  }
}

}  // namespace
}  // namespace ringbook::test

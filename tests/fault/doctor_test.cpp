// Every kind of damage that can be planted in a folder is found and named, nothing is found in a
// sound one, and neither changes a byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <map>

#include "fault/journal_rows.h"
#include "fault/stored.h"
#include "store/data_folder.h"
#include "store/sqlite/inspect.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

// Every file with its bytes, and when it and the folder were last written.
using Traces = std::map<std::string, std::pair<std::string, std::int64_t>>;
Traces traces_of(const fs::path& folder) {
  const auto written = [](const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  };
  Traces traces{{".", {"", written(folder)}}};
  for (const auto& entry : fs::directory_iterator(folder)) {
    traces[entry.path().filename()] = {read(entry.path()), written(entry.path())};
  }
  return traces;
}

class Doctor : public testing::Test {
 protected:
  void make(Folded folded) {
    fs::remove_all(folder());
    fs::create_directory(folder());
    do_script(folder(), folded);
  }

  // What is found; the folder must stay as it is, and nothing may be left in the scratch folder.
  std::vector<Finding> findings() {
    const Traces before = traces_of(folder());
    std::vector<Finding> found;
    const auto inspected = inspect_sqlite(
        folder(), scratch_.path(), [&](Finding finding) { found.push_back(std::move(finding)); },
        [](const UpkeepStep&) {});
    EXPECT_TRUE(inspected) << inspected.error().detail;
    inspection = inspected.value_or(Inspection{});
    EXPECT_TRUE(traces_of(folder()) == before) << "a byte or a time was changed";
    EXPECT_TRUE(fs::is_empty(scratch_.path()));
    for (const Finding& finding : found) {
      EXPECT_NE(finding.mend, "");
    }
    return found;
  }

  fs::path folder() const { return folder_.path() / "data"; }
  fs::path file(const std::string& name) const { return folder() / name; }

  // As SQL and as numbers of the log's format: sqlite.org/fileformat2.html, section 4.
  static constexpr std::size_t log_header_bytes = 32;
  static constexpr std::size_t frame_header_bytes = 24;
  static constexpr std::size_t frame_bytes = frame_header_bytes + 4096;

  Inspection inspection;
  TemporaryFolder folder_;
  TemporaryFolder scratch_;
};

auto names(const std::string& where, const std::string& what) {
  return Contains(AllOf(Field(&Finding::where, where), Field(&Finding::what, HasSubstr(what))));
}

// --- sound folders -------------------------------------------------------------------------------

// [STORE-13]
TEST_F(Doctor, FindsNothingInASoundFolderAlsoAfterAKill) {
  for (const Folded folded : {Folded::nothing, Folded::half, Folded::everything}) {
    make(folded);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(inspection.last_change, 19U);
    EXPECT_EQ(inspection.users, 3U);
    EXPECT_EQ(inspection.extensions, 2U);
    EXPECT_EQ(inspection.unfolded, folded == Folded::everything ? 0U
                                   : folded == Folded::half     ? 9U
                                                                : 19U);
  }
}

// [STORE-10] [STORE-13]
TEST_F(Doctor, FindsNothingInAJournalThatAnOlderProgramWrote) {
  for (const int version : {1, 2}) {
    for (const Folded folded : {Folded::nothing, Folded::everything}) {
      make(folded);
      make_older_journal(folder(), version);
      EXPECT_THAT(findings(), IsEmpty());
      EXPECT_EQ(inspection.last_change, 19U);
    }
  }
}

TEST_F(Doctor, FindsNothingWhereNothingWasStoredYet) {
  fs::create_directory(folder());
  EXPECT_THAT(findings(), IsEmpty());
  FaultVfs vfs;
  Engine({folder(), vfs.name()}).open();
  EXPECT_THAT(findings(), IsEmpty());
}

// A kill while the first start makes the files: nobody was told of anything.
TEST_F(Doctor, FindsNothingInAFolderWithoutMarkerAndChanges) {
  fs::create_directory(folder());
  {
    FaultVfs vfs;
    Engine({folder(), vfs.name()}).open();
  }
  fs::remove(file("ringbook-data"));
  EXPECT_THAT(findings(), IsEmpty());
  fs::remove(file("directory.db"));
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Doctor, FindsNothingInALogThatEndsInTheMidstOfAFrame) {
  make(Folded::nothing);
  const std::string log = read(file("journal.db-wal"));
  ASSERT_GT(log.size(), log_header_bytes + frame_bytes);
  // Half a frame, and one that was begun but is not of a commit: what kills and undone work leave.
  std::string begun = log.substr(log_header_bytes, frame_bytes);
  begun.replace(4, 4, std::string(4, '\0'));
  for (const std::string& tail : {begun.substr(0, frame_bytes / 2), begun, begun + begun}) {
    write(file("journal.db-wal"), log + tail);
    EXPECT_THAT(findings(), IsEmpty());
  }
}

TEST_F(Doctor, RefusesAFolderThatAnEngineHas) {
  make(Folded::everything);
  FaultVfs vfs;
  Engine engine({folder(), vfs.name()});
  engine.open();
  const auto refused = inspect_sqlite(folder(), scratch_.path(), [](Finding) {}, [](auto&) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::locked);
}

// --- what the databases say ----------------------------------------------------------------------

struct Planted {
  const char* name;
  Folded folded;
  const char* file;
  const char* sql;
  const char* found;  // In a finding about that file.
};

const Planted plants[] = {
    {"AnUnfoldedProfileIsMissing", Folded::nothing, "journal.db",
     "DELETE FROM profiles WHERE sequence = 1", "change 1 lacks its profile"},
    {"AProfileOfNoChange", Folded::nothing, "journal.db",
     "UPDATE profiles SET sequence = 4 WHERE sequence = 1",
     "the profile of change 4 belongs to no change"},
    {"AProfileOfAFuture", Folded::nothing, "journal.db",
     "INSERT INTO profiles SELECT 99, profile FROM profiles WHERE sequence = 1",
     "the profile of change 99 belongs to no change"},
    {"AProfileIsCutOff", Folded::nothing, "journal.db",
     "UPDATE profiles SET profile = substr(profile, 1, 4) WHERE sequence = 1",
     "the profile of change 1 breaks the rules"},
    {"AnotherFoldersJournal", Folded::everything, "journal.db", "UPDATE folder SET id = id + 1",
     "it comes from another folder"},
    {"AJournalOfNoFolder", Folded::everything, "journal.db", "DELETE FROM folder",
     "it comes from another folder"},
    {"AJournalOfTheFuture", Folded::everything, "journal.db", "PRAGMA user_version = 99",
     "schema version 99"},
    {"AJournalOfAnotherProgram", Folded::everything, "journal.db", "PRAGMA application_id = 7",
     "not Ringbook's"},
    {"AJournalWithoutATable", Folded::everything, "journal.db", "DROP TABLE milestones_of_users",
     "its tables are not those of schema version 3"},
    {"AJournalWithATrigger", Folded::everything, "journal.db",
     "CREATE TRIGGER t AFTER INSERT ON turns BEGIN DELETE FROM profiles; END",
     "its tables are not those of schema version 3"},
    {"ATurnIsMissing", Folded::nothing, "journal.db", "DELETE FROM turns WHERE first = 4",
     "change 4 and those up to 5 are missing"},
    {"ATurnBeforeTheFirst", Folded::everything, "journal.db",
     "INSERT INTO turns SELECT 0, record FROM turns WHERE first = 1",
     "the turn that begins with change 0 is damaged: it says of itself that it begins with change "
     "1"},
    {"ATurnStandsTwice", Folded::everything, "journal.db",
     "INSERT INTO turns SELECT 5, record FROM turns WHERE first = 4",
     "the turn that begins with change 5 is damaged: it says of itself that it begins with change "
     "4"},
    {"ATurnIsEmpty", Folded::everything, "journal.db",
     "UPDATE turns SET record = x'' WHERE first = 4",
     "the turn that begins with change 4 is damaged: it has no version"},
    {"AMilestoneOfNoChange", Folded::everything, "journal.db",
     "INSERT INTO milestones_of_numbers VALUES(111, 0, 4)",
     "milestones of histories that belong to no change: 1"},

    {"TheFoldIncludesAFuture", Folded::nothing, "directory.db",
     "UPDATE included SET sequence = 999999", "includes change 999999"},
    {"TheFoldIncludesLessThanNothing", Folded::nothing, "directory.db",
     "UPDATE included SET sequence = -1", "includes change"},
    {"TheFoldIncludesHalfASet", Folded::everything, "directory.db",
     "UPDATE included SET sequence = 17", "includes a part of change set 16"},
    {"TheFoldForgot", Folded::everything, "directory.db", "UPDATE included SET sequence = 0",
     "users whom the journal does not know"},
    {"TheFoldDoesNotSay", Folded::everything, "directory.db", "DELETE FROM included",
     "does not say which change it includes"},
    {"AUserIsMissing", Folded::everything, "directory.db", "DELETE FROM users WHERE slot = 1",
     "the user of slot 1 is missing"},
    {"TheLastUserIsMissing", Folded::everything, "directory.db", "DELETE FROM users WHERE slot = 3",
     "it lacks user"},
    {"AUserTooMany", Folded::everything, "directory.db",
     "INSERT INTO users SELECT 4, zeroblob(12), 0, NULL, 0, 0, version, updated FROM users WHERE "
     "slot = 0",
     "users whom the journal does not know"},
    {"AUserIsAnother", Folded::everything, "directory.db",
     "UPDATE users SET id = zeroblob(12) WHERE slot = 1",
     "user 000000000000000000000000 stands where"},
    {"AUserHasNoId", Folded::everything, "directory.db", "UPDATE users SET id = x'' WHERE slot = 1",
     "the user of slot 1 has no id"},
    {"AUserIsPresentNoMore", Folded::everything, "directory.db",
     "UPDATE users SET present = 0 WHERE slot = 0", "whether there is such a person"},
    {"AUserHasAnotherNumber", Folded::everything, "directory.db",
     "UPDATE users SET extension = 199 WHERE slot = 0", "the number is not what"},
    {"AUserHasNoNumber", Folded::everything, "directory.db",
     "UPDATE users SET extension = NULL WHERE slot = 0", "the number is not what"},
    {"ANumberThatIsNone", Folded::everything, "directory.db",
     "UPDATE users SET extension = 5 WHERE slot = 0", "holds a number that is no extension"},
    {"ANumberByAnotherChange", Folded::everything, "directory.db",
     "UPDATE users SET number_sequence = 1 WHERE slot = 0", "the last change of the number"},
    {"ANumberSinceAnotherTime", Folded::everything, "directory.db",
     "UPDATE users SET since = since - 1 WHERE slot = 0", "since when the number is held"},
    {"AnotherVersion", Folded::everything, "directory.db",
     "UPDATE users SET version = version - 1 WHERE slot = 3", "the version"},
    {"AnotherTimeOfChange", Folded::everything, "directory.db",
     "UPDATE users SET updated = updated + 1 WHERE slot = 3", "the time of the last change"},
    {"AUserHasNoProfile", Folded::everything, "directory.db", "DELETE FROM profiles WHERE slot = 1",
     "has no profile"},
    {"ARemovedUserHasAProfile", Folded::everything, "directory.db",
     "INSERT INTO profiles SELECT 2, name, email, department, role, active FROM profiles WHERE "
     "slot = 0",
     "is removed but has a profile still"},
    {"AProfileOfNobody", Folded::everything, "directory.db",
     "INSERT INTO profiles SELECT 77, name, email, department, role, active FROM profiles WHERE "
     "slot = 0",
     "profiles that belong to nobody: 1"},
    {"ANameBreaksTheRules", Folded::everything, "directory.db",
     "UPDATE profiles SET name = char(7) WHERE slot = 0", "has a profile that breaks the rules"},
    {"AReleasedNumberIsMissing", Folded::everything, "directory.db",
     "DELETE FROM released WHERE extension = (SELECT min(extension) FROM released)",
     "released numbers that are missing or wrong: 1"},
    {"AReleasedNumberTooMany", Folded::everything, "directory.db",
     "INSERT INTO released VALUES(199, 3)", "the released number 99 is not what"},
    {"ANumberReleasedByAnotherChange", Folded::everything, "directory.db",
     "UPDATE released SET sequence = sequence - 1", "released number"},
    {"AnotherFoldersDirectory", Folded::everything, "directory.db", "UPDATE folder SET id = id + 1",
     "it comes from another folder"},
    {"ADirectoryOfTheFuture", Folded::everything, "directory.db", "PRAGMA user_version = 99",
     "schema version 99"},
    {"ADirectoryWithoutATable", Folded::everything, "directory.db", "DROP TABLE released",
     "its tables are not those of schema version 1"},
    {"ADirectoryWithAColumn", Folded::everything, "directory.db",
     "ALTER TABLE users ADD COLUMN more TEXT", "its tables are not those of schema version 1"},
};

class PlantedDamage : public Doctor, public testing::WithParamInterface<Planted> {};

INSTANTIATE_TEST_SUITE_P(Files, PlantedDamage, testing::ValuesIn(plants),
                         [](const auto& test) { return std::string(test.param.name); });

// [STORE-13]
TEST_P(PlantedDamage, IsNamed) {
  make(GetParam().folded);
  run_sql(file(GetParam().file), GetParam().sql);
  EXPECT_THAT(findings(), names(GetParam().file, GetParam().found));
}

// --- what the changes say ------------------------------------------------------------------------

using Changes = std::vector<RecordedChange>;

struct PlantedChange {
  const char* name;
  Folded folded;
  void (*edit)(Changes& changes);  // Element i is change i + 1.
  const char* found;               // In a finding about the journal.
};

const PlantedChange planted_changes[] = {
    {"OneChangeIsMissing", Folded::nothing, [](Changes& all) { all.erase(all.begin() + 3); },
     "change 4 is missing"},
    {"TwoChangesAreMissing", Folded::everything,
     [](Changes& all) { all.erase(all.begin() + 3, all.begin() + 5); },
     "change 4 and those up to 5 are missing"},
    {"TheFirstChangeIsMissing", Folded::nothing, [](Changes& all) { all.erase(all.begin()); },
     "change 1 is missing"},
    {"ANumberHasTwoHolders", Folded::nothing, [](Changes& all) { all[4].change.to = number("11"); },
     "change 5 gives number 11 to user"},
    {"AUsersChainIsWrong", Folded::everything,
     [](Changes& all) { all[5].change.previous_of_user = 1; },
     "change 6 names change 1 as its user's one before, which is 4"},
    {"ANumbersChainIsWrong", Folded::everything,
     [](Changes& all) { all[9].change.previous_of_number = 3; },
     "change 10 names change 3 as the one that released number 11, which is 9"},
    {"AChainWithoutANumber", Folded::everything,
     [](Changes& all) { all[7].change.previous_of_user = 4; },
     "change 8 names a change before it although it changed no number"},
    {"ANumbersChainWithoutANumber", Folded::everything,
     [](Changes& all) { all[8].change.previous_of_number = 4; },
     "change 9 names a change of a number although it gives none"},
    {"TimeGoesBack", Folded::everything, [](Changes& all) { all[11].change.at.ms -= 1000; },
     "change 12 was made before its predecessor"},
    {"ASetHasTwoTimes", Folded::everything,
     [](Changes& all) {
       for (std::size_t i = 6; i < all.size(); ++i) {
         all[i].change.at.ms += 1000;
       }
     },
     "change 7 was made at another time than the rest of its change set"},
    {"ARequestHasNoId", Folded::everything, [](Changes& all) { all[3].request_id = ""; },
     "change 4 has a request id that cannot be"},
    {"ARequestHasALongId", Folded::everything,
     [](Changes& all) { all[3].request_id = std::string(limits::request_id_chars + 1, 'r'); },
     "change 4 has a request id that cannot be"},
    {"AKindOfNothing", Folded::everything,
     [](Changes& all) {
       all[7].change.kind = 0;
       all[7].change.fields = 0;
     },
     "change 8 is of a kind that cannot be"},
    {"AKindOfTwo", Folded::everything,
     [](Changes& all) { all[0].change.kind = Change::created | Change::edited; },
     "change 1 is of a kind that cannot be"},
    {"AnUnknownField", Folded::everything, [](Changes& all) { all[7].change.fields = 64; },
     "change 8 names fields"},
    {"AnEditOfNothing", Folded::everything, [](Changes& all) { all[7].change.fields = 0; },
     "change 8 names fields"},
    {"ANumberChangesUnsaid", Folded::everything,
     [](Changes& all) {
       all[3].change.kind = Change::edited;
       all[3].change.fields = Change::name;
     },
     "change 4 does not agree with itself"},
    {"ARemovalGivesANumber", Folded::nothing,
     [](Changes& all) { all[12].change.to = number("99"); },
     "change 13 gives a number to a person whom it removes"},
    {"AChangeLeavesItsSet", Folded::everything, [](Changes& all) { all[6].change.set = 5; },
     "change 7 says it belongs to change set 5"},
    {"ASetHasAUserTwice", Folded::everything, [](Changes& all) { all[7].change.set = 6; },
     "change 8 is the second of its change set"},
    {"AChangeIsAboutAStranger", Folded::nothing,
     [](Changes& all) { all[3].change.user = UserId(); },
     "user 000000000000000000000000, who does not exist"},
    {"SomeoneIsCreatedTwice", Folded::nothing,
     [](Changes& all) { all[7].change.kind = Change::created; }, "who exists"},
    {"AnotherNumberIsTaken", Folded::nothing,
     [](Changes& all) { all[5].change.from = number("33"); }, "change 6 takes from user"},
};

class ChangeThatIsPlanted : public Doctor, public testing::WithParamInterface<PlantedChange> {};

INSTANTIATE_TEST_SUITE_P(Files, ChangeThatIsPlanted, testing::ValuesIn(planted_changes),
                         [](const auto& test) { return std::string(test.param.name); });

// [STORE-13]
TEST_P(ChangeThatIsPlanted, IsNamed) {
  make(GetParam().folded);
  Changes changes = changes_in(file("journal.db"));
  GetParam().edit(changes);
  put_changes(file("journal.db"), changes);
  EXPECT_THAT(findings(), names("journal.db", GetParam().found));
}

// [STORE-13]
TEST_F(Doctor, FindsNothingWhereEveryChangeIsATurnOfItsOwn) {
  make(Folded::everything);
  put_changes(file("journal.db"), changes_in(file("journal.db")));
  EXPECT_THAT(findings(), IsEmpty());
}

// [STORE-13]
TEST_F(Doctor, NamesATurnWhoseRecordIsNone) {
  for (const auto& [edit, found] :
       {std::pair(
            +[](std::string& record) { record.pop_back(); }, "it ends too early"),
        std::pair(
            +[](std::string& record) { record += 'x'; }, "it goes on behind"),
        std::pair(
            +[](std::string& record) { record[5] = 1; }, "does not say who made it"),
        std::pair(
            +[](std::string& record) { record[0] = 9; }, "no version that"),
        std::pair(+[](std::string& record) { record[1] = 3; }, "begins with change 3")}) {
    make(Folded::everything);
    edit_record(file("journal.db"), 4, edit);
    const auto found_all = findings();
    EXPECT_THAT(found_all, names("journal.db", "the turn that begins with change 4 is damaged: "));
    EXPECT_THAT(found_all, names("journal.db", found));
  }
}

// [STORE-13] [HIST-2]
TEST_F(Doctor, NamesMilestonesThatAreMissing) {
  fs::create_directory(folder());
  {
    FaultVfs vfs;
    Engine engine({folder(), vfs.name()});
    engine.open();
    engine.apply({put(user_id(1), "Ada")});
    for (int i = 0; i < 200; ++i) {
      engine.apply({assign(user_id(1), number(i % 2 == 0 ? "11" : "22"))});
    }
    engine.close();
  }
  EXPECT_THAT(findings(), IsEmpty());
  for (const char* table : {"milestones_of_users", "milestones_of_numbers"}) {
    run_sql(file("journal.db"), "UPDATE " + std::string(table) +
                                    " SET at = at + 1 WHERE sequence = "
                                    "(SELECT min(sequence) FROM " +
                                    table + ")");
    EXPECT_THAT(findings(),
                AllOf(names("journal.db", "is not among the milestones"),
                      names("journal.db", "milestones of histories that belong to no")));
    run_sql(file("journal.db"), "UPDATE " + std::string(table) +
                                    " SET at = at - 1 WHERE sequence = "
                                    "(SELECT min(sequence) FROM " +
                                    table + ")");
    EXPECT_THAT(findings(), IsEmpty());
  }
}

// --- what the rows of an older program say -------------------------------------------------------

struct PlantedRow {
  const char* name;
  Folded folded;
  const char* sql;
  const char* found;
};

const PlantedRow planted_rows[] = {
    {"OneChangeIsMissing", Folded::nothing, "DELETE FROM changes WHERE sequence = 4",
     "change 4 is missing"},
    {"TwoChangesAreMissing", Folded::everything, "DELETE FROM changes WHERE sequence IN (4, 5)",
     "change 4 and those up to 5 are missing"},
    {"TheFirstChangeIsMissing", Folded::nothing, "DELETE FROM changes WHERE sequence = 1",
     "change 1 is missing"},
    {"AChangeBeforeTheFirst", Folded::everything,
     "INSERT INTO changes SELECT 0, 0, at, user, kind, fields, from_extension, to_extension, "
     "previous_of_user, previous_of_number, actor, request_id FROM changes WHERE sequence = 1",
     "change 0 stands where none can be"},
    {"ANumberHasTwoHolders", Folded::nothing,
     "UPDATE changes SET to_extension = 111 WHERE sequence = 5",
     "change 5 gives number 11 to user"},
    {"AUsersChainIsWrong", Folded::everything,
     "UPDATE changes SET previous_of_user = 1 WHERE sequence = 6",
     "change 6 names change 1 as its user's one before, which is 4"},
    {"ANumbersChainIsWrong", Folded::everything,
     "UPDATE changes SET previous_of_number = 3 WHERE sequence = 10",
     "change 10 names change 3 as the one that released number 11, which is 9"},
    {"AChainWithoutANumber", Folded::everything,
     "UPDATE changes SET previous_of_user = 4 WHERE sequence = 8",
     "change 8 names a change before it although it changed no number"},
    {"ANumbersChainWithoutANumber", Folded::everything,
     "UPDATE changes SET previous_of_number = 4 WHERE sequence = 9",
     "change 9 names a change of a number although it gives none"},
    {"TimeGoesBack", Folded::everything, "UPDATE changes SET at = at - 1000 WHERE sequence = 12",
     "change 12 was made before its predecessor"},
    {"ASetHasTwoTimes", Folded::everything, "UPDATE changes SET at = at + 1000 WHERE sequence >= 7",
     "change 7 was made at another time than the rest of its change set"},
    {"NobodyMadeAChange", Folded::everything, "UPDATE changes SET actor = 99 WHERE sequence = 4",
     "change 4 does not say who made it"},
    {"AnActorIsGone", Folded::everything, "DELETE FROM actors",
     "change 19 does not say who made it"},
    {"ARequestHasNoId", Folded::everything, "UPDATE changes SET request_id = '' WHERE sequence = 4",
     "change 4 has a request id that cannot be"},
    {"ARequestHasALongId", Folded::everything,
     "UPDATE changes SET request_id = hex(zeroblob(33)) WHERE sequence = 4",
     "change 4 has a request id that cannot be"},
    {"AKindOfNothing", Folded::everything, "UPDATE changes SET kind = 0 WHERE sequence = 8",
     "change 8 is of a kind that cannot be"},
    {"AKindOfTwo", Folded::everything, "UPDATE changes SET kind = 3 WHERE sequence = 1",
     "change 1 is of a kind that cannot be"},
    {"AKindTooLarge", Folded::everything, "UPDATE changes SET kind = 257 WHERE sequence = 1",
     "change 1 is of a kind that cannot be"},
    {"AnUnknownField", Folded::everything, "UPDATE changes SET fields = 64 WHERE sequence = 8",
     "change 8 names fields"},
    {"AFieldTooLarge", Folded::everything, "UPDATE changes SET fields = 257 WHERE sequence = 8",
     "change 8 names fields"},
    {"AnEditOfNothing", Folded::everything, "UPDATE changes SET fields = 0 WHERE sequence = 8",
     "change 8 names fields"},
    {"FieldsWithoutAnEdit", Folded::everything, "UPDATE changes SET fields = 1 WHERE sequence = 4",
     "change 4 names fields"},
    {"ANumberChangesUnsaid", Folded::everything,
     "UPDATE changes SET kind = 2, fields = 1 WHERE sequence = 4",
     "change 4 does not agree with itself"},
    {"ARemovalGivesANumber", Folded::nothing,
     "UPDATE changes SET to_extension = 199 WHERE sequence = 13",
     "change 13 gives a number to a person whom it removes"},
    {"AChangeLeavesItsSet", Folded::everything,
     "UPDATE changes SET change_set = 5 WHERE sequence = 7",
     "change 7 says it belongs to change set 5"},
    {"ASetHasAUserTwice", Folded::everything,
     "UPDATE changes SET change_set = 6 WHERE sequence = 8",
     "change 8 is the second of its change set"},
    {"AChangeNamesNoUser", Folded::everything,
     "UPDATE changes SET user = x'0102' WHERE sequence = 4", "change 4 names no user"},
    {"AChangeIsAboutAStranger", Folded::nothing,
     "UPDATE changes SET user = zeroblob(12) WHERE sequence = 4",
     "user 000000000000000000000000, who does not exist"},
    {"SomeoneIsCreatedTwice", Folded::nothing, "UPDATE changes SET kind = 1 WHERE sequence = 8",
     "who exists"},
    {"AnotherNumberIsTaken", Folded::nothing,
     "UPDATE changes SET from_extension = 133 WHERE sequence = 6", "change 6 takes from user"},
    {"ANumberIsNone", Folded::everything, "UPDATE changes SET to_extension = 7 WHERE sequence = 4",
     "no extension"},
};

class OlderRowThatIsPlanted : public Doctor, public testing::WithParamInterface<PlantedRow> {};

INSTANTIATE_TEST_SUITE_P(Files, OlderRowThatIsPlanted, testing::ValuesIn(planted_rows),
                         [](const auto& test) { return std::string(test.param.name); });

// [STORE-10] [STORE-13]
TEST_P(OlderRowThatIsPlanted, IsNamed) {
  make(GetParam().folded);
  make_older_journal(folder(), 2);
  run_sql(file("journal.db"), GetParam().sql);
  EXPECT_THAT(findings(), names("journal.db", GetParam().found));
}

// The journal may still have a profile that the directory has too; then they agree.
TEST_F(Doctor, ComparesTheProfilesThatTheJournalStillHas) {
  make(Folded::everything);
  const auto keep = [&](const std::string& name) {
    const PackedProfile profile(Profile{name, "ada@example.com", "Support", "admin", false});
    std::string hex;
    for (const char byte : profile.bytes()) {
      constexpr const char* digits = "0123456789ABCDEF";
      hex += digits[static_cast<unsigned char>(byte) >> 4];
      hex += digits[static_cast<unsigned char>(byte) & 15];
    }
    run_sql(file("journal.db"), "INSERT OR REPLACE INTO profiles VALUES(8, x'" + hex + "')");
  };
  keep("Ada Lovelace");
  EXPECT_THAT(findings(), IsEmpty());
  keep("Ada Byron");
  EXPECT_THAT(findings(), names("directory.db", "the profile is not what the journal says"));
}

// --- files ---------------------------------------------------------------------------------------

class DoctoredFile : public Doctor, public testing::WithParamInterface<const char*> {
 protected:
  std::string name() const { return GetParam(); }
  fs::path file() const { return folder() / name(); }
};

INSTANTIATE_TEST_SUITE_P(OfBoth, DoctoredFile, testing::Values("journal.db", "directory.db"),
                         [](const auto& test) {
                           const std::string name = test.param;
                           return name.substr(0, name.find('.'));
                         });

// [STORE-13]
TEST_P(DoctoredFile, IsNamedWhenItIsMissingOrEmpty) {
  for (const bool has_marker : {true, false}) {
    make(Folded::everything);
    if (!has_marker) {
      fs::remove(folder() / "ringbook-data");
    }
    fs::resize_file(file(), 0);
    EXPECT_THAT(findings(), names(name(), "it is missing or empty"));
    fs::remove(file());
    EXPECT_THAT(findings(), names(name(), "it is missing or empty"));
  }
}

TEST_P(DoctoredFile, IsNamedWhenItIsAnotherFolders) {
  make(Folded::everything);
  const std::string bytes = read(file());
  make(Folded::everything);
  write(file(), bytes);
  EXPECT_THAT(findings(), names(name(), "it comes from another folder"));
}

TEST_P(DoctoredFile, IsNamedWhereverItIsCutOff) {
  make(Folded::everything);
  const std::string bytes = read(file());
  for (std::size_t left = 1; left < bytes.size(); left += 1013) {
    write(file(), bytes.substr(0, left));
    EXPECT_THAT(findings(), names(name(), "")) << left << " of " << bytes.size();
  }
}

TEST_P(DoctoredFile, IsNamedWhicheverPageIsOverwritten) {
  constexpr std::size_t page = 4096;
  make(Folded::everything);
  const std::string bytes = read(file());
  for (std::size_t at = 0; at < bytes.size(); at += page) {
    std::string damaged = bytes;
    damaged.replace(at, page, std::string(page, '\xAA'));
    write(file(), damaged);
    EXPECT_THAT(findings(), names(name(), "")) << "page at " << at;
  }
}

// The header as the file has it, also when SQLite would not look because the log has the page.
TEST_P(DoctoredFile, IsNamedWithADamagedHeader) {
  make(Folded::nothing);
  const std::string bytes = read(file());
  for (const std::size_t at : {0U, 8U, 15U, 18U, 19U}) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    write(file(), damaged);
    EXPECT_THAT(findings(), names(name(), "")) << "byte " << at;
  }
}

// SQLite takes a damaged frame for the end of the log and says nothing.
// [STORE-13]
TEST_F(Doctor, NamesEveryFrameOfALogThatIsDamaged) {
  make(Folded::nothing);
  const std::string log = read(file("journal.db-wal"));
  const std::size_t frames = (log.size() - log_header_bytes) / frame_bytes;
  ASSERT_GT(frames, 10U);
  for (std::size_t frame = 0; frame < frames; ++frame) {
    // A page number, a checksum, the first and the last byte of the page.
    for (const std::size_t at :
         {std::size_t{3}, std::size_t{16}, frame_header_bytes, frame_bytes - 1}) {
      std::string damaged = log;
      char& byte = damaged[log_header_bytes + frame * frame_bytes + at];
      byte = static_cast<char>(byte ^ 1);
      write(file("journal.db-wal"), damaged);
      EXPECT_THAT(findings(),
                  names("journal.db-wal", "frame " + std::to_string(frame + 1) + " of " +
                                              std::to_string(frames) + " is damaged"))
          << "byte " << at;
    }
  }
}

TEST_F(Doctor, NamesAFrameThatHasLostItsSalt) {
  make(Folded::nothing);
  std::string log = read(file("journal.db-wal"));
  log[log_header_bytes + frame_bytes + 8] ^= 1;
  write(file("journal.db-wal"), log);
  EXPECT_THAT(findings(), names("journal.db-wal", "frame 2 of"));
}

TEST_F(Doctor, NamesALogWhoseHeaderIsDamaged) {
  make(Folded::nothing);
  const std::string log = read(file("journal.db-wal"));
  for (std::size_t at = 0; at < log_header_bytes; ++at) {
    std::string damaged = log;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    write(file("journal.db-wal"), damaged);
    EXPECT_THAT(findings(), names("journal.db-wal", "")) << "byte " << at;
  }
}

TEST_F(Doctor, NamesALogThatIsLostOnceItWasFolded) {
  make(Folded::everything);
  FaultVfs vfs;
  {
    Engine engine({folder(), vfs.name()});
    engine.open();
    engine.apply(change_set({put(user_id(9), "New")}));
    engine.close();
  }
  // As if the last commit of the journal had been in a log that is gone.
  run_sql(file("journal.db"), "DELETE FROM turns WHERE first = 20");
  EXPECT_THAT(findings(),
              names("directory.db", "includes change 20, but the journal ends with 19"));
}

TEST_F(Doctor, NamesAMarkerThatIsMissingOrGarbage) {
  make(Folded::everything);
  write(file("ringbook-data"), "x\n");
  EXPECT_THAT(findings(), names("ringbook-data", "does not hold the folder's number"));
  write(file("ringbook-data"), "12345\n");
  EXPECT_THAT(findings(), AllOf(names("journal.db", "another folder"),
                                names("directory.db", "another folder")));
  fs::remove(file("ringbook-data"));
  EXPECT_THAT(findings(), names("ringbook-data", "it is missing, although there are changes"));
}

// People's names are in the copy.
TEST_F(Doctor, LeavesNoCopyBehindAKillOnceItChecks) {
  make(Folded::nothing);
  int checks = 0;
  const auto inspected = inspect_sqlite(
      folder(), scratch_.path(), [](const Finding&) { ADD_FAILURE(); },
      [&](const UpkeepStep& step) {
        if (step.phase.starts_with("checking")) {
          ++checks;
          EXPECT_TRUE(fs::is_empty(scratch_.path()));
        }
      });
  EXPECT_TRUE(inspected);
  EXPECT_GT(checks, 2);
}

TEST_F(Doctor, SaysHowMuchRoomItNeedsAndWhere) {
  make(Folded::everything);
  const auto refused =
      inspect_sqlite(folder(), scratch_.path() / "nowhere", [](Finding) {}, [](auto&) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_THAT(refused.error().detail, HasSubstr("nowhere"));
}

}  // namespace
}  // namespace ringbook::test

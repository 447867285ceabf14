// Files that are damaged, missing or contradict each other: a clear message, never a crash, and
// never a directory with something missing.
#include <gtest/gtest.h>

#include <fstream>

#include "fault/journal_rows.h"
#include "fault/stored.h"
#include "support/seed.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;

class Damage : public testing::Test {
 protected:
  void make(Folded folded) { whole = do_script(folder(), folded); }

  fs::path folder() const { return folder_.path(); }

  // What an engine says to the folder: the code of its refusal, or nothing if it opens.
  std::optional<Errc> refusal() {
    FaultVfs vfs;
    Engine engine({folder(), vfs.name()});
    const auto opened = engine.try_open();
    return opened ? std::nullopt : std::optional(opened.error().code);
  }

  // Opens what may be damaged without being refused, and asks for everything: any answer will do,
  // but an answer there must be.
  bool opens_and_answers() {
    FaultVfs vfs;
    Engine engine({folder(), vfs.name()});
    if (const auto opened = engine.try_open(); !opened) {
      const Errc code = opened.error().code;
      EXPECT_TRUE(code == Errc::damaged || code == Errc::newer || code == Errc::unavailable)
          << name_of(code) << ": " << opened.error().detail;
      return false;
    }
    UserQuery all;
    all.search = "a";
    all.limit = 100;
    engine.ask<UserPage>([&](Store& s, auto r) { s.users(all, std::move(r)); });
    for (const UserId& id : small_universe().users) {
      engine.ask<std::optional<User>>([&](Store& s, auto r) { s.user(id, std::move(r)); });
      engine.ask<LastChanges>([&](Store& s, auto r) { s.last_changes(id, std::move(r)); });
      engine.ask<UserHistoryPage>(
          [&](Store& s, auto r) { s.user_history(id, 0, 50, std::move(r)); });
      for (const Extension& e : small_universe().numbers) {
        engine.apply(change_set({assign(id, e)}));
        engine.apply(change_set({put(id, "Name")}));
        engine.ask<ExtensionHistoryPage>(
            [&](Store& s, auto r) { s.extension_history(e, 0, 50, std::move(r)); });
      }
      engine.apply(change_set({remove(id)}));
    }
    return true;
  }

  TemporaryFolder folder_;
  State whole;
};

// --- contradictions ------------------------------------------------------------------------------

struct Contradiction {
  const char* name;
  Folded folded;
  const char* file;
  const char* sql;
};

const Contradiction contradictions[] = {
    {"IncludesAFuture", Folded::nothing, "directory.db", "UPDATE included SET sequence = 999999"},
    {"IncludesNothingThatCanBe", Folded::nothing, "directory.db",
     "UPDATE included SET sequence = -1"},
    {"DoesNotSayWhatItIncludes", Folded::everything, "directory.db", "DELETE FROM included"},
    {"ForgetsWhatItIncludes", Folded::everything, "directory.db",
     "UPDATE included SET sequence = 0"},
    {"ChangeLacksItsProfile", Folded::nothing, "journal.db",
     "DELETE FROM profiles WHERE sequence = 1"},
    {"ProfileIsCutOff", Folded::nothing, "journal.db",
     "UPDATE profiles SET profile = substr(profile, 1, 4) WHERE sequence = 1"},
    {"ProfileIsNoText", Folded::nothing, "journal.db",
     "UPDATE profiles SET profile = CAST(substr(profile, 1, length(profile) - 2) || x'FFFE' AS "
     "BLOB) WHERE sequence = 1"},
    {"UserIsStoredTwice", Folded::everything, "directory.db",
     "UPDATE users SET id = (SELECT id FROM users WHERE slot = 0) WHERE slot = 1"},
    {"UserIsMissing", Folded::everything, "directory.db", "DELETE FROM users WHERE slot = 1"},
    {"UserHasNoId", Folded::everything, "directory.db", "UPDATE users SET id = x'' WHERE slot = 1"},
    {"UserHasNoProfile", Folded::everything, "directory.db", "DELETE FROM profiles WHERE slot = 1"},
    {"UserIsGoneButHasAProfile", Folded::everything, "directory.db",
     "UPDATE users SET present = 0 WHERE slot = 0"},
    {"NumberIsStoredForTwo", Folded::everything, "directory.db",
     "UPDATE users SET extension = (SELECT extension FROM users WHERE slot = 0), "
     "number_sequence = 5 WHERE slot = 1"},
    {"VersionIsNegative", Folded::everything, "directory.db", "PRAGMA user_version = -5"},
    {"VersionOfTheJournalIsNegative", Folded::everything, "journal.db", "PRAGMA user_version = -5"},
    {"NumberIsNone", Folded::everything, "directory.db",
     "UPDATE users SET extension = 5 WHERE slot = 0"},
    {"NumberIsHeldByNoChange", Folded::everything, "directory.db",
     "UPDATE users SET number_sequence = 0 WHERE slot = 0"},
    {"NumberIsHeldByAFutureChange", Folded::everything, "directory.db",
     "UPDATE users SET number_sequence = 999999 WHERE slot = 0"},
    {"UserHasAFutureVersion", Folded::everything, "directory.db",
     "UPDATE users SET version = 999999 WHERE slot = 0"},
    {"NumberIsFreeAndHeld", Folded::everything, "directory.db",
     "INSERT OR REPLACE INTO released SELECT extension, 1 FROM users WHERE slot = 0"},
    {"NumberWasReleasedByAFutureChange", Folded::everything, "directory.db",
     "UPDATE released SET sequence = 999999"},
    {"NameBreaksTheRules", Folded::everything, "directory.db",
     "UPDATE profiles SET name = char(7) WHERE slot = 0"},
    {"NameIsNoText", Folded::everything, "directory.db",
     "UPDATE profiles SET name = CAST(x'FFFE' AS TEXT) WHERE slot = 0"},
};

class Contradicting : public Damage, public testing::WithParamInterface<Contradiction> {};

INSTANTIATE_TEST_SUITE_P(Files, Contradicting, testing::ValuesIn(contradictions),
                         [](const auto& test) { return std::string(test.param.name); });

// [STORE-9]
TEST_P(Contradicting, IsDamage) {
  make(GetParam().folded);
  run_sql(folder() / GetParam().file, GetParam().sql);
  EXPECT_EQ(refusal(), Errc::damaged);
  opens_and_answers();
}

// --- contradictions in the journal ---------------------------------------------------------------

using Changes = std::vector<RecordedChange>;

struct ContradictingChanges {
  const char* name;
  Folded folded;
  void (*edit)(Changes& changes);  // Element i is change i + 1.
};

const ContradictingChanges contradicting_changes[] = {
    // The last change of the journal is gone, but the fold has it.
    {"IncludesMoreThanTheJournal", Folded::everything, [](Changes& all) { all.pop_back(); }},
    {"JournalHasAGap", Folded::nothing, [](Changes& all) { all.erase(all.begin() + 3); }},
    {"JournalHasNoBeginning", Folded::nothing, [](Changes& all) { all.erase(all.begin()); }},
    {"ChangeNamesAStranger", Folded::nothing, [](Changes& all) { all[3].change.user = UserId(); }},
    {"ChangeGivesATakenNumber", Folded::nothing,
     [](Changes& all) { all[4].change.to = number("11"); }},
    {"ChangeReleasesAnothersNumber", Folded::nothing,
     [](Changes& all) { all[5].change.from = number("33"); }},
    {"CreationOfSomeoneWhoExists", Folded::nothing,
     [](Changes& all) { all[3].change.kind = Change::created; }},
    {"RemovalThatGivesANumber", Folded::nothing,
     [](Changes& all) {
       // The last word about its user.
       const auto last = std::find_if(all.rbegin(), all.rend(), [](const RecordedChange& record) {
         return (record.change.kind & Change::removed) != 0;
       });
       last->change.kind = Change::removed | Change::number;
       last->change.to = number("99");
     }},
    {"UnknownKindOfChange", Folded::nothing, [](Changes& all) { all[3].change.kind = 0; }},
};

class ContradictingTurns : public Damage,
                           public testing::WithParamInterface<ContradictingChanges> {};

INSTANTIATE_TEST_SUITE_P(Files, ContradictingTurns, testing::ValuesIn(contradicting_changes),
                         [](const auto& test) { return std::string(test.param.name); });

// [STORE-9]
TEST_P(ContradictingTurns, AreDamage) {
  make(GetParam().folded);
  const fs::path journal = folder() / "journal.db";
  Changes changes = changes_in(journal);
  GetParam().edit(changes);
  put_changes(journal, changes);
  EXPECT_EQ(refusal(), Errc::damaged);
  opens_and_answers();
}

// [STORE-9]
TEST_F(Damage, IsARecordThatIsNoneWhereverItsTurnIs) {
  for (const std::uint64_t first : {1U, 4U, 16U}) {
    for (const auto& spoil :
         {+[](std::string& record) { record.pop_back(); },
          +[](std::string& record) { record += 'x'; }, +[](std::string& record) { record.clear(); },
          +[](std::string& record) { record[0] = 2; }, +[](std::string& record) { ++record[1]; }}) {
      fs::remove_all(folder());
      fs::create_directory(folder());
      make(Folded::nothing);
      edit_record(folder() / "journal.db", first, spoil);
      EXPECT_EQ(refusal(), Errc::damaged);
      opens_and_answers();
    }
  }
}

// A start reads nothing of what is folded, but whoever asks for a history meets it.
// [STORE-9]
TEST_F(Damage, IsAlsoToldWhenAHistoryMeetsIt) {
  make(Folded::everything);
  edit_record(folder() / "journal.db", 4, [](std::string& record) { record.resize(8); });
  FaultVfs vfs;
  Engine engine({folder(), vfs.name()});
  engine.open();
  const auto history = engine.history(small_universe().users[0]);
  ASSERT_FALSE(history);
  EXPECT_EQ(history.error().code, Errc::damaged) << history.error().detail;
}

// --- contradictions in a journal of an older program ---------------------------------------------

struct ContradictingRows {
  const char* name;
  Folded folded;
  const char* sql;
};

const ContradictingRows contradicting_rows[] = {
    // The last change of the journal is gone, but the fold has it.
    {"IncludesMoreThanTheJournal", Folded::everything,
     "DELETE FROM changes WHERE sequence = (SELECT max(sequence) FROM changes)"},
    {"JournalHasAGap", Folded::nothing, "DELETE FROM changes WHERE sequence = 4"},
    {"JournalHasNoBeginning", Folded::nothing, "DELETE FROM changes WHERE sequence = 1"},
    {"ChangeNamesNoUser", Folded::nothing, "UPDATE changes SET user = x'0102' WHERE sequence = 4"},
    {"ChangeNamesAStranger", Folded::nothing,
     "UPDATE changes SET user = zeroblob(12) WHERE sequence = 4"},
    {"ChangeGivesNoNumber", Folded::nothing,
     "UPDATE changes SET to_extension = 7 WHERE to_extension IS NOT NULL"},
    {"ChangeGivesATakenNumber", Folded::nothing,
     "UPDATE changes SET to_extension = 111 WHERE sequence = 5"},
    {"ChangeReleasesAnothersNumber", Folded::nothing,
     "UPDATE changes SET from_extension = 133 WHERE sequence = 6"},
    {"CreationOfSomeoneWhoExists", Folded::nothing,
     "UPDATE changes SET kind = 1 WHERE sequence = 4"},
    {"RemovalThatGivesANumber", Folded::nothing,
     "UPDATE changes SET kind = 12, to_extension = 199 WHERE kind & 4"},
    {"UnknownKindOfChange", Folded::nothing, "UPDATE changes SET kind = 0 WHERE sequence = 4"},
};

class ContradictingOlderJournal : public Damage,
                                  public testing::WithParamInterface<ContradictingRows> {};

INSTANTIATE_TEST_SUITE_P(Files, ContradictingOlderJournal, testing::ValuesIn(contradicting_rows),
                         [](const auto& test) { return std::string(test.param.name); });

// [STORE-9] [STORE-10]
TEST_P(ContradictingOlderJournal, IsDamage) {
  for (const int version : {1, 2}) {
    fs::remove_all(folder());
    fs::create_directory(folder());
    make(GetParam().folded);
    make_older_journal(folder(), version);
    run_sql(folder() / "journal.db", GetParam().sql);
    EXPECT_EQ(refusal(), Errc::damaged);
    opens_and_answers();
  }
}

// --- files ---------------------------------------------------------------------------------------

class DamagedFile : public Damage, public testing::WithParamInterface<const char*> {
 protected:
  fs::path file() const { return folder() / GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(OfBoth, DamagedFile, testing::Values("journal.db", "directory.db"),
                         [](const auto& test) {
                           const std::string name = test.param;
                           return name.substr(0, name.find('.'));
                         });

// [STORE-9]
TEST_P(DamagedFile, IsToldWhenItIsMissing) {
  make(Folded::everything);
  fs::remove(file());
  EXPECT_EQ(refusal(), Errc::damaged);
  EXPECT_FALSE(fs::exists(file())) << "a new file hides the loss";
}

// [STORE-9]
TEST_P(DamagedFile, IsToldWhenItIsEmpty) {
  make(Folded::everything);
  fs::resize_file(file(), 0);
  EXPECT_EQ(refusal(), Errc::damaged);
  EXPECT_EQ(fs::file_size(file()), 0U);
}

// [STORE-9]
TEST_P(DamagedFile, IsToldWhenItIsReplacedByANewOne) {
  make(Folded::everything);
  const TemporaryFolder fresh;
  FaultVfs vfs;
  Engine({fresh.path(), vfs.name()}).open();
  fs::copy_file(fresh.path() / GetParam(), file(), fs::copy_options::overwrite_existing);
  EXPECT_EQ(refusal(), Errc::damaged);
}

// [STORE-9]
TEST_P(DamagedFile, IsToldWhereverItIsCutOff) {
  make(Folded::everything);
  const auto size = fs::file_size(file());
  ASSERT_GT(size, 8192U);
  const TemporaryFolder good;
  fs::copy(folder(), good.path(), fs::copy_options::recursive);
  for (std::uintmax_t left = 1; left < size; left += 509) {
    fs::copy(good.path(), folder(), fs::copy_options::overwrite_existing);
    fs::resize_file(file(), left);
    EXPECT_EQ(refusal(), Errc::damaged) << left << " of " << size << " bytes left";
  }
}

// [STORE-9]
TEST_P(DamagedFile, IsToldWhenItsHeaderNamesNoKnownWayOfWriting) {
  make(Folded::everything);
  const TemporaryFolder good;
  fs::copy(folder(), good.path(), fs::copy_options::recursive);
  constexpr int versions[][2] = {{2, 0}, {0, 2}, {3, 2}, {2, 3}, {0, 0}};
  for (const auto& [write_version, read_version] : versions) {
    fs::copy(good.path(), folder(), fs::copy_options::overwrite_existing);
    std::fstream stream(file(), std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(18);
    stream.put(static_cast<char>(write_version)).put(static_cast<char>(read_version));
    stream.close();
    EXPECT_EQ(refusal(), Errc::damaged) << write_version << " and " << read_version;
  }
}

// [STORE-9]
TEST_P(DamagedFile, IsToldWhenItIsNoDatabase) {
  make(Folded::everything);
  std::ofstream(file(), std::ios::binary) << std::string(20'000, 'x');
  EXPECT_EQ(refusal(), Errc::damaged);
}

// [STORE-9]
TEST_P(DamagedFile, NeverCrashesTheStoreWhateverItHolds) {
  std::mt19937_64 random(seed());
  make(Folded::half);
  const TemporaryFolder good;
  fs::copy(folder(), good.path(), fs::copy_options::recursive);
  int opened = 0;
  constexpr int rounds = 150;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    fs::remove_all(folder());
    fs::copy(good.path(), folder(), fs::copy_options::recursive);
    std::fstream stream(file(), std::ios::binary | std::ios::in | std::ios::out);
    const auto size = fs::file_size(file());
    for (std::uint64_t i = 0; i < 1 + random() % 40; ++i) {
      stream.seekp(static_cast<std::streamoff>(random() % size));
      stream.put(static_cast<char>(random() % 3 == 0 ? 0 : random()));
    }
    stream.close();
    opened += opens_and_answers() ? 1 : 0;
  }
  EXPECT_LT(opened, rounds) << "no damage was ever seen";
}

// The checks above can pass: a sound folder is opened and is as it was left.
TEST_F(Damage, IsNotSeenWhereThereIsNone) {
  for (const Folded folded : {Folded::nothing, Folded::half, Folded::everything}) {
    fs::remove_all(folder());
    fs::create_directory(folder());
    make(folded);
    FaultVfs vfs;
    Engine engine({folder(), vfs.name()});
    engine.open();
    EXPECT_EQ(difference(state_of(engine, small_universe()), whole), "");
  }
}

}  // namespace
}  // namespace ringbook::test

// The record of a turn: what is written is read back, and nothing else is a record.
#include "directory/turn_record.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "support/seed.h"
#include "support/thorough.h"

namespace ringbook {
namespace {

std::string record_of(const Batch& batch, std::size_t begin, std::size_t end) {
  std::string record;
  append_turn_record(batch, begin, end, record);
  return record;
}

std::string record_of(const Batch& batch) {
  return record_of(batch, 0, batch.changes.size());
}

// The batch that a record says, as if nothing of it stood elsewhere; nothing when it is none.
std::optional<Batch> batch_of(std::string_view record) {
  Batch batch;
  auto cursor = TurnCursor::begin(record);
  if (!cursor) {
    EXPECT_EQ(cursor.error().code, Errc::damaged);
    EXPECT_NE(cursor.error().detail, "");
    return std::nullopt;
  }
  while (true) {
    const auto more = cursor->next();
    if (!more) {
      EXPECT_EQ(more.error().code, Errc::damaged);
      EXPECT_NE(more.error().detail, "");
      return std::nullopt;
    }
    if (!*more) {
      return batch;
    }
    const Change& change = cursor->change();
    if (batch.changes.empty() || change.set == change.sequence) {
      batch.sets.push_back({std::string(cursor->issuer()), std::string(cursor->subject()),
                            std::string(cursor->request_id()), batch.changes.size(), 0});
    }
    batch.changes.push_back(change);
    batch.sets.back().end = batch.changes.size();
  }
}

void expect_same(const Change& read, const Change& written) {
  EXPECT_EQ(read.sequence, written.sequence);
  EXPECT_EQ(read.set, written.set);
  EXPECT_EQ(read.at, written.at);
  EXPECT_EQ(read.user, written.user);
  EXPECT_EQ(read.kind, written.kind);
  EXPECT_EQ(read.fields, written.fields);
  EXPECT_EQ(read.from, written.from);
  EXPECT_EQ(read.to, written.to);
  EXPECT_EQ(read.previous_of_user, written.previous_of_user);
  EXPECT_EQ(read.previous_of_number, written.previous_of_number);
  EXPECT_FALSE(read.profile);
}

void expect_same(const Batch& read, const Batch& written) {
  ASSERT_EQ(read.changes.size(), written.changes.size());
  for (std::size_t i = 0; i < read.changes.size(); ++i) {
    expect_same(read.changes[i], written.changes[i]);
  }
  ASSERT_EQ(read.sets.size(), written.sets.size());
  for (std::size_t i = 0; i < read.sets.size(); ++i) {
    EXPECT_EQ(read.sets[i].issuer, written.sets[i].issuer);
    EXPECT_EQ(read.sets[i].subject, written.sets[i].subject);
    EXPECT_EQ(read.sets[i].request_id, written.sets[i].request_id);
    EXPECT_EQ(read.sets[i].begin, written.sets[i].begin);
    EXPECT_EQ(read.sets[i].end, written.sets[i].end);
  }
}

class TurnRecord : public testing::Test {
 protected:
  std::uint64_t below(std::uint64_t bound) { return random() % bound; }

  std::string text(std::size_t most) {
    std::string text(below(most + 1), '\0');
    for (char& c : text) {
      c = static_cast<char>(random());
    }
    return text;
  }

  // A number of any size: small ones are as likely as large ones.
  std::uint64_t any_number() { return random() >> below(64); }

  std::optional<Extension> extension() {
    std::string digits(limits::extension_digits_min + below(9), '0');
    for (char& c : digits) {
      c = static_cast<char>('0' + below(10));
    }
    return below(3) == 0 ? std::nullopt : Extension::parse(digits);
  }

  Change change(std::uint64_t sequence, std::uint64_t set, Instant at) {
    Change change;
    change.sequence = sequence;
    change.set = set;
    change.at = at;
    UserId::Bytes id{};
    for (std::uint8_t& byte : id) {
      byte = static_cast<std::uint8_t>(random());
    }
    change.user = UserId(id);
    change.kind = static_cast<std::uint8_t>(below(16));
    if ((change.kind & (Change::created | Change::edited)) != 0) {
      change.fields = static_cast<std::uint8_t>(random());
    }
    change.from = extension();
    change.to = extension();
    change.previous_of_user = below(2) == 0 ? 0 : any_number();
    change.previous_of_number = below(2) == 0 ? 0 : sequence + below(3);
    return change;
  }

  // `count` changes of a few people in sets of some size, behind each other in a journal.
  Batch batch(std::size_t count, std::size_t set_size) {
    Batch batch;
    const std::uint64_t first = 1 + (any_number() >> 2);
    const std::string subjects[] = {"ada", "grace", text(300), ""};
    const std::string issuers[] = {"", "https://issuer.example/"};
    Instant at{static_cast<std::int64_t>(random())};
    while (batch.changes.size() < count) {
      const std::size_t begin = batch.changes.size();
      const std::size_t end = std::min(begin + 1 + below(set_size), count);
      at.ms = below(3) == 0 ? static_cast<std::int64_t>(random()) : at.ms;
      batch.sets.push_back({issuers[below(2)], subjects[below(4)], text(64), begin, end});
      for (std::size_t i = begin; i < end; ++i) {
        batch.changes.push_back(change(first + i, first + begin, at));
      }
    }
    return batch;
  }

  std::mt19937_64 random{test::seed()};
};

// The octets are a promise to those who read them later.
TEST_F(TurnRecord, HasTheFormThatItIsSaidToHave) {
  Batch batch;
  batch.sets.push_back({"i", "ada", "r-1", 0, 1});
  batch.sets.push_back({"i", "ada", "r-2", 1, 3});
  batch.changes.resize(3);
  for (std::size_t i = 0; i < 3; ++i) {
    Change& change = batch.changes[i];
    change.sequence = 300 + i;
    change.set = i == 0 ? 300 : 301;
    change.at = Instant{i == 0 ? 64 : 63};
    change.user =
        UserId(UserId::Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, static_cast<std::uint8_t>(i)});
  }
  batch.changes[0].kind = Change::created;
  batch.changes[0].fields = Change::name | Change::role;
  batch.changes[1].kind = Change::number;
  batch.changes[1].from = Extension::parse("00");
  batch.changes[1].to = Extension::parse("99");
  batch.changes[1].previous_of_user = 300;
  batch.changes[1].previous_of_number = 302;
  batch.changes[2].kind = Change::number | Change::removed;
  const auto user = [](char last) { return std::string("\1\2\3\4\5\6\7\x8\x9\xA\xB") + last; };
  const std::string expected = std::string("\x01\xAC\x02\x03", 4) + '\0' +
                               // A set of one.
                               '\1' + '\0' + "\1i\3ada\3r-1\x80\x01\x01" + user('\0') + '\x09' +
                               // A set of two.
                               '\2' + '\0' + "\3r-2\x01\xF8" + user('\1') + "\x64\xC7\x01\x02\x01" +
                               "\x0C" + user('\2');
  EXPECT_EQ(record_of(batch), expected);
}

TEST_F(TurnRecord, IsReadAsItWasWritten) {
  for (int round = 0; round < test::rounds(300, 10'000); ++round) {
    const Batch written = batch(1 + below(limits::turn_changes), 1 + below(100));
    const std::string record = record_of(written);
    ASSERT_TRUE(check_turn_record(record));
    const auto read = batch_of(record);
    ASSERT_TRUE(read);
    expect_same(*read, written);
    EXPECT_EQ(record_of(*read), record);
    if (HasFailure()) {
      break;
    }
  }
}

TEST_F(TurnRecord, ContinuesASetThatBeganInTheOneBefore) {
  const Batch whole = batch(600, 600);
  std::vector<Change> read;
  for (std::size_t begin = 0; begin < whole.changes.size(); begin += 100) {
    const std::string record = record_of(whole, begin, begin + 100);
    const auto part = batch_of(record);
    ASSERT_TRUE(part);
    EXPECT_EQ(record_of(*part), record);
    read.insert(read.end(), part->changes.begin(), part->changes.end());
  }
  ASSERT_EQ(read.size(), whole.changes.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    expect_same(read[i], whole.changes[i]);
  }
}

TEST_F(TurnRecord, FindsEachOfItsChanges) {
  const Batch written = batch(limits::turn_changes, 3);
  const std::string record = record_of(written);
  for (const Batch::Set& set : written.sets) {
    for (std::size_t i = set.begin; i < set.end; ++i) {
      auto cursor = TurnCursor::begin(record);
      ASSERT_TRUE(cursor);
      ASSERT_TRUE(cursor->seek(written.changes[i].sequence));
      expect_same(cursor->change(), written.changes[i]);
      EXPECT_EQ(cursor->issuer(), set.issuer);
      EXPECT_EQ(cursor->subject(), set.subject);
      EXPECT_EQ(cursor->request_id(), set.request_id);
    }
  }
}

TEST_F(TurnRecord, NamesEverybodyOnce) {
  Batch batch;
  for (std::size_t i = 0; i < limits::turn_changes; ++i) {
    batch.sets.push_back(
        {std::string(500, 'i'), std::string(500, i % 2 == 0 ? 'a' : 'b'), "r", i, i + 1});
    batch.changes.push_back(change(i + 1, i + 1, Instant{1}));
  }
  EXPECT_LT(record_of(batch).size(), 2 * 1000 + 60 * limits::turn_changes);
  // The same texts divided otherwise are somebody else.
  batch.sets[0].issuer = "ab";
  batch.sets[0].subject = "c";
  batch.sets[1].issuer = "a";
  batch.sets[1].subject = "bc";
  const auto read = batch_of(record_of(batch));
  ASSERT_TRUE(read);
  expect_same(*read, batch);
}

TEST_F(TurnRecord, OfTheMostAndLongestIsWithinItsLimit) {
  Batch batch;
  constexpr std::size_t text = 4 * limits::subject_chars;
  for (std::size_t i = 0; i < limits::turn_changes; ++i) {
    std::string subject = std::to_string(i);
    subject.resize(text, 'x');
    batch.sets.push_back({std::string(text, 'i'), std::move(subject),
                          std::string(limits::request_id_chars, 'r'), i, i + 1});
    batch.changes.push_back(
        change(i + 1, i + 1, Instant{std::numeric_limits<std::int64_t>::min()}));
  }
  EXPECT_TRUE(check_turn_record(record_of(batch)));
}

TEST_F(TurnRecord, OfOneNumberOfOneUserIsSmall) {
  Batch batch;
  batch.sets.push_back({"", "ada", "01234567-89ab", 0, 1});
  Change& change = batch.changes.emplace_back();
  change.sequence = change.set = 10'000'000;
  change.at = Instant{1'800'000'000'000};
  change.kind = Change::number;
  change.from = Extension::parse("1234567890");
  change.to = Extension::parse("1234567891");
  change.previous_of_user = 9'000'000;
  EXPECT_LE(record_of(batch).size(), 66U);
}

// --- what is none --------------------------------------------------------------------------------

// [STORE-9]
TEST_F(TurnRecord, IsDamagedWhereverItIsCutOff) {
  for (const std::size_t count : {1U, 2U, 40U}) {
    const std::string record = record_of(batch(count, 3));
    for (std::size_t size = 0; size < record.size(); ++size) {
      EXPECT_FALSE(batch_of(std::string_view(record).substr(0, size))) << size;
    }
    EXPECT_FALSE(batch_of(record + '\0'));
    EXPECT_FALSE(batch_of(record + record));
  }
}

// Whatever an octet becomes, what is read is a record of its own or damage.
// [STORE-9]
TEST_F(TurnRecord, IsItsOnlyFormWhicheverOctetIsChanged) {
  int refused = 0;
  int others = 0;
  for (int round = 0; round < test::rounds(2, 200); ++round) {
    const std::string record = record_of(batch(1 + below(5), 2));
    for (std::size_t at = 0; at < record.size(); ++at) {
      for (const int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        std::string changed = record;
        changed[at] = static_cast<char>(changed[at] ^ mask);
        if (const auto read = batch_of(changed)) {
          ++others;
          ASSERT_EQ(record_of(*read), changed) << "octet " << at << " xor " << mask;
        } else {
          ++refused;
        }
      }
    }
  }
  EXPECT_GT(refused, 50);
  EXPECT_GT(others, 50);
}

// [STORE-9]
TEST_F(TurnRecord, SaysWhatIsWrongWithIt) {
  Batch two = batch(2, 1);
  two.changes[0].sequence = two.changes[0].set = 5;
  two.changes[1].sequence = two.changes[1].set = 6;
  two.sets[0].issuer = two.sets[1].issuer = "i";
  two.sets[0].subject = "a";
  two.sets[1].subject = "b";
  two.sets[0].request_id = "r";
  two.changes[0].at = Instant{0};
  two.changes[0].kind = Change::number;
  two.changes[0].fields = 0;
  two.changes[0].from = Extension::parse("00");
  const std::string good = record_of(two);
  ASSERT_EQ(good.substr(0, 13), std::string("\x01\x05\x02\0\x01\0\x01i\x01\x61\x01r\0", 13));
  const auto problem = [](std::string record) {
    const auto checked = check_turn_record(record);
    return checked ? "none" : checked.error().detail;
  };
  EXPECT_EQ(problem(good), "none");
  const auto with = [&](std::size_t at, const std::string& octets) {
    std::string record = good;
    record.replace(at, 1, octets);
    return record;
  };
  EXPECT_EQ(problem(""), "it has no version that this program knows");
  EXPECT_EQ(problem(with(0, "\x02")), "it has no version that this program knows");
  const std::string sequences = "its changes or their set have sequences that cannot be";
  EXPECT_EQ(problem(with(1, std::string(1, '\0'))), sequences);
  EXPECT_EQ(problem(with(1, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F")), sequences);
  EXPECT_EQ(problem(with(3, "\x05")), sequences);
  const std::string count = "it has no such number of changes as a turn";
  EXPECT_EQ(problem(with(2, std::string(1, '\0'))), count);
  EXPECT_EQ(problem(with(2, "\x81\x02")), count);
  const std::string form = "it ends too early, or a number in it has no such form";
  EXPECT_EQ(problem(with(1, std::string("\x85\0", 2))), form) << "a number with an octet too many";
  EXPECT_EQ(problem(with(1, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02")), form) << "65 bits";
  const std::string set = "a change set in it has no such number of changes";
  EXPECT_EQ(problem(with(4, std::string(1, '\0'))), set);
  EXPECT_EQ(problem(with(4, "\x03")), set);
  EXPECT_EQ(problem(with(5, "\x01")), "a change set in it does not say who made it");
  EXPECT_EQ(problem(good + "x"), "it goes on behind its last change");
  EXPECT_EQ(problem(good + std::string(limits::turn_record_bytes, 'x')),
            "it is longer than the record of a turn can be");
  std::string twice = good;
  const std::size_t second = twice.find("\x01i\x01\x62");
  ASSERT_NE(second, std::string::npos);
  twice[second + 3] = 'a';
  EXPECT_EQ(problem(twice), "somebody is named in it twice");
  constexpr std::size_t from_at = 13 + 1 + 12;
  EXPECT_EQ(problem(with(from_at, "\x07")), "a number in it is no extension");
  two.changes[0].from.reset();
  two.changes[0].to.reset();
  two.changes[0].previous_of_user = 1;
  two.changes[0].previous_of_number = 0;
  std::string none = record_of(two);
  none[from_at] = '\x0A';  // Five before change 5.
  EXPECT_EQ(problem(none), "a change in it names no change as one before it");
}

TEST_F(TurnRecord, HasRoomForWhatARegistryMakes) {
  Change change;
  change.kind = Change::number;
  EXPECT_TRUE(is_recordable(change));
  change.fields = 1;
  EXPECT_FALSE(is_recordable(change));
  change.kind = Change::edited | Change::number;
  EXPECT_TRUE(is_recordable(change));
  change.kind = 16 | Change::edited;
  EXPECT_FALSE(is_recordable(change));
}

}  // namespace
}  // namespace ringbook

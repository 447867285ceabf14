// The checker of histories against histories that a model made, and against the same ones altered:
// what can be is let through, what cannot be is not.
#include "mongo/history_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "support/seed.h"
#include "support/thorough.h"

namespace ringbook::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using What = Exchange::What;
using Answer = Exchange::Answer;
using Number = std::optional<Extension>;

UserId somebody(std::uint8_t n) {
  UserId::Bytes bytes{0x64, 0xB7};
  bytes[11] = n;
  return UserId(bytes);
}

Number number_of(int n) {
  return Extension::parse(std::to_string(n));
}

Tick at(int moment) {
  return Tick{std::chrono::milliseconds(moment)};
}

RecordedChange change(std::string id, UserId user, Number from, Number to) {
  RecordedChange out;
  out.request_id = std::move(id);
  out.change.user = user;
  out.change.kind = Change::number;
  out.change.from = from;
  out.change.to = to;
  return out;
}

// One after the other: "a" gives Ada 10, "b" takes it, "c" gives it to Bob.
struct History {
  std::vector<RecordedChange> journal;
  std::vector<Exchange> exchanges;

  std::vector<std::string> blames() const { return contradictions(journal, exchanges); }
};

const UserId ada = somebody(1);
const UserId bob = somebody(2);

History short_history() {
  const Number ten = number_of(10);
  return {
      .journal = {change("a", ada, {}, ten), change("b", ada, ten, {}), change("c", bob, {}, ten)},
      .exchanges = {
          {"a", What::give, ada, ten, at(0), at(1), Answer::done, {}},
          {"b", What::release, ada, {}, at(2), at(3), Answer::done, {}},
          {"c", What::give, bob, ten, at(4), at(5), Answer::done, {}},
      }};
}

TEST(HistoryChecker, LetsThroughWhatCanBe) {
  History history = short_history();
  auto& exchanges = history.exchanges;
  // True at one moment of their time, if not at all of them.
  exchanges.push_back(
      {"refused", What::give, bob, number_of(10), at(1), at(3), Answer::refused, ada});
  exchanges.push_back(
      {"so already", What::give, ada, number_of(10), at(1), at(9), Answer::done, {}});
  exchanges.push_back({"read", What::read, ada, {}, at(2), at(3), Answer::done, {}});
  exchanges.push_back({"nothing to take", What::release, ada, {}, at(4), at(9), Answer::done, {}});
  exchanges.push_back(
      {"lost on its way", What::give, ada, number_of(11), at(0), {}, Answer::unknown, {}});
  EXPECT_THAT(history.blames(), IsEmpty());
}

TEST(HistoryChecker, SeesThatAnAcknowledgedChangeIsLost) {
  History history = short_history();
  history.journal.pop_back();
  EXPECT_THAT(history.blames(), ElementsAre(HasSubstr("c: was told that")));
}

TEST(HistoryChecker, SeesThatAChangeIsThereTwice) {
  History history = short_history();
  history.journal.push_back(change("c", bob, number_of(10), number_of(10)));
  EXPECT_THAT(history.blames(), ElementsAre("c: stands in the journal twice"));
}

TEST(HistoryChecker, SeesThatOneWhoEndedEarlierStandsLater) {
  History history{
      .journal = {change("late", bob, {}, number_of(11)), change("early", ada, {}, number_of(10))},
      .exchanges = {{"early", What::give, ada, number_of(10), at(0), at(1), Answer::done, {}},
                    {"late", What::give, bob, number_of(11), at(2), at(3), Answer::done, {}}}};
  EXPECT_THAT(history.blames(), ElementsAre(HasSubstr("late: stands in the journal before")));
  history.exchanges[1].begin = at(1);  // As soon as they overlap, either may be first.
  EXPECT_THAT(history.blames(), IsEmpty());
}

TEST(HistoryChecker, SeesARefusalThatWasTrueAtNoMomentOfItsTime) {
  for (const auto& [begin, end, holder] :
       {std::tuple(0, 9, bob), std::tuple(6, 9, ada), std::tuple(4, 5, ada)}) {
    History history = short_history();
    const UserId asker = holder == bob ? bob : somebody(3);
    history.exchanges.push_back(
        {"r", What::give, asker, number_of(10), at(begin), at(end), Answer::refused, holder});
    EXPECT_THAT(history.blames(), ElementsAre("r: was refused 10, which was free"));
  }
}

// It would be true, had it not been answered before the number was given.
TEST(HistoryChecker, SeesARefusalBeforeItsReason) {
  History history{
      .journal = {change("a", ada, {}, number_of(10))},
      .exchanges = {{"r", What::give, bob, number_of(10), at(0), at(1), Answer::refused, ada},
                    {"a", What::give, ada, number_of(10), at(2), at(3), Answer::done, {}}}};
  EXPECT_THAT(history.blames(), ElementsAre(HasSubstr("a: stands in the journal before")));
}

TEST(HistoryChecker, SeesThatARefusedChangeIsThere) {
  History history = short_history();
  history.exchanges[2].answer = Answer::refused;
  history.exchanges[2].holder = ada;
  EXPECT_THAT(history.blames(), ElementsAre("c: was refused, and stands in the journal"));
}

TEST(HistoryChecker, SeesAReadOfThePast) {
  History history = short_history();
  history.exchanges.push_back(
      {"r", What::read, ada, number_of(10), at(4), at(5), Answer::done, {}});
  EXPECT_THAT(history.blames(), ElementsAre(HasSubstr("r: was told that")));
}

TEST(HistoryChecker, SeesThatTimeGoesBackBetweenTwoReads) {
  History history = short_history();
  auto& exchanges = history.exchanges;
  exchanges[1].end = at(9);
  exchanges[2].begin = at(8);
  exchanges[2].end = at(9);
  exchanges.push_back({"later", What::read, ada, {}, at(4), at(5), Answer::done, {}});
  EXPECT_THAT(history.blames(), IsEmpty());
  exchanges.push_back({"back", What::read, ada, number_of(10), at(6), at(7), Answer::done, {}});
  EXPECT_THAT(history.blames(), ElementsAre(HasSubstr("back: was told that")));
}

TEST(HistoryChecker, SeesWhatNobodyAskedFor) {
  History history = short_history();
  history.exchanges.erase(history.exchanges.begin());
  EXPECT_THAT(history.blames(), ElementsAre(HasSubstr("a: stands in the journal, and nobody")));
}

TEST(HistoryChecker, SeesThatTwoHaveANumber) {
  History history = short_history();
  history.journal.erase(history.journal.begin() + 1);
  EXPECT_THAT(history.blames(), testing::Contains(HasSubstr("c: gave 10, which " + ada.text())));
}

// A directory that is right, with clients who ask at once.
class Model {
 public:
  explicit Model(std::uint64_t seed) : random_(seed) {}

  History run(int steps) {
    for (int i = 0; i < steps; ++i) {
      const std::size_t client = random_() % clients_.size();
      auto& asked = clients_[client];
      if (!asked) {
        begin(client);
      } else if (asked->second) {
        history_.exchanges[asked->first].end = at(++moment_);
        asked.reset();
      } else if (random_() % 20 == 0) {
        history_.exchanges[asked->first].answer = Answer::unknown;  // It never happens.
        asked.reset();
      } else {
        happen(history_.exchanges[asked->first]);
        asked->second = true;
        if (random_() % 20 == 0) {
          history_.exchanges[asked->first].answer = Answer::unknown;
          asked.reset();
        }
      }
    }
    for (auto& asked : clients_) {
      if (asked) {
        history_.exchanges[asked->first].answer = Answer::unknown;
      }
    }
    return history_;
  }

 private:
  void begin(std::size_t client) {
    Exchange asked;
    asked.id = std::to_string(history_.exchanges.size());
    asked.what = static_cast<What>(random_() % 3);
    asked.user = somebody(static_cast<std::uint8_t>(random_() % 5));
    if (asked.what == What::give) {
      asked.number = number_of(static_cast<int>(10 + random_() % 4));
    }
    asked.begin = at(++moment_);
    clients_[client] = {history_.exchanges.size(), false};
    history_.exchanges.push_back(asked);
  }

  void happen(Exchange& asked) {
    asked.answer = Answer::done;
    Number& has = numbers_[asked.user];
    if (asked.what == What::read) {
      asked.number = has;
      return;
    }
    for (const auto& [user, number] : numbers_) {
      if (asked.number && number == asked.number && user != asked.user) {
        asked.answer = Answer::refused;
        asked.holder = user;
        return;
      }
    }
    if (has != asked.number) {
      history_.journal.push_back(change(asked.id, asked.user, has, asked.number));
      has = asked.number;
    }
  }

  std::mt19937_64 random_;
  History history_;
  std::map<UserId, Number> numbers_;
  // Of each the request that is under way, and whether it took effect.
  std::vector<std::optional<std::pair<std::size_t, bool>>> clients_{5};
  int moment_ = 0;
};

TEST(HistoryChecker, LetsThroughWhatIsAndNothingThatWasAltered) {
  std::mt19937_64 random(seed());
  for (int round = 0; round < rounds(50, 2000); ++round) {
    const History history = Model(random()).run(400);
    ASSERT_THAT(history.blames(), IsEmpty());
    ASSERT_GT(history.journal.size(), 2U);
    History lost = history;
    const std::size_t at = random() % lost.journal.size();
    const RecordedChange gone = lost.journal[at];
    lost.journal.erase(lost.journal.begin() + static_cast<std::ptrdiff_t>(at));
    // Who had that number at another time may have been told of that.
    const bool is_missed =
        lost.exchanges[std::stoul(gone.request_id)].answer == Answer::done && gone.change.to &&
        std::ranges::none_of(lost.journal, [&](const RecordedChange& other) {
          return other.change.user == gone.change.user && other.change.to == gone.change.to;
        });
    const bool is_followed = std::any_of(
        lost.journal.begin() + static_cast<std::ptrdiff_t>(at), lost.journal.end(),
        [&](const RecordedChange& later) { return later.change.user == gone.change.user; });
    EXPECT_TRUE(!(is_missed || is_followed) || !lost.blames().empty())
        << gone.request_id << " may be missing";
    History moved = history;
    std::ranges::rotate(moved.journal, moved.journal.end() - 1);
    const auto asked_by = [&](const RecordedChange& recorded) -> const Exchange& {
      return moved.exchanges[std::stoul(recorded.request_id)];
    };
    const Exchange& first = asked_by(moved.journal.front());
    const bool was_later = std::ranges::any_of(moved.journal, [&](const RecordedChange& other) {
      return asked_by(other).answer == Answer::done && asked_by(other).end < first.begin;
    });
    EXPECT_TRUE(!was_later || !moved.blames().empty()) << "the last may be the first";
  }
}

}  // namespace
}  // namespace ringbook::test

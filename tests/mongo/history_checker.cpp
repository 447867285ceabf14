#include "mongo/history_checker.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace ringbook::test {
namespace {

using Number = std::optional<Extension>;
using Holder = std::optional<UserId>;
using What = Exchange::What;
using Answer = Exchange::Answer;

std::string text_of(const Number& number) {
  return number ? number->text() : "nothing";
}

// How many changes had happened.
using Place = std::size_t;

// What somebody held, or who had something, from which place on.
template <class Value>
class Course {
 public:
  void turn(Place from, Value to) { turns_.emplace_back(from, std::move(to)); }
  const Value& last() const { return turns_.back().second; }
  // The first place, not before `from`, where it is as it is asked for.
  template <class Is>
  std::optional<Place> first_where(Place from, Is is) const {
    auto turn = std::ranges::upper_bound(turns_, from, {}, &std::pair<Place, Value>::first);
    for (--turn; turn != turns_.end(); ++turn) {
      if (is(turn->second)) {
        return std::max(from, turn->first);
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<std::pair<Place, Value>> turns_{{0, Value()}};
};

class Checker {
 public:
  explicit Checker(const std::vector<Exchange>& exchanges) : exchanges_(exchanges) {
    for (const Exchange& exchange : exchanges) {
      if (!by_id_.emplace(exchange.id, &exchange).second) {
        blame(exchange.id, "was asked twice");
      }
    }
  }

  // The journal alone: each change is one that was asked for, and can follow those before it.
  void read(const std::vector<RecordedChange>& journal) {
    for (const RecordedChange& recorded : journal) {
      if ((recorded.change.kind & Change::number) != 0) {
        add(recorded);
      }
    }
  }

  // Every request, in the order in which they began and ended.
  void compare() {
    struct Event {
      Tick at;
      bool is_end;
      const Exchange* exchange;
    };
    std::vector<Event> events;
    for (const Exchange& exchange : exchanges_) {
      events.push_back({exchange.begin, false, &exchange});
      if (exchange.answer != Answer::unknown) {
        events.push_back({exchange.end, true, &exchange});
      }
    }
    // At one and the same moment nothing was before anything else.
    std::ranges::stable_sort(events, {}, [](const Event& e) { return std::pair(e.at, e.is_end); });
    std::unordered_map<const Exchange*, Place> earliest;
    Place known = 0;  // Where all that has ended has happened.
    for (const Event& event : events) {
      if (!event.is_end) {
        earliest[event.exchange] = known;
        check_change(*event.exchange, known);
      } else if (const auto place = place_of(*event.exchange, earliest[event.exchange])) {
        known = std::max(known, *place);
      }
    }
  }

  std::vector<std::string> take() { return std::move(blames_); }

 private:
  void blame(const std::string& id, const std::string& what) {
    blames_.push_back(id + ": " + what);
  }

  void add(const RecordedChange& recorded) {
    const UserId user = recorded.change.user;
    const Number from = recorded.change.from;
    const Number to = recorded.change.to;
    const std::string& id = recorded.request_id;
    const Place place = ++changes_;
    Course<Number>& held = numbers_[user];
    if (held.last() != from) {
      blame(id, "took " + text_of(from) + " from who had " + text_of(held.last()));
    }
    held.turn(place, to);
    if (from) {
      holders_[*from].turn(place, std::nullopt);
    }
    if (to) {
      if (holders_[*to].last()) {
        blame(id, "gave " + to->text() + ", which " + holders_[*to].last()->text() + " has");
      }
      holders_[*to].turn(place, user);
    }
    const auto asked = by_id_.find(id);
    if (asked == by_id_.end()) {
      return blame(id, "stands in the journal, and nobody asked for it");
    }
    const Exchange& exchange = *asked->second;
    if (!places_.emplace(&exchange, place).second) {
      blame(id, "stands in the journal twice");
    }
    const bool is_it = exchange.user == user && exchange.what != What::read &&
                       to == (exchange.what == What::give ? exchange.number : std::nullopt);
    if (!is_it) {
      blame(id, "asked for something else than the journal says");
    }
    if (exchange.answer == Answer::refused) {
      blame(id, "was refused, and stands in the journal");
    }
  }

  // A change stands behind all that had ended before it was asked for.
  void check_change(const Exchange& exchange, Place known) {
    const auto place = places_.find(&exchange);
    if (place != places_.end() && place->second <= known) {
      blame(exchange.id, "stands in the journal before what ended before it began");
    }
  }

  // Where it took effect: the first place where it can have, which leaves most room to the others.
  std::optional<Place> place_of(const Exchange& exchange, Place earliest) {
    if (const auto place = places_.find(&exchange); place != places_.end()) {
      return place->second;
    }
    if (exchange.answer == Answer::refused) {
      const auto place = holders_[*exchange.number].first_where(earliest, [&](const Holder& has) {
        return has && has != exchange.user && (!exchange.holder || has == exchange.holder);
      });
      if (!place) {
        blame(exchange.id, "was refused " + text_of(exchange.number) + ", which was free");
      }
      return place;
    }
    const Number said = exchange.what == What::release ? std::nullopt : exchange.number;
    const auto place = numbers_[exchange.user].first_where(
        earliest, [&](const Number& number) { return number == said; });
    if (!place) {
      blame(exchange.id, "was told that " + exchange.user.text() + " has " + text_of(said) +
                             ", which was never so from then on");
    }
    return place;
  }

  const std::vector<Exchange>& exchanges_;
  std::unordered_map<std::string, const Exchange*> by_id_;
  Place changes_ = 0;
  std::unordered_map<const Exchange*, Place> places_;  // Of changes.
  std::map<UserId, Course<Number>> numbers_;
  std::map<Extension, Course<Holder>> holders_;
  std::vector<std::string> blames_;
};

}  // namespace

std::vector<std::string> contradictions(const std::vector<RecordedChange>& journal,
                                        const std::vector<Exchange>& exchanges) {
  Checker checker(exchanges);
  checker.read(journal);
  checker.compare();
  return checker.take();
}

}  // namespace ringbook::test

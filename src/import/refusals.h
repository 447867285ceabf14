// What an import refuses, or warns of: a list of reasons, and how many rows they are about.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "directory/user_id.h"
#include "import/file_place.h"

namespace ringbook {

// Who has a number that a row wants.
struct Holder {
  UserId user;
  std::optional<std::string> name;
  std::optional<Instant> since;

  // "Grace Hopper (64b7…) since 2026-05-02T09:14:00.000Z", as far as it is known.
  std::string text() const;
};

struct Refusal {
  FilePlace place;
  std::string value;  // What stands there, shortened when long.
  std::string reason;
  std::optional<Holder> holder;

  // "line 7, column 12: …"
  std::string message() const { return place.text() + ": " + reason; }
};

class Refusals {
 public:
  using List = std::multimap<std::uint32_t, Refusal>;

  // Keeps the reasons of the first `most` in order of lines, and counts the others.
  explicit Refusals(std::size_t most) : most_(most) {}

  // Refuses the row that begins in `line`, possibly for one more reason.
  void add(std::uint32_t line, FilePlace place, std::string_view value, std::string reason,
           std::optional<Holder> holder = {});

  bool empty() const { return lines_.empty(); }
  // Refused rows, however many reasons each has.
  std::uint64_t rows() const;
  // By the line in which the row begins.
  const List& list() const { return list_; }
  std::uint64_t omitted() const { return lines_.size() - list_.size(); }

 private:
  std::size_t most_;
  std::vector<std::uint32_t> lines_;  // One for each reason.
  List list_;
};

}  // namespace ringbook

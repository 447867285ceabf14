// The strict JSON reader against Boost's own tree: the same texts are JSON and say the same, what
// is accepted keeps to UTF-8 and the depth, and what is written is read back.
#include "base/json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <set>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

namespace json = boost::json;
using Value = JsonDocument::Value;

bool is_same_number(double a, const json::value& b) {
  check(!std::isnan(a), "a number is one");
  const double other = b.is_int64()    ? static_cast<double>(b.get_int64())
                       : b.is_uint64() ? static_cast<double>(b.get_uint64())
                                       : b.get_double();
  // Boost rounds some numbers wrongly in their last place, and those near the bounds of a double
  // more than that.
  return a == other || std::fabs(a - other) <= std::fabs(a) * 1e-15 || std::fabs(a) < 1e-307 ||
         std::fabs(a) > 1e308;
}

std::size_t compare(const Value& ours, const json::value& theirs);

// Gives the depth of what is in the container, and checks each child.
std::size_t compare_children(const Value& ours, const json::value& theirs) {
  std::size_t deepest = 0;
  std::size_t count = 0;
  std::set<std::string_view> names;
  for (auto child = ours.first(); child; child = child->next()) {
    const bool is_new = names.insert(child->name()).second;
    check(child->repeats_a_name() == (theirs.is_object() && !is_new), "a repeated name is told");
    if (theirs.is_array()) {
      deepest = std::max(deepest, compare(*child, theirs.get_array().at(count)));
    } else if (!ours.is_repeated(child->name())) {
      const json::value* other = theirs.get_object().if_contains(child->name());
      check(other != nullptr, "a member is there");
      deepest = std::max(deepest, compare(*child, *other));
    }
    ++count;
  }
  check(count == ours.size(), "size counts the children");
  check(theirs.is_object() ? names.size() == theirs.get_object().size()
                           : count == theirs.get_array().size(),
        "there are as many children");
  check(!theirs.is_object() || names.size() == count || ours.has_repeated_names(),
        "repeated names are told above");
  return deepest;
}

// Gives how many containers are open in the deepest place.
std::size_t compare(const Value& ours, const json::value& theirs) {
  switch (ours.type()) {
    case JsonType::null: check(theirs.is_null(), "null is null"); return 0;
    case JsonType::boolean: check(theirs.as_bool() == ours.boolean(), "a boolean is it"); return 0;
    case JsonType::number:
      check(theirs.is_number() && is_same_number(ours.number(), theirs), "a number is it");
      return 0;
    case JsonType::string:
      check(std::string_view(theirs.as_string()) == ours.string(), "a string is it");
      return 0;
    case JsonType::array: check(theirs.is_array(), "an array is one"); break;
    case JsonType::object: check(theirs.is_object(), "an object is one"); break;
  }
  return 1 + compare_children(ours, theirs);
}

// Any bytes, written as a string of JSON, come back; what is no UTF-8 comes back as some.
void check_writing(std::string_view text) {
  std::string written;
  append_json_string(written, text);
  check(count_code_points(written).has_value(), "what is written is UTF-8");
  check(std::ranges::none_of(written, [](unsigned char c) { return c < 0x20 || c == 0x7F; }),
        "what is written holds no control character");
  JsonDocument document;
  check(document.parse(written).has_value() && document.root().is(JsonType::string),
        "what is written is a string");
  check(!count_code_points(text) || document.root().string() == text, "a text comes back");
}

void run(std::string_view text) {
  check_writing(text);

  json::parse_options strict;
  strict.max_depth = limits::json_depth;
  json::error_code error;
  const json::value theirs = json::parse({text.data(), text.size()}, error, {}, strict);
  JsonDocument document;
  check(document.parse(text).has_value() == !error, "the same texts are JSON");
  if (error) {
    check(document.root().is(JsonType::null), "what was refused leaves a null");
    return;
  }
  check(count_code_points(text).has_value(), "what is accepted is UTF-8");
  check(compare(document.root(), theirs) <= limits::json_depth, "the depth is kept");
}

const Target target("json", run);

}  // namespace
}  // namespace ringbook::fuzz

// Objects of JSON: each member is what a column is in CSV. Members of an object inside have both
// names, with a dot between.
#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "base/wording.h"
#include "import/json_objects.h"
#include "import/known_lists.h"
#include "import/reading.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

std::string name_inside(std::string_view outside, std::string_view name) {
  return std::string(outside) + "." + std::string(name);
}

// Extended JSON of MongoDB writes one value as an object: {"$oid": "64b7…"}.
Value plain_value(Value value) {
  const bool is_extended =
      value.is(JsonType::object) && value.size() == 1 && value.first()->name().starts_with('$');
  return is_extended ? *value.first() : value;
}

const KnownList& list_of(Value object) {
  std::vector<std::string> names;
  for (auto member = object.first(); member; member = member->next()) {
    names.emplace_back(member->name());
    const bool is_object = member->is(JsonType::object);
    for (auto inner = is_object ? member->first() : std::nullopt; inner; inner = inner->next()) {
      names.push_back(name_inside(member->name(), inner->name()));
    }
  }
  const KnownList* list = list_with(names);
  return list == nullptr ? own_list() : *list;
}

class JsonRows {
 public:
  JsonRows(const KnownList& list, const Reading& reading)
      : list_(list), reading_(reading), builder_(reading.refusals, list.rules) {}

  void begin(std::uint32_t line) {
    place_ = {.line = line};
    seen_.clear();
    builder_.begin(line);
  }
  void put(Value object, std::string_view outside = "") {
    for (auto member = object.first(); member; member = member->next()) {
      const std::string inside = name_inside(outside, member->name());
      put_member(outside.empty() ? member->name() : std::string_view(inside), *member);
    }
  }
  void refuse_text(std::string_view text) {
    const bool is_utf8 = count_code_points(text).has_value();
    if (!is_utf8) {
      builder_.note_foreign_text(place_);
    }
    const bool is_of_a_shell = text.contains("ObjectId(");
    builder_.refuse(
        place_, "",
        std::string("is no JSON object in UTF-8") +
            (is_of_a_shell ? "; ObjectId(…) is of a shell: mongoexport writes JSON" : ""));
  }
  Result<void> take() { return reading_.take_row(builder_); }
  // Errors: as look_for_addresses.
  Result<void> conclude() const {
    reading_.warn_of_foreign_text(builder_);
    return reading_.look_for_addresses(builder_);
  }

 private:
  void put_member(std::string_view name, Value member) {
    const KnownColumn* column = list_.column_of(name);
    if (column == nullptr) {
      put_other(name, member);
    } else if (member.repeats_a_name() || std::ranges::find(seen_, column) != seen_.end()) {
      builder_.refuse(place_, name, "member " + in_quotes(name) + " stands there twice");
    } else {
      seen_.push_back(column);
      put_value(*column, name, plain_value(member));
    }
  }

  void put_other(std::string_view name, Value member) {
    const std::string inside = name_inside(name, "");
    const bool holds_a_field = std::ranges::any_of(
        list_.columns, [&](const KnownColumn& column) { return column.name.starts_with(inside); });
    if (holds_a_field && member.is(JsonType::object)) {
      put(member, name);
    } else if (holds_a_field && member.is(JsonType::null)) {
      // Says nothing of what would be in it.
    } else if (!list_.rules.is_own) {
      reading_.leave_out(name);
      builder_.pass_over(name, member.is(JsonType::string) ? member.string() : "");
    } else if (member.is(JsonType::array)) {
      builder_.refuse(place_, name,
                      "this is one JSON document; one object a line is wanted: `jq -c '." +
                          std::string(name) + "[]' FILE` makes them");
    } else {
      builder_.refuse(place_, name,
                      "unknown member " + in_quotes(name) + "; known are " + all_column_names());
    }
  }

  void put_value(const KnownColumn& column, std::string_view name, Value value) {
    const bool is_boolean = column.field == Field::active;
    if (value.is(JsonType::null)) {
      builder_.put(column, std::nullopt, place_);
    } else if (is_boolean && value.is(JsonType::boolean)) {
      builder_.put(column, value.boolean() ? "true" : "false", place_);
    } else if (!is_boolean && value.is(JsonType::string)) {
      builder_.put(column, value.string(), place_);
    } else {
      builder_.refuse(place_, "",
                      std::string(name) + (is_boolean ? " must be true, false or null"
                                                      : " must be a string or null"));
    }
  }

  const KnownList& list_;
  const Reading& reading_;
  RowBuilder builder_;
  FilePlace place_;
  std::vector<const KnownColumn*> seen_;
};

}  // namespace

Result<void> read_json(const Reading& reading) {
  JsonObjects objects(reading.source);
  JsonDocument document;
  std::string text;
  std::optional<JsonRows> rows;
  for (;;) {
    const auto has_object = objects.next(text);
    if (!has_object) {
      return std::unexpected(has_object.error());
    }
    if (!*has_object) {
      break;
    }
    const bool is_object = document.parse(text) && document.root().is(JsonType::object);
    if (!rows) {
      reading.file.list = is_object ? &list_of(document.root()) : &own_list();
      rows.emplace(*reading.file.list, reading);
    }
    rows->begin(objects.line());
    if (is_object) {
      rows->put(document.root());
    } else {
      rows->refuse_text(text);
    }
    if (auto taken = rows->take(); !taken) {
      return taken;
    }
  }
  return rows ? rows->conclude() : Result<void>();
}

}  // namespace ringbook

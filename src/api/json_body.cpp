#include "api/json_body.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

// The names that a body documents. Problems in places without a name of their own are reported at
// the nearest documented one around them.
struct Documented {
  std::string_view name;
  std::span<const Documented> members{};
};

constexpr Documented assignment_payload[] = {{"userId"}, {"rcExtension"}};
constexpr Documented assignment_members[] = {{"payload", assignment_payload}};
constexpr Documented extension_members[] = {{"rcExtension"}};
constexpr Documented person_members[] = {
    {"userId"},     {"name"},      {"email"},
    {"department"}, {"role"},      {"active"},
    {"version"},    {"updatedAt"}, {"personalInformation", extension_members},
};

std::string join(std::string_view path, std::string_view name) {
  std::string out(path);
  if (!out.empty()) {
    out += '.';
  }
  out += name;
  return out;
}

void report_repeated_names(Value container, std::string_view path,
                           std::span<const Documented> members, Problems& problems) {
  for (auto child = container.first(); child; child = child->next()) {
    const auto known = std::ranges::find(members, child->name(), &Documented::name);
    const bool is_documented = known != members.end();
    const std::string child_path = is_documented ? join(path, child->name()) : std::string(path);
    if (child->repeats_a_name()) {
      problems.add(child_path, ProblemCode::duplicate_name,
                   "A name occurs twice in one object, so what it means is unclear.");
    }
    report_repeated_names(*child, child_path,
                          is_documented ? known->members : std::span<const Documented>(), problems);
  }
}

std::string_view with_article(JsonType type) {
  switch (type) {
    case JsonType::null: return "null";
    case JsonType::boolean: return "true or false";
    case JsonType::number: return "a number";
    case JsonType::string: return "a string";
    case JsonType::array: return "an array";
    case JsonType::object: return "an object";
  }
  std::unreachable();
}

void report_type(std::string_view path, JsonType wanted, Value value, Problems& problems) {
  problems.add(path, ProblemCode::invalid_type,
               "Must be " + std::string(with_article(wanted)) + ", not " +
                   std::string(with_article(value.type())) + ".");
}

// Reads the members of one object, each by name and type.
class ObjectReader {
 public:
  ObjectReader(Value object, std::string_view path, Problems& problems)
      : object_(object), path_(path), problems_(problems) {}

  // The member when it is of this type. A repeated one has been reported and has no value.
  std::optional<Value> optional(std::string_view name, JsonType type) const {
    const std::optional<Value> value = object_.find(name);
    if (!value || object_.is_repeated(name)) {
      return std::nullopt;
    }
    if (!value->is(type)) {
      report_type(path(name), type, *value, problems_);
      return std::nullopt;
    }
    return value;
  }

  // The same; absence is a problem.
  std::optional<Value> required(std::string_view name, JsonType type) const {
    if (!object_.find(name)) {
      problems_.add(path(name), ProblemCode::required, "This member is missing.");
    }
    return optional(name, type);
  }

  // The same as `optional`, but null counts as absent.
  std::optional<Value> nullable(std::string_view name, JsonType type) const {
    const std::optional<Value> value = object_.find(name);
    return value && value->is(JsonType::null) ? std::nullopt : optional(name, type);
  }

  void report_format(std::string_view name, std::string_view message) const {
    problems_.add(path(name), ProblemCode::invalid_format, message);
  }

  std::string path(std::string_view name) const { return join(path_, name); }

 private:
  Value object_;
  std::string_view path_;
  Problems& problems_;
};

// The root object of `body`; nothing, with a problem, when there is none.
std::optional<Value> read_object(JsonDocument& scratch, std::string_view body,
                                 std::span<const Documented> members, Problems& problems) {
  if (const auto parsed = scratch.parse(body); !parsed) {
    const bool is_fault = parsed.error().code == Errc::invalid;
    problems.add("", ProblemCode::malformed_json,
                 "The body must be one JSON object in UTF-8" +
                     (is_fault ? "; here is " + parsed.error().detail : std::string()) + ".");
    return std::nullopt;
  }
  const Value root = scratch.root();
  if (root.has_repeated_names()) {
    report_repeated_names(root, "", members, problems);
  }
  if (!root.is(JsonType::object)) {
    report_type("", JsonType::object, root, problems);
    return std::nullopt;
  }
  return root;
}

std::optional<UserId> parse_user_id(const ObjectReader& reader, const std::optional<Value>& value) {
  if (!value) {
    return std::nullopt;
  }
  const std::optional<UserId> id = UserId::parse(value->string());
  if (!id) {
    reader.report_format("userId", "Must be 24 hexadecimal digits.");
  }
  return id;
}

std::optional<Extension> parse_extension(const ObjectReader& reader,
                                         const std::optional<Value>& value) {
  if (!value) {
    return std::nullopt;
  }
  const std::optional<Extension> extension = Extension::parse(value->string());
  if (!extension) {
    reader.report_format("rcExtension", "Must be 2 to 10 digits.");
  }
  return extension;
}

using ProblemOfText = std::optional<std::string> (*)(std::string_view);

// A text of the profile, valid by its own rule.
std::optional<std::string> parse_text(const ObjectReader& reader, std::string_view name,
                                      const std::optional<Value>& value, ProblemOfText problem_of) {
  if (!value) {
    return std::nullopt;
  }
  if (const std::optional<std::string> problem = problem_of(value->string())) {
    reader.report_format(name, std::string(name) + ' ' + *problem + '.');
    return std::nullopt;
  }
  return std::string(value->string());
}

Profile read_profile(const ObjectReader& reader) {
  Profile profile;
  profile.name =
      parse_text(reader, "name", reader.nullable("name", JsonType::string), problem_of_name);
  profile.email =
      parse_text(reader, "email", reader.nullable("email", JsonType::string), problem_of_email);
  profile.department = parse_text(
      reader, "department", reader.nullable("department", JsonType::string), problem_of_department);
  if (auto role =
          parse_text(reader, "role", reader.optional("role", JsonType::string), problem_of_role)) {
    profile.role = *std::move(role);
  }
  if (const auto active = reader.optional("active", JsonType::boolean)) {
    profile.active = active->boolean();
  }
  return profile;
}

// The largest number up to which every integer is a double of its own.
constexpr double largest_exact = 9'007'199'254'740'992.0;

ReadOnlyMembers read_read_only(const ObjectReader& reader, Problems& problems) {
  ReadOnlyMembers members;
  if (const auto version = reader.optional("version", JsonType::number)) {
    const double number = version->number();
    if (number >= 0 && number <= largest_exact && std::trunc(number) == number) {
      members.version = static_cast<Version>(number);
    } else {
      reader.report_format("version", "Must be a whole number.");
    }
  }
  if (const auto updated_at = reader.optional("updatedAt", JsonType::string)) {
    members.updated_at = updated_at->string();
  }
  if (const auto information = reader.optional("personalInformation", JsonType::object)) {
    const ObjectReader inner(*information, "personalInformation", problems);
    members.extension = parse_extension(inner, inner.nullable("rcExtension", JsonType::string));
  }
  return members;
}

}  // namespace

std::optional<Assignment> read_assignment(JsonDocument& scratch, std::string_view body,
                                          Problems& problems) {
  const auto root = read_object(scratch, body, assignment_members, problems);
  if (!root) {
    return std::nullopt;
  }
  const auto payload = ObjectReader(*root, "", problems).required("payload", JsonType::object);
  if (!payload) {
    return std::nullopt;
  }
  const ObjectReader reader(*payload, "payload", problems);
  const auto user = parse_user_id(reader, reader.required("userId", JsonType::string));
  const auto extension = parse_extension(reader, reader.required("rcExtension", JsonType::string));
  if (!user || !extension || !problems.empty()) {
    return std::nullopt;
  }
  return Assignment{*user, *extension};
}

std::optional<Extension> read_extension(JsonDocument& scratch, std::string_view body,
                                        Problems& problems) {
  const auto root = read_object(scratch, body, extension_members, problems);
  if (!root) {
    return std::nullopt;
  }
  const ObjectReader reader(*root, "", problems);
  const auto extension = parse_extension(reader, reader.required("rcExtension", JsonType::string));
  return problems.empty() ? extension : std::nullopt;
}

std::optional<Person> read_person(JsonDocument& scratch, std::string_view body,
                                  Problems& problems) {
  const auto root = read_object(scratch, body, person_members, problems);
  if (!root) {
    return std::nullopt;
  }
  const ObjectReader reader(*root, "", problems);
  Person person;
  person.user = parse_user_id(reader, reader.optional("userId", JsonType::string));
  person.profile = read_profile(reader);
  person.read_only = read_read_only(reader, problems);
  return problems.empty() ? std::optional(std::move(person)) : std::nullopt;
}

}  // namespace ringbook

// Request bodies: a value or problems, never both, and every value is what the body says in a
// second reading.
#include <boost/json.hpp>
#include <cstdint>
#include <string>

#include "api/json_body.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

namespace json = boost::json;

const json::value* member_of(const json::value* object, std::string_view name) {
  return object != nullptr && object->is_object() ? object->get_object().if_contains(name)
                                                  : nullptr;
}

bool says(const json::value* object, std::string_view name, std::string_view text) {
  const json::value* member = member_of(object, name);
  return member != nullptr && member->is_string() && std::string_view(member->get_string()) == text;
}

// Whether the member is as it was read; absent and null are the same.
bool says_or_lacks(const json::value* object, std::string_view name,
                   const std::optional<std::string>& text) {
  const json::value* member = member_of(object, name);
  return text ? says(object, name, *text) : !member || member->is_null();
}

void check_problems(const Problems& problems, bool is_json, bool has_value) {
  check(problems.empty() == has_value, "a value or problems");
  check(problems.list().size() <= limits::problems, "problems are few");
  for (const Problem& problem : problems.list()) {
    check(count_code_points(problem.path + problem.message).has_value(), "a problem is UTF-8");
    check(!problem.message.empty(), "a problem is said");
  }
  check(is_json ||
            (problems.list().size() == 1 && problems.list()[0].code == ProblemCode::malformed_json),
        "what is no JSON has that one problem");
}

void check_person(const Person& person, const json::value& body) {
  check(!problem_of(person.profile), "a profile keeps its rules");
  check(says_or_lacks(&body, "name", person.profile.name), "the name is the body's");
  check(says_or_lacks(&body, "email", person.profile.email), "the e-mail address is the body's");
  check(says_or_lacks(&body, "department", person.profile.department),
        "the department is the body's");
  check(says(&body, "role", person.profile.role) ||
            (!member_of(&body, "role") && person.profile.role == Profile().role),
        "the role is the body's");
  const json::value* active = member_of(&body, "active");
  check(active ? active->as_bool() == person.profile.active : person.profile.active,
        "active is the body's");
  check(!person.user || says(&body, "userId", person.user->text()) ||
            UserId::parse(std::string_view(member_of(&body, "userId")->as_string())) == person.user,
        "the user is the body's");
}

void run(std::string_view text) {
  json::error_code error;
  const json::value body = json::parse({text.data(), text.size()}, error);
  JsonDocument scratch;

  Problems of_assignment;
  const auto assignment = read_assignment(scratch, text, of_assignment);
  check_problems(of_assignment, !error, assignment.has_value());
  if (assignment) {
    const auto* payload = member_of(&body, "payload");
    check(says(payload, "rcExtension", assignment->extension.text()),
          "the extension is the body's");
    check(UserId::parse(std::string_view(member_of(payload, "userId")->as_string())) ==
              assignment->user,
          "the user is the body's");
  }

  Problems of_extension;
  const auto extension = read_extension(scratch, text, of_extension);
  check_problems(of_extension, !error, extension.has_value());
  check(!extension || says(&body, "rcExtension", extension->text()), "the extension is the body's");

  Problems of_person;
  const auto person = read_person(scratch, text, of_person);
  check_problems(of_person, !error, person.has_value());
  if (person) {
    check_person(*person, body);
  }
}

const Target target("bodies", run);

}  // namespace
}  // namespace ringbook::fuzz

// People: /v1/users and /v1/users/{userId}.
#include <utility>

#include "api/conditions.h"
#include "api/json_body.h"
#include "api/outcome.h"
#include "api/paging.h"
#include "api/query.h"
#include "api/render.h"
#include "api/routes.h"
#include "api/target.h"
#include "base/limits.h"
#include "base/text.h"

namespace ringbook::routes {
namespace {

std::optional<std::string> owned(std::optional<std::string_view> text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

UserQuery read_user_query(std::string_view text, Problems& problems) {
  const Query query(text, {"search", "email", "extension", "department", "limit", "cursor"},
                    problems);
  UserQuery wanted;
  wanted.search = read_text(query, "search", limits::search_chars, problems).value_or("");
  wanted.email = owned(read_text(query, "email", limits::email_chars, problems));
  wanted.department = owned(read_text(query, "department", limits::department_chars, problems));
  if (const auto extension = query.find("extension")) {
    wanted.extension = Extension::parse(*extension);
    if (!wanted.extension) {
      problems.add("extension", ProblemCode::invalid_format, "Must be 2 to 10 digits.");
    }
  }
  wanted.limit = read_limit(query, problems);
  wanted.after = read_users_cursor(query, problems);
  return wanted;
}

// Every page says which state of the directory it shows, so that a reader of many pages can tell
// whether they fit together.
void answer_list(ExchangePtr exchange, const UserPage& page) {
  const auto next =
      page.has_more ? std::optional(users_cursor(page.users.back().id)) : std::nullopt;
  Response response = json_response(200, render::users(page, next));
  response.fields.add("Ringbook-Version", entity_tag(page.last_change));
  respond(std::move(exchange), std::move(response));
}

void answer_user(ExchangePtr exchange, const Precondition& condition,
                 const std::optional<User>& user) {
  if (!user) {
    return respond(std::move(exchange), problem::user_not_found());
  }
  if (!condition.if_match_holds(user->version)) {
    return respond_stale(std::move(exchange), user->id);
  }
  const bool is_known_to_client = !condition.if_none_match_holds(user->version);
  Response response = is_known_to_client ? not_modified() : json_response(200, render::user(*user));
  response.fields.add("ETag", entity_tag(user->version));
  response.fields.add("Ringbook-Version", entity_tag(user->version));
  respond(std::move(exchange), std::move(response));
}

}  // namespace

void list_users(ExchangePtr exchange, std::string_view) {
  Problems problems;
  UserQuery query = read_user_query(exchange->head.query, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Administrator& by = *exchange->administrator;
  directory.users(by, std::move(query), reply_to<UserPage>(std::move(exchange), answer_list));
}

void get_user(ExchangePtr exchange, std::string_view) {
  Problems problems;
  UserTarget target = read_user_target(*exchange, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Administrator& by = *exchange->administrator;
  directory.user(
      by, target.user,
      reply_to<std::optional<User>>(std::move(exchange),
                                    [condition = std::move(target.condition)](
                                        ExchangePtr answered, const std::optional<User>& found) {
                                      answer_user(std::move(answered), condition, found);
                                    }));
}

void put_user(ExchangePtr exchange, std::string_view body) {
  Problems problems;
  UserTarget target = read_user_target(*exchange, problems);
  std::optional<Person> person = read_person(exchange->api->scratch, body, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  if (person->user && *person->user != target.user) {
    Response response = problem::read_only(exchange->manner(), "userId");
    return respond(std::move(exchange), std::move(response));
  }
  Directory& directory = exchange->api->directory;
  const Request request = exchange->request();
  directory.put_person(request, target.user, std::move(person->profile),
                       std::move(person->read_only), std::move(target.condition),
                       reply_with_outcome(std::move(exchange), target.user, Shows::user));
}

void delete_user(ExchangePtr exchange, std::string_view) {
  Problems problems;
  UserTarget target = read_user_target(*exchange, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Request request = exchange->request();
  directory.remove_person(request, target.user,
                          reply_with_outcome(std::move(exchange), target.user, Shows::nothing),
                          std::move(target.condition));
}

}  // namespace ringbook::routes

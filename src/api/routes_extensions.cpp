// Numbers: the one of a user, /v1/users/{userId}/extension, and any, /v1/extensions/{extension}.
#include <utility>

#include "api/json_body.h"
#include "api/outcome.h"
#include "api/query.h"
#include "api/render.h"
#include "api/routes.h"
#include "api/target.h"

namespace ringbook::routes {

void put_extension(ExchangePtr exchange, std::string_view body) {
  Problems problems;
  UserTarget target = read_user_target(*exchange, problems);
  const auto extension = read_extension(exchange->api->scratch, body, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Request request = exchange->request();
  directory.assign(request, target.user, *extension,
                   reply_with_outcome(std::move(exchange), target.user, Shows::user),
                   std::move(target.condition), /*wants_user=*/true);
}

void delete_extension(ExchangePtr exchange, std::string_view) {
  Problems problems;
  UserTarget target = read_user_target(*exchange, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Request request = exchange->request();
  directory.release(request, target.user,
                    reply_with_outcome(std::move(exchange), target.user, Shows::nothing),
                    std::move(target.condition));
}

void get_extension(ExchangePtr exchange, std::string_view) {
  Problems problems;
  Query::expect_none(exchange->head.query, problems);
  const auto extension = read_target_extension(*exchange, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Administrator& by = *exchange->administrator;
  directory.extension(by, *extension,
                      reply_to<ExtensionState>(
                          std::move(exchange),
                          [number = *extension](ExchangePtr answered, const ExtensionState& state) {
                            respond(std::move(answered),
                                    json_response(200, render::extension(number, state)));
                          }));
}

}  // namespace ringbook::routes

// PUT /user/update-rcextension, the published endpoint.
#include <utility>

#include "api/conditions.h"
#include "api/json_body.h"
#include "api/routes.h"

namespace ringbook::routes {
namespace {

void answer(ExchangePtr exchange, const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::applied:
    case Outcome::Kind::unchanged: {
      Response response = json_response(
          200,
          Body::literal(R"({"message":"RingCentral extension updated successfully","data":{}})"));
      response.fields.add("Ringbook-Version", entity_tag(outcome.version));
      return respond(std::move(exchange), std::move(response));
    }
    case Outcome::Kind::not_found: return respond(std::move(exchange), problem::user_not_found());
    case Outcome::Kind::conflict: {
      Response response = problem::extension_in_use(exchange->manner(), *outcome.conflict);
      return respond(std::move(exchange), std::move(response));
    }
    case Outcome::Kind::already_exists:
    case Outcome::Kind::read_only_differs:
    case Outcome::Kind::precondition_failed:
      return respond_error(std::move(exchange),
                           {Errc::internal, "an assignment met a condition that nobody set"});
  }
  std::unreachable();
}

}  // namespace

void update_extension(ExchangePtr exchange, std::string_view body) {
  Api::Impl& api = *exchange->api;
  Problems problems;
  const std::optional<Assignment> wanted = read_assignment(api.scratch, body, problems);
  if (!wanted) {
    return respond_invalid(std::move(exchange), problems);
  }
  const Request request = exchange->request();
  api.directory.assign(request, wanted->user, wanted->extension,
                       reply_to<Outcome>(std::move(exchange), answer));
}

}  // namespace ringbook::routes

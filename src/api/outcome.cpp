#include "api/outcome.h"

#include <optional>
#include <utility>

#include "api/conditions.h"
#include "api/render.h"
#include "api/router.h"
#include "api/stale.h"
#include "base/check.h"

namespace ringbook {
namespace {

Response success(const Outcome& outcome, Shows shows) {
  Response response = no_content();
  if (shows == Shows::user) {
    check(outcome.user.has_value(), "the outcome carries the user");
    response = json_response(outcome.created ? 201 : 200, render::user(*outcome.user));
  }
  if (outcome.version != 0) {
    response.fields.add("Ringbook-Version", entity_tag(outcome.version));
  }
  if (outcome.created) {
    response.fields.add("Location", "/v1/users/" + outcome.user->id.text());
  }
  return response;
}

void answer(ExchangePtr exchange, UserId user, Shows shows, const Outcome& outcome) {
  const problem::Manner manner = exchange->manner();
  switch (outcome.kind) {
    case Outcome::Kind::applied:
    case Outcome::Kind::unchanged: return respond(std::move(exchange), success(outcome, shows));
    case Outcome::Kind::not_found: return respond(std::move(exchange), problem::user_not_found());
    case Outcome::Kind::conflict:
      return respond(std::move(exchange), problem::extension_in_use(manner, *outcome.conflict));
    case Outcome::Kind::read_only_differs:
      return respond(std::move(exchange), problem::read_only(manner, outcome.member));
    case Outcome::Kind::precondition_failed:
      return respond_stale(std::move(exchange), user, outcome.wanted.front());
    case Outcome::Kind::already_exists:
      return respond_error(std::move(exchange),
                           {Errc::internal, "a write that creates nobody met somebody"});
  }
  std::unreachable();
}

std::optional<Version> altered_tag(std::optional<std::string_view> if_match) {
  const auto tags = if_match ? parse_entity_tags(*if_match) : std::nullopt;
  return tags ? tags->altered : std::nullopt;
}

// What is there and who changed it last are of one moment.
void answer_stale(ExchangePtr exchange, const StaleRequest& request,
                  const Result<LastChanges>& found) {
  if (!found && found.error().code != Errc::not_found) {
    return respond_error(std::move(exchange), found.error());
  }
  const auto last = found ? std::optional(*found) : std::nullopt;
  const auto user = last ? last->user : std::nullopt;
  Response response =
      problem::precondition_failed(exchange->manner(), stale_details(request, user, last), user,
                                   last ? std::optional(last->of_user) : std::nullopt);
  respond(std::move(exchange), std::move(response));
}

}  // namespace

Reply<Outcome> reply_with_outcome(ExchangePtr exchange, UserId user, Shows shows) {
  return reply_to<Outcome>(std::move(exchange),
                           [user, shows](ExchangePtr answered, const Outcome& outcome) {
                             answer(std::move(answered), user, shows, outcome);
                           });
}

void respond_stale(ExchangePtr exchange, UserId user, std::optional<Edit> wanted) {
  Directory& directory = exchange->api->directory;
  const Administrator& by = *exchange->administrator;
  Problems none;  // The fields were read before: they are well formed.
  StaleRequest request{
      .user = user,
      .condition = read_conditions(exchange->head.if_match, exchange->head.if_none_match, none),
      .wanted = std::move(wanted),
      .has_body = exchange->route->content != Content::none,
      .altered = altered_tag(exchange->head.if_match)};
  directory.last_changes(
      by, user,
      Reply<LastChanges>([exchange = std::move(exchange),
                          request = std::move(request)](const Result<LastChanges>& found) mutable {
        answer_stale(std::move(exchange), request, found);
      }));
}

}  // namespace ringbook

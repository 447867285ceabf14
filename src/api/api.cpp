#include "api/api.h"

#include <utility>

#include "api/exchange.h"
#include "api/problem.h"
#include "api/router.h"

namespace ringbook {
namespace {

// OPTIONS: what a path, or with "*" the server, can be asked. RFC 9110 §9.3.7.
Response options(std::string allow) {
  Response response = no_content();
  response.fields.add("Allow", std::move(allow));
  return response;
}

// Answers what needs nobody's name: unknown paths, unknown methods, OPTIONS, and open routes.
// Nothing for a route of administrators, which is then in `found`.
std::optional<Response> answer_at_once(Api::Impl& api, const Head& head, const RouteMatch& match,
                                       const Route*& found) {
  if (head.method == Method::options && head.path == "*") {
    return options("GET, HEAD, PUT, DELETE, OPTIONS");
  }
  if (!match.is_known()) {
    return problem::path_not_found();
  }
  if (head.method == Method::options) {
    return options(match.allow());
  }
  found = match.find(head.method);
  if (found == nullptr) {
    return problem::method_not_allowed(match.allow());
  }
  if (const auto* const open = std::get_if<OpenHandler>(&found->handler)) {
    return (*open)(api, head);
  }
  return std::nullopt;
}

// Takes over `answer` for a route of administrators; none is left to be given when it is null.
ExchangePtr begin_unless_answered(Api::Impl& api, const Head& head, const RouteMatch& match,
                                  Api::OnAdmission& answer) {
  const Route* route = nullptr;
  if (auto response = answer_at_once(api, head, match, route)) {
    answer(*std::move(response));
    return nullptr;
  }
  ExchangePtr exchange = api.begin(head, *route, match.parameter());
  exchange->on_admission = std::move(answer);
  return exchange;
}

void answer_admission(ExchangePtr exchange, Response response) {
  Api::OnAdmission answer = std::move(exchange->on_admission);
  exchange.reset();
  answer(std::move(response));
}

// Gives leave to send the body, unless the head already says that it cannot be read.
void admit_administrator(ExchangePtr exchange) {
  if (auto unfit = problem_of_content(exchange->route->content, exchange->head)) {
    Problems problems;
    problems.add(*std::move(unfit));
    Response response = problem::invalid(exchange->manner(), problems);
    return answer_admission(std::move(exchange), std::move(response));
  }
  Api::OnAdmission answer = std::move(exchange->on_admission);
  answer(std::move(exchange));
}

void turn_away(ExchangePtr exchange, const TokenRefusal& why, problem::Challenge challenge) {
  exchange->api->refusals.note(why, exchange->head.request_id, exchange->head.client);
  answer_admission(std::move(exchange), problem::unauthorized(challenge));
}

// Nobody looked at the token, so nothing is said about it.
void put_off(ExchangePtr exchange, const TokenRefusal& why) {
  exchange->api->refusals.note(why, exchange->head.request_id, exchange->head.client);
  Response response = problem::of_error(exchange->manner().surface, Errc::overloaded);
  answer_admission(std::move(exchange), std::move(response));
}

void admit_authenticated(ExchangePtr exchange, Authentication authentication) {
  if (exchange->api->is_abandoned) {
    return;
  }
  if (!authentication) {
    switch (authentication.error().kind) {
      case TokenRefusal::Kind::absent:
        return turn_away(std::move(exchange), {.reason = "no_token"}, problem::Challenge::no_token);
      case TokenRefusal::Kind::rejected:
        return turn_away(std::move(exchange), authentication.error(),
                         problem::Challenge::invalid_token);
      case TokenRefusal::Kind::unchecked:
        return put_off(std::move(exchange), authentication.error());
    }
    std::unreachable();
  }
  Result<Administrator> administrator = authorise(*std::move(authentication));
  if (!administrator) {
    return turn_away(std::move(exchange), {.reason = "no_administrator"},
                     problem::Challenge::insufficient_scope);
  }
  exchange->administrator.emplace(*std::move(administrator));
  admit_administrator(std::move(exchange));
}

}  // namespace

Api::Api(Settings settings, Directory& directory, Store& store, Authenticator& authenticator,
         const Clock& clock, Metrics& metrics, Log& log, const RouteTable& routes)
    : impl_(new Impl{.settings = std::move(settings),
                     .directory = directory,
                     .store = store,
                     .authenticator = authenticator,
                     .metrics = metrics,
                     .log = log,
                     .routes = routes,
                     .refusals = RefusalLog(clock, log, metrics),
                     .failure_lines = LineLimit(clock),
                     .process_figures = ProcessFigures(clock, metrics)}) {}

Api::~Api() = default;

std::string_view Api::admit(const Head& head, LastAuthorization& last, OnAdmission answer) {
  const RouteMatch match(head.path, impl_->routes);
  if (ExchangePtr exchange = begin_unless_answered(*impl_, head, match, answer)) {
    impl_->authenticator.authenticate(
        head.authorization, head.client, last,
        [exchange = std::move(exchange)](Authentication authentication) mutable {
          admit_authenticated(std::move(exchange), std::move(authentication));
        });
  }
  return match.pattern();
}

void Api::admit_local(const Head& head, const Administrator& by, OnAdmission answer) {
  const RouteMatch match(head.path, impl_->routes);
  ExchangePtr exchange = begin_unless_answered(*impl_, head, match, answer);
  if (!exchange) {
    return;
  }
  exchange->administrator.emplace(by);
  admit_administrator(std::move(exchange));
}

void Api::handle(AdmittedPtr admitted, std::string_view body, OnResponse answer) {
  const Route& route = *admitted->route;
  admitted->on_response = std::move(answer);
  std::get<AdministratorHandler>(route.handler)(
      std::move(admitted), route.content == Content::none ? std::string_view() : body);
}

Response Api::refusal(std::uint16_t status) const {
  return problem::of_transport(status);
}

void Api::start_draining() {
  impl_->is_draining = true;
}

}  // namespace ringbook

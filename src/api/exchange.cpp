#include "api/exchange.h"

#include <utility>

#include "api/media_type.h"
#include "api/router.h"
#include "base/limits.h"

namespace ringbook {
namespace {

std::optional<std::string> owned(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

}  // namespace

ExchangePtr Api::Impl::begin(const Head& head, const Route& route, std::string_view parameter) {
  ExchangePtr exchange;
  if (spare.empty()) {
    exchange.reset(new Exchange);
  } else {
    exchange.reset(spare.back().release());
    spare.pop_back();
  }
  ++in_flight;
  exchange->api = this;
  exchange->route = &route;
  exchange->request_id = head.request_id;
  exchange->client = head.client;
  exchange->parameter = parameter;
  exchange->query = head.query;
  exchange->if_match = owned(head.if_match);
  exchange->if_none_match = owned(head.if_none_match);
  // Every body that is read here is the JSON of a PUT.
  exchange->content_problem = route.method == Method::put ? problem_of_content(head) : std::nullopt;
  return exchange;
}

void Api::AdmittedDeleter::operator()(Admitted* admitted) const {
  std::unique_ptr<Admitted> exchange(admitted);
  Impl& api = *exchange->api;
  exchange->reset();
  --api.in_flight;
  if (!api.is_abandoned && api.spare.size() < limits::spare_exchanges) {
    api.spare.push_back(std::move(exchange));
  }
  if (api.is_abandoned && api.in_flight == 0) {
    std::default_delete<Impl>()(&api);
  }
}

void Api::ImplDeleter::operator()(Impl* impl) const {
  impl->is_abandoned = true;
  if (impl->in_flight == 0) {
    std::default_delete<Impl>()(impl);
  }
}

problem::Manner Api::Admitted::manner() const {
  const bool is_own = route->pattern.starts_with("/v1/");
  return {.surface = is_own ? problem::Surface::own : problem::Surface::documented,
          .with_details = api->settings.error_details};
}

// The short strings that every request has keep their memory; the rest is given back.
void Api::Admitted::reset() {
  if_match.reset();
  if_none_match.reset();
  content_problem.reset();
  administrator.reset();
  on_admission = nullptr;
  on_response = nullptr;
  if (query.capacity() > limits::spare_text_bytes) {
    query = std::string();
  }
  if (parameter.capacity() > limits::spare_text_bytes) {
    parameter = std::string();
  }
}

void respond(ExchangePtr exchange, Response response) {
  if (exchange->api->is_abandoned) {
    return;
  }
  Api::OnResponse answer = std::move(exchange->on_response);
  exchange.reset();
  answer(std::move(response));
}

void respond_error(ExchangePtr exchange, const Error& error) {
  Api::Impl& api = *exchange->api;
  if (api.is_abandoned) {
    return;
  }
  Response response = problem::of_error(exchange->manner().surface, error.code);
  if (response.status >= 500) {
    if (const auto unwritten = api.failure_lines.admit()) {
      api.log.error("request_failed", {{"request_id", exchange->request_id},
                                       {"client", exchange->client},
                                       {"method", name_of(exchange->route->method)},
                                       {"route", exchange->route->pattern},
                                       {"error", name_of(error.code)},
                                       {"detail", error.detail},
                                       {"unwritten_before", *unwritten}});
    }
  }
  respond(std::move(exchange), std::move(response));
}

void respond_invalid(ExchangePtr exchange, const Problems& problems) {
  const problem::Manner manner = exchange->manner();
  respond(std::move(exchange), problem::invalid(manner, problems));
}

}  // namespace ringbook

#include "api/exchange.h"

#include <cstring>
#include <utility>

#include "api/router.h"
#include "base/limits.h"

namespace ringbook {

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
  exchange->keep(head, parameter);
  return exchange;
}

void Api::Admitted::keep(const Head& sent, std::string_view parameter_of_path) {
  head = sent;
  head.path = {};
  head.authorization.reset();
  parameter = parameter_of_path;
  const auto for_each_text = [this](auto visit) {
    visit(head.request_id);
    visit(head.client);
    visit(head.query);
    visit(parameter);
    const auto visit_given = [&](std::optional<std::string_view>& field) {
      if (field) {
        visit(*field);
      }
    };
    visit_given(head.accept);
    visit_given(head.content_type);
    visit_given(head.content_encoding);
    visit_given(head.content_range);
    visit_given(head.if_match);
    visit_given(head.if_none_match);
  };
  // First the room, so that no text moves once it is shown.
  std::size_t octets = 0;
  for_each_text([&](std::string_view text) { octets += text.size(); });
  if (texts_.size() < octets) {
    texts_.resize(octets);
  }
  char* at = texts_.data();
  for_each_text([&](std::string_view& text) {
    if (!text.empty()) {
      std::memcpy(at, text.data(), text.size());
    }
    text = std::string_view(at, text.size());
    at += text.size();
  });
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

// The memory of what every request has is kept; more is given back.
void Api::Admitted::reset() {
  administrator.reset();
  on_admission = nullptr;
  on_response = nullptr;
  if (texts_.capacity() > limits::spare_text_bytes) {
    std::string().swap(texts_);  // An assignment would keep the memory.
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
      api.log.error("request_failed", {{"request_id", exchange->head.request_id},
                                       {"client", exchange->head.client},
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

#include "http/http_metrics.h"

#include <array>
#include <functional>
#include <string>
#include <utility>

namespace ringbook {
namespace {

constexpr std::array<double, 12> duration_bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                 0.01,   0.025,   0.05,   0.1,   0.5,    2.5};

}  // namespace

ConnectionCount::ConnectionCount(Metrics& metrics)
    : open_(metrics.gauge("ringbook_http_connections", "Open connections.")),
      opened_(metrics.counter("ringbook_http_connections_opened_total",
                              "Connections that were accepted.")) {}

void ConnectionCount::add(int by) {
  open_.add(by);
  if (by > 0) {
    opened_.add(static_cast<std::uint64_t>(by));
  }
}

HttpMetrics::HttpMetrics(Metrics& metrics)
    : connections(metrics),
      disagreements(metrics.counter(
          "ringbook_http_framing_disagreements_total",
          "Messages dropped because two readings of where they end did not agree.")),
      accept_errors(metrics.counter("ringbook_http_accept_errors_total",
                                    "Connections that could not be accepted.")),
      tls_failures(metrics.counter("ringbook_http_tls_failures_total",
                                   "Connections that ended because TLS failed.")),
      metrics_(metrics),
      durations_(metrics.histogram("ringbook_http_request_duration_seconds",
                                   "Time from the end of a request's head to its answer.",
                                   duration_bounds)) {
  // A rate over a series that begins with its first refusal would not see that one.
  for (const Fault fault :
       {Fault::bad_request, Fault::timeout, Fault::content_too_large, Fault::target_too_long,
        Fault::expectation_failed, Fault::head_too_large, Fault::not_implemented,
        Fault::version_not_supported}) {
    refusals(fault);
  }
}

std::size_t HttpMetrics::Hash::operator()(const Key& key) const {
  return std::hash<const char*>()(key.route) ^ (std::size_t{key.status} << 4U) ^
         std::to_underlying(key.method);
}

void HttpMetrics::count_answer(std::string_view route, Method method, std::uint16_t status,
                               std::chrono::steady_clock::duration took) {
  durations_.observe(std::chrono::duration<double>(took).count());
  Counter*& counter = answers_[Key{route.data(), method, status}];
  if (counter == nullptr) {
    counter = &metrics_.counter("ringbook_http_requests_total", "Requests answered.",
                                {{"route", std::string(route)},
                                 {"method", std::string(name_of(method))},
                                 {"status", std::to_string(status)}});
  }
  counter->add();
}

Counter& HttpMetrics::refusals(Fault fault) {
  return metrics_.counter("ringbook_http_refusals_total",
                          "Messages refused before the Api was asked.",
                          {{"reason", std::string(name_of(fault))}});
}

}  // namespace ringbook

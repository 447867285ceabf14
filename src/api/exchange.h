// One request between its head and its answer, and what all of them share.
//
// Invariants: 1. An exchange is answered at most once, by `respond`; one that is dropped gets no
// answer. 2. Exchanges that ended are kept for the next requests, with the memory of their texts,
// at most limits::spare_exchanges. 3. Exchanges may outlive their Api (the store still holds their
// replies); then they answer nobody, and the last one takes the shared state with it.
// Threads: the loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/api.h"
#include "api/problem.h"
#include "api/refusal_log.h"
#include "base/json.h"
#include "base/line_limit.h"
#include "base/process_figures.h"
#include "directory/directory.h"

namespace ringbook {

struct Route;
using Exchange = Api::Admitted;
using ExchangePtr = Api::AdmittedPtr;

struct Api::Impl {
  Settings settings;
  Directory& directory;
  Store& store;
  Authenticator& authenticator;
  Metrics& metrics;
  Log& log;
  const RouteTable& routes;
  RefusalLog refusals;
  LineLimit failure_lines;
  ProcessFigures process_figures;
  bool is_draining = false;
  // Bodies are parsed into it, one at a time.
  JsonDocument scratch{};

  std::vector<std::unique_ptr<Exchange>> spare{};
  std::size_t in_flight = 0;
  bool is_abandoned = false;

  // An exchange of its own for this head, which may go then.
  ExchangePtr begin(const Head& head, const Route& route, std::string_view parameter);
};

struct Api::Admitted {
  Impl* api = nullptr;
  const Route* route = nullptr;
  // What was sent, without what is used up by now: `path` and `authorization` are empty.
  Head head;
  std::string_view parameter;  // Of the path; "" when the route has none.
  // Filled when the token was good.
  std::optional<Administrator> administrator;
  // Who waits: first for the admission, then for the answer.
  OnAdmission on_admission;
  OnResponse on_response;

  // Needs an admitted exchange.
  Request request() const { return Request{*administrator, head.request_id}; }
  problem::Manner manner() const;
  // Fills `head` and `parameter` with copies that live as long as the exchange.
  void keep(const Head& sent, std::string_view parameter_of_path);
  void reset();

 private:
  std::string texts_;  // All that `head` and `parameter` show, one after the other.
};

// Answers.
void respond(ExchangePtr exchange, Response response);
// Answers what an error below means here; one that is our fault goes to the log with its detail.
void respond_error(ExchangePtr exchange, const Error& error);
// Answers the problems of the request itself.
void respond_invalid(ExchangePtr exchange, const Problems& problems);

// A reply that answers errors itself and gives values to `answer`, as
// `answer(ExchangePtr, T)`.
template <class T, class Answer>
Reply<T> reply_to(ExchangePtr exchange, Answer answer) {
  return Reply<T>(
      [exchange = std::move(exchange), answer = std::move(answer)](Result<T> result) mutable {
        if (!result) {
          return respond_error(std::move(exchange), result.error());
        }
        answer(std::move(exchange), *std::move(result));
      });
}

}  // namespace ringbook

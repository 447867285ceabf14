// The one table of what can be asked: which path, which method, which handler.
//
// Threads: any.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "api/exchange.h"
#include "api/message.h"

namespace ringbook {

// Answers anyone, at once, and never waits for a commit.
using OpenHandler = Response (*)(Api::Impl& api);
// Answers an administrator: the exchange carries the proof.
using AdministratorHandler = void (*)(ExchangePtr exchange, std::string_view body);

struct Route {
  Method method;
  // "{name}" stands for one segment of the path.
  std::string_view pattern;
  std::variant<OpenHandler, AdministratorHandler> handler;
};

std::span<const Route> all_routes();

// What `path` names. Paths match octet for octet after percent-encoded unreserved characters are
// decoded; so there are no dot segments and no trailing slashes. See: RFC 3986 §6.2.2.2.
class RouteMatch {
 public:
  // Lifetime: `path` outlives the match.
  explicit RouteMatch(std::string_view path);
  RouteMatch(const RouteMatch&) = delete;
  RouteMatch& operator=(const RouteMatch&) = delete;

  // Whether any route has this path.
  bool is_known() const { return first_ != nullptr; }
  // Needs a known path.
  std::string_view pattern() const { return first_->pattern; }
  // The segment that stands where the pattern has its name; "" where it has none.
  std::string_view parameter() const { return parameter_; }
  // Nothing when the path does not have this method. HEAD is there wherever GET is.
  const Route* find(Method method) const;
  // The methods of a known path, as an Allow field lists them.
  std::string allow() const;

 private:
  std::string decoded_;  // Empty when nothing had to be decoded.
  const Route* first_ = nullptr;
  std::string_view parameter_;
};

}  // namespace ringbook

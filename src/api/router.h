// Tables of what can be asked: which path, which method, with which body, and which handler
// answers.
//
// Threads: any.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "api/exchange.h"
#include "api/media_type.h"
#include "api/message.h"

namespace ringbook {

// Answers anyone, at once, and never waits for a commit.
using OpenHandler = Response (*)(Api::Impl& api, const Head& head);
// Answers an administrator: the exchange carries the proof, and what was in the head. `body` is of
// the kind that the route takes, "" when it takes none.
using AdministratorHandler = void (*)(ExchangePtr exchange, std::string_view body);

struct Route {
  Method method;
  // "{name}" stands for one segment of the path.
  std::string_view pattern;
  std::variant<OpenHandler, AdministratorHandler> handler;
  Content content = Content::none;
};

// Routes in the order in which a path is held against them: the first may be the one asked most.
class RouteTable {
 public:
  // Lifetime: `routes` outlive the table.
  explicit constexpr RouteTable(std::span<const Route> routes) : routes_(routes) {}

  const Route* begin() const { return routes_.data(); }
  const Route* end() const { return routes_.data() + routes_.size(); }

 private:
  std::span<const Route> routes_;
};

// What `path` names. Paths match octet for octet after percent-encoded unreserved characters are
// decoded; so there are no dot segments and no trailing slashes. See: RFC 3986 §6.2.2.2.
class RouteMatch {
 public:
  // Lifetime: `path` and `table` outlive the match.
  explicit RouteMatch(std::string_view path, const RouteTable& table = all_routes());
  RouteMatch(const RouteMatch&) = delete;
  RouteMatch& operator=(const RouteMatch&) = delete;

  // Whether any route has this path.
  bool is_known() const { return first_ != end_; }
  // "other" for an unknown path. A literal.
  std::string_view pattern() const { return is_known() ? first_->pattern : "other"; }
  // The segment that stands where the pattern has its name; "" where it has none.
  std::string_view parameter() const { return parameter_; }
  // Nothing when the path does not have this method. HEAD is there wherever GET is.
  const Route* find(Method method) const;
  // The methods of a known path, as an Allow field lists them.
  std::string allow() const;

 private:
  std::string decoded_;  // Empty when nothing had to be decoded.
  const Route* first_;   // Of those with this path, which all stand from here on.
  const Route* end_;
  std::string_view parameter_;
};

}  // namespace ringbook

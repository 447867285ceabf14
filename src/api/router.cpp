#include "api/router.h"

#include <algorithm>
#include <optional>

#include "api/routes.h"
#include "net/percent.h"

namespace ringbook {
namespace {

constexpr Route product[] = {
    {Method::put, "/user/update-rcextension", routes::update_extension, Content::json},
    {Method::get, "/v1/users", routes::list_users},
    {Method::get, "/v1/users/{userId}", routes::get_user},
    {Method::put, "/v1/users/{userId}", routes::put_user, Content::json},
    {Method::delete_, "/v1/users/{userId}", routes::delete_user},
    {Method::put, "/v1/users/{userId}/extension", routes::put_extension, Content::json},
    {Method::delete_, "/v1/users/{userId}/extension", routes::delete_extension},
    {Method::get, "/v1/users/{userId}/history", routes::get_user_history},
    {Method::get, "/v1/extensions/{extension}", routes::get_extension},
    {Method::get, "/v1/extensions/{extension}/history", routes::get_extension_history},
    {Method::get, "/healthz", routes::healthz},
    {Method::get, "/readyz", routes::readyz},
    {Method::get, "/metrics", routes::metrics},
    {Method::get, "/openapi.json", routes::openapi},
};

std::string decode_unreserved(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    const auto octet = encoded_octet(path);
    const bool is_decoded = octet && is_unreserved(*octet);
    out += is_decoded ? *octet : path.front();
    path.remove_prefix(is_decoded ? encoded_octet_chars : 1);
  }
  return out;
}

// The parameter ("" for a pattern without one) when `path` has this pattern.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path) {
  const std::size_t open = pattern.find('{');
  if (open == std::string_view::npos) {
    return path == pattern ? std::optional(std::string_view()) : std::nullopt;
  }
  const std::string_view before = pattern.substr(0, open);
  const std::string_view after = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
      !path.ends_with(after)) {
    return std::nullopt;
  }
  const std::string_view segment =
      path.substr(before.size(), path.size() - before.size() - after.size());
  const bool is_one_segment = !segment.contains('/') && segment != "." && segment != "..";
  return is_one_segment ? std::optional(segment) : std::nullopt;
}

}  // namespace

const RouteTable& all_routes() {
  static constexpr RouteTable table(product);
  return table;
}

RouteMatch::RouteMatch(std::string_view path, const RouteTable& table)
    : first_(table.begin()), end_(table.end()) {
  if (path.contains('%')) {
    decoded_ = decode_unreserved(path);
    path = decoded_;
  }
  for (; first_ != end_; ++first_) {
    if (const auto parameter = match(first_->pattern, path)) {
      parameter_ = *parameter;
      return;
    }
  }
}

const Route* RouteMatch::find(Method method) const {
  const Method wanted = method == Method::head ? Method::get : method;
  const Route* const found = std::find_if(first_, end_, [&](const Route& route) {
    return route.method == wanted && (&route == first_ || route.pattern == first_->pattern);
  });
  return found == end_ ? nullptr : found;
}

std::string RouteMatch::allow() const {
  std::string out;
  std::for_each(first_, end_, [&](const Route& route) {
    if (route.pattern == pattern()) {
      out += name_of(route.method);
      out += route.method == Method::get ? ", HEAD, " : ", ";
    }
  });
  out += name_of(Method::options);
  return out;
}

}  // namespace ringbook

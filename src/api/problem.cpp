#include "api/problem.h"

#include <algorithm>
#include <utility>

#include "api/conditions.h"
#include "api/render.h"
#include "base/check.h"
#include "base/json.h"
#include "base/limits.h"

namespace ringbook {
namespace {

std::string_view name_of(ProblemCode code) {
  switch (code) {
    case ProblemCode::malformed_json: return "MALFORMED_JSON";
    case ProblemCode::duplicate_name: return "DUPLICATE_NAME";
    case ProblemCode::required: return "REQUIRED";
    case ProblemCode::invalid_type: return "INVALID_TYPE";
    case ProblemCode::invalid_format: return "INVALID_FORMAT";
    case ProblemCode::unsupported_media_type: return "UNSUPPORTED_MEDIA_TYPE";
    case ProblemCode::unknown_parameter: return "UNKNOWN_PARAMETER";
  }
  std::unreachable();
}

// A whole answer without anything of this request in it.
Response literal(std::uint16_t status, std::string_view body) {
  return json_response(status, Body::literal(body));
}

// The published body of 400. Under /v1 the fault need not be in a body, so its message does not say
// so; the code is the same.
std::string_view validation_error(problem::Surface surface) {
  switch (surface) {
    case problem::Surface::documented:
      return R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request body"}})";
    case problem::Surface::own:
      return R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request"}})";
  }
  std::unreachable();
}

// `envelope` with one more member at the end of its error object.
std::string with_member(std::string_view envelope, std::string_view name, std::string_view value) {
  std::string out(envelope.substr(0, envelope.size() - 2));
  out += ",\"";
  out += name;
  out += "\":";
  out += value;
  out += "}}";
  return out;
}

void append_problem(std::string& out, std::string_view path, std::string_view code,
                    std::string_view message) {
  out += R"({"path":)";
  append_json_string(out, path);
  out += R"(,"code":")";
  out += code;
  out += R"(","message":)";
  append_json_string(out, message);
}

std::string conflict_details(std::string_view path, const Conflict& conflict) {
  const std::string holder = conflict.holder.text();
  std::string out = "[";
  append_problem(out, path, "EXTENSION_IN_USE",
                 "Extension " + conflict.wanted.text() + " is assigned to " +
                     conflict.holder_name.value_or("user " + holder) + ".");
  out += R"(,"conflict":{"userId":")" + holder + R"(","name":)";
  append_json_or_null(out, conflict.holder_name);
  out += R"(,"since":")" + to_rfc3339(conflict.since) + R"("},"suggestions":[)";
  for (const Extension& suggestion : conflict.suggestions) {
    if (out.back() != '[') {
      out += ',';
    }
    out += '"' + suggestion.text() + '"';
  }
  out += "]}]";
  return out;
}

}  // namespace

void Problems::add(Problem problem) {
  const bool is_known = std::ranges::any_of(list_, [&](const Problem& known) {
    return known.path == problem.path && known.code == problem.code;
  });
  if (!is_known && list_.size() < limits::problems) {
    list_.push_back(std::move(problem));
  }
}

void Problems::add(std::string_view path, ProblemCode code, std::string_view message) {
  add(Problem{std::string(path), code, std::string(message)});
}

namespace problem {

Response path_not_found() {
  return literal(404, R"({"error":{"code":"NOT_FOUND","message":"Resource not found"}})");
}

Response method_not_allowed(std::string allow) {
  Response response =
      literal(405, R"({"error":{"code":"METHOD_NOT_ALLOWED","message":"Method not allowed"}})");
  response.fields.add("Allow", std::move(allow));
  return response;
}

Response unauthorized(Challenge challenge) {
  Response response =
      literal(401, R"({"error":{"code":"UNAUTHORIZED",)"
                   R"("message":"Missing or invalid token or insufficient permissions"}})");
  std::string value = R"(Bearer realm="ringbook")";
  switch (challenge) {
    case Challenge::no_token: break;
    case Challenge::invalid_token: value += R"(, error="invalid_token")"; break;
    case Challenge::insufficient_scope: value += R"(, error="insufficient_scope")"; break;
  }
  response.fields.add("WWW-Authenticate", std::move(value));
  return response;
}

Response user_not_found() {
  return literal(404, R"({"error":{"code":"USER_NOT_FOUND","message":"User not found"}})");
}

Response invalid(Manner manner, const Problems& problems) {
  check(!problems.empty(), "a refusal has a reason");
  const std::string_view envelope = validation_error(manner.surface);
  if (!manner.with_details) {
    return literal(400, envelope);
  }
  std::string details = "[";
  for (const Problem& each : problems.list()) {
    if (details.size() > 1) {
      details += ',';
    }
    append_problem(details, each.path, name_of(each.code), each.message);
    details += '}';
  }
  details += ']';
  return json_response(400, with_member(envelope, "details", details));
}

Response extension_in_use(Manner manner, const Conflict& conflict) {
  const bool is_documented = manner.surface == Surface::documented;
  const std::uint16_t status = is_documented ? 400 : 409;
  const std::string_view envelope =
      is_documented ? validation_error(manner.surface)
                    : R"({"error":{"code":"EXTENSION_IN_USE","message":"Extension is in use"}})";
  if (!manner.with_details) {
    return literal(status, envelope);
  }
  const std::string_view path = is_documented ? "payload.rcExtension" : "rcExtension";
  return json_response(status, with_member(envelope, "details", conflict_details(path, conflict)));
}

Response read_only(Manner manner, std::string_view member) {
  const std::string_view envelope =
      R"({"error":{"code":"READ_ONLY","message":"A read-only member differs"}})";
  if (!manner.with_details) {
    return literal(409, envelope);
  }
  std::string details = "[";
  append_problem(details, member, "READ_ONLY",
                 "This member cannot be written here; leave it out or send its present value.");
  details += "}]";
  return json_response(409, with_member(envelope, "details", details));
}

Response precondition_failed(Manner manner, std::string_view details,
                             const std::optional<User>& current,
                             const std::optional<LastChange>& last_change) {
  std::string body = R"({"error":{"code":"PRECONDITION_FAILED","message":"Precondition failed"}})";
  if (manner.with_details) {
    body = with_member(body, "details", details);
  }
  std::string shown = "null";
  if (current) {
    shown = render::user(*current);
    if (last_change) {
      shown.pop_back();
      shown += R"(,"lastChange":)";
      render::append_last_change(shown, *last_change);
      shown += '}';
    }
  }
  Response response = json_response(412, with_member(body, "current", shown));
  if (current) {
    response.fields.add("ETag", entity_tag(current->version));
  }
  return response;
}

Response not_ready(std::span<const std::string> reasons) {
  std::string body = R"({"status":"not ready","reasons":)";
  append_json_strings(body, reasons);
  return json_response(503, body + "}");
}

namespace {

Response server_error() {
  return literal(500, R"({"error":{"code":"SERVER_ERROR","message":"Internal server error"}})");
}

// Nothing was changed and later it may go through. The documented page has no answer for that but
// 500.
Response try_later(Surface surface) {
  switch (surface) {
    case Surface::documented: return server_error();
    case Surface::own: {
      Response response = literal(
          503, R"({"error":{"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}})");
      response.fields.add("Retry-After", "1");
      return response;
    }
  }
  std::unreachable();
}

}  // namespace

Response of_error(Surface surface, Errc code) {
  switch (code) {
    case Errc::invalid: return literal(400, validation_error(surface));
    case Errc::not_found: return user_not_found();
    case Errc::unauthenticated: return unauthorized(Challenge::no_token);
    case Errc::not_permitted: return unauthorized(Challenge::insufficient_scope);
    case Errc::read_only:
      return literal(
          409,
          R"({"error":{"code":"READ_ONLY","message":"People are made and removed by another program"}})");
    case Errc::overloaded:
    case Errc::no_space: return try_later(surface);
    case Errc::unavailable:
    case Errc::locked:
    case Errc::damaged:
    case Errc::newer:
    case Errc::usage:
    case Errc::internal: return server_error();
  }
  std::unreachable();
}

Response of_transport(std::uint16_t status) {
  switch (status) {
    case 400:
      return literal(400, R"({"error":{"code":"BAD_REQUEST","message":"Malformed HTTP request"}})");
    case 408:
      return literal(408, R"({"error":{"code":"REQUEST_TIMEOUT","message":"Request timeout"}})");
    case 413:
      return literal(413,
                     R"({"error":{"code":"CONTENT_TOO_LARGE","message":"Content too large"}})");
    case 414: return literal(414, R"({"error":{"code":"URI_TOO_LONG","message":"URI too long"}})");
    case 417:
      return literal(417,
                     R"({"error":{"code":"EXPECTATION_FAILED","message":"Expectation failed"}})");
    case 431:
      return literal(431, R"({"error":{"code":"HEADER_FIELDS_TOO_LARGE",)"
                          R"("message":"Request header fields too large"}})");
    case 501:
      return literal(501, R"({"error":{"code":"NOT_IMPLEMENTED","message":"Not implemented"}})");
    case 505:
      return literal(505, R"({"error":{"code":"HTTP_VERSION_NOT_SUPPORTED",)"
                          R"("message":"HTTP version not supported"}})");
  }
  check(false, "http/ refuses with one of its statuses");
  std::unreachable();
}

}  // namespace problem
}  // namespace ringbook

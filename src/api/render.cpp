#include "api/render.h"

#include <string_view>
#include <vector>

#include "base/json.h"

namespace ringbook::render {
namespace {

// What a user usually takes, so that the text need not move while it grows.
constexpr std::size_t usual_user_octets = 384;

// Values that never need an escape.
void append_quoted(std::string& out, std::string_view plain) {
  out += '"';
  out += plain;
  out += '"';
}

void append(std::string& out, const std::optional<Extension>& extension) {
  if (extension) {
    append_quoted(out, extension->text());
  } else {
    out += "null";
  }
}

void append(std::string& out, const std::optional<Instant>& instant) {
  if (instant) {
    append_quoted(out, to_rfc3339(*instant));
  } else {
    out += "null";
  }
}

void append(std::string& out, const User& user) {
  out.reserve(out.size() + usual_user_octets);
  out += R"({"userId":)";
  append_quoted(out, user.id.text());
  out += R"(,"name":)";
  append_json_or_null(out, user.profile.name);
  out += R"(,"email":)";
  append_json_or_null(out, user.profile.email);
  out += R"(,"department":)";
  append_json_or_null(out, user.profile.department);
  out += R"(,"role":)";
  append_json_string(out, std::string_view(user.profile.role));
  out += user.profile.active ? R"(,"active":true)" : R"(,"active":false)";
  out += R"(,"personalInformation":{"rcExtension":)";
  append(out, user.extension);
  out += R"(},"version":)";
  out += std::to_string(user.version);
  out += R"(,"updatedAt":)";
  append_quoted(out, to_rfc3339(user.updated_at));
  out += '}';
}

// Who made a change, by which request, and with which others.
void append_cause(std::string& out, const UserHistoryRow& row) {
  out += R"(,"by":)";
  append_actor(out, row.issuer, row.subject);
  out += R"(,"requestId":)";
  append_json_string(out, std::string_view(row.request_id));
  out += R"(,"changeSetId":)";
  append_quoted(out, std::to_string(row.set));
}

void append(std::string& out, const UserHistoryRow& row) {
  out += R"({"at":)";
  append(out, std::optional(row.at));
  out += R"(,"from":)";
  append(out, row.from);
  out += R"(,"to":)";
  append(out, row.to);
  append_cause(out, row);
  out += '}';
}

void append(std::string& out, const ExtensionHistoryRow& row) {
  out += R"({"userId":)";
  append_quoted(out, row.user.text());
  out += R"(,"name":)";
  append_json_or_null(out, row.name);
  out += R"(,"from":)";
  append(out, std::optional(row.from));
  out += R"(,"to":)";
  append(out, row.to);
  out += '}';
}

template <class Row>
std::string page_of(const std::vector<Row>& rows, const std::optional<std::string>& next) {
  std::string out = R"({"data":[)";
  bool is_first = true;
  for (const Row& row : rows) {
    if (!is_first) {
      out += ',';
    }
    is_first = false;
    append(out, row);
  }
  out += R"(],"next":)";
  append_json_or_null(out, next);
  out += '}';
  return out;
}

void append(std::string& out, const UserHolding& holding) {
  const UserHistoryRow& given = holding.given;
  out += R"({"rcExtension":)";
  append(out, given.to);
  out += R"(,"from":)";
  append(out, std::optional(given.at));
  out += R"(,"to":)";
  append(out, holding.to);
  append_cause(out, given);
  out += '}';
}

// The last members of what was so at a moment.
template <class Holding>
void append_holding(std::string& out, const HoldingAt<Holding>& found) {
  out += R"(,"at":)";
  append(out, std::optional(found.at));
  out += R"(,"holding":)";
  if (found.holding) {
    append(out, *found.holding);
  } else {
    out += "null";
  }
  out += '}';
}

}  // namespace

// A token need not name its issuer.
void append_actor(std::string& out, const std::string& issuer, const std::string& subject) {
  out += R"({"issuer":)";
  append_json_or_null(out, issuer.empty() ? std::nullopt : std::optional(issuer));
  out += R"(,"subject":)";
  append_json_string(out, std::string_view(subject));
  out += '}';
}

std::string user(const User& user) {
  std::string out;
  append(out, user);
  return out;
}

std::string users(const UserPage& page, const std::optional<std::string>& next) {
  return page_of(page.users, next);
}

std::string user_history(const UserHistoryPage& page, const std::optional<std::string>& next) {
  return page_of(page.rows, next);
}

std::string extension_history(const ExtensionHistoryPage& page,
                              const std::optional<std::string>& next) {
  return page_of(page.rows, next);
}

std::string user_holding(UserId user, const UserHoldingAt& found) {
  std::string out = R"({"userId":)";
  append_quoted(out, user.text());
  append_holding(out, found);
  return out;
}

std::string extension_holding(Extension extension, const ExtensionHoldingAt& found) {
  std::string out = R"({"rcExtension":)";
  append_quoted(out, extension.text());
  append_holding(out, found);
  return out;
}

std::string extension(const Extension& extension, const ExtensionState& state) {
  std::string out = R"({"rcExtension":)";
  append_quoted(out, extension.text());
  if (state.holder) {
    out += R"(,"state":"IN_USE","holder":{"userId":)";
    append_quoted(out, state.holder->text());
    out += R"(,"name":)";
    append_json_or_null(out, state.holder_name);
    out += '}';
  } else {
    out += R"(,"state":"FREE","holder":null)";
  }
  out += R"(,"since":)";
  append(out, state.since);
  out += '}';
  return out;
}

void append_last_change(std::string& out, const LastChange& change) {
  out += R"({"at":)";
  append(out, std::optional(change.at));
  out += R"(,"by":)";
  append_actor(out, change.issuer, change.subject);
  out += '}';
}

}  // namespace ringbook::render

#include "cli/client.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "cli/console.h"
#include "cli/profile.h"
#include "directory/user.h"
#include "net/percent.h"

namespace ringbook {
namespace {

std::string text_of(const JsonDocument::Value& object, std::string_view name) {
  return optional_text(object, name).value_or("");
}

constexpr double exact_integers = 9007199254740992.0;  // 2^53

std::unexpected<Error> no_progress() {
  return fail(Errc::unavailable,
              "the server's list does not go on in order, so it might never end");
}

// "Extension 1234 is assigned to Grace Hopper. Free numbers nearby: 1235, 1236."
std::string sentence_of(const JsonDocument::Value& detail) {
  std::string out;
  const auto conflict = detail.find("conflict");
  // A conflict, and a change that came before, are told by whole sentences.
  const bool is_told = conflict || detail.find("changedBy");
  if (const std::string path = text_of(detail, "path"); !path.empty() && !is_told) {
    out = path + ": ";
  }
  out += text_of(detail, "message");
  const auto suggestions = detail.find("suggestions");
  if (!suggestions || suggestions->size() == 0) {
    return out;
  }
  out += " Free numbers nearby: ";
  for (auto number = suggestions->first(); number; number = number->next()) {
    if (number->is(JsonType::string)) {
      out += std::string(number->string()) + (number->next() ? ", " : ".");
    }
  }
  return out;
}

std::string sentences_of(const JsonDocument::Value& error) {
  std::string out;
  if (const auto details = error.find("details"); details && details->is(JsonType::array)) {
    for (auto detail = details->first(); detail; detail = detail->next()) {
      out += (out.empty() ? "" : "\n") + sentence_of(*detail);
    }
  }
  return out.empty() ? text_of(error, "message") : out;
}

// A server's own trouble against a request that it refuses: the two classes of RFC 9110 §15.
Errc errc_of(const Answer& answer, std::string_view code) {
  if (answer.status / 100 == 5) {
    return Errc::unavailable;
  }
  return code.ends_with("NOT_FOUND") ? Errc::not_found : Errc::invalid;
}

bool is_success(const Answer& answer) {
  return answer.status / 100 == 2;
}

void append_number(std::string& out, double number) {
  if (std::trunc(number) == number && std::abs(number) < exact_integers) {
    out += std::to_string(static_cast<std::int64_t>(number));
    return;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.17g", number);
  out += text.data();
}

void append_children(std::string& out, const JsonDocument::Value& value, bool with_names) {
  for (auto child = value.first(); child; child = child->next()) {
    if (with_names) {
      append_json_string(out, child->name());
      out += ':';
    }
    append_json(out, *child);
    if (child->next()) {
      out += ',';
    }
  }
}

}  // namespace

std::unexpected<Error> not_ours() {
  return fail(Errc::unavailable, "the answer is not one of Ringbook's; is that its address?");
}

Result<UserView> read_user(const JsonDocument::Value& value) {
  UserView out;
  out.id = text_of(value, "userId");
  out.name = optional_text(value, "name");
  out.email = optional_text(value, "email");
  out.department = optional_text(value, "department");
  out.role = text_of(value, "role");
  const auto active = value.find("active");
  const auto personal = value.find("personalInformation");
  if (!UserId::parse(out.id) || !active || !active->is(JsonType::boolean) || !personal) {
    return not_ours();
  }
  out.active = active->boolean();
  out.extension = optional_text(*personal, "rcExtension");
  if (const auto version = value.find("version"); version && version->is(JsonType::number)) {
    if (version->number() < 0 || version->number() >= exact_integers) {
      return not_ours();
    }
    out.version = static_cast<std::uint64_t>(version->number());
  }
  out.updated_at = text_of(value, "updatedAt");
  // Whoever answers: what goes to a terminal or a file is what a directory may hold.
  if (problem_of(profile_of(out)) || (out.extension && !Extension::parse(*out.extension)) ||
      has_control_characters(out.updated_at)) {
    return not_ours();
  }
  return out;
}

Result<UserView> read_user(const Answer& answer) {
  JsonDocument document;
  if (!document.parse(answer.body)) {
    return not_ours();
  }
  return read_user(document.root());
}

std::string code_of(const Answer& answer) {
  JsonDocument document;
  if (is_success(answer) || !document.parse(answer.body)) {
    return {};
  }
  const auto error = document.root().find("error");
  return error ? text_of(*error, "code") : std::string();
}

Result<Answer> accepted(Result<Answer> answer) {
  if (!answer || is_success(*answer)) {
    return answer;
  }
  JsonDocument document;
  if (!document.parse(answer->body)) {
    return not_ours();
  }
  const auto error = document.root().find("error");
  if (!error) {
    return not_ours();
  }
  return fail(errc_of(*answer, text_of(*error, "code")), sentences_of(*error));
}

Console* program_of(const Context& context, bool json) {
  return json ? &context.console : nullptr;
}

Result<Answer> accepted_write(Result<Answer> answer, const std::string& user, Console* program) {
  const std::string code = answer ? code_of(*answer) : "";
  const bool is_stale = code == "PRECONDITION_FAILED";
  if (program != nullptr && !code.empty()) {
    program->print(answer->body + "\n");
  }
  auto result = accepted(std::move(answer));
  if (is_stale && !result) {
    result.error().detail +=
        "\nnothing was changed; `ringbook user show " + user + "` shows the present version";
  }
  return result;
}

Result<std::string> resolve_user(Transport& transport, const std::string& user) {
  if (UserId::parse(user)) {
    return ascii_lower(user);
  }
  std::string query;
  append_parameter(query, "email", user);
  Pages pages = user_pages(transport, query);
  std::vector<std::string> ids;
  while (ids.size() <= limits::ids_shown) {
    const auto page = pages.next();
    if (!page) {
      return std::unexpected(page.error());
    }
    if (!*page) {
      break;
    }
    for (auto row = (*page)->first(); row; row = row->next()) {
      ids.push_back(read_user(*row)->id);
    }
  }
  if (ids.empty()) {
    return fail(Errc::not_found, in_quotes(user) +
                                     " is neither a user id (24 hexadecimal digits) nor the "
                                     "e-mail of anybody; `ringbook user list` shows all");
  }
  if (ids.size() > 1) {
    std::string detail = in_quotes(user) + " is the e-mail of several; give one of these ids:";
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i == limits::ids_shown) {
        detail += "\n  and more; `ringbook user list --email` shows all";
        break;
      }
      detail += "\n  " + ids[i];
    }
    return fail(Errc::invalid, detail);
  }
  return ids.front();
}

Result<Target> open_target(const Settings& settings, const std::string& os_user,
                           const std::string& user) {
  auto transport = open_transport(settings, os_user, DataFolder::Missing::refuse);
  if (!transport) {
    return std::unexpected(std::move(transport.error()));
  }
  auto id = resolve_user(**transport, user);
  if (!id) {
    return std::unexpected(std::move(id.error()));
  }
  return Target{*std::move(transport), *std::move(id)};
}

Result<std::string> delete_below_user(const Context& context, const UserArguments& arguments,
                                      std::string_view below) {
  auto target = open_target(context.settings, context.os_user, arguments.user);
  if (!target) {
    return std::unexpected(std::move(target.error()));
  }
  const auto answer =
      accepted_write(target->transport->ask({.method = Method::delete_,
                                             .path = user_path(target->id) + std::string(below),
                                             .if_match = tag_of(arguments.if_version)}),
                     target->id, program_of(context, arguments.json));
  if (!answer) {
    return std::unexpected(answer.error());
  }
  if (answer->status != status_no_content) {
    return not_ours();
  }
  return std::move(target->id);
}

std::string user_path(std::string_view id) {
  return "/v1/users/" + std::string(id);
}

std::optional<std::string> optional_text(const JsonDocument::Value& object, std::string_view name) {
  const auto member = object.find(name);
  if (!member || !member->is(JsonType::string)) {
    return std::nullopt;
  }
  return std::string(member->string());
}

std::string tag_of(std::optional<std::uint64_t> version) {
  return version ? '"' + std::to_string(*version) + '"' : "";
}

std::string actor_of(const JsonDocument::Value& object) {
  const std::string issuer = text_of(object, "issuer");
  return text_of(object, "subject") + (issuer.empty() ? "" : " of " + issuer);
}

Result<void> print_joined(Console& console, Pages& pages) {
  std::string out = R"({"data":[)";
  std::string_view separator = "\n";
  auto page = pages.next();
  for (; page && *page; page = pages.next()) {
    for (auto value = (*page)->first(); value; value = value->next()) {
      out += separator;
      append_json(out, *value);
      separator = ",\n";
    }
    console.print(out);
    out.clear();
  }
  if (!page) {
    return std::unexpected(page.error());
  }
  console.print("\n],\"next\":null}\n");
  return {};
}

Result<void> print_table(Console& console, Pages& pages, Table table, AddRow add) {
  auto page = pages.next();
  for (; page && *page; page = pages.next()) {
    for (auto row = (*page)->first(); row; row = row->next()) {
      add(table, *row);
    }
    table.flush(console);
  }
  return page ? Result<void>{} : std::unexpected(page.error());
}

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
  query += (query.empty() ? "" : "&") + std::string(name) + "=";
  append_percent_encoded(query, value);
}

Result<std::optional<JsonDocument::Value>> Pages::next() {
  if (is_done_) {
    return std::nullopt;
  }
  std::string query = query_;
  if (!cursor_.empty()) {
    append_parameter(query, "cursor", cursor_);
  }
  const auto answer = accepted(transport_.ask(
      {.path = path_, .query = std::move(query), .body = {}, .if_match = {}, .if_none_match = {}}));
  if (!answer) {
    return std::unexpected(answer.error());
  }
  if (!document_.parse(answer->body)) {
    return not_ours();
  }
  const auto data = document_.root().find("data");
  if (!data || !data->is(JsonType::array)) {
    return not_ours();
  }
  version_ = answer->ringbook_version;
  const std::string cursor = text_of(document_.root(), "next");
  is_done_ = cursor.empty();
  if (!is_done_ && (data->size() == 0 || cursor == cursor_)) {
    return no_progress();
  }
  cursor_ = cursor;
  for (auto row = data->first(); check_ && row; row = row->next()) {
    if (auto checked = check_(*row); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
  }
  return data;
}

Pages user_pages(Transport& transport, std::string query) {
  auto check = [last = std::optional<UserId>(),
                count = std::uint64_t{0}](const JsonDocument::Value& row) mutable -> Result<void> {
    const auto user = read_user(row);
    if (!user) {
      return std::unexpected(user.error());
    }
    const auto id = UserId::parse(user->id);
    if ((last && *id <= *last) || ++count > limits::users) {
      return no_progress();
    }
    last = id;
    return {};
  };
  return {transport, "/v1/users", std::move(query), std::move(check)};
}

std::string display_name(const UserView& user) {
  return user.name && !user.name->empty() ? *user.name + " (" + user.id + ")" : user.id;
}

void append_json(std::string& out, const JsonDocument::Value& value) {
  switch (value.type()) {
    case JsonType::null: out += "null"; return;
    case JsonType::boolean: out += value.boolean() ? "true" : "false"; return;
    case JsonType::number: append_number(out, value.number()); return;
    case JsonType::string: append_json_string(out, value.string()); return;
    case JsonType::array:
      out += '[';
      append_children(out, value, false);
      out += ']';
      return;
    case JsonType::object:
      out += '{';
      append_children(out, value, true);
      out += '}';
      return;
  }
}

}  // namespace ringbook

// Who holds a number, who held it, and what a person held.
#include "base/json.h"
#include "base/limits.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "directory/extension.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

std::string cell(const Value& row, std::string_view name, const char* none = "-") {
  return optional_text(row, name).value_or(none);
}

std::string who_did(const Value& row) {
  const auto by = row.find("by");
  return by ? actor_of(*by) : "-";
}

// "Ada Lovelace (64b7…)"
std::string person_of(const Value& object) {
  UserView user;
  user.id = cell(object, "userId");
  user.name = optional_text(object, "name");
  return display_name(user);
}

// "from 2026-11-02T10:00:00.000Z to 2026-11-03T10:00:00.000Z", or "since …".
std::string period_of(const Value& holding) {
  const auto to = optional_text(holding, "to");
  return to ? "from " + cell(holding, "from") + " to " + *to : "since " + cell(holding, "from");
}

void add_change(Table& table, const Value& row) {
  table.add(
      {cell(row, "at"), cell(row, "from"), cell(row, "to"), who_did(row), cell(row, "requestId")});
}

void add_holding(Table& table, const Value& row) {
  table.add({cell(row, "from"), cell(row, "to", "now"), cell(row, "userId"), cell(row, "name")});
}

CommandResult done_unless(const Result<void>& result) {
  return result ? CommandResult(ExitCode::done) : std::unexpected(result.error());
}

// Asks and prints the answer, which names what it is about in the member `about`.
CommandResult show(const Context& context, Transport& transport, const Question& question,
                   std::string_view about, bool json, std::string (*sentence)(const Value&)) {
  const auto answer = accepted(transport.ask(question));
  if (!answer) {
    return std::unexpected(answer.error());
  }
  JsonDocument document;
  if (!document.parse(answer->body) || !optional_text(document.root(), about)) {
    return not_ours();
  }
  context.console.print((json ? answer->body : printable(sentence(document.root()))) + "\n");
  return ExitCode::done;
}

std::string sentence_of_user(const Value& answer) {
  const std::string who = cell(answer, "userId");
  const auto holding = answer.find("holding");
  if (!holding || !holding->is(JsonType::object)) {
    return who + " held no number at " + cell(answer, "at");
  }
  return who + " held " + cell(*holding, "rcExtension") + " at " + cell(answer, "at") + ": " +
         period_of(*holding) + ", given by " + who_did(*holding);
}

std::string sentence_of_number(const Value& answer) {
  const std::string number = cell(answer, "rcExtension");
  const auto holding = answer.find("holding");
  if (!holding || !holding->is(JsonType::object)) {
    return "nobody held " + number + " at " + cell(answer, "at");
  }
  return person_of(*holding) + " held " + number + " at " + cell(answer, "at") + ": " +
         period_of(*holding);
}

std::string sentence_of_state(const Value& answer) {
  const std::string number = cell(answer, "rcExtension");
  const auto holder = answer.find("holder");
  if (!holder || !holder->is(JsonType::object)) {
    return number + " is free";
  }
  return person_of(*holder) + " has " + number + " since " + cell(answer, "since");
}

// Errors: invalid, so that what is no number is never a path of its own.
Result<std::string> extension_path(const std::string& extension) {
  if (!Extension::parse(extension)) {
    return fail(Errc::invalid, in_quotes(extension) + " is no number: 2 to 10 digits");
  }
  return "/v1/extensions/" + extension;
}

std::string query_of(const HistoryArguments& arguments) {
  std::string query;
  if (arguments.at) {
    append_parameter(query, "at", *arguments.at);
  } else {
    append_parameter(query, "limit", std::to_string(limits::page_rows_max));
  }
  return query;
}

// One of the two histories.
struct HistoryKind {
  std::string path;
  std::string_view about;                 // See `show`.
  std::string (*sentence)(const Value&);  // Of what was so at a moment.
  std::vector<std::string> headings;      // Of all of it.
  AddRow add_row;
};

CommandResult show_history(const Context& context, Transport& transport,
                           const HistoryArguments& arguments, const HistoryKind& kind) {
  const std::string query = query_of(arguments);
  if (arguments.at) {
    return show(context, transport, {.path = kind.path, .query = query}, kind.about, arguments.json,
                kind.sentence);
  }
  Pages pages(transport, kind.path, query);
  return done_unless(arguments.json
                         ? print_joined(context.console, pages)
                         : print_table(context.console, pages, Table(kind.headings), kind.add_row));
}

}  // namespace

CommandResult run_user_history(const Context& context, const HistoryArguments& arguments) {
  const auto target = open_target(context.settings, context.os_user, arguments.subject);
  if (!target) {
    return std::unexpected(target.error());
  }
  return show_history(context, *target->transport, arguments,
                      {.path = user_path(target->id) + "/history",
                       .about = "userId",
                       .sentence = sentence_of_user,
                       .headings = {"AT", "FROM", "TO", "BY", "REQUEST"},
                       .add_row = add_change});
}

CommandResult run_number_history(const Context& context, const HistoryArguments& arguments) {
  const auto path = extension_path(arguments.subject);
  if (!path) {
    return std::unexpected(path.error());
  }
  const auto transport =
      open_transport(context.settings, context.os_user, DataFolder::Missing::refuse);
  if (!transport) {
    return std::unexpected(transport.error());
  }
  return show_history(context, **transport, arguments,
                      {.path = *path + "/history",
                       .about = "rcExtension",
                       .sentence = sentence_of_number,
                       .headings = {"FROM", "TO", "USER ID", "NAME"},
                       .add_row = add_holding});
}

CommandResult run_number_show(const Context& context, const NumberArguments& arguments) {
  const auto path = extension_path(arguments.extension);
  if (!path) {
    return std::unexpected(path.error());
  }
  const auto transport =
      open_transport(context.settings, context.os_user, DataFolder::Missing::refuse);
  if (!transport) {
    return std::unexpected(transport.error());
  }
  return show(context, **transport, {.path = *path}, "rcExtension", arguments.json,
              sentence_of_state);
}

}  // namespace ringbook

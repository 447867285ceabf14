// The verbs on people: each is one or two requests to the Api.
#include "base/clock.h"
#include "base/limits.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/profile.h"
#include "directory/user_id.h"

namespace ringbook {
namespace {

using Missing = DataFolder::Missing;

void print_user(const Context& context, const UserView& user) {
  const auto line = [&](std::string_view label, const std::string& value) {
    std::string padded(label);
    padded.resize(12, ' ');
    context.console.print(padded + printable(value) + "\n");
  };
  line("user id", user.id);
  line("extension", user.extension.value_or("-"));
  line("name", user.name.value_or("-"));
  line("e-mail", user.email.value_or("-"));
  line("department", user.department.value_or("-"));
  line("role", user.role);
  line("active", user.active ? "yes" : "no");
  line("version", std::to_string(user.version));
  line("changed", user.updated_at);
}

void add_row(Table& table, const JsonDocument::Value& row) {
  const UserView user = *read_user(row);
  table.add({user.id, user.extension.value_or("-"), user.name.value_or("-"),
             user.email.value_or("-"), user.department.value_or("-"), user.role,
             user.active ? "yes" : "no"});
}

// A user's answer, as it came or for people.
CommandResult show(const Context& context, const Answer& answer, bool json) {
  const auto user = read_user(answer);
  if (!user) {
    return std::unexpected(user.error());
  }
  if (json) {
    context.console.print(answer.body + "\n");
  } else {
    print_user(context, *user);
  }
  return ExitCode::done;
}

// Reads the user, lays the arguments over the profile and writes it on the condition that nobody
// has changed it meanwhile; if somebody has, again. With a version given, only on that one.
Result<Answer> edit_until_written(Transport& transport, const std::string& id,
                                  const UserEditArguments& arguments, Console* program) {
  const bool insists = arguments.if_version.has_value();
  Result<Answer> written = fail(Errc::internal);
  for (int attempt = 0; attempt < limits::client_attempts; ++attempt) {
    const auto present = accepted(transport.ask({.path = user_path(id)}));
    if (!present) {
      return present;
    }
    const auto user = read_user(*present);
    if (!user) {
      return std::unexpected(user.error());
    }
    const auto body = profile_body(overlaid(profile_of(*user), arguments.profile));
    written = transport.ask({.method = Method::put,
                             .path = user_path(id),
                             .body = body,
                             .if_match = insists ? tag_of(arguments.if_version) : present->etag});
    if (!written || insists || code_of(*written) != "PRECONDITION_FAILED") {
      break;
    }
  }
  return accepted_write(std::move(written), id, program);
}

}  // namespace

CommandResult run_user_add(const Context& context, const UserAddArguments& arguments) {
  if (auto checked = check_texts(arguments.profile); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  const std::string id = arguments.id.value_or(UserId::make(SystemClock().now()).text());
  if (!UserId::parse(id)) {
    return fail(Errc::invalid, "--id: " + in_quotes(id) + " is no user id: 24 hexadecimal digits");
  }
  const auto transport = open_transport(context.settings, context.os_user, Missing::create);
  if (!transport) {
    return std::unexpected(transport.error());
  }
  const auto answer = (*transport)
                          ->ask({.method = Method::put,
                                 .path = user_path(id),
                                 .body = profile_body(overlaid({}, arguments.profile)),
                                 .if_none_match = "*"});
  const auto added = accepted_write(answer, id, program_of(context, arguments.json));
  if (answer && code_of(*answer) == "PRECONDITION_FAILED") {
    return fail(Errc::invalid, "user " + id + " exists already; `ringbook user edit` changes it");
  }
  if (!added) {
    return std::unexpected(added.error());
  }
  if (arguments.json) {
    return show(context, *answer, true);
  }
  const auto user = read_user(*answer);
  if (!user) {
    return std::unexpected(user.error());
  }
  context.console.print(user->id + "\n");
  return ExitCode::done;
}

CommandResult run_user_show(const Context& context, const UserArguments& arguments) {
  const auto target = open_target(context.settings, context.os_user, arguments.user);
  if (!target) {
    return std::unexpected(target.error());
  }
  const auto answer = accepted(target->transport->ask({.path = user_path(target->id)}));
  if (!answer) {
    return std::unexpected(answer.error());
  }
  return show(context, *answer, arguments.json);
}

CommandResult run_user_list(const Context& context, const UserListArguments& arguments) {
  const auto transport = open_transport(context.settings, context.os_user, Missing::refuse);
  if (!transport) {
    return std::unexpected(transport.error());
  }
  std::string query = "limit=" + std::to_string(limits::page_rows_max);
  const auto filter = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value) {
      append_parameter(query, name, *value);
    }
  };
  filter("search", arguments.search);
  filter("email", arguments.email);
  filter("extension", arguments.extension);
  filter("department", arguments.department);
  Pages pages = user_pages(**transport, query);
  const auto printed = arguments.json ? print_joined(context.console, pages)
                                      : print_table(context.console, pages,
                                                    Table({"USER ID", "EXTENSION", "NAME", "E-MAIL",
                                                           "DEPARTMENT", "ROLE", "ACTIVE"}),
                                                    add_row);
  return printed ? CommandResult(ExitCode::done) : std::unexpected(printed.error());
}

CommandResult run_user_edit(const Context& context, const UserEditArguments& arguments) {
  if (!gives_anything(arguments.profile)) {
    return fail(Errc::usage,
                "nothing to change: give --name, --email, --department, --role or "
                "--active (an empty text clears)");
  }
  if (auto checked = check_texts(arguments.profile); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  const auto target = open_target(context.settings, context.os_user, arguments.user);
  if (!target) {
    return std::unexpected(target.error());
  }
  const auto answer = edit_until_written(*target->transport, target->id, arguments,
                                         program_of(context, arguments.json));
  if (!answer) {
    return std::unexpected(answer.error());
  }
  return show(context, *answer, arguments.json);
}

CommandResult run_user_remove(const Context& context, const UserArguments& arguments) {
  const auto id = delete_below_user(context, arguments, "");
  if (!id) {
    return std::unexpected(id.error());
  }
  context.console.print(arguments.json ? R"({"userId":")" + *id + "\"}\n"
                                       : "removed " + *id + "\n");
  return ExitCode::done;
}

}  // namespace ringbook

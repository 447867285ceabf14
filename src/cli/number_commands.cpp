// The verbs that give a number and take it away.
#include "base/json.h"
#include "cli/client.h"
#include "cli/commands.h"

namespace ringbook {
namespace {

// Where a user's number stands.
constexpr std::string_view extension_below_user = "/extension";

}  // namespace

CommandResult run_set(const Context& context, const SetArguments& arguments) {
  const auto target = open_target(context.settings, context.os_user, arguments.user);
  if (!target) {
    return std::unexpected(target.error());
  }
  std::string body = R"({"rcExtension":)";
  append_json_string(body, arguments.extension);
  body += '}';
  const auto answer = accepted_write(
      target->transport->ask({.method = Method::put,
                              .path = user_path(target->id) + std::string(extension_below_user),
                              .body = body,
                              .if_match = tag_of(arguments.if_version)}),
      target->id, program_of(context, arguments.json));
  if (!answer) {
    return std::unexpected(answer.error());
  }
  const auto user = read_user(*answer);
  if (!user) {
    return std::unexpected(user.error());
  }
  if (arguments.json) {
    context.console.print(answer->body + "\n");
    return ExitCode::done;
  }
  context.console.print(printable(display_name(*user)) + " has extension " +
                        user->extension.value_or("-") + "\n");
  return ExitCode::done;
}

CommandResult run_release(const Context& context, const UserArguments& arguments) {
  const auto id = delete_below_user(context, arguments, extension_below_user);
  if (!id) {
    return std::unexpected(id.error());
  }
  context.console.print(arguments.json ? R"({"userId":")" + *id + "\",\"rcExtension\":null}\n"
                                       : *id + " has no extension now\n");
  return ExitCode::done;
}

}  // namespace ringbook

// The commands: each takes its arguments, says what it did, and tells how it ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/export_format.h"
#include "cli/settings.h"

namespace ringbook {

// What every command is given.
struct Context {
  const Settings& settings;
  Console& console;
  std::string os_user;  // Who runs the command, for the operating system.
};

// An error is printed by the caller and becomes an exit code there.
using CommandResult = Result<ExitCode>;

CommandResult run_serve(const Context& context);

struct TokenArguments {
  std::optional<std::string> role;
  std::optional<std::string> subject;
  std::string expires_in = "12h";
  std::vector<std::string> claims;  // "NAME=VALUE"
};
CommandResult run_token(const Context& context, const TokenArguments& arguments);

// The profile as far as a command gives it; an empty text clears a member.
struct ProfileArguments {
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::string> department;
  std::optional<std::string> role;
  std::optional<bool> active;
};

struct UserAddArguments {
  std::optional<std::string> id;
  ProfileArguments profile;
  bool json = false;
};
CommandResult run_user_add(const Context& context, const UserAddArguments& arguments);

// A command about one user, named by id or e-mail.
struct UserArguments {
  std::string user;
  std::optional<std::uint64_t> if_version;  // Of commands that write.
  bool json = false;
};
CommandResult run_user_show(const Context& context, const UserArguments& arguments);
CommandResult run_user_remove(const Context& context, const UserArguments& arguments);
CommandResult run_release(const Context& context, const UserArguments& arguments);

struct UserListArguments {
  std::optional<std::string> search;
  std::optional<std::string> email;
  std::optional<std::string> extension;
  std::optional<std::string> department;
  bool json = false;
};
CommandResult run_user_list(const Context& context, const UserListArguments& arguments);

struct UserEditArguments {
  std::string user;
  std::optional<std::uint64_t> if_version;
  ProfileArguments profile;
  bool json = false;
};
CommandResult run_user_edit(const Context& context, const UserEditArguments& arguments);

struct SetArguments {
  std::string user;
  std::string extension;
  std::optional<std::uint64_t> if_version;
  bool json = false;
};
CommandResult run_set(const Context& context, const SetArguments& arguments);

// A history, or what was so at one moment of it.
struct HistoryArguments {
  std::string subject;            // A user, or a number.
  std::optional<std::string> at;  // An instant or a date.
  bool json = false;
};
CommandResult run_user_history(const Context& context, const HistoryArguments& arguments);
CommandResult run_number_history(const Context& context, const HistoryArguments& arguments);

struct NumberArguments {
  std::string extension;
  bool json = false;
};
CommandResult run_number_show(const Context& context, const NumberArguments& arguments);

struct ImportArguments {
  std::string file;  // "-" for standard input.
  bool lists = false;
  bool dry_run = false;
  bool skip_invalid = false;
  bool allow_release = false;
  bool create = false;
  bool accept_short_numbers = false;
  std::optional<std::string> errors;  // A file for what is refused.
  bool json = false;
};
CommandResult run_import(const Context& context, const ImportArguments& arguments);

struct ExportArguments {
  ExportFormat format = ExportFormat::csv;
  bool byte_order_mark = false;  // Only in CSV.
};
CommandResult run_export(const Context& context, const ExportArguments& arguments);

struct DoctorArguments {
  bool json = false;
};
CommandResult run_doctor(const Context& context, const DoctorArguments& arguments);

struct AdoptArguments {
  bool dry_run = false;
  bool json = false;
};
CommandResult run_adopt(const Context& context, const AdoptArguments& arguments);

struct BackupArguments {
  std::string file;
  bool force = false;
  bool json = false;
};
CommandResult run_backup(const Context& context, const BackupArguments& arguments);

struct RestoreArguments {
  std::string file;
  bool json = false;
};
CommandResult run_restore(const Context& context, const RestoreArguments& arguments);

struct CopyArguments {
  std::optional<std::string> from;  // URLs of stores; the one that is left out is the settings'.
  std::optional<std::string> to;
  bool json = false;
};
CommandResult run_copy(const Context& context, const CopyArguments& arguments);

CommandResult run_version(const Context& context, bool json);
// "0.1.0", for what else tells the version.
std::string_view build_version();

}  // namespace ringbook

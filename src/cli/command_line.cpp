#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <span>

#include "cli/choices.h"
#include "cli/completion.h"
#include "cli/help_texts.h"
#include "cli/misuse.h"
#include "cli/options.h"

namespace ringbook {
namespace {

// One run of the parser: options write into members, the callback of the command that is named
// decides what runs.
class CommandLineParser {
 public:
  CommandLineParser() {
    app_.require_subcommand(0, 1);
    app_.footer(overview_examples + exit_code_lines());
    app_.get_formatter()->column_width(34);
    app_.add_flag_callback(
        "--version",
        [this] {
          chosen_.run = [](const Context& context) { return run_version(context, false); };
        },
        "Print version, commit and libraries");
    add_serve();
    add_token();
    add_user();
    add_numbers();
    add_import();
    add_export();
    add_upkeep();
    add_version();
    add_help();
  }

  Result<std::variant<ChosenCommand, HelpText>> parse(const std::vector<std::string>& words) {
    try {
      read(words);
    } catch (const CLI::CallForHelp&) {
      return HelpText{help_of_named()};
    } catch (const CLI::ExtrasError&) {
      return wrong_usage(what_was_unexpected(app_, words, can_read));
    } catch (const CLI::ParseError& error) {
      return wrong_usage(error.what());
    }
    if (help_->parsed()) {
      return help_on(help_words_);
    }
    if (!chosen_.run) {
      return HelpText{help_of_named()};
    }
    return std::move(chosen_);
  }

  const CLI::App& app() const { return app_; }

 private:
  using Run = std::function<CommandResult(const Context&)>;

  void read(const std::vector<std::string>& words) {
    // CLI11 takes them from the back.
    app_.parse(std::vector(words.rbegin(), words.rend()));
  }

  static bool can_read(const std::vector<std::string>& words) {
    CommandLineParser parser;
    try {
      parser.read(words);
    } catch (const CLI::ParseError&) {
      return false;
    }
    return true;
  }

  CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description,
                        Run run, const std::string& examples) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->footer("Examples:\n" + examples);
    command->callback([this, run = std::move(run)] { chosen_.run = run; });
    return command;
  }

  void add_settings(CLI::App* command, OfferedTo whom) {
    for (const auto& setting : all_settings()) {
      if (setting.offered_to != OfferedTo::everyone && setting.offered_to != whom) {
        continue;
      }
      const std::string name(setting.name);
      command
          ->add_option_function<std::vector<std::string>>(
              "--" + name,
              [this, name](const std::vector<std::string>& values) {
                chosen_.flags.emplace_back(name, CLI::detail::join(values));
              },
              std::string(setting.description))
          ->expected(1)
          ->allow_extra_args(false)  // What follows its value is a word of the command.
          ->multi_option_policy(setting.is_list ? CLI::MultiOptionPolicy::TakeAll
                                                : CLI::MultiOptionPolicy::Throw)
          ->type_name(setting.placeholder.empty() ? placeholder_of(setting.choices())
                                                  : std::string(setting.placeholder))
          ->group("Settings");
    }
  }

  void add_serve() {
    CLI::App* serve = add_command(app_, "serve", "Serve the API until SIGTERM or SIGINT", run_serve,
                                  serve_examples);
    serve->add_flag("--print-config", chosen_.print_config,
                    "Print the settings and where each comes from, and end");
    add_settings(serve, OfferedTo::server);
  }

  void add_token() {
    CLI::App* token = add_command(
        app_, "token", "Print a token, signed with the server's secret",
        [this](const Context& context) { return run_token(context, token_); }, token_examples);
    add_text(token, "--role", token_.role, "TEXT",
             "The administrator claim; default: --admin-value");
    add_text(token, "--subject", token_.subject, "NAME", "Who asks; default: local:USER");
    token->add_option("--expires-in", token_.expires_in, "How long it is good, 12h unless given")
        ->type_name("TIME");
    add_texts(token, "--claim", token_.claims, "NAME=VALUE",
              "A further claim, a text; may be repeated");
    add_settings(token, OfferedTo::everyone);
  }

  void add_user() {
    CLI::App* user =
        app_.add_subcommand("user", "Add, show, list, edit and remove people, and their past");
    user->require_subcommand(0, 1);
    CLI::App* add = add_command(
        *user, "add", "Add a person and print the new id",
        [this](const Context& context) { return run_user_add(context, user_add_); },
        "  ringbook user add --name \"Ada Lovelace\" --email ada@example.com");
    add_text(add, "--id", user_add_.id, "ID", "The user id; one is made unless given");
    add_profile(add, user_add_.profile);
    add_json(add, user_add_.json);
    add_settings(add, OfferedTo::client);
    add_user_verb(*user, "show", "Show a person", run_user_show,
                  "  ringbook user show ada@example.com");
    add_user_list(*user);
    CLI::App* history = add_history(*user, "The numbers a person was given, newest first",
                                    run_user_history, user_history_examples);
    add_user_argument(history, history_.subject);
    CLI::App* edit = add_command(
        *user, "edit", "Change what is given, leave the rest; an empty text clears",
        [this](const Context& context) { return run_user_edit(context, user_edit_); },
        "  ringbook user edit ada@example.com --department Support --name \"\"");
    add_user_argument(edit, user_edit_.user);
    add_profile(edit, user_edit_.profile);
    add_if_version(edit, user_edit_.if_version);
    add_json(edit, user_edit_.json);
    add_settings(edit, OfferedTo::client);
    CLI::App* remove = add_user_verb(*user, "remove", "Remove a person and release the number",
                                     run_user_remove, "  ringbook user remove ada@example.com");
    add_if_version(remove, user_.if_version);
  }

  void add_user_list(CLI::App& parent) {
    CLI::App* list = add_command(
        parent, "list", "List people in order of their ids",
        [this](const Context& context) { return run_user_list(context, user_list_); },
        "  ringbook user list --search ada\n"
        "  ringbook user list --department Support --json");
    add_text(list, "--search", user_list_.search, "WORDS",
             "Words of names, beginnings of e-mails and numbers");
    add_text(list, "--email", user_list_.email, "ADDRESS", "Exactly this e-mail");
    add_text(list, "--extension", user_list_.extension, "NUMBER", "Exactly this number");
    add_text(list, "--department", user_list_.department, "TEXT", "Exactly this department");
    add_json(list, user_list_.json);
    add_settings(list, OfferedTo::client);
  }

  CLI::App* add_user_verb(CLI::App& parent, const std::string& name, const std::string& description,
                          CommandResult (*run)(const Context&, const UserArguments&),
                          const std::string& examples) {
    CLI::App* command = add_command(
        parent, name, description,
        [this, run](const Context& context) { return run(context, user_); }, examples);
    add_user_argument(command, user_.user);
    add_json(command, user_.json);
    add_settings(command, OfferedTo::client);
    return command;
  }

  CLI::App* add_history(CLI::App& parent, const std::string& description,
                        CommandResult (*run)(const Context&, const HistoryArguments&),
                        const std::string& examples) {
    CLI::App* command = add_command(
        parent, "history", description,
        [this, run](const Context& context) { return run(context, history_); },
        examples + history_note);
    add_text(command, "--at", history_.at, "WHEN", "Only what was so then: a date or an instant");
    add_json(command, history_.json);
    add_settings(command, OfferedTo::client);
    return command;
  }

  void add_numbers() {
    CLI::App* set = add_command(
        app_, "set", "Give a person a number",
        [this](const Context& context) { return run_set(context, set_); },
        "  ringbook set ada@example.com 1234\n"
        "  ringbook set ada@example.com 1234 --if-version 7");
    add_user_argument(set, set_.user);
    add_extension_argument(set, set_.extension);
    add_if_version(set, set_.if_version);
    add_json(set, set_.json);
    add_settings(set, OfferedTo::client);
    CLI::App* release = add_user_verb(app_, "release", "Take a person's number away", run_release,
                                      "  ringbook release ada@example.com");
    add_if_version(release, user_.if_version);
    CLI::App* number = app_.add_subcommand("number", "Show who has a number, and who had it");
    number->require_subcommand(0, 1);
    CLI::App* show = add_command(
        *number, "show", "Who has a number",
        [this](const Context& context) { return run_number_show(context, number_); },
        "  ringbook number show 1234");
    add_extension_argument(show, number_.extension);
    add_json(show, number_.json);
    add_settings(show, OfferedTo::client);
    CLI::App* history = add_history(*number, "Who had a number, newest first", run_number_history,
                                    number_history_examples);
    add_extension_argument(history, history_.subject);
  }

  void add_import() {
    CLI::App* import = add_command(
        app_, "import", "Import people and numbers from CSV or JSON Lines",
        [this](const Context& context) { return run_import(context, import_); }, import_examples);
    add_positional(import, "FILE", import_.file, "The file, or - for standard input");
    import
        ->add_flag_callback(
            "--lists",
            [this, import] {
              import_.lists = true;
              import->get_option("FILE")->required(false);
            },
            "Only say which lists are known, and by what")
        ->trigger_on_parse();
    import->add_flag("--dry-run", import_.dry_run, "Only say what would happen");
    import->add_flag("--skip-invalid", import_.skip_invalid,
                     "Import the good rows, leave out the rest");
    import->add_flag("--allow-release", import_.allow_release,
                     "Let an empty rcExtension take a number away");
    import->add_flag("--create", import_.create,
                     "Make the people whom a list names by e-mail or number and nobody is");
    import->add_flag("--accept-short-numbers", import_.accept_short_numbers,
                     "Take numbers that may have lost leading zeros as they stand");
    add_text(import, "--errors", import_.errors, "FILE", "Write every refused row there, as CSV");
    add_json(import, import_.json);
    add_settings(import, OfferedTo::client);
  }

  void add_export() {
    CLI::App* command = add_command(
        app_, "export", "Print everybody, in order of ids, as import takes it",
        [this](const Context& context) { return run_export(context, export_); }, export_examples);
    add_choice(command, "--format", export_.format, export_formats, "csv unless given");
    command->add_flag("--bom", export_.byte_order_mark,
                      "Begin CSV with a byte order mark, by which spreadsheets know UTF-8");
    add_settings(command, OfferedTo::client);
  }

  void add_upkeep() {
    CLI::App* doctor = add_command(
        app_, "doctor", "Check every invariant of a data folder, changing nothing",
        [this](const Context& context) { return run_doctor(context, doctor_); }, doctor_examples);
    add_json(doctor, doctor_.json);
    add_settings(doctor, OfferedTo::everyone);
    CLI::App* adopt = add_command(
        app_, "adopt", "Take the numbers of people whom another program keeps in MongoDB",
        [this](const Context& context) { return run_adopt(context, adopt_); }, adopt_examples);
    adopt->add_flag("--dry-run", adopt_.dry_run, "Only say what would be adopted");
    add_json(adopt, adopt_.json);
    add_settings(adopt, OfferedTo::everyone);
    CLI::App* backup = add_command(
        app_, "backup", "Write everything of one moment to a file, also beside a server",
        [this](const Context& context) { return run_backup(context, backup_); }, backup_examples);
    add_positional(backup, "FILE", backup_.file, "The file to make");
    backup->add_flag("--force", backup_.force, "Replace the file if it is there");
    add_json(backup, backup_.json);
    add_settings(backup, OfferedTo::everyone);
    CLI::App* restore = add_command(
        app_, "restore", "Make a new data folder or database from a backup, verified",
        [this](const Context& context) { return run_restore(context, restore_); },
        restore_examples);
    add_positional(restore, "FILE", restore_.file, "What `ringbook backup` made");
    add_json(restore, restore_.json);
    add_settings(restore, OfferedTo::everyone);
    CLI::App* copy = add_command(
        app_, "copy", "Copy a folder into a new database of MongoDB, or one into a new folder",
        [this](const Context& context) { return run_copy(context, copy_); }, copy_examples);
    add_text(copy, "--from", copy_.from, "URL", "What is copied");
    add_text(copy, "--to", copy_.to, "URL", "What is made");
    add_json(copy, copy_.json);
    add_settings(copy, OfferedTo::everyone);
  }

  void add_version() {
    CLI::App* version = add_command(
        app_, "version", "Print version, commit and libraries",
        [this](const Context& context) { return run_version(context, version_json_); },
        "  ringbook version --json");
    add_json(version, version_json_);
  }

  void add_help() {
    help_ = app_.add_subcommand("help", "Print what a command takes, as its --help does");
    help_->footer("Examples:\n  ringbook help import\n  ringbook help user add");
    help_->add_option("COMMAND", help_words_, "A command, and one inside it; all without it")
        ->type_name("");
  }

  // "ringbook user add"
  static std::string full_name(const CLI::App& command) {
    const CLI::App* above = command.get_parent();
    return above == nullptr ? command.get_name() : full_name(*above) + " " + command.get_name();
  }

  static std::unexpected<Error> wrong_usage_of(const CLI::App& command, const std::string& why) {
    return fail(Errc::usage, why + "\n`" + full_name(command) + " --help` shows what it takes");
  }

  std::unexpected<Error> wrong_usage(const std::string& why) const {
    return wrong_usage_of(named_command(app_), why);
  }

  // Not what App::help gives, which goes on to the command that was parsed inside it.
  static std::string help_of(const CLI::App& command) {
    return command.get_formatter()->make_help(&command, full_name(command),
                                              CLI::AppFormatMode::Normal);
  }
  std::string help_of_named() const { return help_of(named_command(app_)); }

  // The help of the command that `words` name from the outermost inwards.
  Result<HelpText> help_on(const std::vector<std::string>& words) const {
    const CLI::App* app = &app_;
    for (const auto& word : words) {
      const CLI::App* inner = find_subcommand(*app, word);
      if (inner == nullptr) {
        return wrong_usage_of(*app, "`" + full_name(*app) + "` has no command " + in_quotes(word) +
                                        did_you_mean(*app, word));
      }
      app = inner;
    }
    return HelpText{help_of(*app)};
  }

  CLI::App app_{"Ringbook keeps the extensions of people: who has which number, and since when.",
                "ringbook"};
  ChosenCommand chosen_;
  TokenArguments token_;
  UserArguments user_;
  UserAddArguments user_add_;
  UserListArguments user_list_;
  UserEditArguments user_edit_;
  SetArguments set_;
  NumberArguments number_;
  HistoryArguments history_;
  ImportArguments import_;
  ExportArguments export_;
  DoctorArguments doctor_;
  AdoptArguments adopt_;
  BackupArguments backup_;
  RestoreArguments restore_;
  CopyArguments copy_;
  bool version_json_ = false;
  CLI::App* help_ = nullptr;
  std::vector<std::string> help_words_;
};

}  // namespace

Result<std::variant<ChosenCommand, HelpText>> parse_command_line(
    const std::vector<std::string>& words) {
  // The command reads its arguments from the parser, so it keeps it.
  const auto parser = std::make_shared<CommandLineParser>();
  if (!words.empty() && words.front() == "complete") {
    return HelpText{completions_of(parser->app(), std::span(words).subspan(1))};
  }
  auto parsed = parser->parse(words);
  if (parsed) {
    if (auto* chosen = std::get_if<ChosenCommand>(&*parsed)) {
      chosen->run = [parser, run = std::move(chosen->run)](const Context& context) {
        return run(context);
      };
    }
  }
  return parsed;
}

}  // namespace ringbook

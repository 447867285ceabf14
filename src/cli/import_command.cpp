// `ringbook import`: the whole file is read and checked, then it is one change set, so that a kill
// at any moment leaves nothing of it or everything.
#include <algorithm>
#include <fstream>
#include <utility>

#include "base/limits.h"
#include "base/wording.h"
#include "cli/commands.h"
#include "cli/import_people.h"
#include "cli/import_plan.h"
#include "cli/import_report.h"
#include "cli/local_directory.h"
#include "cli/local_present.h"
#include "cli/progress.h"
#include "cli/setting_values.h"
#include "import/file.h"

namespace ringbook {
namespace {

// Says early, before a long file is read, that the folder is not free.
Result<void> check_folder_is_free(const Settings& settings) {
  constexpr const char* why = "import works on a data folder that no server holds";
  if (settings.server) {
    return fail(Errc::locked, std::string(why) +
                                  ", not through --server: stop the server, and run "
                                  "import where its data folder is");
  }
  const auto holder = DataFolder::holder_of(settings.data);
  if (holder && holder->has_value()) {
    const std::string& address = (*holder)->address;
    const std::string who = address.empty() ? "another process" : "the server at " + address;
    return fail(Errc::locked, std::string(why) + "; " + who + " holds " + settings.data.string() +
                                  ": stop it, import, and start it again");
  }
  return {};
}

// Nothing when there is no folder and none is to be made.
Result<std::unique_ptr<LocalDirectory>> open_folder(const Context& context, bool may_make_folder) {
  std::error_code ignored;
  if (!may_make_folder && !std::filesystem::exists(context.settings.data, ignored)) {
    return nullptr;
  }
  return LocalDirectory::open(
      context.settings, context.os_user,
      may_make_folder ? DataFolder::Missing::create : DataFolder::Missing::refuse);
}

Result<void> print_planned(Console& console, const ImportPlan& plan, Present& present) {
  std::vector<UserId> ids;
  for (std::size_t from = 0; from < plan.edits.size(); from += limits::import_batch) {
    const std::size_t end = std::min(from + limits::import_batch, plan.edits.size());
    ids.clear();
    for (std::size_t i = from; i < end; ++i) {
      ids.push_back(plan.edits[i].user);
    }
    const auto users = present.users(ids);
    if (!users) {
      return std::unexpected(users.error());
    }
    for (std::size_t i = from; i < end; ++i) {
      console.print(at_line(plan.origins[i].line) + ": " +
                    described(plan.edits[i], (*users)[i - from]) + "\n");
    }
  }
  return {};
}

bool names_by_id(const ImportFile& file) {
  return file.list->rules.named_by == RowRules::NamedBy::user_id;
}

void print_list(Console& console, const Refusals& refusals, std::string_view kind) {
  std::size_t left = limits::import_problems;
  for (const auto& [line, refusal] : refusals.list()) {
    if (left-- == 0) {
      break;
    }
    console.note(std::string(kind) + refusal.message());
  }
  const std::uint64_t all = refusals.list().size() + refusals.omitted();
  if (all > limits::import_problems) {
    console.note("… and " + with_thousands(all - limits::import_problems) +
                 " more; --errors FILE or --json gives all");
  }
}

class Import {
 public:
  Import(const Context& context, const ImportArguments& arguments)
      : context_(context),
        arguments_(arguments),
        progress_(context.console, clock_),
        refusals_(arguments.json || arguments.errors ? limits::change_set_edits
                                                     : limits::import_problems),
        warnings_(limits::import_problems) {}

  CommandResult run() {
    if (const auto opened = open_errors(); !opened) {
      return std::unexpected(opened.error());
    }
    auto file = read();
    if (!file) {
      return std::unexpected(file.error());
    }
    report_.rows = file->records;
    tell_ignored(*file);
    const bool may_apply = !arguments_.dry_run && (refusals_.empty() || arguments_.skip_invalid);
    // In a directory without people another program's file finds nobody.
    const bool may_find = arguments_.create || names_by_id(*file);
    auto local = open_folder(context_, may_apply && may_find);
    if (!local) {
      return std::unexpected(local.error());
    }
    if (const auto done = plan_and_apply(*std::move(file), local->get(), may_apply); !done) {
      return std::unexpected(done.error());
    }
    return finish();
  }

 private:
  Result<void> open_errors() {
    if (arguments_.errors) {
      errors_.open(*arguments_.errors, std::ios::binary | std::ios::trunc);
    }
    return errors_.fail() ? Result<void>(fail(Errc::usage, "cannot write " + *arguments_.errors))
                          : Result<void>();
  }

  Result<ImportFile> read() {
    if (const auto is_free = check_folder_is_free(context_.settings); !is_free) {
      return std::unexpected(is_free.error());
    }
    auto source = ByteSource::open(arguments_.file);
    if (!source) {
      return std::unexpected(source.error());
    }
    progress_.begin("reading", "rows");
    auto file = read_import_file(
        *source, refusals_, warnings_,
        [this](std::uint64_t n, std::optional<double> share) { progress_.at(n, share); });
    progress_.clear();
    if (!file) {
      print_list(context_.console, refusals_, "");
    }
    return file;
  }

  void tell_ignored(const ImportFile& file) {
    report_.ignored_columns = file.ignored_columns;
    if (file.list->rules.is_own || arguments_.json) {
      return;
    }
    std::string names;
    for (const auto& name : file.ignored_columns) {
      names += (names.empty() ? "" : ", ") + printable(name);
    }
    context_.console.note("a file of " + std::string(file.list->name) +
                          (names.empty() ? "" : "; columns left out: " + names));
  }

  Result<void> plan_and_apply(ImportFile file, LocalDirectory* local, bool may_apply) {
    NobodyPresent nobody;
    std::optional<LocalPresent> somebody;
    if (local != nullptr) {
      if (const auto made = make_room(*local, file.rows.size()); !made) {
        return made;
      }
      somebody.emplace(*local);
    }
    Present& present = somebody ? static_cast<Present&>(*somebody) : nobody;
    auto plan = make_plan(std::move(file), present);
    if (!plan) {
      return std::unexpected(plan.error());
    }
    report_.counts = count(plan->edits);
    report_.unchanged = plan->unchanged;
    if (arguments_.dry_run && !arguments_.json) {
      return print_planned(context_.console, *plan, present);
    }
    const bool is_applied =
        may_apply && local != nullptr && (refusals_.empty() || arguments_.skip_invalid);
    return is_applied ? apply(*std::move(plan), *local) : Result<void>();
  }

  Result<ImportPlan> make_plan(ImportFile file, Present& present) {
    const auto at = [this](std::uint64_t n) { progress_.at(n); };
    if (!names_by_id(file)) {
      progress_.begin("finding people", "rows", file.rows.size());
      const auto found = find_people(file, arguments_.create, clock_.now(), present, refusals_, at);
      progress_.clear();
      if (!found) {
        return std::unexpected(found.error());
      }
    }
    progress_.begin("comparing", "rows", file.rows.size());
    auto plan = plan_import(std::move(file),
                            {.allow_release = arguments_.allow_release,
                             .accept_short_numbers = arguments_.accept_short_numbers},
                            present, refusals_, warnings_, at);
    progress_.clear();
    return plan;
  }

  Result<void> apply(ImportPlan plan, LocalDirectory& local) {
    report_.is_applied = true;
    if (plan.edits.empty()) {
      return {};
    }
    const std::size_t edits = plan.edits.size();
    progress_.begin("deciding", "edits", edits);
    const auto on_written = [this, edits, is_begun = false](std::uint64_t n) mutable {
      if (!std::exchange(is_begun, true)) {
        progress_.begin("writing", "edits", edits, n);
      }
      progress_.at(n);
    };
    const std::string request_id = UserId::make(clock_.now()).text();
    const auto outcome = local.answer_of<Outcome>([&](Reply<Outcome> reply) {
      local.directory().change({local.administrator(), request_id}, std::move(plan.edits),
                               std::move(reply), on_written);
    });
    progress_.clear();
    if (!outcome) {
      return std::unexpected(outcome.error());
    }
    if (outcome->kind != Outcome::Kind::applied && outcome->kind != Outcome::Kind::unchanged) {
      report_.is_applied = false;
      add_conflicts(*outcome, plan.origins);
      return {};
    }
    return fold_unless_few(local, outcome->changes);
  }

  // The store has the last word: what it refuses although the plan did not is told like the rest.
  void add_conflicts(const Outcome& outcome, const std::vector<Origin>& origins) {
    const auto add = [&](const Conflict& conflict) {
      const Origin& origin = origins[conflict.edit];
      const Holder holder{conflict.holder, conflict.holder_name, conflict.since};
      const std::string number = conflict.wanted.text();
      refusals_.add(origin.line, origin.extension, number,
                    "extension " + number + " is held by " + holder.text(), holder);
    };
    if (!outcome.conflict) {
      const std::uint32_t line = origins[outcome.edit].line;
      refusals_.add(line, {.line = line}, "", "the store refuses this row");
      return;
    }
    add(*outcome.conflict);
    std::ranges::for_each(outcome.further_conflicts, add);
  }

  // What is imported is in the journal already; folded, it needs no replay at the next start. Few
  // changes are replayed sooner than folded. The fold has been at them meanwhile, so that what is
  // left does not tell how many they were.
  Result<void> fold_unless_few(LocalDirectory& local, std::uint64_t imported) {
    if (std::max(imported, unfolded(local)) <= limits::import_batch) {
      return {};
    }
    auto folded = fold(local, imported);
    if (!folded && folded.error().code == Errc::no_space) {
      context_.console.note(folded.error().detail +
                            ": what is imported is safe, and gets there when there is room; until "
                            "then each start takes longer");
      return {};
    }
    return folded;
  }

  // Room for as many changes as the file may make.
  Result<void> make_room(LocalDirectory& local, std::size_t rows) {
    return unfolded(local) + rows > limits::unfolded_slow ? fold(local) : Result<void>();
  }

  static std::uint64_t unfolded(LocalDirectory& local) {
    return local.store().statistics().unfolded_changes;
  }

  Result<void> fold(LocalDirectory& local, std::uint64_t imported = 0) {
    const StoreStatistics before = local.store().statistics();
    const std::uint64_t total = std::max(imported, before.unfolded_changes);
    // The fold began while the journal was written.
    progress_.begin("folding", "changes", total, total - before.unwritten_changes);
    const auto folded = local.wait_until_folded(
        [&](std::uint64_t left) { progress_.at(total - std::min(left, total)); });
    progress_.clear();
    return folded;
  }

  CommandResult finish() {
    print_list(context_.console, warnings_, "warning: ");
    print_list(context_.console, refusals_, "");
    const bool is_told = report_.is_applied || arguments_.dry_run;
    if (arguments_.json) {
      context_.console.print(json_of(report_, refusals_, warnings_));
    } else if (is_told) {
      context_.console.print(sentence_of(report_, refusals_, arguments_.dry_run));
    }
    const bool would_be_nothing =
        arguments_.dry_run && !arguments_.skip_invalid && !refusals_.empty();
    if (!is_told || would_be_nothing) {
      context_.console.complain(
          stopped_sentence_of(report_, refusals_, arguments_.dry_run, arguments_.skip_invalid));
    }
    if (arguments_.errors && !(errors_ << csv_of(refusals_) << std::flush)) {
      return fail(Errc::no_space, *arguments_.errors + " did not take everything");
    }
    return refusals_.empty() ? ExitCode::done : ExitCode::refused;
  }

  const Context& context_;
  const ImportArguments& arguments_;
  SystemClock clock_;
  Progress progress_;
  Refusals refusals_;
  Refusals warnings_;  // What is imported all the same.
  ImportReport report_;
  std::ofstream errors_;
};

void print_known_lists(Console& console) {
  Table table({"LIST", "KNOWN BY", "PERSON", "NUMBER", "ALSO READ"});
  for (const KnownList& list : known_lists()) {
    table.add({std::string(list.name), list.names_of_marks(),
               list.names_of(list.rules.named_by == RowRules::NamedBy::email ? Field::email
                                                                             : Field::user_id),
               list.names_of(Field::extension), list.names_of_others()});
  }
  table.flush(console);
}

}  // namespace

CommandResult run_import(const Context& context, const ImportArguments& arguments) {
  if (arguments.lists) {
    print_known_lists(context.console);
    return ExitCode::done;
  }
  return Import(context, arguments).run();
}

}  // namespace ringbook

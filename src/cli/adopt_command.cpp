// `ringbook adopt`: takes the numbers of people whom another program keeps in a database.
#include "base/wording.h"
#include "cli/local_directory.h"
#include "cli/log_settings.h"
#include "cli/upkeep_report.h"
#include "store/open.h"

namespace ringbook {
namespace {

std::string json_of(const Adoption& adoption) {
  return R"({"people":)" + std::to_string(adoption.people) + R"(,"adopted":)" +
         std::to_string(adoption.adopted) + R"(,"already":)" + std::to_string(adoption.already) +
         R"(,"leftAlone":)" + std::to_string(adoption.left_alone) + "}\n";
}

std::string text_of(const Adoption& adoption, bool is_dry_run) {
  std::string out = (is_dry_run ? "would adopt " : "adopted ") +
                    counted(adoption.adopted, "number", "numbers") + " of " +
                    counted(adoption.people, "person", "people");
  if (adoption.already != 0) {
    out += "; " + with_thousands(adoption.already) + " adopted before";
  }
  if (adoption.left_alone != 0) {
    out += "; " + with_thousands(adoption.left_alone) +
           " left alone, which `ringbook doctor` names, with what to do";
  }
  return out + "\n";
}

}  // namespace

CommandResult run_adopt(const Context& context, const AdoptArguments& arguments) {
  const Settings& settings = context.settings;
  if (const auto is_local = refuse_server(settings, "adopt"); !is_local) {
    return std::unexpected(is_local.error());
  }
  const SystemClock clock;
  Log log(clock, LogLevel::warning, log_format_of(settings));
  Progress progress(context.console, clock);
  const auto adoption =
      adopt_people(settings.store_settings(), arguments.dry_run, clock, log, shown_by(progress));
  progress.clear();
  if (!adoption) {
    return std::unexpected(adoption.error());
  }
  context.console.print(arguments.json ? json_of(*adoption)
                                       : text_of(*adoption, arguments.dry_run));
  return adoption->left_alone == 0 ? ExitCode::done : ExitCode::refused;
}

}  // namespace ringbook

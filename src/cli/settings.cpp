#include "cli/settings.h"

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "base/text.h"
#include "cli/choices.h"
#include "cli/console.h"
#include "cli/read_file.h"
#include "cli/setting_table.h"
#include "cli/setting_values.h"
#include "cli/surroundings.h"
#include "net/url.h"

namespace ringbook {
namespace {

constexpr std::string_view environment_prefix = "RINGBOOK_";
constexpr std::string_view token_variable = "RINGBOOK_TOKEN";

// Where a value stands; of two, the one from the later wins.
enum class Layer { initial, file, environment, flag };

struct Given {
  std::string name;
  std::string value;
  Layer layer;
  std::string place;  // "--listen", "RINGBOOK_LISTEN", "ringbook.conf:3: listen"
};

std::string variable_of(std::string_view setting) {
  std::string out(environment_prefix);
  for (const char c : setting) {
    out += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return out;
}

const SettingRow* find_row(std::string_view name) {
  const auto rows = setting_table();
  const auto row = std::ranges::find(rows, name, [](const SettingRow& r) { return r.info.name; });
  return row == rows.end() ? nullptr : &*row;
}

std::string known_names(std::string (*spell)(std::string_view)) {
  std::string out;
  for (const auto& row : setting_table()) {
    out += (out.empty() ? "" : ", ") + spell(row.info.name);
  }
  return out;
}

std::string allowed_by(const SettingRow& row) {
  return row.allowed.empty() ? either_of(row.info.choices()) : std::string(row.allowed);
}

class Loader {
 public:
  void read_flags(const NamesAndValues& flags) {
    for (const auto& [name, value] : flags) {
      given_.push_back({name, value, Layer::flag, "--" + name});
    }
  }

  void read_environment(const NamesAndValues& environment) {
    for (const auto& [variable, value] : environment) {
      if (!variable.starts_with(environment_prefix) ||
          is_made_by_surroundings(variable, value, environment)) {
        continue;
      }
      const auto rows = setting_table();
      const auto row = std::ranges::find(
          rows, variable, [](const SettingRow& r) { return variable_of(r.info.name); });
      if (variable == token_variable) {
        settings_.token = value;
      } else if (row != rows.end()) {
        given_.push_back({std::string(row->info.name), value, Layer::environment, variable});
      } else {
        complain(variable + ": no such setting; the environment may hold " +
                 known_names(variable_of) + " and " + std::string(token_variable));
      }
    }
  }

  // Reads the file that the flags, else the environment, name.
  void read_config_file() {
    const auto named = std::ranges::max_element(
        given_, {}, [](const Given& g) { return g.name == "config" ? g.layer : Layer::initial; });
    if (named == given_.end() || named->name != "config" || named->value.empty()) {
      return;
    }
    const std::filesystem::path path = named->value;
    const auto text = read_small_file(path, limits::config_file_bytes);
    if (!text) {
      complain(named->place + ": " + text.error().detail);
      return;
    }
    read_lines(*text, path);
  }

  Result<LoadedSettings> finish() {
    std::ranges::stable_sort(given_, {}, &Given::layer);
    for (const auto& row : setting_table()) {
      if (!row.initial.empty()) {
        put(row, {std::string(row.info.name), std::string(row.initial), Layer::initial, "default"});
      }
    }
    for (const auto& given : given_) {
      if (const SettingRow* row = find_row(given.name)) {
        put(*row, given);
      }
    }
    resolve_store_file();
    keep_password_off_command_line();
    resolve_token();
    check_tls();
    resolve_issuer();
    if (!problems_.empty()) {
      return fail(Errc::usage, std::move(problems_));
    }
    return LoadedSettings{std::move(settings_), describe()};
  }

 private:
  void complain(const std::string& problem) {
    problems_ += (problems_.empty() ? "" : "\n") + problem;
  }

  void read_lines(std::string_view text, const std::filesystem::path& path) {
    std::map<std::string, std::size_t, std::less<>> seen;
    for (std::size_t line = 1; !text.empty(); ++line) {
      const std::string_view whole = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(whole.size() + 1, text.size()));
      const std::string place = path.string() + ":" + std::to_string(line) + ": ";
      const std::string_view content = trimmed(without_comment(whole));
      if (content.empty()) {
        continue;
      }
      const std::size_t equals = content.find('=');
      const std::string name(trimmed(content.substr(0, equals)));
      if (equals == std::string_view::npos) {
        // Not repeated: it may be a file with a secret that was taken for settings.
        complain(place + "no setting; write `name = value`");
      } else if (find_row(name) == nullptr || name == "config") {
        complain(place + in_quotes(name) + ": no such setting; the file may hold " +
                 known_names([](std::string_view n) { return std::string(n); }));
      } else if (!seen.emplace(name, line).second) {
        complain(place + name + " stands already in line " + std::to_string(seen[name]));
      } else {
        const std::string value(trimmed(content.substr(equals + 1)));
        given_.push_back({name, value, Layer::file, place + name});
      }
    }
  }

  // A # begins a comment at the start of a line and after white space.
  static std::string_view without_comment(std::string_view line) {
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
        return line.substr(0, i);
      }
    }
    return line;
  }

  void put(const SettingRow& row, const Given& given) {
    if (given.value.empty() || given.value.find('\0') != std::string::npos ||
        !row.put(settings_, given.value)) {
      complain(given.place + ": " + in_quotes(without_secrets(wrong_part_of(row, given.value))) +
               " is not allowed; allowed is " + allowed_by(row));
    }
    effective_.insert_or_assign(std::string(row.info.name), given);
  }

  // Of a list that is not allowed, the first element that is not; of anything else all of it.
  static std::string wrong_part_of(const SettingRow& row, const std::string& value) {
    for (std::string_view rest = value; row.info.is_list && !rest.empty();) {
      const std::string_view whole = rest.substr(0, rest.find(','));
      const std::string_view element = trimmed(whole);
      rest.remove_prefix(std::min(whole.size() + 1, rest.size()));
      Settings unused;
      if (!element.empty() && !row.put(unused, element)) {
        return std::string(element);
      }
    }
    return value;
  }

  Layer layer_of(std::string_view name) const {
    const auto found = effective_.find(name);
    return found == effective_.end() ? Layer::initial : found->second.layer;
  }

  // `store` and `store-file` are two spellings of one thing: the later layer wins.
  void resolve_store_file() {
    if (!settings_.store_file || layer_of("store") > layer_of("store-file")) {
      settings_.store_file.reset();
      effective_.erase("store-file");
      return;
    }
    const std::string place = effective_.find("store-file")->second.place;
    if (layer_of("store") == layer_of("store-file")) {
      complain(place + ": give it or store, not both");
      return;
    }
    const auto text = read_small_file(*settings_.store_file, limits::config_file_bytes);
    if (!text) {
      complain(place + ": " + text.error().detail);
      return;
    }
    const std::string_view url =
        trimmed(std::string_view(*text).substr(0, text->find_first_of("\r\n")));
    if (url.empty() || !find_row("store")->put(settings_, url)) {
      complain(place + ": what the file holds is not allowed; allowed is " +
               allowed_by(*find_row("store")));
    }
    effective_.erase("store");
  }

  // What stands there is shown to everybody on the machine.
  void keep_password_off_command_line() {
    const auto given = effective_.find("store");
    if (given != effective_.end() && given->second.layer == Layer::flag &&
        !given->second.value.starts_with(sqlite_scheme) && has_password(given->second.value)) {
      complain(
          "--store: a password on the command line can be read by everybody on this machine; "
          "write the URL into a file and give --store-file, or into RINGBOOK_STORE");
    }
  }

  // RINGBOOK_TOKEN stands in the environment's layer, beside RINGBOOK_TOKEN_FILE.
  void resolve_token() {
    if (!settings_.token) {
      return;
    }
    if (settings_.token->empty()) {
      complain(std::string(token_variable) + ": is empty; give a token or unset it");
    }
    if (layer_of("token-file") == Layer::environment) {
      complain(std::string(token_variable) + ": give it or RINGBOOK_TOKEN_FILE, not both");
    } else if (layer_of("token-file") == Layer::flag) {
      settings_.token.reset();
    } else {
      settings_.token_file.reset();
      effective_.erase("token-file");
    }
  }

  void check_tls() {
    if (settings_.tls_cert.has_value() != settings_.tls_key.has_value()) {
      const std::string given = settings_.tls_cert ? "tls-cert" : "tls-key";
      const std::string missing = settings_.tls_cert ? "tls-key" : "tls-cert";
      complain(effective_.find(given)->second.place + ": TLS needs " + missing + ", too");
    }
  }

  // Tokens of a provider bear its identifier and no other.
  void resolve_issuer() {
    if (!settings_.oidc_issuer) {
      return;
    }
    auto& issuer = settings_.token_rules.issuer;
    if (issuer && *issuer != settings_.oidc_issuer->text) {
      complain(effective_.find("issuer")->second.place + ": " +
               in_quotes(without_secrets(*issuer)) + " is not what " +
               effective_.find("oidc-issuer")->second.place + " sets; leave it out");
    }
    issuer = settings_.oidc_issuer->text;
  }

  std::string describe() const {
    std::string out;
    for (const auto& row : setting_table()) {
      const std::string name(row.info.name);
      const auto found = effective_.find(name);
      if (found == effective_.end()) {
        out += "# " + name + " is not set\n";
        continue;
      }
      const std::string& given = found->second.value;
      const std::string value = may_hold_secrets(row) ? without_secrets(given) : given;
      const std::string from = origin(found->second);
      if (name == "config") {
        out += "# " + name + " = " + printable(value) + "  (" + from + ")\n";
      } else if (value != given) {
        out += "# " + name + " = " + printable(value) + "  (" + from +
               "; what may be a secret is left out)\n";
      } else if (fits_a_line(value)) {
        out += name + " = " + value + "  # " + from + "\n";
      } else {
        out += "# " + name + " = " + in_quotes(value) + "  (" + from + "; no file can hold it)\n";
      }
    }
    if (settings_.token) {
      out += "# the token of " + std::string(token_variable) + " is left out\n";
    }
    return out;
  }

  // Whether the value is a URL that is asked. Names of issuers and claims that are spelled as URLs
  // are compared and stand in every token.
  static bool may_hold_secrets(const SettingRow& row) { return row.info.placeholder == "URL"; }

  // Whether a line of a configuration file gives the value as it is.
  static bool fits_a_line(std::string_view value) {
    return value.find('\n') == std::string_view::npos && trimmed(without_comment(value)) == value;
  }

  static std::string origin(const Given& given) {
    switch (given.layer) {
      case Layer::initial: return "default";
      case Layer::file: return given.place.substr(0, given.place.size() - given.name.size() - 2);
      case Layer::environment: return given.place;
      case Layer::flag: return given.place;
    }
    return given.place;
  }

  std::vector<Given> given_;
  std::map<std::string, Given, std::less<>> effective_;
  Settings settings_;
  std::string problems_;
};

}  // namespace

std::vector<SettingInfo> all_settings() {
  std::vector<SettingInfo> out;
  for (const auto& row : setting_table()) {
    out.push_back(row.info);
  }
  return out;
}

Result<LoadedSettings> load_settings(const NamesAndValues& flags,
                                     const NamesAndValues& environment) {
  Loader loader;
  loader.read_environment(environment);
  loader.read_flags(flags);
  loader.read_config_file();
  return loader.finish();
}

}  // namespace ringbook

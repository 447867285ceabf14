// What can be configured: one table of settings, each spelled in three ways.
//
// `jwt-secret-file` is the flag `--jwt-secret-file`, the environment variable
// RINGBOOK_JWT_SECRET_FILE and the line `jwt-secret-file = …` of a configuration file. Flags win,
// then the environment, then the file; every value is checked, also one that is overridden.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/token_rules.h"
#include "auth/web_url.h"
#include "base/error.h"
#include "base/log.h"
#include "http/server.h"
#include "store/open.h"

namespace ringbook {

struct Settings {
  std::filesystem::path data;
  std::string store;  // The URL, also when it came from --store-file.
  std::optional<std::filesystem::path> store_file;
  mongo::Settings mongo;         // Of a store on MongoDB; its URL is `store`.
  SharedSettings shared;         // Of a store that others share.
  std::optional<People> people;  // Nothing: as the database says.
  ListenAddress listen;
  std::optional<std::filesystem::path> jwt_secret_file;
  std::optional<std::filesystem::path> jwks_file;
  std::optional<Url> jwks_url;
  std::optional<Url> oidc_issuer;  // Also the issuer of the token rules.
  TokenRules token_rules;
  bool error_details = true;
  HttpSettings http;
  std::optional<std::filesystem::path> tls_cert;  // Given together or not at all.
  std::optional<std::filesystem::path> tls_key;
  std::optional<std::string> server;             // http://HOST:PORT or https://…
  std::optional<std::filesystem::path> ca_file;  // Nothing: whom the system trusts.
  std::optional<std::filesystem::path> token_file;
  std::optional<std::string> token;  // RINGBOOK_TOKEN; has no other spelling.
  LogLevel log_level = LogLevel::info;
  std::optional<LogFormat> log_format;  // Nothing: text on a terminal, else JSON.

  // Whether tokens are checked with other keys than the secret that the data folder keeps.
  bool has_key_source() const { return jwt_secret_file || has_public_keys(); }
  bool has_public_keys() const { return jwks_file || jwks_url || oidc_issuer; }
  StoreSettings store_settings() const {
    return {.url = store, .data = data, .mongo = mongo, .shared = shared, .people = people};
  }
  // Whether the store lives only in the process that has it.
  bool is_memory_store() const { return store == memory_scheme; }
};

// Which commands offer a setting as a flag.
enum class OfferedTo { everyone, server, client };

struct SettingInfo {
  std::string_view name;
  std::string_view placeholder;  // What its value is: "FILE"; "" for one of its choices.
  std::string_view description;
  OfferedTo offered_to;
  bool is_list = false;  // A comma list; the flag may be repeated, which joins the values.
  // The values there are, or how longer ones begin ("sqlite:"); null where nothing is to choose.
  std::vector<std::string_view> (*choices)() = nullptr;
};

// The settings in the order of the help.
std::vector<SettingInfo> all_settings();

using NamesAndValues = std::vector<std::pair<std::string, std::string>>;

struct LoadedSettings {
  Settings settings;
  // Every setting with its value and where it came from, secrets left out: a configuration file
  // that has the same effect, but for values that no file can hold.
  std::string description;
};

// Reads the configuration file that flags or environment name, and lays the three over the
// defaults. `environment` is the whole environment; only names that begin with RINGBOOK_ matter,
// but for those that Kubernetes and links of containers make for a service of that name. Errors:
// usage; the detail has a line for each problem, with the name, the value and what is allowed.
Result<LoadedSettings> load_settings(const NamesAndValues& flags,
                                     const NamesAndValues& environment);

}  // namespace ringbook

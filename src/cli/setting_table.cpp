#include "cli/setting_table.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "auth/algorithm.h"
#include "cli/choices.h"
#include "cli/setting_values.h"

namespace ringbook {
namespace {

using enum OfferedTo;

bool put_text(std::optional<std::string>& to, std::string_view value) {
  to = std::string(value);
  return true;
}

bool put_path(std::optional<std::filesystem::path>& to, std::string_view value) {
  to = std::filesystem::path(value);
  return true;
}

bool put_time(std::chrono::milliseconds& to, std::string_view value,
              std::chrono::milliseconds least) {
  const auto parsed = parse_duration(value);
  if (!parsed || *parsed < least || *parsed > std::chrono::hours{1}) {
    return false;
  }
  to = *parsed;
  return true;
}

bool put_deadline(std::chrono::milliseconds& to, std::string_view value) {
  return put_time(to, value, std::chrono::milliseconds{1});
}

// Absolute, so that a message about it says where it is.
bool put_data(Settings& s, std::string_view value) {
  std::error_code error;
  s.data = std::filesystem::absolute(value, error).lexically_normal();
  return !error;
}

std::vector<std::string_view> stores() {
  return {sqlite_scheme, memory_scheme, mongo_scheme};
}

bool put_store(Settings& s, std::string_view value) {
  s.store = std::string(value);
  return is_store_url(value);
}

bool put_listen(Settings& s, std::string_view value) {
  const auto address = parse_listen_address(value);
  s.listen = address.value_or(ListenAddress{});
  return address.has_value();
}

// A later layer may name an audience where an earlier one said that any will do.
bool put_audience(Settings& s, std::string_view value) {
  s.token_rules.accepts_any_audience = value == "any";
  s.token_rules.audience.reset();
  return s.token_rules.accepts_any_audience || put_text(s.token_rules.audience, value);
}

std::vector<std::string_view> algorithms() {
  std::vector<std::string_view> out;
  for (const Algorithm algorithm : all_algorithms) {
    out.push_back(name_of(algorithm));
  }
  return out;
}

bool put_algorithms(Settings& s, std::string_view value) {
  const auto names = parse_list(value);
  if (!names || !parse_algorithms(*names)) {
    return false;
  }
  s.token_rules.algorithms = *names;
  return true;
}

bool put_audience_claims(Settings& s, std::string_view value) {
  s.token_rules.audience_claims = parse_list(value).value_or(std::vector<std::string>{});
  return !s.token_rules.audience_claims.empty();
}

bool put_proxies(Settings& s, std::string_view value) {
  s.http.trusted_proxies.clear();
  for (const auto& text : parse_list(value).value_or(std::vector<std::string>{""})) {
    const auto network = Network::parse(text);
    if (!network) {
      return false;
    }
    s.http.trusted_proxies.push_back(*network);
  }
  return true;
}

bool put_origins(Settings& s, std::string_view value) {
  s.http.cors_origins = parse_list(value).value_or(std::vector<std::string>{""});
  return std::ranges::all_of(s.http.cors_origins, is_origin);
}

bool put_web_url(std::optional<Url>& to, std::optional<Url> parsed) {
  to = std::move(parsed);
  return to.has_value();
}

template <const auto& choices>
bool put_choice(auto& to, std::string_view value) {
  const auto found = find_choice(choices, value);
  if (found) {
    to = *found;
  }
  return found.has_value();
}

template <const auto& choices>
std::vector<std::string_view> names() {
  return names_of(choices);
}

constexpr Choices<bool, 2> on_off{{{"on", true}, {"off", false}}};
constexpr Choices<LogLevel, 4> log_levels{{
    {"debug", LogLevel::debug},
    {"info", LogLevel::info},
    {"warning", LogLevel::warning},
    {"error", LogLevel::error},
}};
constexpr Choices<LogFormat, 2> log_formats{{
    {"json", LogFormat::json},
    {"text", LogFormat::text},
}};

constexpr std::string_view any_text = "any text that is not empty";

constexpr Choices<People, 2> people_choices{{
    {"own", People::own},
    {"adopted", People::adopted},
}};

// A setting of MongoDB that is a text. Whether it is a name or a path that a document can have
// is judged with the others of its kind, when the store is opened.
template <auto member>
constexpr SettingRow mongo_row(std::string_view name, std::string_view placeholder,
                               std::string_view initial, std::string_view description) {
  return {{name, placeholder, description, everyone},
          initial,
          any_text,
          [](Settings& s, std::string_view v) {
            s.mongo.*member = v;
            return true;
          }};
}

bool put_server(Settings& s, std::string_view value) {
  s.server = parse_server_url(value);
  return s.server.has_value();
}

constexpr std::string_view a_path = "the path of a file";
constexpr std::string_view a_deadline = "1ms to 1h, for example 250ms or 10s";

constexpr std::array table{
    SettingRow{{"config", "FILE", "a file of settings, one `name = value` a line, # for comments",
                everyone},
               "",
               a_path,
               [](Settings&, std::string_view) { return true; }},
    SettingRow{{"data", "DIR", "the data folder", everyone},
               "./ringbook-data",
               "the path of a folder",
               put_data},
    SettingRow{{"store", "URL",
                "sqlite: (in the data folder), sqlite:FOLDER, memory:, or mongodb://HOST/DATABASE",
                everyone, false, stores},
               default_store,
               "sqlite:, sqlite:FOLDER, memory:, or mongodb://HOST:PORT,…/DATABASE (also "
               "mongodb+srv://)",
               put_store},
    SettingRow{{"store-file", "FILE", "a file that holds the value of --store", everyone},
               "",
               a_path,
               [](Settings& s, std::string_view v) { return put_path(s.store_file, v); }},
    mongo_row<&mongo::Settings::users>("mongo-users", "NAME", "users",
                                       "the collection of MongoDB that has the people"),
    mongo_row<&mongo::Settings::number_path>("mongo-extension-path", "PATH",
                                             "personalInformation.rcExtension",
                                             "where in a document the number stands; dots descend"),
    mongo_row<&mongo::Settings::version_path>("mongo-version-path", "PATH", "ringbook.v",
                                              "where Ringbook keeps its one field of a document"),
    mongo_row<&mongo::Settings::name_path>("mongo-name-path", "PATH", "name",
                                           "where the name stands"),
    mongo_row<&mongo::Settings::email_path>("mongo-email-path", "PATH", "email",
                                            "where the e-mail address stands"),
    mongo_row<&mongo::Settings::department_path>("mongo-department-path", "PATH", "department",
                                                 "where the department stands"),
    mongo_row<&mongo::Settings::role_path>("mongo-role-path", "PATH", "role",
                                           "where the role stands"),
    SettingRow{{"mongo-people", "",
                "whose the people are: made here, or by another program that goes on with it; "
                "default: own in an empty collection",
                everyone, false, names<people_choices>},
               "",
               "",
               [](Settings& s, std::string_view v) {
                 People people{};
                 const bool is_allowed = put_choice<people_choices>(people, v);
                 s.people = people;
                 return is_allowed;
               }},
    SettingRow{{"mongo-rescan", "TIME",
                "how long after one reading of another program's people the next begins", server},
               "60s",
               "1s to 1h, for example 60s or 10m",
               [](Settings& s, std::string_view v) {
                 return put_time(s.shared.rescan, v, std::chrono::seconds{1});
               }},
    SettingRow{{"listen", "ADDRESS:PORT", "where to serve; port 0 takes a free one", server},
               "localhost:2000",
               "ADDRESS:PORT, for example localhost:2000, 0.0.0.0:2000 or [::1]:0",
               put_listen},
    SettingRow{{"jwt-secret-file", "FILE",
                "the secret of HMAC tokens; default: one in the data folder", everyone},
               "",
               a_path,
               [](Settings& s, std::string_view v) { return put_path(s.jwt_secret_file, v); }},
    SettingRow{
        {"jwks-file", "FILE", "a JWK set with the public keys of those who issue tokens", everyone},
        "",
        a_path,
        [](Settings& s, std::string_view v) { return put_path(s.jwks_file, v); }},
    SettingRow{
        {"jwks-url", "URL", "the same set, kept by a service and fetched from it", everyone},
        "",
        allowed_web_urls,
        [](Settings& s, std::string_view v) { return put_web_url(s.jwks_url, parse_web_url(v)); }},
    SettingRow{
        {"oidc-issuer", "URL", "the OpenID provider that issues tokens; sets the issuer", everyone},
        "",
        allowed_issuers,
        [](Settings& s, std::string_view v) {
          return put_web_url(s.oidc_issuer, parse_issuer(v));
        }},
    SettingRow{{"issuer", "TEXT", "the `iss` that tokens must have", everyone},
               "",
               any_text,
               [](Settings& s, std::string_view v) { return put_text(s.token_rules.issuer, v); }},
    SettingRow{
        {"audience", "TEXT", "the `aud` that tokens must have; `any` asks for none", everyone},
        "",
        any_text,
        put_audience},
    SettingRow{{"audience-claim", "LIST",
                "the claims that may tell the audience; the first that a token has counts",
                everyone, true},
               "aud",
               "a comma list of claims, for example aud,client_id",
               put_audience_claims},
    SettingRow{{"algorithms", "LIST", "the signature algorithms that tokens may use", everyone,
                true, algorithms},
               "HS256,HS384,HS512,RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA",
               "a comma list of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, "
               "ES256, ES384, ES512 and EdDSA (or Ed25519, which is the same), spelled so",
               put_algorithms},
    SettingRow{
        {"admin-claim", "PATH", "the claim that makes an administrator; dots descend", everyone},
        "role",
        any_text,
        [](Settings& s, std::string_view v) {
          s.token_rules.admin_claim = v;
          return true;
        }},
    SettingRow{{"admin-value", "TEXT", "the value it must have or contain", everyone},
               "admin",
               any_text,
               [](Settings& s, std::string_view v) {
                 s.token_rules.admin_value = v;
                 return true;
               }},
    SettingRow{{"subject-claim", "NAME", "the claim that names who asks", everyone},
               "sub",
               any_text,
               [](Settings& s, std::string_view v) {
                 s.token_rules.subject_claim = v;
                 return true;
               }},
    SettingRow{
        {"error-details", "", "whether errors carry `details`", server, false, names<on_off>},
        "on",
        "",
        [](Settings& s, std::string_view v) { return put_choice<on_off>(s.error_details, v); }},
    SettingRow{{"drain-delay", "TIME", "how long to go on accepting after SIGTERM", server},
               "0",
               "0 to 1h, for example 250ms or 10s",
               [](Settings& s, std::string_view v) {
                 return put_time(s.http.drain_delay, v, std::chrono::milliseconds{0});
               }},
    SettingRow{{"tls-cert", "FILE", "serve TLS: the certificate and its chain, PEM", server},
               "",
               a_path,
               [](Settings& s, std::string_view v) { return put_path(s.tls_cert, v); }},
    SettingRow{{"tls-key", "FILE", "the key of that certificate, PEM, mode 0600", server},
               "",
               a_path,
               [](Settings& s, std::string_view v) { return put_path(s.tls_key, v); }},
    SettingRow{{"trusted-proxy", "CIDR",
                "proxies whose X-Forwarded-For is believed; may be repeated", server, true},
               "",
               "a comma list of addresses and networks, for example 127.0.0.1,10.0.0.0/8,fd00::/8; "
               "behind the bits that a network counts all are zero (10.0.0.0/8, not 10.0.0.5/8); "
               "a network of IPv4 written as ::ffff:10.0.0.0/104 has at least /96",
               put_proxies},
    SettingRow{
        {"cors-origin", "ORIGIN", "pages that browsers let read the API; may be repeated", server,
         true},
        "",
        "a comma list of origins as browsers spell them: scheme, host in lower case and a port "
        "that "
        "is not the scheme's own, without a slash at the end; for example https://hr.example.com",
        put_origins},
    SettingRow{
        {"handshake-timeout", "TIME", "how long the handshake of TLS may take", server},
        "10s",
        a_deadline,
        [](Settings& s, std::string_view v) { return put_deadline(s.http.handshake_time, v); }},
    SettingRow{{"head-timeout", "TIME", "how long a request head may take", server},
               "10s",
               a_deadline,
               [](Settings& s, std::string_view v) { return put_deadline(s.http.head_time, v); }},
    SettingRow{{"body-timeout", "TIME", "how long a request body may take", server},
               "20s",
               a_deadline,
               [](Settings& s, std::string_view v) { return put_deadline(s.http.body_time, v); }},
    SettingRow{{"answer-timeout", "TIME", "how long a client may take to read its answer", server},
               "20s",
               a_deadline,
               [](Settings& s, std::string_view v) { return put_deadline(s.http.answer_time, v); }},
    SettingRow{{"idle-timeout", "TIME", "how long a connection may be idle", server},
               "75s",
               a_deadline,
               [](Settings& s, std::string_view v) { return put_deadline(s.http.idle_time, v); }},
    SettingRow{{"server", "URL", "the server to ask instead of the data folder", client},
               "",
               "http://HOST:PORT or https://HOST:PORT",
               put_server},
    SettingRow{{"ca-file", "FILE", "whom to believe an https server, instead of the system's; PEM",
                client},
               "",
               a_path,
               [](Settings& s, std::string_view v) { return put_path(s.ca_file, v); }},
    SettingRow{
        {"token-file", "FILE", "a file that holds the token for it (or RINGBOOK_TOKEN)", client},
        "",
        a_path,
        [](Settings& s, std::string_view v) { return put_path(s.token_file, v); }},
    SettingRow{
        {"log-level", "", "the least that is logged", everyone, false, names<log_levels>},
        "info",
        "",
        [](Settings& s, std::string_view v) { return put_choice<log_levels>(s.log_level, v); }},
    SettingRow{
        {"log-format", "", "default: text on a terminal, else json", everyone, false,
         names<log_formats>},
        "",
        "",
        [](Settings& s, std::string_view v) { return put_choice<log_formats>(s.log_format, v); }},
};

}  // namespace

std::span<const SettingRow> setting_table() {
  return table;
}

}  // namespace ringbook

#include "auth/mint.h"
#include "auth/secret_file.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/local_directory.h"
#include "cli/setting_values.h"

namespace ringbook {
namespace {

// Who has the private keys. Needs `settings.has_public_keys()`.
std::string who_issues(const Settings& settings) {
  std::string out;
  const auto add = [&](const std::string& who) { out += (out.empty() ? "" : ", or ") + who; };
  const std::string holder = "whoever has the private keys to ";
  if (settings.oidc_issuer) {
    add(settings.oidc_issuer->text);
  }
  if (settings.jwks_url) {
    add(holder + settings.jwks_url->shown());
  }
  if (settings.jwks_file) {
    add(holder + settings.jwks_file->string());
  }
  return out;
}

// The configured secret, else the one that a data folder keeps for itself.
Result<Secret> signing_secret(const Settings& settings) {
  if (settings.jwt_secret_file) {
    return read_secret_file(*settings.jwt_secret_file);
  }
  if (settings.has_public_keys()) {
    return fail(Errc::usage,
                "the server's keys are public ones: tokens come from " + who_issues(settings));
  }
  if (const auto holder = DataFolder::holder_of(settings.data); !holder) {
    return std::unexpected(folder_error(holder.error()));
  }
  std::error_code ignored;
  const auto file = secret_file_in(settings.data);
  if (!std::filesystem::exists(file, ignored)) {
    return fail(Errc::unavailable,
                "the data folder " + settings.data.string() +
                    " has no secret: start `ringbook serve` once, which makes one, "
                    "or name the server's secret with --jwt-secret-file FILE");
  }
  return read_secret_file(file);
}

}  // namespace

CommandResult run_token(const Context& context, const TokenArguments& arguments) {
  const auto lifetime = parse_duration(arguments.expires_in);
  if (!lifetime || *lifetime < std::chrono::seconds{1}) {
    return fail(Errc::usage, "--expires-in: " + in_quotes(arguments.expires_in) +
                                 " is not allowed; allowed is 1s to 366d, for example 12h");
  }
  TokenOrder order{
      .subject = arguments.subject.value_or("local:" + context.os_user),
      .role = arguments.role,
      .lifetime = std::chrono::duration_cast<std::chrono::seconds>(*lifetime),
      .claims = {},
  };
  for (const auto& claim : arguments.claims) {
    const std::size_t equals = claim.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(Errc::usage,
                  "--claim: " + in_quotes(claim) + " is not allowed; allowed is NAME=VALUE");
    }
    order.claims.emplace_back(claim.substr(0, equals), claim.substr(equals + 1));
  }
  const auto secret = signing_secret(context.settings);
  if (!secret) {
    return std::unexpected(secret.error());
  }
  const auto minted = mint_token(context.settings.token_rules, *secret, order, SystemClock().now());
  if (!minted) {
    return std::unexpected(minted.error());
  }
  context.console.print(minted->token + "\n");
  context.console.note("expires at " + to_rfc3339(minted->expires_at));
  return ExitCode::done;
}

}  // namespace ringbook

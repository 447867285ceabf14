#include "cli/transport.h"

#include <algorithm>

#include "auth/mint.h"
#include "auth/secret_file.h"
#include "base/clock.h"
#include "base/limits.h"
#include "cli/local_directory.h"
#include "cli/read_file.h"

namespace ringbook {
namespace {

// A token goes into a header field: one word of visible ASCII.
Result<std::string> checked_token(std::string_view text, const std::string& place) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  const bool is_word = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  if (text.empty() || !is_word) {
    return fail(Errc::usage, place + " holds no token: it must be one word");
  }
  return std::string(text);
}

Result<std::string> configured_token(const Settings& settings) {
  if (settings.token) {
    return checked_token(*settings.token, "RINGBOOK_TOKEN");
  }
  if (!settings.token_file) {
    return fail(Errc::usage,
                "--server needs a token: give --token-file FILE or set RINGBOOK_TOKEN "
                "(`ringbook token` on the server's machine makes one)");
  }
  // Room for a final line end.
  const auto text = read_small_file(*settings.token_file, limits::token_bytes + 2);
  if (!text) {
    return std::unexpected(text.error());
  }
  return checked_token(*text, settings.token_file->string());
}

Result<std::unique_ptr<Transport>> open_named_server(const Settings& settings) {
  auto token = configured_token(settings);
  if (!token) {
    return std::unexpected(token.error());
  }
  return open_http_transport({
      .url = *settings.server,
      .ca_file = settings.ca_file,
      .token = *std::move(token),
      .token_hint = "check that the token is an administrator's and has not expired",
  });
}

// A server holds the folder: its secret lies there, unless its keys come from elsewhere.
Result<std::unique_ptr<Transport>> open_holding_server(const Settings& settings,
                                                       const std::string& os_user,
                                                       const ServerPlace& server) {
  const std::string url = (server.key_pin.empty() ? "http://" : "https://") + server.address;
  const std::string advice =
      "a server holds " + settings.data.string() + " and takes its keys from elsewhere" +
      (settings.oidc_issuer ? " (" + settings.oidc_issuer->text + " issues its tokens)" : "") +
      ": give --server " + url + " --token-file FILE with an administrator's token";
  const auto secret_file = secret_file_in(settings.data);
  std::error_code ignored;
  if (settings.has_key_source() || !std::filesystem::exists(secret_file, ignored)) {
    return fail(Errc::usage, advice);
  }
  auto secret = read_secret_file(secret_file);
  if (!secret) {
    return std::unexpected(secret.error());
  }
  const TokenOrder order{
      .subject = "local:" + os_user,
      .role = {},
      .lifetime = limits::client_token_time,
      .claims = {},
  };
  auto minted = mint_token(settings.token_rules, *secret, order, SystemClock().now());
  if (!minted) {
    return std::unexpected(minted.error());
  }
  return open_http_transport({.url = url,
                              .key_pin = server.key_pin,
                              .token = std::move(minted->token),
                              .token_hint = advice});
}

}  // namespace

Result<std::unique_ptr<Transport>> open_transport(const Settings& settings,
                                                  const std::string& os_user,
                                                  DataFolder::Missing missing) {
  if (settings.server) {
    return open_named_server(settings);
  }
  const auto holder = DataFolder::holder_of(settings.data);
  if (!holder && holder.error().code != Errc::not_found) {
    return std::unexpected(holder.error());
  }
  if (holder && holder->has_value() && (*holder)->address.empty()) {
    return fail(Errc::locked, "another process has the data folder " + settings.data.string() +
                                  " and does not serve it yet; try again in a moment");
  }
  if (holder && holder->has_value()) {
    return open_holding_server(settings, os_user, **holder);
  }
  return open_local_transport(settings, os_user, missing);
}

}  // namespace ringbook

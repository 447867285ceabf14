// `ringbook serve`: where everything is put together, from bottom to top, and taken apart again.
#include <algorithm>

#include "api/api.h"
#include "auth/key_file.h"
#include "auth/token_authenticator.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/huge_pages.h"
#include "cli/key_sources.h"
#include "cli/log_settings.h"
#include "cli/service_manager.h"
#include "cli/watchdog.h"
#include "directory/directory.h"
#include "http/server.h"
#include "net/address.h"
#include "net/authority.h"
#include "store/data_folder.h"
#include "store/open.h"

namespace ringbook {
namespace {

// Where commands on this machine reach a server that listens there.
std::string reachable(const std::string& address, std::uint16_t port) {
  const std::string host = address == "0.0.0.0" ? "127.0.0.1" : (address == "::" ? "::1" : address);
  return bracketed(host) + ":" + std::to_string(port);
}

std::string listening_members(const Server& server) {
  const auto addresses = server.addresses();
  std::string out = R"("address":)";
  append_json_string(out, addresses.front());
  out += R"(,"addresses":[)";
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    out += i == 0 ? "" : ",";
    append_json_string(out, addresses[i]);
  }
  return out + R"(],"port":)" + std::to_string(server.port());
}

// Tells commands on this machine where the server is, and what key they find there.
Result<void> publish(DataFolder& folder, const Server& server, const std::string& key_pin) {
  return folder.publish(
      {.address = reachable(server.addresses().front(), server.port()), .key_pin = key_pin});
}

// Has new connections speak TLS with the certificate as its files are now, if one is configured,
// and publishes the server. Errors: then connections go on as they were.
Result<void> use_certificate(const Settings& settings, Server& server, DataFolder& folder) {
  if (!settings.tls_cert || !settings.tls_key) {
    return publish(folder, server, "");
  }
  const auto certificates =
      read_key_file("--tls-cert", *settings.tls_cert, limits::certificate_file_bytes);
  if (!certificates) {
    return std::unexpected(certificates.error());
  }
  const auto key = read_key_file("--tls-key", *settings.tls_key, limits::secret_file_bytes);
  if (!key) {
    return std::unexpected(key.error());
  }
  if (key->exposure) {
    return not_private("--tls-key", *settings.tls_key, *key);
  }
  auto used =
      server.use_tls({.certificates = certificates->content.bytes(), .key = key->content.bytes()},
                     [&](const std::string& pin) { return publish(folder, server, pin); });
  if (!used && used.error().code == Errc::usage) {
    return fail(Errc::usage, "--tls-cert " + settings.tls_cert->string() + ", --tls-key " +
                                 settings.tls_key->string() + ": " + used.error().detail);
  }
  return used;
}

// Listens, and says so to commands on this machine.
Result<void> open_doors(const Settings& settings, Server& server, DataFolder& folder) {
  auto listening = server.listen(settings.listen);
  return listening ? use_certificate(settings, server, folder) : listening;
}

// A start that finds its port taken leaves no folder behind that was not there.
Result<DataFolder> open_folder(const Settings& settings) {
  std::error_code ignored;
  if (!std::filesystem::exists(settings.data, ignored)) {
    if (const auto can = Server::can_listen(settings.listen); !can) {
      return std::unexpected(can.error());
    }
  }
  return DataFolder::open(settings.data, DataFolder::Missing::create);
}

void warn(const Settings& settings, const Server& server, const Store& store, Log& log) {
  if (!store.is_durable()) {
    log.warning("memory_store", {{"what", "everything is lost when this process ends"}});
  }
  if (!settings.tls_cert &&
      !std::ranges::all_of(server.addresses(), [](const auto& a) { return is_loopback(a); })) {
    log.warning("listening_without_tls",
                {{"listen", bracketed(settings.listen.host)},
                 {"what",
                  "tokens cross the network unencrypted; give --tls-cert and --tls-key, or put a "
                  "TLS proxy in front and listen on localhost"}});
  }
}

void report_reload(const ReloadedSource& source, Log& log) {
  if (!source.outcome) {
    log.error("reload_failed", {{"source", source.name},
                                {"why", source.outcome.error().detail},
                                {"what", "it stays as it was before; the others are read"}});
  } else if (*source.outcome == Reload::done) {
    log.info("reloaded", {{"source", source.name}});
  }
}

// Each on its own: what is bad keeps nothing else from being renewed.
void reload(const Settings& settings, TokenAuthenticator& authenticator, Server& server,
            DataFolder& folder, Log& log) {
  for (const ReloadedSource& source : authenticator.reload()) {
    report_reload(source, log);
  }
  if (settings.tls_cert) {
    auto renewed = use_certificate(settings, server, folder);
    report_reload({"tls-cert", renewed ? Result<Reload>(Reload::done)
                                       : std::unexpected(std::move(renewed.error()))},
                  log);
  }
  tell_service_manager(service_is_ready);
}

}  // namespace

CommandResult run_serve(const Context& context) {
  Watchdog::take_signals();
  const Settings& settings = context.settings;
  const SystemClock clock;
  Log log(clock, settings.log_level, log_format_of(settings));
  Watchdog watchdog(clock, log);
  watchdog.start();
  auto folder = open_folder(settings);
  if (!folder) {
    return std::unexpected(folder.error());
  }
  EventLoop loop;
  Metrics metrics;
  metrics.show(FigureKind::gauge, "process_start_time_seconds",
               "When the process began, in seconds since 1970.",
               static_cast<double>(clock.now().ms) / 1000);
  auto sources = open_key_sources(settings, *folder, clock, loop.loop(), metrics, log);
  if (!sources) {
    return std::unexpected(sources.error());
  }
  const auto authenticator =
      make_token_authenticator(settings.token_rules, *std::move(sources), clock, loop.loop());
  if (!authenticator) {
    return std::unexpected(authenticator.error());
  }
  std::optional<Error> failure;
  Server* running = nullptr;
  const auto store =
      open_store(settings.store_settings(), loop.loop(), clock, metrics, log, [&](Error error) {
        failure = std::move(error);
        if (running != nullptr) {
          running->stop();
        }
      });
  if (!store) {
    return std::unexpected(store.error());
  }
  end_huge_pages();
  (*store)->prepare_search();
  Directory directory(**store);
  Api api({.error_details = settings.error_details, .version = std::string(build_version())},
          directory, **store, **authenticator, clock, metrics, log);
  Server server(settings.http, loop, api,
                {.is_due = [&] { return (*store)->turn_is_due(); },
                 .end =
                     [&] {
                       watchdog.commit_begins();
                       (*store)->end_turn();
                       watchdog.commit_ends();
                       (*authenticator)->keep_up();
                     }},
                clock, metrics, log);
  if (const auto opened = open_doors(settings, server, *folder); !opened) {
    return std::unexpected(opened.error());
  }
  warn(settings, server, **store, log);
  running = &server;
  watchdog.guard(&server);
  // Said from within the loop, which then hears signals too.
  loop.loop().post([&] {
    if (failure) {
      return;
    }
    log.announce("listening", listening_members(server));
    tell_service_manager(service_is_ready);
  });
  server.run([&] {
    tell_service_manager_of_reload(clock.tick());
    reload(settings, **authenticator, server, *folder, log);
  });
  Watchdog::take_signals();
  watchdog.guard(nullptr);
  running = nullptr;
  log.info("stopped", {{"cut_short", server.was_cut_short()}});
  return failure ? CommandResult(std::unexpected(*failure)) : ExitCode::done;
}

}  // namespace ringbook

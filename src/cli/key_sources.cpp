#include "cli/key_sources.h"

#include <optional>
#include <utility>

#include "auth/file_keys.h"
#include "auth/remote_keys.h"
#include "auth/secret_file.h"

namespace ringbook {
namespace {

Result<KeyFiles> key_files_of(const Settings& settings, const DataFolder& folder) {
  if (settings.has_key_source()) {
    return KeyFiles{.secret_file = settings.jwt_secret_file, .jwks_file = settings.jwks_file};
  }
  auto secret = ensure_secret_file_in(folder.path());
  if (!secret) {
    return std::unexpected(std::move(secret.error()));
  }
  return KeyFiles{.secret_file = *std::move(secret), .jwks_file = {}};
}

std::vector<KeyPlace> key_places_of(const Settings& settings) {
  std::vector<KeyPlace> places;
  if (settings.jwks_url) {
    places.push_back({.kind = KeyPlace::Kind::key_set, .url = *settings.jwks_url});
  }
  if (settings.oidc_issuer) {
    places.push_back({.kind = KeyPlace::Kind::issuer, .url = *settings.oidc_issuer});
  }
  return places;
}

}  // namespace

Result<std::vector<std::unique_ptr<KeySource>>> open_key_sources(const Settings& settings,
                                                                 const DataFolder& folder,
                                                                 const Clock& clock, Loop& loop,
                                                                 Metrics& metrics, Log& log) {
  const auto allowed = parse_algorithms(settings.token_rules.algorithms);
  if (!allowed) {
    return std::unexpected(allowed.error());
  }
  const auto files = key_files_of(settings, folder);
  if (!files) {
    return std::unexpected(files.error());
  }
  auto sources =
      open_key_files(*files, *allowed, [&log](const KeyWarning& warning) { tell(log, warning); });
  if (!sources) {
    return std::unexpected(std::move(sources.error()));
  }
  for (KeyPlace& place : key_places_of(settings)) {
    auto source = open_remote_source(std::move(place), *allowed, clock, loop, metrics, log);
    if (!source) {
      return std::unexpected(std::move(source.error()));
    }
    sources->push_back(*std::move(source));
  }
  return sources;
}

}  // namespace ringbook

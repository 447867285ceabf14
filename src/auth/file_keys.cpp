#include "auth/file_keys.h"

#include <functional>
#include <string>
#include <utility>

#include "auth/hmac_key.h"
#include "auth/jwk_set.h"
#include "auth/key_file.h"
#include "auth/secret_file.h"
#include "base/check.h"
#include "base/limits.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;

using Load = std::function<Result<KeySet>()>;

// Keys that are there from the start and change only when they are read again.
class FileKeys final : public KeySource {
 public:
  FileKeys(std::string_view name, Load load, KeySet keys, bool is_shared)
      : name_(name), load_(std::move(load)), keys_(std::move(keys)), is_shared_(is_shared) {}

  std::string_view name() const override { return name_; }
  const KeySet& keys() const override { return keys_; }
  std::uint64_t version() const override { return version_; }
  bool is_shared() const override { return is_shared_; }

  Result<Reload> reload() override {
    auto keys = load_();
    if (!keys) {
      return std::unexpected(std::move(keys.error()));
    }
    keys_ = *std::move(keys);
    ++version_;
    return Reload::done;
  }

  bool may_have_newer_keys() const override { return false; }
  void wait_for_newer_keys(OnRefreshed /*then*/) override {
    check(false, "nobody waits for a file");
  }
  void keep_up() override {}
  std::string_view not_ready() const override { return {}; }
  std::string_view warning() const override { return {}; }

 private:
  const std::string_view name_;
  const Load load_;
  KeySet keys_;
  std::uint64_t version_ = 0;
  const bool is_shared_;
};

Result<std::unique_ptr<KeySource>> open_source(std::string_view name, Load load, bool is_shared) {
  auto keys = load();
  if (!keys) {
    return std::unexpected(std::move(keys.error()));
  }
  return std::make_unique<FileKeys>(name, std::move(load), *std::move(keys), is_shared);
}

Result<KeySet> load_secret(const fs::path& path, AlgorithmSet allowed) {
  const auto secret = read_secret_file(path);
  if (!secret) {
    return std::unexpected(secret.error());
  }
  auto key = HmacKey::make(*secret, allowed);
  if (!key) {
    return fail(key.error().code, "secret file " + path.string() + ": " + key.error().detail);
  }
  KeySet keys;
  keys.add({.fits_every_kid = true, .verifier = std::make_shared<HmacKey>(*std::move(key))});
  return keys;
}

Result<KeySet> load_jwks(const fs::path& path, AlgorithmSet allowed,
                         const OnKeyWarning& on_warning) {
  const auto file = read_key_file("JWK file", path, limits::key_set_bytes);
  if (!file) {
    return std::unexpected(file.error());
  }
  auto set = parse_jwk_set(file->content.bytes(), allowed);
  if (!set) {
    return fail(Errc::usage, "JWK file " + path.string() + ": " + set.error().detail);
  }
  if (set->holds_secrets && file->exposure) {
    return not_private("JWK file", path, *file);
  }
  for (const auto& [is_left_out, text] : set->warnings) {
    on_warning({is_left_out, "JWK file " + path.string() + ": " + text});
  }
  return std::move(set->keys);
}

}  // namespace

Result<std::unique_ptr<KeySource>> open_secret_source(const fs::path& path, AlgorithmSet allowed) {
  return open_source(
      "jwt-secret-file", [path, allowed] { return load_secret(path, allowed); }, false);
}

Result<std::unique_ptr<KeySource>> open_jwks_file_source(const fs::path& path, AlgorithmSet allowed,
                                                         OnKeyWarning on_warning) {
  return open_source(
      "jwks-file",
      [path, allowed, on_warning = std::move(on_warning)] {
        return load_jwks(path, allowed, on_warning);
      },
      true);
}

Result<std::vector<std::unique_ptr<KeySource>>> open_key_files(const KeyFiles& files,
                                                               AlgorithmSet allowed,
                                                               OnKeyWarning on_warning) {
  std::vector<std::unique_ptr<KeySource>> sources;
  if (files.secret_file) {
    auto source = open_secret_source(*files.secret_file, allowed);
    if (!source) {
      return std::unexpected(std::move(source.error()));
    }
    sources.push_back(*std::move(source));
  }
  if (files.jwks_file) {
    auto source = open_jwks_file_source(*files.jwks_file, allowed, std::move(on_warning));
    if (!source) {
      return std::unexpected(std::move(source.error()));
    }
    sources.push_back(*std::move(source));
  }
  return sources;
}

}  // namespace ringbook

#include "auth/remote_keys.h"

#include <chrono>
#include <utility>

#include "base/limits.h"

namespace ringbook {
namespace {

// What a log line shows of a reason, which may repeat much of what a peer sent.
constexpr std::size_t shown_reason_bytes = 512;

Counter& outcome(Metrics& metrics, const std::string& source, std::string word) {
  return metrics.counter("ringbook_key_fetches_total", "Fetches of remote keys, by how they ended.",
                         {{"source", source}, {"outcome", std::move(word)}});
}

}  // namespace

RemoteKeys::RemoteKeys(std::string name, std::unique_ptr<KeyFetcher> fetcher, const Clock& clock,
                       Metrics& metrics, Log& log)
    : name_(std::move(name)),
      clock_(clock),
      log_(log),
      age_(metrics.gauge("ringbook_keys_age_seconds",
                         "Seconds since remote keys last came; without any, since the start.",
                         {{"source", name_}})),
      fetched_(outcome(metrics, name_, "fetched")),
      unreachable_(outcome(metrics, name_, "unreachable")),
      refused_(outcome(metrics, name_, "refused")),
      taken_(clock.tick()),
      fetcher_(std::move(fetcher)) {
  begin_fetch();
}

Result<Reload> RemoteKeys::reload() {
  is_awaited_ = true;
  if (!is_fetching_) {
    begin_fetch();
  }
  return Reload::begun;
}

bool RemoteKeys::may_have_newer_keys() const {
  return waiting_.size() < limits::waiting_for_keys &&
         (is_fetching_ || clock_.tick() >= begun_ + limits::key_fetch_spacing);
}

void RemoteKeys::wait_for_newer_keys(OnRefreshed then) {
  waiting_.push_back({std::move(then), clock_.tick() + limits::key_wait_time});
  if (!is_fetching_) {
    begin_fetch();
  }
}

void RemoteKeys::keep_up() {
  const Tick now = clock_.tick();
  age_.set(std::chrono::duration_cast<std::chrono::seconds>(now - taken_).count());
  while (!waiting_.empty() && waiting_.front().deadline <= now) {
    OnRefreshed then = std::move(waiting_.front().then);
    waiting_.pop_front();
    then();
  }
  if (!is_fetching_ && now >= next_) {
    begin_fetch();
  }
}

std::string_view RemoteKeys::warning() const {
  return has_failed_ && !keys_.empty() ? "keys_not_fetched" : "";
}

void RemoteKeys::begin_fetch() {
  is_fetching_ = true;
  begun_ = clock_.tick();
  fetcher_->begin([this](Result<JwkSet> fetched) { take(std::move(fetched)); });
}

void RemoteKeys::take(Result<JwkSet> fetched) {
  is_fetching_ = false;
  has_failed_ = !fetched;
  next_ = begun_ + (has_failed_ ? limits::key_fetch_spacing : limits::key_refresh_time);
  if (fetched) {
    take_into_use(*std::move(fetched));
  } else {
    tell_failure(fetched.error());
  }
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    waiting.then();
  }
}

void RemoteKeys::take_into_use(JwkSet set) {
  fetched_.add();
  taken_ = clock_.tick();
  // The same set again is no change: what its keys have verified stays good.
  if (set.text != text_) {
    keys_ = std::move(set.keys);
    text_ = std::move(set.text);
    ++version_;
  }
  if (std::exchange(is_awaited_, false)) {
    log_.info("keys_fetched", {{"source", name_}, {"keys", keys_.size()}});
  }
  if (set.warnings != warnings_) {
    for (const KeyWarning& warning : set.warnings) {
      tell(log_, {warning.is_left_out, name_ + ": " + warning.text});
    }
    warnings_ = std::move(set.warnings);
  }
}

void RemoteKeys::tell_failure(const Error& error) {
  (error.code == Errc::unavailable ? unreachable_ : refused_).add();
  is_awaited_ = true;
  log_.warning("keys_not_fetched",
               {{"source", name_},
                {"reason", std::string_view(error.detail).substr(0, shown_reason_bytes)},
                {"what", keys_.empty() ? "there are no keys yet: tokens that need them are refused"
                                       : "the keys that came before stay in use"}});
}

Result<std::unique_ptr<KeySource>> open_remote_source(KeyPlace place, AlgorithmSet allowed,
                                                      const Clock& clock, Loop& loop,
                                                      Metrics& metrics, Log& log) {
  const bool is_issuer = place.kind == KeyPlace::Kind::issuer;
  const std::string name = is_issuer ? "oidc-issuer" : "jwks-url";
  const AlgorithmSet signatures = allowed.without(mac_algorithms);
  if (signatures.empty()) {
    return fail(Errc::usage, "the keys of --" + name + " are for signatures, and --algorithms " +
                                 "allows only " + allowed.text());
  }
  return std::make_unique<RemoteKeys>(name, open_key_fetcher(std::move(place), signatures, loop),
                                      clock, metrics, log);
}

}  // namespace ringbook

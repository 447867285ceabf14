// What machines ask about the server and its API. No token, and no wait for a commit.
#include <string>
#include <vector>

#include "api/openapi.h"
#include "api/routes.h"
#include "base/json.h"

namespace ringbook::routes {
namespace {

std::vector<std::string> reasons_against(const Api::Impl& api) {
  std::vector<std::string> reasons = api.store.not_ready();
  const std::vector<std::string> without_keys = api.authenticator.not_ready();
  reasons.insert(reasons.end(), without_keys.begin(), without_keys.end());
  if (api.is_draining) {
    reasons.emplace_back("draining");
  }
  return reasons;
}

// The figures that others keep themselves are taken over when somebody looks.
void update_gauges(Api::Impl& api) {
  const StoreStatistics statistics = api.store.statistics();
  const auto set = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    api.metrics.show(FigureKind::gauge, name, help, static_cast<double>(value));
  };
  set("ringbook_users", "People in the directory.", statistics.users);
  set("ringbook_extensions", "Numbers in use.", statistics.extensions);
  set("ringbook_last_change", "The last change of the journal.", statistics.last_change);
  set("ringbook_unfolded_changes", "Changes not yet taken into the directory's database.",
      statistics.unfolded_changes);
  set("ringbook_waiting_searches", "Lists and searches under way.", statistics.waiting_searches);
  if (statistics.free_bytes) {
    set("ringbook_store_free_bytes", "Room on the volume of the data folder.",
        *statistics.free_bytes);
  }
  set("ringbook_ready", "1 while /readyz says 200, else 0.", reasons_against(api).empty() ? 1 : 0);
  api.metrics.show(FigureKind::counter, "ringbook_log_dropped_lines_total",
                   "Lines of the log that nobody took in time.",
                   static_cast<double>(api.log.dropped()));
  api.metrics.show(FigureKind::gauge, "ringbook_build_info",
                   "Always 1; the label says which program runs.", 1,
                   {{"version", api.settings.version}});
}

}  // namespace

Response healthz(Api::Impl&, const Head&) {
  return json_response(200, Body::literal(R"({"status":"ok"})"));
}

Response readyz(Api::Impl& api, const Head&) {
  if (const auto reasons = reasons_against(api); !reasons.empty()) {
    return problem::not_ready(reasons);
  }
  std::vector<std::string> warnings = api.store.warnings();
  const std::vector<std::string> of_keys = api.authenticator.warnings();
  warnings.insert(warnings.end(), of_keys.begin(), of_keys.end());
  if (warnings.empty()) {
    return json_response(200, Body::literal(R"({"status":"ready"})"));
  }
  std::string body = R"({"status":"ready","warnings":)";
  append_json_strings(body, warnings);
  return json_response(200, body + "}");
}

Response metrics(Api::Impl& api, const Head&) {
  update_gauges(api);
  api.process_figures.show();
  Response response;
  response.status = 200;
  response.body = api.metrics.render();
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

Response openapi(Api::Impl&, const Head&) {
  return json_response(200, Body::literal(openapi_document()));
}

}  // namespace ringbook::routes

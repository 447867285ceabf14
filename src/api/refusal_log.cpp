#include "api/refusal_log.h"

#include <string>

namespace ringbook {

RefusalLog::RefusalLog(const Clock& clock, Log& log, Metrics& metrics)
    : log_(log), metrics_(metrics), limit_(clock) {}

void RefusalLog::note(const TokenRefusal& refusal, std::string_view request_id,
                      std::string_view client) {
  metrics_
      .counter("ringbook_refusals_total",
               "Requests turned away because of their token, or for lack of the right, by reason.",
               {{"reason", refusal.reason}})
      .add();
  const auto unwritten = limit_.admit();
  if (unwritten && refusal.wanted.empty()) {
    log_.warning("refused", {{"reason", refusal.reason},
                             {"request_id", request_id},
                             {"client", client},
                             {"unwritten_before", *unwritten}});
  } else if (unwritten) {
    log_.warning("refused", {{"reason", refusal.reason},
                             {"wanted", refusal.wanted},
                             {"given", refusal.given},
                             {"request_id", request_id},
                             {"client", client},
                             {"unwritten_before", *unwritten}});
  }
}

}  // namespace ringbook

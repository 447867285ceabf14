#include "api/refusal_log.h"

#include <string>

namespace ringbook {

RefusalLog::RefusalLog(const Clock& clock, Log& log, Metrics& metrics)
    : log_(log), metrics_(metrics), limit_(clock) {}

void RefusalLog::note(std::string_view reason, std::string_view request_id,
                      std::string_view client) {
  metrics_
      .counter("ringbook_refusals_total",
               "Requests turned away because of their token, or for lack of the right, by reason.",
               {{"reason", std::string(reason)}})
      .add();
  if (const auto unwritten = limit_.admit()) {
    log_.warning("refused", {{"reason", reason},
                             {"request_id", request_id},
                             {"client", client},
                             {"unwritten_before", *unwritten}});
  }
}

}  // namespace ringbook

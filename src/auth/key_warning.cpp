#include "auth/key_warning.h"

namespace ringbook {

void tell(Log& log, const KeyWarning& warning) {
  if (warning.is_left_out) {
    log.warning("key_left_out", {{"what", warning.text}});
  } else {
    log.warning("key_odd", {{"what", warning.text}});
  }
}

}  // namespace ringbook

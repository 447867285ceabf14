// Tells the service manager that started this process, where one did, how far it is.
// See: sd_notify(3).
#pragma once

#include <string_view>

#include "base/clock.h"

namespace ringbook {

// Sends lines of NAME=VALUE to the socket that NOTIFY_SOCKET names; without one, nobody waits to be
// told. Waits no longer than limits::notify_time: a manager that does not listen stops nothing.
// Threads: any.
void tell_service_manager(std::string_view state);

inline constexpr std::string_view service_is_ready = "READY=1";
inline constexpr std::string_view service_is_stopping = "STOPPING=1";
// That settings are read again, from `now` until `service_is_ready` is sent once more.
void tell_service_manager_of_reload(Tick now);

}  // namespace ringbook

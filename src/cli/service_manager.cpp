#include "cli/service_manager.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "base/file.h"
#include "base/limits.h"

namespace ringbook {
namespace {

void send_to(std::string_view path, std::string_view state) {
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return;
  }
  address.sun_family = AF_UNIX;
  std::ranges::copy(path, address.sun_path);
  // A name without a file begins with NUL, which the environment cannot hold.
  if (address.sun_path[0] == '@') {
    address.sun_path[0] = '\0';
  }
  const File socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), path);
  if (!socket.is_open()) {
    return;
  }
  constexpr timeval most{.tv_sec = std::chrono::seconds(limits::notify_time).count(), .tv_usec = 0};
  ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
  ::sendto(socket.descriptor(), state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
}

}  // namespace

void tell_service_manager(std::string_view state) {
  if (const char* path = std::getenv("NOTIFY_SOCKET"); path != nullptr) {
    send_to(path, state);
  }
}

void tell_service_manager_of_reload(Tick now) {
  const auto monotonic =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  tell_service_manager("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic.count()));
}

}  // namespace ringbook

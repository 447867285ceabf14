#include "directory/principal.h"

namespace ringbook {

Result<Administrator> authorise(Principal principal) {
  if (!principal.has_administrator_claim) {
    return fail(Errc::not_permitted, "the principal is no administrator");
  }
  return Administrator(std::move(principal));
}

}  // namespace ringbook

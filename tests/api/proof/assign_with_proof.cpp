// Compiles: whoever has the proof of being an administrator may assign.
#include <utility>

#include "directory/directory.h"

void assign(ringbook::Directory& directory, const ringbook::Administrator& by,
            ringbook::UserId user, ringbook::Extension extension,
            ringbook::Reply<ringbook::Outcome> reply) {
  directory.assign({by, "request"}, user, extension, std::move(reply));
}

// Must not compile: a principal is no proof, and nobody but `authorise` can make one of it.
#include <utility>

#include "directory/directory.h"

void assign(ringbook::Directory& directory, const ringbook::Principal& by, ringbook::UserId user,
            ringbook::Extension extension, ringbook::Reply<ringbook::Outcome> reply) {
  directory.assign({ringbook::Administrator(by), "request"}, user, extension, std::move(reply));
}

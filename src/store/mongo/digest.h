// What chains the batches of the journal.
#pragma once

#include <string_view>

#include "directory/shared_batch.h"

namespace ringbook::mongo {

Digest sha256(std::string_view octets);

}  // namespace ringbook::mongo

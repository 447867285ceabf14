// Pages of 2 MiB for what a server reads when it starts: it is looked at here and there, and the
// processor waits a tenth less for it. Not for what comes later: the first touch of a large page
// takes long, and answers would wait for it. Without them, or where the system has none, everything
// goes on as ever.
#pragma once

#include <span>

namespace ringbook {

// The C library asks the system for them only where the environment of the start says so; hence a
// server, by its `arguments`, which end with null, starts itself once more, as the same process.
// What an operator says there, in GLIBC_TUNABLES, stays.
void begin_with_huge_pages(std::span<char*> arguments);
// From now on memory comes in the usual pages; what there is stays as it is.
void end_huge_pages();

}  // namespace ringbook

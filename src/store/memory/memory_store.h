// The memory engine: the registry alone, and its journal as a list. Lost at exit.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/loop.h"
#include "directory/store.h"

namespace ringbook {

// Lifetime: `loop` and `clock` outlive the store.
std::unique_ptr<Store> make_memory_store(Loop& loop, const Clock& clock);

}  // namespace ringbook

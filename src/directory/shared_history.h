// Walks histories through a journal that is elsewhere: what a walk misses is fetched, and it walks
// again, until it has all it reads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "directory/history_store.h"
#include "directory/shared_journal.h"

namespace ringbook {

// Answers the question, by walking what `journal` gives of the changes of `touched`. Threads: the
// loop. Lifetime: the journal outlives its answers; `is_alive` is false once nobody may be
// answered.
void walk_shared_journal(SharedJournal& journal, Tick deadline, Touched touched,
                         std::unique_ptr<JournalQuestion> question,
                         std::shared_ptr<const bool> is_alive);

}  // namespace ringbook

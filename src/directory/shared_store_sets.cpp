// Change sets that one document has no room for.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "directory/shared_store.h"

namespace ringbook {

bool SharedStore::Footprint::meets(const BatchContents& other) const {
  const auto has = [](const auto& in_order) {
    return [&in_order](const auto& value) { return std::ranges::binary_search(in_order, value); };
  };
  return std::ranges::any_of(other.users, has(users)) ||
         std::ranges::any_of(other.numbers, has(numbers));
}

// Keeps in parts what one document has no room for; then the batch that names them is inserted.
void SharedStore::put_large_set(SharedBatch batch, const Batch& changes) {
  if (++work_->tries > limits::shared_set_tries) {
    return end_work(fail(Errc::unavailable, "others change the users of a large set all the time"));
  }
  std::vector<BatchContents> parts = to_parts(changes, settings_.part_changes);
  BatchContents all = to_contents(changes, 0, changes.changes.size());
  work_->footprint = {std::move(all.users), std::move(all.numbers)};
  work_->is_overtaken = false;
  batch.set = describe(batch.by, parts, registry().last_sequence(), ports_.make_digest);
  fold_.seal(batch);
  work_->batch = std::make_shared<const SharedBatch>(std::move(batch));
  parts_.put(work_->batch->set->id, std::move(parts), to_store<void>([this](const auto& kept) {
               if (!kept) {
                 return end_work(kept);
               }
               work_->deadline = deadline();
               append();
             }));
}

// Others had the number, with nothing in common: the same set comes after theirs.
void SharedStore::move_up_large_set() {
  SharedBatch batch = *work_->batch;
  const std::uint64_t before = batch.first;
  fold_.seal(batch);
  for (std::size_t i = work_->begin; i < work_->end; ++i) {
    auto& outcome = work_->turn.writes[i].outcome;
    if (outcome && outcome->version > batch.set->base) {
      outcome->version += batch.first - before;
    }
    if (outcome && outcome->user && outcome->user->version > batch.set->base) {
      outcome->user->version += batch.first - before;
    }
  }
  work_->batch = std::make_shared<const SharedBatch>(std::move(batch));
  append();
}

}  // namespace ringbook

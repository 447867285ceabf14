#include "directory/shared_parts.h"

#include <iterator>
#include <utility>

#include "base/limits.h"

namespace ringbook {
namespace {

template <class Value>
void append_to(std::vector<Value>& all, std::vector<Value>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

LargeSet describe(std::string id, const std::vector<BatchContents>& parts, std::uint64_t base,
                  MakeDigest make_digest) {
  std::string digests;
  for (const BatchContents& part : parts) {
    add_digest(digests, make_digest(octets_of_part(part)));
  }
  return {.id = std::move(id),
          .parts = static_cast<std::uint32_t>(parts.size()),
          .digest = make_digest(digests),
          .base = base};
}

void SharedParts::put(const std::string& id, std::vector<BatchContents> parts, Reply<void> reply) {
  auto putting = std::make_shared<Putting>();
  putting->id = id;
  putting->reply = std::move(reply);
  for (BatchContents& part : parts) {
    putting->parts.push_back(std::make_shared<const Part>(std::move(part)));
  }
  put_next(putting);
}

void SharedParts::put_next(const std::shared_ptr<Putting>& putting) {
  if (putting->done == putting->parts.size()) {
    return putting->reply({});
  }
  journal_.put_part({PartName::Of::set, putting->id, putting->done}, putting->parts[putting->done],
                    clock_.tick() + limits::shared_time,
                    Reply<void>([this, putting, alive = std::shared_ptr<const bool>(is_alive_)](
                                    Result<void> kept) {
                      if (!*alive) {
                        return;
                      }
                      if (!kept) {
                        return putting->reply(std::move(kept));
                      }
                      ++putting->done;
                      put_next(putting);
                    }));
}

void SharedParts::fill(std::vector<SharedBatch> batches, Reply<std::vector<SharedBatch>> reply) {
  auto filling = std::make_shared<Filling>();
  filling->batches = std::move(batches);
  filling->reply = std::move(reply);
  fill_next(filling);
}

void SharedParts::fill_next(const std::shared_ptr<Filling>& filling) {
  while (filling->filled.parts == 0 && filling->at < filling->batches.size() &&
         !filling->batches[filling->at].set) {
    ++filling->at;
  }
  if (filling->at == filling->batches.size()) {
    return filling->reply(std::move(filling->batches));
  }
  // While it is filled its batch is not in its place.
  const bool is_begun = filling->filled.parts != 0;
  const std::string id =
      is_begun ? filling->filled.batch.set->id : filling->batches[filling->at].set->id;
  journal_.read_part(
      {PartName::Of::set, id, filling->filled.parts}, clock_.tick() + limits::shared_time,
      Reply<Part>(
          [this, filling, alive = std::shared_ptr<const bool>(is_alive_)](Result<Part> part) {
            if (!*alive) {
              return;
            }
            if (!part) {
              return filling->reply(std::unexpected(std::move(part.error())));
            }
            if (auto added = take_part(*filling, *std::move(part)); !added) {
              return filling->reply(std::unexpected(std::move(added.error())));
            }
            fill_next(filling);
          }));
}

Result<void> SharedParts::take_part(Filling& filling, Part part) {
  SharedBatch& batch = filling.batches[filling.at];
  if (filling.filled.parts == 0) {
    filling.filled = {.batch = std::move(batch), .digests = {}};
  }
  if (auto added = add_part(filling.filled, std::move(part), make_digest_); !added) {
    return added;
  }
  if (filling.filled.is_whole()) {
    batch = std::move(filling.filled.batch);
    filling.filled = {};
    ++filling.at;
  }
  return {};
}

Result<void> add_part(FilledBatch& filled, Part part, MakeDigest make_digest) {
  SharedBatch& batch = filled.batch;
  auto* contents = std::get_if<BatchContents>(&part);
  if (contents == nullptr) {
    return fail(Errc::damaged, "a part of set " + batch.set->id + " is none");
  }
  add_digest(filled.digests, make_digest(octets_of_part(*contents)));
  append_to(batch.contents.records, contents->records);
  append_to(batch.contents.users, contents->users);
  append_to(batch.contents.numbers, contents->numbers);
  append_to(batch.contents.profiles, contents->profiles);
  ++filled.parts;
  if (filled.is_whole() && make_digest(filled.digests) != batch.set->digest) {
    return fail(Errc::damaged, "set " + batch.set->id + " was changed after it was written");
  }
  return {};
}

}  // namespace ringbook

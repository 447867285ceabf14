#include "directory/shared_checkpoints.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace ringbook {
namespace {

constexpr std::size_t key_digits = 16;

// Greater for later batches.
std::string id_of(std::uint64_t batch, const std::string& instance) {
  const std::string digits = std::to_string(batch);
  return std::string(key_digits - std::min(digits.size(), key_digits), '0') + digits + "." +
         instance;
}

std::unexpected<Error> damaged(const Checkpoint& checkpoint, const char* what) {
  return fail(Errc::damaged, "checkpoint " + checkpoint.id + " " + what +
                                 "; without it a start reads the whole journal");
}

}  // namespace

SharedCheckpoints::~SharedCheckpoints() {
  *is_alive_ = false;
  give_up();
}

// Hands an answer to one that is still there.
template <class T, class Handler>
Reply<T> SharedCheckpoints::then(Handler handler) {
  return Reply<T>([alive = std::shared_ptr<const bool>(is_alive_),
                   handler = std::move(handler)](Result<T> answer) mutable {
    if (*alive) {
      handler(std::move(answer));
    }
  });
}

// --- reading -------------------------------------------------------------------------------------

void SharedCheckpoints::read(Reply<void> reply) {
  journal_.newest_checkpoint(
      clock_.tick() + limits::shared_time,
      then<std::optional<Checkpoint>>([this, reply = std::move(reply)](auto newest) mutable {
        if (!newest || !*newest) {
          return newest ? reply({}) : reply(std::unexpected(std::move(newest.error())));
        }
        auto reading = std::make_shared<Reading>();
        reading->checkpoint = **std::move(newest);
        reading->reply = std::move(reply);
        read_next(reading);
      }));
}

// All parts are there before any is restored: what is restored cannot be taken back.
void SharedCheckpoints::read_next(const std::shared_ptr<Reading>& reading) {
  const Checkpoint& checkpoint = reading->checkpoint;
  if (reading->parts.size() == checkpoint.parts) {
    std::string digests;
    for (const std::string& part : reading->parts) {
      add_digest(digests, make_digest_(part));
    }
    return make_digest_(digests) == checkpoint.digest
               ? restore_next(reading, 0)
               : reading->reply(damaged(checkpoint, "was changed after it was written"));
  }
  journal_.read_part(
      {PartName::Of::checkpoint, checkpoint.id, static_cast<std::uint32_t>(reading->parts.size())},
      clock_.tick() + limits::shared_time, then<Part>([this, reading](auto part) {
        if (!part && part.error().code == Errc::not_found) {
          return on_part_missing(reading);
        }
        if (!part) {
          return reading->reply(std::unexpected(std::move(part.error())));
        }
        auto* octets = std::get_if<std::string>(&*part);
        if (octets == nullptr) {
          return reading->reply(damaged(reading->checkpoint, "has no right part"));
        }
        reading->parts.push_back(std::move(*octets));
        read_next(reading);
      }));
}

// Somebody may have written a newer one meanwhile, and removed this one.
void SharedCheckpoints::on_part_missing(const std::shared_ptr<Reading>& reading) {
  journal_.newest_checkpoint(
      clock_.tick() + limits::shared_time,
      then<std::optional<Checkpoint>>([reading](const auto& newest) {
        const bool is_same = newest && *newest && (*newest)->id == reading->checkpoint.id;
        reading->reply(is_same ? damaged(reading->checkpoint, "lacks a part")
                               : fail(Errc::unavailable, "a newer checkpoint was written"));
      }));
}

// A part in each turn of the loop.
void SharedCheckpoints::restore_next(const std::shared_ptr<Reading>& reading, std::size_t part) {
  if (part == reading->parts.size()) {
    last_ = reading->checkpoint.last;
    return reading->reply(fold_.end_restoring(reading->checkpoint));
  }
  if (auto restored = fold_.restore(reading->parts[part]); !restored) {
    return reading->reply(std::move(restored));
  }
  loop_.post([this, reading, part, alive = std::shared_ptr<const bool>(is_alive_)] {
    if (*alive) {
      restore_next(reading, part + 1);
    }
  });
}

// --- writing -------------------------------------------------------------------------------------

void SharedCheckpoints::write(Reply<void> done) {
  if (writing_) {
    return writing_->is_packed ? finish(std::move(done)) : put_next(std::move(done));
  }
  if (!is_due()) {
    return done({});
  }
  journal_.newest_checkpoint(
      clock_.tick() + limits::shared_time,
      then<std::optional<Checkpoint>>([this, done = std::move(done)](auto newest) mutable {
        if (!newest) {
          return done(std::unexpected(std::move(newest.error())));
        }
        last_ = *newest ? std::max(last_, (*newest)->last) : last_;
        if (!is_due()) {
          return done({});
        }
        begin();
        put_next(std::move(done));
      }));
}

bool SharedCheckpoints::is_due() const {
  return fold_.registry().last_sequence() >=
         last_ + std::max<std::uint64_t>(settings_.changes, fold_.registry().users() / 4);
}

void SharedCheckpoints::begin() {
  writing_.emplace(Checkpoint{.id = id_of(fold_.number(), settings_.instance),
                              .batch = fold_.number(),
                              .hash = fold_.hash(),
                              .last = fold_.registry().last_sequence(),
                              .at = fold_.registry().last_at()},
                   CheckpointPacker(fold_.registry()));
  fold_.set_packer(&writing_->packer);
}

// A part in each turn of the loop. One that was not kept is kept again the next time.
void SharedCheckpoints::put_next(Reply<void> done) {
  if (writing_->packer.kept() > limits::shared_checkpoint_kept) {
    give_up();  // The next one comes when less changes.
    return done({});
  }
  if (!writing_->part) {
    auto octets = writing_->packer.next_part(settings_.part_bytes);
    if (!octets) {
      writing_->checkpoint.digest = make_digest_(writing_->digests);
      writing_->is_packed = true;
      fold_.set_packer(nullptr);
      return finish(std::move(done));
    }
    add_digest(writing_->digests, make_digest_(*octets));
    writing_->part = std::make_shared<const Part>(*std::move(octets));
  }
  const Checkpoint& checkpoint = writing_->checkpoint;
  journal_.put_part({PartName::Of::checkpoint, checkpoint.id, checkpoint.parts}, writing_->part,
                    clock_.tick() + limits::shared_time,
                    then<void>([this, done = std::move(done)](auto kept) mutable {
                      if (!kept) {
                        return done(std::move(kept));
                      }
                      ++writing_->checkpoint.parts;
                      writing_->part = nullptr;
                      put_next(std::move(done));
                    }));
}

void SharedCheckpoints::finish(Reply<void> done) {
  if (!fold_.is_without_names(writing_->checkpoint.batch)) {
    return done({});
  }
  journal_.write_checkpoint(writing_->checkpoint, clock_.tick() + limits::shared_time,
                            then<void>([this, done = std::move(done)](auto written) mutable {
                              if (!written) {
                                return done(std::move(written));
                              }
                              const std::string id = writing_->checkpoint.id;
                              last_ = std::max(last_, writing_->checkpoint.last);
                              writing_.reset();
                              journal_.drop_checkpoints(id, clock_.tick() + limits::shared_time,
                                                        std::move(done));
                            }));
}

void SharedCheckpoints::give_up() {
  fold_.set_packer(nullptr);
  writing_.reset();
}

}  // namespace ringbook

// The keys of one source, and which of them a token asks for.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/algorithm.h"
#include "auth/refusal_reason.h"
#include "auth/verifying_key.h"
#include "base/limits.h"

namespace ringbook {

struct Key {
  std::optional<std::string> kid{};
  // A secret from a file has no `kid` and is meant for every token.
  bool fits_every_kid = false;
  std::shared_ptr<VerifyingKey> verifier;
};

// The keys that one token is tried against; gathered from several sets.
class Candidates {
 public:
  std::span<const std::shared_ptr<VerifyingKey>> keys() const { return {keys_.data(), count_}; }
  // Why the token is refused without trying: no key has its `kid`, or none is for its algorithm.
  std::optional<RefusalReason> refusal() const;

 private:
  friend class KeySet;
  std::array<std::shared_ptr<VerifyingKey>, limits::keys_tried> keys_;
  std::size_t count_ = 0;
  bool knows_kid_ = false;  // Be it of a key for another algorithm.
};

class KeySet {
 public:
  void add(Key key) { keys_.push_back(std::move(key)); }
  bool empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }

  // Adds the keys that are for `algorithm` and have exactly that `kid`, in the order they came, as
  // long as there is room. For a token without one any key for the algorithm will do.
  void select(Algorithm algorithm, std::optional<std::string_view> kid,
              Candidates& candidates) const;

 private:
  std::vector<Key> keys_;
};

}  // namespace ringbook

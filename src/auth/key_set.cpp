#include "auth/key_set.h"

namespace ringbook {

std::optional<RefusalReason> Candidates::refusal() const {
  if (count_ > 0) {
    return std::nullopt;
  }
  return knows_kid_ ? RefusalReason::no_fitting_key : RefusalReason::unknown_kid;
}

void KeySet::select(Algorithm algorithm, std::optional<std::string_view> kid,
                    Candidates& candidates) const {
  for (const Key& key : keys_) {
    // A key without `kid` is not the one that a token names.
    if (kid && !key.fits_every_kid && key.kid != kid) {
      continue;
    }
    // A secret does not know the `kid` of a signed token: another source may be about to.
    candidates.knows_kid_ |= !kid || !key.fits_every_kid || mac_algorithms.contains(algorithm);
    if (key.verifier->algorithms().contains(algorithm) &&
        candidates.count_ < candidates.keys_.size()) {
      candidates.keys_[candidates.count_++] = key.verifier;
    }
  }
}

}  // namespace ringbook

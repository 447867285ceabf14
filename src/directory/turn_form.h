// The octets that the writing and the reading of turn records have in common; for these alone. The
// form as a whole stands in directory/turn_record.h.
#pragma once

#include <cstdint>

#include "directory/change.h"

namespace ringbook::turn_form {

inline constexpr std::uint8_t record_version = 1;
inline constexpr std::uint8_t kind_bits = 15;
inline constexpr std::uint8_t profile_kinds = Change::created | Change::edited;
// Which numbers follow.
inline constexpr std::uint8_t has_from = 16, has_to = 32, has_of_user = 64, has_of_number = 128;

}  // namespace ringbook::turn_form

// The collections that are Ringbook's own.
#pragma once

#include <string_view>

namespace ringbook::mongo {

inline constexpr std::string_view journal_collection = "ringbook_journal";
inline constexpr std::string_view parts_collection = "ringbook_parts";
inline constexpr std::string_view checkpoint_collection = "ringbook_checkpoint";
inline constexpr std::string_view state_collection = "ringbook_state";

}  // namespace ringbook::mongo

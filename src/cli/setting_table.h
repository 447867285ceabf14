// The table behind settings.h: name, what is allowed, and how a text becomes a value.
#pragma once

#include <span>
#include <string_view>

#include "cli/settings.h"

namespace ringbook {

struct SettingRow {
  SettingInfo info;
  std::string_view initial;  // The default as a text; "" for "not set".
  std::string_view allowed;  // For the message about a wrong value; "" for one of its choices.
  // Puts a value that is not empty into the settings; says whether it was allowed.
  bool (*put)(Settings& settings, std::string_view value);
};

std::span<const SettingRow> setting_table();

}  // namespace ringbook

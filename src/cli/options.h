// Arguments that several commands take, each described once.
//
// Lifetime: what `to` refers to outlives the parse; it is written when the argument is met.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/commands.h"

namespace ringbook {

void add_text(CLI::App* command, const std::string& name, std::optional<std::string>& to,
              const std::string& placeholder, const std::string& description);
// --name, --email, --department, --role and --active.
void add_profile(CLI::App* command, ProfileArguments& to);
void add_json(CLI::App* command, bool& to);
void add_positional(CLI::App* command, const std::string& name, std::string& to,
                    const std::string& description);
void add_user_argument(CLI::App* command, std::string& to);
void add_extension_argument(CLI::App* command, std::string& to);
void add_if_version(CLI::App* command, std::optional<std::uint64_t>& to);

}  // namespace ringbook

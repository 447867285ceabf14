// How the values of settings and arguments are written.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.h"

namespace ringbook {

// A whole number with its unit, "250ms", "10s", "5m", "12h", "7d", or "0"; nothing for anything
// else and for more than 366 days.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// "localhost:2000", "0.0.0.0:2000", "[::1]:0"; nothing for anything else. Whether the host is an
// address that can be bound is found out by binding it.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

// The elements of a comma list without the blanks around each; nothing when one is empty.
std::optional<std::vector<std::string>> parse_list(std::string_view text);

// "http://HOST[:PORT]" or "https://…", one final slash dropped; nothing for a URL with anything
// more.
std::optional<std::string> parse_server_url(std::string_view text);
// Whether browsers name an origin like that: such a URL, its host in lower case, no slash and no
// port that is the scheme's own.
bool is_origin(std::string_view text);

// "7" as --if-version takes it; nothing for what is no version.
std::optional<std::uint64_t> parse_version(const std::string& text);

}  // namespace ringbook

// The rows of an export, as import takes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/client.h"
#include "directory/user.h"

namespace ringbook {

enum class ExportFormat { csv, json_lines };

// "csv" or "jsonl"; nothing for anything else.
std::optional<ExportFormat> parse_export_format(std::string_view name);

// The header line of CSV, in the order of `column_names`; nothing in JSON Lines.
void append_export_header(std::string& out, ExportFormat format);
void append_export_row(std::string& out, ExportFormat format, const UserView& user);

// One cell of CSV as an export writes it.
void append_csv_cell(std::string& out, std::string_view text);

UserView view_of(const User& user);

}  // namespace ringbook

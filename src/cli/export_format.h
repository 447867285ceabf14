// The rows of an export, as import takes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/choices.h"
#include "directory/user.h"

namespace ringbook {

struct UserView;

enum class ExportFormat { csv, json_lines };

inline constexpr Choices<ExportFormat, 2> export_formats{{
    {"csv", ExportFormat::csv},
    {"jsonl", ExportFormat::json_lines},
}};

// The header line of CSV, in the order of `column_names`, after a byte order mark on request;
// nothing in JSON Lines.
void append_export_header(std::string& out, ExportFormat format, bool byte_order_mark = false);
void append_export_row(std::string& out, ExportFormat format, const UserView& user);

// One cell of CSV as an export writes it.
void append_csv_cell(std::string& out, std::string_view text);

UserView view_of(const User& user);

}  // namespace ringbook

#include "cli/export_format.h"

#include <array>

#include "base/json.h"
#include "cli/client.h"
#include "import/row.h"

namespace ringbook {
namespace {

void append_csv_row(std::string& out, const UserView& user) {
  const std::array<std::string_view, 7> cells{
      user.id,
      user.name ? std::string_view(*user.name) : "",
      user.email ? std::string_view(*user.email) : "",
      user.department ? std::string_view(*user.department) : "",
      user.role,
      user.active ? "true" : "false",
      user.extension ? std::string_view(*user.extension) : "",
  };
  static_assert(cells.size() == column_names.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    append_csv_cell(out, cells[i]);
    out += i + 1 < cells.size() ? ',' : '\n';
  }
}

void append_json_row(std::string& out, const UserView& user) {
  out += R"({"userId":)";
  append_json_string(out, user.id);
  out += R"(,"name":)";
  append_json_or_null(out, user.name);
  out += R"(,"email":)";
  append_json_or_null(out, user.email);
  out += R"(,"department":)";
  append_json_or_null(out, user.department);
  out += R"(,"role":)";
  append_json_string(out, user.role);
  out += user.active ? R"(,"active":true)" : R"(,"active":false)";
  out += R"(,"rcExtension":)";
  append_json_or_null(out, user.extension);
  out += "}\n";
}

}  // namespace

// Quoted where RFC 4180 asks for it, and with a quote mark before what a spreadsheet would take for
// a formula; an import takes both away.
void append_csv_cell(std::string& out, std::string_view text) {
  constexpr std::string_view formula_beginnings = "=+-@'\t\r";
  const bool is_guarded =
      !text.empty() && formula_beginnings.find(text[0]) != std::string_view::npos;
  const bool is_quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (is_quoted) {
    out += '"';
  }
  if (is_guarded) {
    out += '\'';
  }
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += c;
    }
  }
  if (is_quoted) {
    out += '"';
  }
}

void append_export_header(std::string& out, ExportFormat format, bool byte_order_mark) {
  if (format == ExportFormat::json_lines) {
    return;
  }
  out += byte_order_mark ? "\uFEFF" : "";
  for (const auto name : column_names) {
    out += name;
    out += name == column_names.back() ? '\n' : ',';
  }
}

void append_export_row(std::string& out, ExportFormat format, const UserView& user) {
  switch (format) {
    case ExportFormat::csv: append_csv_row(out, user); return;
    case ExportFormat::json_lines: append_json_row(out, user); return;
  }
}

UserView view_of(const User& user) {
  return {
      .id = user.id.text(),
      .name = user.profile.name,
      .email = user.profile.email,
      .department = user.profile.department,
      .role = user.profile.role,
      .active = user.profile.active,
      .extension = user.extension ? std::optional(user.extension->text()) : std::nullopt,
      .updated_at = to_rfc3339(user.updated_at),
  };
}

}  // namespace ringbook

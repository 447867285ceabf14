#include "cli/export_format.h"

#include <gtest/gtest.h>

#include "cli/client.h"
#include "import/file.h"

namespace ringbook {
namespace {

std::string row_of(ExportFormat format, const UserView& user) {
  std::string out;
  append_export_row(out, format, user);
  return out;
}

UserView named(const std::string& name) {
  return {.id = "64b7f1a2e4b0a5d3f9c12345",
          .name = name,
          .email = {},
          .department = {},
          .role = "user",
          .active = true,
          .extension = {},
          .updated_at = {}};
}

TEST(ExportFormat, WritesEveryColumnInOrder) {
  const UserView user{.id = "64b7f1a2e4b0a5d3f9c12345",
                      .name = "Ada",
                      .email = "a@b.c",
                      .department = "Sales",
                      .role = "lead",
                      .active = false,
                      .extension = "0042",
                      .updated_at = "2026-05-02T09:14:00.000Z"};
  std::string header;
  append_export_header(header, ExportFormat::csv);
  EXPECT_EQ(header, "userId,name,email,department,role,active,rcExtension\n");
  EXPECT_EQ(row_of(ExportFormat::csv, user),
            "64b7f1a2e4b0a5d3f9c12345,Ada,a@b.c,Sales,lead,false,0042\n");
  EXPECT_EQ(row_of(ExportFormat::json_lines, user),
            R"({"userId":"64b7f1a2e4b0a5d3f9c12345","name":"Ada","email":"a@b.c",)"
            R"("department":"Sales","role":"lead","active":false,"rcExtension":"0042"})"
            "\n");
}

TEST(ExportFormat, WritesWhatIsAbsentAsEmptyOrNull) {
  UserView user = named("");
  user.name.reset();
  EXPECT_EQ(row_of(ExportFormat::csv, user), "64b7f1a2e4b0a5d3f9c12345,,,,user,true,\n");
  EXPECT_EQ(row_of(ExportFormat::json_lines, user),
            R"({"userId":"64b7f1a2e4b0a5d3f9c12345","name":null,"email":null,)"
            R"("department":null,"role":"user","active":true,"rcExtension":null})"
            "\n");
  std::string header;
  append_export_header(header, ExportFormat::json_lines);
  EXPECT_EQ(header, "");
}

TEST(ExportFormat, GuardsWhatASpreadsheetWouldRun) {
  for (const std::string name : {"=1+1", "+49", "-x", "@x", "'x", "\tx"}) {
    EXPECT_EQ(row_of(ExportFormat::csv, named(name)),
              "64b7f1a2e4b0a5d3f9c12345,'" + name + ",,,user,true,\n");
  }
  EXPECT_EQ(row_of(ExportFormat::csv, named("\rx")),
            "64b7f1a2e4b0a5d3f9c12345,\"'\rx\",,,user,true,\n");
  EXPECT_EQ(row_of(ExportFormat::csv, named("a=b")), "64b7f1a2e4b0a5d3f9c12345,a=b,,,user,true,\n");
}

TEST(ExportFormat, IsReadBackAsItWas) {
  for (const std::string name : {"Ada", "=1+1", "+49", "-x", "@x", "'", "''", "'=x", "'Ada", "a,b",
                                 "say \"hi\"", "\"", "Ærø Çelik", " x "}) {
    for (const ExportFormat format : {ExportFormat::csv, ExportFormat::json_lines}) {
      std::string text;
      append_export_header(text, format);
      append_export_row(text, format, named(name));
      ByteSource source = ByteSource::of_text(text);
      Refusals refusals(1);
      Refusals warnings(1);
      const auto file =
          read_import_file(source, refusals, warnings, [](std::uint64_t, std::optional<double>) {});
      ASSERT_TRUE(file.has_value());
      ASSERT_EQ(file->rows.size(), 1U) << text;
      EXPECT_EQ(file->rows[0].profile.name(), name);
    }
  }
}

// [IMP-24]
TEST(ExportFormat, MarksCsvForSpreadsheetsOnRequest) {
  std::string text;
  append_export_header(text, ExportFormat::csv, true);
  EXPECT_TRUE(text.starts_with("\xEF\xBB\xBFuserId,")) << text;
  text.clear();
  append_export_header(text, ExportFormat::json_lines, true);
  EXPECT_EQ(text, "");
}

TEST(ExportFormat, KnowsTwoNames) {
  EXPECT_EQ(find_choice(export_formats, "csv"), ExportFormat::csv);
  EXPECT_EQ(find_choice(export_formats, "jsonl"), ExportFormat::json_lines);
  EXPECT_FALSE(find_choice(export_formats, "CSV"));
  EXPECT_FALSE(find_choice(export_formats, ""));
}

}  // namespace
}  // namespace ringbook

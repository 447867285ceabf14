// A workbook becomes a list by the line of docs/operations.md, and the list is imported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/cli_world.h"
#include "cli/document.h"
#include "recipes/recipe.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

// A sheet whose cells are all text, as LibreOffice reads it without its own formats.
std::string sheet_of(const std::vector<Words>& rows) {
  std::string out = R"(<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="People">)";
  for (const Words& row : rows) {
    out += "<table:table-row>";
    for (const std::string& cell : row) {
      out += R"(<table:table-cell office:value-type="string"><text:p>)" + cell +
             "</text:p></table:table-cell>";
    }
    out += "</table:table-row>";
  }
  return out + "</table:table></office:spreadsheet></office:body></office:document>";
}

TEST(Spreadsheet, BecomesAListByTheLineOfTheDocument) {
  if (const std::string why = missing("/usr/bin/soffice"); !why.empty()) {
    GTEST_SKIP() << why;
  }
  const CliWorld world;
  world.write(
      "people.fods",
      sheet_of({{"userId", "name", "email", "department", "rcExtension"},
                {std::string(ada), "Ada Lovelace", "ada@example.com", "Zürich, Süd", "0042"},
                {std::string(grace), "Grace Hopper", "grace@example.com", "", "1300"}}));
  std::string lines;
  for (const Block& block : blocks_of("operations.md")) {
    if (block.lines.contains("soffice")) {
      lines = with(block.lines, "import people.csv", "import --data data people.csv");
      lines = with(lines, "soffice ", "soffice \"-env:UserInstallation=file://$PWD/office\" ");
    }
  }
  ASSERT_NE(lines, "");
  const Finished done =
      run({.words = {"sh", "-e", "-c",
                     script_beginning() + "cd '" + world.path("") + "'\n" +
                         "soffice \"-env:UserInstallation=file://$PWD/office\" --headless " +
                         "--convert-to xlsx people.fods\n" + lines + with(lines, " --dry-run", "") +
                         "ringbook export --data data\n"},
           .environment = {"HOME=" + world.path("home")}});
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("Ada Lovelace,ada@example.com,\"Zürich, Süd\""));
  EXPECT_THAT(done.out, HasSubstr("0042"));
}

}  // namespace
}  // namespace ringbook::test

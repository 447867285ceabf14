#include "import/file_kind.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ringbook {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view workbook =
    "this is a workbook, and no text: save it as \"CSV UTF-8\" in the spreadsheet, and import that";
constexpr std::string_view archive =
    "this is a compressed file: unpack it, and import what is in it";
constexpr std::string_view utf16 =
    "this is text in UTF-16: save it as \"CSV UTF-8\", or run `iconv -f UTF-16 -t UTF-8 FILE | "
    "ringbook import -`";
constexpr std::string_view utf16_without_mark =
    "this is text in UTF-16 or no text at all: save it as \"CSV UTF-8\", and import that";

struct Signature {
  std::string_view begins;
  std::string_view kind;
};
constexpr std::array signatures{
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, workbook},
    Signature{"\x09\x08\x10\x00"sv, workbook},
    Signature{"%PDF-", "this is a PDF document, and no list: export the list as CSV instead"},
    Signature{"{\\rtf", "this is a document in RTF, and no list: export the list as CSV instead"},
    Signature{"\x1F\x8B",
              "this is a file packed by gzip: run `gunzip -c FILE | ringbook import -`"},
    Signature{"BZh", archive},
    Signature{"\xFD"
              "7zXZ",
              archive},
    Signature{"\x28\xB5\x2F\xFD", archive},
    Signature{"7z\xBC\xAF\x27\x1C", archive},
    Signature{"SQLite format 3\0"sv,
              "this is a database, and no list; what `ringbook backup` wrote is for `ringbook "
              "restore`"},
    Signature{"\xFF\xFE", utf16},
    Signature{"\xFE\xFF", utf16},
    Signature{"BEGIN:VCARD", "these are vCards, and no list: export the list as CSV instead"},
};

// Also for what spreadsheets write beside their own format.
std::string_view kind_of_zip(std::string_view beginning) {
  const bool is_workbook = beginning.contains("xl/") || beginning.contains("[Content_Types].xml") ||
                           beginning.contains("opendocument.spreadsheet");
  return is_workbook ? workbook : archive;
}

std::string_view kind_of_markup(std::string_view beginning) {
  const std::string lower = ascii_lower(beginning.substr(0, 1024));
  if (lower.contains("urn:schemas-microsoft-com:office:spreadsheet")) {
    return workbook;
  }
  if (lower.contains("<html") || lower.contains("<!doctype html") || lower.contains("<table")) {
    return "this is a web page (HTML), whatever its name says: open it in a spreadsheet and save "
           "it "
           "as \"CSV UTF-8\"; if it asks to sign in, the download did not work";
  }
  return "this is XML, and no list: export the list as CSV instead";
}

// A document of a collection as mongodump writes it: a length, then the member _id.
bool is_bson(std::string_view beginning) {
  return beginning.size() >= 9 && beginning.substr(5, 4) == "_id\0"sv;
}

}  // namespace

std::optional<std::string> other_kind_of_file(std::string_view beginning) {
  const auto found = std::ranges::find_if(signatures, [&](const Signature& signature) {
    return beginning.starts_with(signature.begins);
  });
  if (found != signatures.end()) {
    return std::string(found->kind);
  }
  if (beginning.starts_with("PK\x03\x04")) {
    return std::string(kind_of_zip(beginning));
  }
  if (is_bson(beginning)) {
    return "this is a dump of mongodump: write the collection with mongoexport instead";
  }
  const std::string_view text = trimmed(beginning.substr(0, 1024));
  if (text.starts_with('<')) {
    return std::string(kind_of_markup(beginning));
  }
  // Every other byte of plain words in UTF-16 is a NUL.
  if (beginning.size() >= 2 && (beginning[0] == '\0' || beginning[1] == '\0')) {
    return std::string(utf16_without_mark);
  }
  return std::nullopt;
}

}  // namespace ringbook

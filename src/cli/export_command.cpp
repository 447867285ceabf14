// `ringbook export`: the directory at one moment, from the data folder or from a server.
#include <array>
#include <cstdio>
#include <memory>

#include "base/limits.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/export_format.h"
#include "cli/local_directory.h"
#include "cli/readable_store.h"
#include "store/open.h"

namespace ringbook {
namespace {

// Bytes gathered before they are written.
constexpr std::size_t chunk_bytes = 64 * 1024;

CommandResult export_folder(const Context& context, const ExportArguments& arguments) {
  const ExportFormat format = arguments.format;
  const Settings& settings = context.settings;
  if (const auto holder = DataFolder::holder_of(settings.data); !holder) {
    return std::unexpected(folder_error(holder.error()));
  }
  const auto store = ReadableStore::open(settings, [](const UpkeepStep&) {});
  if (!store) {
    return std::unexpected(store.error());
  }
  std::string out;
  append_export_header(out, format, arguments.byte_order_mark);
  const auto read = read_snapshot(store->settings(), [&](const User& user) -> Result<void> {
    append_export_row(out, format, view_of(user));
    if (out.size() >= chunk_bytes) {
      context.console.print(out);
      out.clear();
    }
    return {};
  });
  if (!read) {
    return std::unexpected(read.error());
  }
  context.console.print(out);
  return ExitCode::done;
}

// A file without a name that is gone with this process: an export goes out only when it is known to
// be of one moment.
class Spool {
 public:
  Spool() : file_(std::tmpfile(), std::fclose) {}

  bool rewind() { return file_ && std::fseek(file_.get(), 0, SEEK_SET) == 0; }
  bool write(std::string_view bytes) {
    size_ += bytes.size();
    return std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
  }
  void forget() { size_ = 0; }
  // By lines, which hold no NUL, so that no character is torn apart.
  bool copy_to(Console& console) {
    std::array<char, chunk_bytes> buffer{};
    bool is_good = rewind();
    for (std::size_t left = size_; is_good && left > 0;) {
      is_good = std::fgets(buffer.data(), buffer.size(), file_.get()) != nullptr;
      const std::string_view line(is_good ? buffer.data() : "");
      console.print(line);
      left -= line.size();
    }
    return is_good;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::size_t size_ = 0;
};

std::unexpected<Error> no_spool() {
  return fail(Errc::no_space, "cannot write a temporary file; TMPDIR names the folder for it");
}

// Reads all pages; false when the directory changed between two of them.
Result<bool> spool_pages(Transport& transport, const ExportArguments& arguments, Spool& spool) {
  Pages pages = user_pages(transport, "limit=" + std::to_string(limits::page_rows_max));
  std::optional<std::string> version;
  std::string out;
  append_export_header(out, arguments.format, arguments.byte_order_mark);
  auto page = pages.next();
  for (; page && *page; page = pages.next()) {
    if (version.value_or(pages.version()) != pages.version()) {
      return false;
    }
    version = pages.version();
    for (auto row = (*page)->first(); row; row = row->next()) {
      append_export_row(out, arguments.format, *read_user(*row));
    }
    if (!spool.write(out)) {
      return no_spool();
    }
    out.clear();
  }
  if (!page) {
    return std::unexpected(page.error());
  }
  return true;
}

CommandResult export_server(const Context& context, const ExportArguments& arguments) {
  const auto transport =
      open_transport(context.settings, context.os_user, DataFolder::Missing::refuse);
  if (!transport) {
    return std::unexpected(transport.error());
  }
  Spool spool;
  for (int attempt = 0; attempt < limits::client_attempts; ++attempt) {
    if (!spool.rewind()) {
      return no_spool();
    }
    spool.forget();
    const auto is_whole = spool_pages(**transport, arguments, spool);
    if (!is_whole) {
      return std::unexpected(is_whole.error());
    }
    if (*is_whole) {
      return spool.copy_to(context.console) ? CommandResult(ExitCode::done) : no_spool();
    }
  }
  return fail(Errc::unavailable,
              "the directory changed while it was read, " +
                  std::to_string(limits::client_attempts) +
                  " times; export from the data folder on the server's machine, which is one "
                  "snapshot, or try when less is changed");
}

}  // namespace

CommandResult run_export(const Context& context, const ExportArguments& arguments) {
  // A memory store is only in its server; a database is asked as a server is.
  const Settings& settings = context.settings;
  const bool is_remote =
      settings.server || settings.is_memory_store() || is_database_url(settings.store);
  return is_remote ? export_server(context, arguments) : export_folder(context, arguments);
}

}  // namespace ringbook

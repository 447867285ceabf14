// A SQLite VFS between an engine and the disk: it fails chosen operations, and it knows what a cut
// of the power would leave.
//
// Invariants: 1. Writes reach the real file at once, so that the engine behaves as ever; beside it
// stands what is safe: every file as of its last sync, and what was done to it since. 2. What a
// folder lists is safe as of its last sync, which comes with the first sync of a new journal or
// write-ahead log, as in SQLite's own VFS. 3. Syncs end here: the real disk's would only cost time.
// Lifetime: longer than every connection on it. Threads: any.
#pragma once

#include <sqlite3.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ringbook::test {

// Kinds of disk operations, as bits.
enum Disk : unsigned {
  disk_open = 1,
  disk_read = 2,
  disk_write = 4,
  disk_truncate = 8,
  disk_sync = 16,
  disk_remove = 32,
  disk_shared_memory = 64,
  disk_all = 127,
};

// Which operations fail, and how.
struct Fault {
  unsigned operations = disk_all;
  int code = SQLITE_IOERR;  // What SQLite is told.
  int system_error = EIO;
  std::uint64_t nth = 1;    // The first to fail, counted from now and from 1.
  bool is_lasting = false;  // Whether all later ones fail too.
  std::string file = {};    // Only of files with this in their name; "" for all.
};

class FaultVfs {
 public:
  // Files by name, as they would be found after the cut.
  using Image = std::map<std::string, std::shared_ptr<const std::string>>;
  // What becomes of writes that were not synced: a disk may have done none, all or any of them.
  enum class Unsynced { lost, kept, any };

  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;

  const std::string& name() const { return name_; }

  // Replaces the plan; counting begins anew.
  void plan(Fault fault);
  void heal();
  // Whether the planned fault was met.
  bool was_met() const;
  // From now on nothing reaches the disk, as after a kill, until `heal`.
  void freeze() { plan({.is_lasting = true}); }
  // Whether syncs are from now on lies: answered as done, and nothing is safe.
  void drop_syncs(bool dropped);
  // How many operations of these kinds were asked for since the beginning.
  std::uint64_t count(unsigned operations) const;
  // Called before each sync takes effect, on the thread that syncs.
  void on_sync(std::function<void()> call);

  // The files as a cut of the power now would leave them. `random` chooses among what may happen.
  Image cut(Unsynced unsynced, std::mt19937_64& random) const;

 private:
  struct Methods;

  struct Effect {
    bool is_truncation = false;
    std::size_t at = 0;  // Offset of a write, size after a truncation.
    std::string bytes;
  };
  struct Inode {
    std::shared_ptr<const std::string> safe = std::make_shared<const std::string>();
    std::vector<Effect> since;
  };
  static constexpr std::size_t whole = std::string::npos;
  using Names = std::map<std::string, std::shared_ptr<Inode>>;

  // The code with which the operation fails; SQLITE_OK when it does not.
  int fault_of(Disk operation, std::string_view path);
  // Whether the planned fault is lack of room, whatever SQLite is told.
  bool is_disk_full() const;
  std::shared_ptr<Inode> opened(const std::string& path, bool existed);
  static void apply(std::string& content, const Effect& effect, std::size_t most);
  void sync(Inode& inode, const std::string& folder, bool with_folder);

  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  sqlite3_vfs* real_;
  mutable std::mutex mutex_;
  std::optional<Fault> fault_;
  std::uint64_t matching_ = 0;  // Operations of the planned kind so far.
  bool was_met_ = false;
  bool drops_syncs_ = false;
  std::map<Disk, std::uint64_t> counts_;
  std::function<void()> on_sync_;
  Names names_;       // What the folders list now.
  Names safe_names_;  // What they listed when they were last synced.
};

// Writes the files into `folder`, each under the last part of its name.
void restore(const FaultVfs::Image& image, const std::filesystem::path& folder);

}  // namespace ringbook::test

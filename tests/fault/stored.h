// A folder in which an engine did the script, and what can be done to its files behind its back.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "model/player.h"

namespace ringbook::test {

// How much of the script's changes directory.db includes.
enum class Folded { nothing, half, everything };

// Does the script in `folder`, ended by a kill unless everything is folded. Gives the state then.
inline State do_script(const std::filesystem::path& folder, Folded folded) {
  FaultVfs vfs;
  // However long a turn takes here, nothing is folded but when the engine is closed.
  Engine engine(
      SqliteSettings{.folder = folder, .vfs = vfs.name(), .fold_delay = std::chrono::hours(1)});
  Player player(engine, small_universe());
  engine.open();
  const std::vector<Turn> turns = script();
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (folded == Folded::half && i == turns.size() / 2) {
      engine.reopen();
    }
    player.turn(turns[i]);
  }
  if (folded != Folded::everything) {
    vfs.freeze();
  }
  engine.close();
  return player.model().state(player.universe());
}

// Fails the test unless it changes something.
inline void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  const int before = sqlite3_total_changes(database);
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sql << ": " << sqlite3_errmsg(database);
  const bool is_about_rows = !sql.starts_with("PRAGMA") && !sql.starts_with("CREATE") &&
                             !sql.starts_with("DROP") && !sql.starts_with("ALTER");
  EXPECT_TRUE(!is_about_rows || sqlite3_total_changes(database) > before)
      << sql << " changes nothing";
  sqlite3_close(database);
}

}  // namespace ringbook::test

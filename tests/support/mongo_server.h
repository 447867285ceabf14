// Servers that speak MongoDB's protocol, each with data of its own, for as long as a test needs
// them. `script/setup --mongo` builds them; where RINGBOOK_MONGODB_URL names a server, that one is
// a kind, too.
//
//   if (const auto absent = MongoServer::why_absent(kind)) {
//     GTEST_SKIP() << *absent;
//   }
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringbook::test {

class MongoServer {
 public:
  enum class Kind {
    ferretdb_sqlite,      // Fast; keeps its data over a kill.
    ferretdb_postgresql,  // Slower; keeps its data over a kill of either program.
    java,                 // In memory; the only one of them whose guarded updates are atomic.
    real,                 // Named by RINGBOOK_MONGODB_URL; it cannot be killed.
  };
  // "FerretdbSqlite", for the names of tests.
  static std::string name_of(Kind kind);
  // The inverse. Needs such a name.
  static Kind kind_of(const std::string& name);
  // Those of a test run: the three, and the real one if one is named.
  static std::vector<Kind> kinds();
  // Why there can be no server of this kind on this machine, as a sentence that begins with NOT
  // TESTED; a failure as well where RINGBOOK_REQUIRE names `mongo`.
  static std::optional<std::string> why_absent(Kind kind);

  // Needs what it takes.
  static std::unique_ptr<MongoServer> start(Kind kind);
  // One that all tests of this process share. Nobody may kill it.
  static MongoServer& shared(Kind kind);
  virtual ~MongoServer() = default;

  // Where the server listens, as an URL of this database.
  virtual std::string url(const std::string& database) const = 0;
  // A database that no other test has.
  std::string url_of_new_database() const;

  // SIGKILL, SIGSTOP and SIGCONT to the program that listens.
  virtual void kill() = 0;
  virtual void stop() = 0;
  virtual void go_on() = 0;
  // Starts a killed one again, at the same port with what it had kept.
  virtual void restart() = 0;
  // Ends PostgreSQL below it at once, as a crash does, and starts it again. Needs that kind.
  virtual void crash_storage() = 0;
};

}  // namespace ringbook::test

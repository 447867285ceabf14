#include "support/mongo_server.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "cli/process.h"
#include "support/pattern.h"
#include "support/temporary_folder.h"
#include "support/vectors.h"

#ifdef __SANITIZE_THREAD__
// The driver is not built with the sanitizer, which sees what it does to memory but not in which
// order it keeps that: what its own threads share looks like a race.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libbson-1.0\nrace:libmongoc-1.0\n";
}
#endif

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using Kind = MongoServer::Kind;

const fs::path built = fs::path(RINGBOOK_SOURCE_DIR) / "build/mongo";

// Debian keeps the programs of each version of PostgreSQL in a folder of their own.
fs::path postgresql_programs() {
  const fs::path versions = "/usr/lib/postgresql";
  if (fs::exists(versions)) {
    for (const auto& version : fs::directory_iterator(versions)) {
      if (fs::exists(version.path() / "bin/initdb")) {
        return version.path() / "bin";
      }
    }
  }
  return {};
}

// Ends with the thread that started it, whatever ends that.
Words bound_to_us(Words words, Words more_options = {}) {
  Words out{"setpriv", "--pdeathsig", "KILL"};
  out.insert(out.end(), more_options.begin(), more_options.end());
  out.insert(out.end(), words.begin(), words.end());
  return out;
}

// A cluster of PostgreSQL for one program that talks to it over a socket in its folder. Nothing is
// synced: it outlives kills, not power cuts.
class PostgresqlCluster {
 public:
  PostgresqlCluster() {
    if (geteuid() == 0) {
      // PostgreSQL refuses to run as root.
      const passwd* user = getpwnam("postgres");
      EXPECT_NE(user, nullptr);
      EXPECT_EQ(chown(folder_.path().c_str(), user->pw_uid, user->pw_gid), 0);
      as_user_ = {"--reuid", "postgres", "--regid", "postgres", "--init-groups"};
    }
    const Finished made =
        run({.words = bound_to_us({postgresql_programs() / "initdb", "--pgdata", data(),
                                   "--encoding", "UTF8", "--locale", "C", "--auth", "trust",
                                   "--username", "postgres", "--no-sync", "--no-instructions"},
                                  as_user_)});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    start();
  }
  ~PostgresqlCluster() { end(); }
  PostgresqlCluster(const PostgresqlCluster&) = delete;

  void start() {
    server_ = std::make_unique<Process>(Command{
        .words = bound_to_us({postgresql_programs() / "postgres", "-D", data(), "-k",
                              folder_.path().string(), "-c", "listen_addresses=", "-c", "fsync=off",
                              "-c", "max_connections=200", "-c", "shared_buffers=32MB",
                              // Nobody reads what it says further.
                              "-c", "log_min_messages=log", "-c", "log_min_error_statement=panic",
                              "-c", "log_checkpoints=off"},
                             as_user_)});
    EXPECT_TRUE(server_->wait_for_err("ready to accept connections")) << server_->err();
  }
  // At once, as after a crash.
  void end() {
    server_->signal(SIGQUIT);
    server_->wait();
  }

  // The connections are as many as FerretDB takes for its clients and their statements.
  std::string url() const {
    return "postgres://postgres@/postgres?host=" + folder_.path().string() + "&pool_max_conns=90";
  }

 private:
  std::string data() const { return folder_.path() / "data"; }

  TemporaryFolder folder_;
  Words as_user_;
  std::unique_ptr<Process> server_;
};

class OwnServer final : public MongoServer {
 public:
  explicit OwnServer(Kind kind) : kind_(kind) {
    if (kind == Kind::ferretdb_postgresql) {
      cluster_ = std::make_unique<PostgresqlCluster>();
    }
    restart();
  }

  std::string url(const std::string& database) const override {
    return "mongodb://127.0.0.1:" + port_ + "/" + database;
  }
  void kill() override {
    process_->signal(SIGKILL);
    process_->wait();
  }
  void stop() override { process_->signal(SIGSTOP); }
  void go_on() override { process_->signal(SIGCONT); }
  void restart() override {
    process_ = std::make_unique<Process>(Command{.words = bound_to_us(words())});
    const bool is_ready = process_->wait_for_err(" ready\n");
    const Match said = match_in(process_->err(), R"(mongodb://127\.0\.0\.1:(\d+)/ ready)");
    EXPECT_TRUE(is_ready && !said.empty()) << process_->err();
    port_ = said.empty() ? "0" : said[1];
  }
  void crash_storage() override {
    cluster_->end();
    cluster_->start();
  }

 private:
  Words words() const {
    const std::string ferretdb = built / "ferretdb";
    const std::string address = "127.0.0.1:" + port_;
    switch (kind_) {
      case Kind::ferretdb_sqlite:
        return {ferretdb, address, "sqlite", "file:" + folder_.path().string() + "/"};
      case Kind::ferretdb_postgresql: return {ferretdb, address, "postgresql", cluster_->url()};
      case Kind::java:
      case Kind::real: break;
    }
    return {"java", "-Xmx512m", "-XX:+UseSerialGC", "-cp", built / "java_server/lib/*",
            "Main", port_};
  }

  const Kind kind_;
  const TemporaryFolder folder_;
  std::unique_ptr<PostgresqlCluster> cluster_;
  std::string port_ = "0";
  std::unique_ptr<Process> process_;
};

const char* url_of_real() {
  return std::getenv("RINGBOOK_MONGODB_URL");
}

class RealServer final : public MongoServer {
 public:
  std::string url(const std::string& database) const override {
    std::string out = url_of_real();
    const auto options = out.find('?');
    const std::string query = options == std::string::npos ? "" : out.substr(options);
    out.resize(out.size() - query.size());
    return out + (out.ends_with('/') ? "" : "/") + database + query;
  }
  void kill() override { FAIL() << "it is not the tests' to kill"; }
  void stop() override { kill(); }
  void go_on() override { kill(); }
  void restart() override { kill(); }
  void crash_storage() override { kill(); }
};

}  // namespace

std::string MongoServer::name_of(Kind kind) {
  switch (kind) {
    case Kind::ferretdb_sqlite: return "FerretdbSqlite";
    case Kind::ferretdb_postgresql: return "FerretdbPostgresql";
    case Kind::java: return "JavaServer";
    case Kind::real: return "RealServer";
  }
  return "";
}

Kind MongoServer::kind_of(const std::string& name) {
  for (const Kind kind : {Kind::ferretdb_sqlite, Kind::ferretdb_postgresql, Kind::java}) {
    if (name_of(kind) == name) {
      return kind;
    }
  }
  EXPECT_EQ(name, name_of(Kind::real));
  return Kind::real;
}

std::vector<Kind> MongoServer::kinds() {
  std::vector<Kind> out{Kind::ferretdb_sqlite, Kind::ferretdb_postgresql, Kind::java};
  if (url_of_real() != nullptr) {
    out.push_back(Kind::real);
  }
  return out;
}

std::optional<std::string> MongoServer::why_absent(Kind kind) {
  const bool takes_ferretdb = kind == Kind::ferretdb_sqlite || kind == Kind::ferretdb_postgresql;
  const bool is_there =
      (!takes_ferretdb || fs::exists(built / "ferretdb")) &&
      (kind != Kind::ferretdb_postgresql || !postgresql_programs().empty()) &&
      (kind != Kind::java || fs::exists(built / "java_server/lib/java-server-1.jar"));
  if (is_there) {
    return std::nullopt;
  }
  const std::string why =
      "NOT TESTED: no " + name_of(kind) + "; `script/setup --mongo` installs and builds it";
  EXPECT_FALSE(is_required("mongo")) << why << ", and RINGBOOK_REQUIRE names it";
  return why;
}

std::unique_ptr<MongoServer> MongoServer::start(Kind kind) {
  if (kind == Kind::real) {
    return std::make_unique<RealServer>();
  }
  return std::make_unique<OwnServer>(kind);
}

MongoServer& MongoServer::shared(Kind kind) {
  static std::map<Kind, std::unique_ptr<MongoServer>> servers;
  auto& server = servers[kind];
  if (!server) {
    server = start(kind);
  }
  return *server;
}

std::string MongoServer::url_of_new_database() const {
  static int databases = 0;
  return url("ringbook_test_" + std::to_string(getpid()) + "_" + std::to_string(++databases));
}

}  // namespace ringbook::test

// A database that speaks TLS alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/process.h"
#include "mongo/mongo_world.h"
#include "support/certificate.h"
#include "support/pattern.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

class MongoTls : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto absent = MongoServer::why_absent(MongoServer::Kind::ferretdb_sqlite)) {
      GTEST_SKIP() << *absent;
    }
    serve({});
  }

  void serve(const CertificateOrder& order) {
    const Certificate made = make_certificate(order);
    const std::string data = folder_.path() / std::to_string(++served_);
    std::filesystem::create_directory(data);
    write("cert.pem", made.certificate);
    server_ = std::make_unique<Process>(
        Command{.words = {RINGBOOK_SOURCE_DIR "/build/mongo/ferretdb", "127.0.0.1:0", "sqlite",
                          "file:" + data + "/", path("cert.pem"), write("key.pem", made.key)}});
    EXPECT_TRUE(server_->wait_for_err(" ready\n")) << server_->err();
    const Match said = match_in(server_->err(), R"(127\.0\.0\.1:(\d+)/)");
    ASSERT_FALSE(said.empty()) << server_->err();
    port_ = said[1];
  }

  std::string path(const char* name) const { return folder_.path() / name; }
  std::string write(const char* name, const std::string& content) const {
    std::ofstream(path(name)) << content;
    return path(name);
  }

  // Why a directory there cannot be opened; nothing when it can.
  std::string refusal(const std::string& options) {
    const mongo::Settings settings{.url = "mongodb://localhost:" + port_ + "/tls" + options};
    Metrics metrics;
    QueueLoop loop;
    const SystemClock clock;
    Log log(clock, LogLevel::error, LogFormat::json);
    const auto ports = mongo::Ports::open(settings, loop, clock, metrics, log);
    return ports ? "" : ports.error().detail;
  }

  const TemporaryFolder folder_;
  int served_ = 0;
  std::unique_ptr<Process> server_;
  std::string port_;
};

// [MONGO-6]
TEST_F(MongoTls, IsSpokenToTheOneWhoseCertificateIsTrusted) {
  EXPECT_EQ(refusal("?tls=true&tlsCAFile=" + path("cert.pem")), "");
}

// [MONGO-6]
TEST_F(MongoTls, IsRefusedWithoutAnAuthorityThatKnowsTheServer) {
  EXPECT_THAT(refusal("?tls=true"), HasSubstr("TLS"));
  const std::string other = write("other.pem", make_certificate().certificate);
  EXPECT_THAT(refusal("?tls=true&tlsCAFile=" + other), HasSubstr("TLS"));
}

// [MONGO-6]
TEST_F(MongoTls, IsRefusedWhereTheCertificateIsForAnotherHost) {
  serve({.names = "DNS:db.example"});
  EXPECT_THAT(refusal("?tls=true&tlsCAFile=" + path("cert.pem")), HasSubstr("TLS"));
}

// [MONGO-6]
TEST_F(MongoTls, IsNotLeftOutWhereTheServerAsksForIt) {
  EXPECT_NE(refusal(""), "");
}

}  // namespace
}  // namespace ringbook::test

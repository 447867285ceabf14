// The servers of the tests themselves: what other suites take for granted of them.
#include <gtest/gtest.h>
#include <mongoc/mongoc.h>

#include "base/handle.h"
#include "support/mongo_server.h"

namespace ringbook::test {
namespace {

using Kind = MongoServer::Kind;
using Client = Handle<mongoc_client_t, mongoc_client_destroy>;
using Collection = Handle<mongoc_collection_t, mongoc_collection_destroy>;

class MongoServers : public testing::TestWithParam<Kind> {
 protected:
  static void SetUpTestSuite() {
    mongoc_init();
    mongoc_log_set_handler(nullptr, nullptr);
  }
  void SetUp() override {
    if (const auto absent = MongoServer::why_absent(GetParam())) {
      GTEST_SKIP() << *absent;
    }
    server_ = MongoServer::start(GetParam());
    url_ = server_->url_of_new_database();
    connect();
  }
  void connect() {
    Handle<mongoc_uri_t, mongoc_uri_destroy> uri(mongoc_uri_new(url_.c_str()));
    mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_RETRYWRITES, false);
    client_.reset(mongoc_client_new_from_uri(uri.get()));
    mongoc_client_set_error_api(client_.get(), MONGOC_ERROR_API_VERSION_2);
    collection_.reset(
        mongoc_client_get_collection(client_.get(), mongoc_uri_get_database(uri.get()), "things"));
  }
  // The code of the server's refusal; 0 when the document is in.
  std::uint32_t insert(int id) {
    bson_t document = BSON_INITIALIZER;
    BSON_APPEND_INT32(&document, "_id", id);
    bson_error_t error{};
    const bool is_in =
        mongoc_collection_insert_one(collection_.get(), &document, nullptr, nullptr, &error);
    bson_destroy(&document);
    EXPECT_TRUE(is_in || error.domain == MONGOC_ERROR_SERVER) << error.message;
    return is_in ? 0 : error.code;
  }

  std::unique_ptr<MongoServer> server_;
  std::string url_;
  Client client_;
  Collection collection_;
};

INSTANTIATE_TEST_SUITE_P(Servers, MongoServers, testing::ValuesIn(MongoServer::kinds()),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

TEST_P(MongoServers, InsertADocumentOnce) {
  EXPECT_EQ(insert(1), 0U);
  EXPECT_EQ(insert(1), 11000U);
  EXPECT_EQ(insert(2), 0U);
}

TEST_P(MongoServers, KeepTheirDataAndTheirPortOverAKill) {
  if (GetParam() == Kind::java || GetParam() == Kind::real) {
    return;  // One keeps nothing, the other is not ours.
  }
  EXPECT_EQ(insert(1), 0U);
  server_->kill();
  server_->restart();
  connect();
  EXPECT_EQ(insert(1), 11000U);
  EXPECT_EQ(insert(2), 0U);
}

}  // namespace
}  // namespace ringbook::test

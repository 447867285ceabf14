// A database of a test's own on a server that speaks MongoDB's protocol, as engines are named:
// "mongo:SERVER:INSTANCES", with ":indexed" behind it where a unique index is on the number's path.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mongo/mongo_world.h"
#include "store/open.h"
#include "support/mongo_server.h"

namespace ringbook::test {

class MongoDatabase {
 public:
  explicit MongoDatabase(const std::string& engine)
      : kind_(MongoServer::kind_of(engine.substr(6, engine.find(':', 6) - 6))),
        instances_(std::stoul(engine.substr(engine.find(':', 6) + 1))),
        why_absent_(MongoServer::why_absent(kind_)) {
    // These servers look at every document for each, and a sanitizer looks over our shoulder.
    settings_.shared.time = std::chrono::minutes(1);
    if (!why_absent_) {
      settings_.url = MongoServer::shared(kind_).url_of_new_database();
      if (engine.ends_with(":indexed")) {
        mongo::Settings mongo = settings_.mongo;
        mongo.url = settings_.url;
        ForeignHand(mongo).make_unique_index("users", "personalInformation.rcExtension");
      }
    }
  }

  const std::optional<std::string>& why_absent() const { return why_absent_; }

  std::size_t instances() const { return instances_; }

  using Opened = Result<std::unique_ptr<Store>>;
  Result<std::vector<std::unique_ptr<Store>>> open(
      const std::function<Opened(const StoreSettings&)>& open_one) const {
    std::vector<std::unique_ptr<Store>> out;
    for (std::size_t i = 0; i < instances_; ++i) {
      auto opened = open_one(settings_);
      if (!opened) {
        return std::unexpected(std::move(opened.error()));
      }
      out.push_back(std::move(*opened));
    }
    return out;
  }

 private:
  const MongoServer::Kind kind_;
  const std::size_t instances_;
  const std::optional<std::string> why_absent_;
  StoreSettings settings_;
};

}  // namespace ringbook::test

// Real servers of Ringbook on one database of MongoDB's protocol, and what reads that database
// behind their backs.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fault/served.h"
#include "mongo/mongo_world.h"
#include "store/mongo/person.h"
#include "support/temporary_folder.h"

namespace ringbook::test {

// Threads: one.
class ServedWorld {
 public:
  // `url` is of a new database, past any proxy.
  explicit ServedWorld(const std::string& url) {
    settings_.url = url;
    secret_ = folder_.write("secret", std::string(48, 's'));
    const std::string printed =
        printed_by("token --role admin --expires-in 12h --jwt-secret-file " + secret_.string() +
                   " 2>/dev/null");
    token_ = printed.substr(0, printed.find('\n'));
  }

  const std::string& token() const { return token_; }

  // An instance with a data folder of its own, that reaches the database at this URL. Ends with the
  // thread that called this.
  std::unique_ptr<Served> serve(const std::string& name, const std::string& url) const {
    const std::vector<std::string> options{"--store", url, "--jwt-secret-file", secret_.string()};
    return std::make_unique<Served>(folder_.path() / name, options);
  }

  // Makes a person who has no number yet. The server has to be well.
  UserId make_person(const Served& server) {
    UserId::Bytes bytes{0x64, 0xB7};
    bytes[10] = static_cast<std::uint8_t>(++people_ >> 8);
    bytes[11] = static_cast<std::uint8_t>(people_);
    const UserId user(bytes);
    Line line(server.port(), token_);
    const auto made = line.ask("PUT", "/v1/users/" + user.text(), R"({"name":"Ada"})");
    EXPECT_TRUE(made && made->status == 201) << (made ? made->body : "no answer");
    return user;
  }

  // Servers know of it that were started afterwards.
  void make_index_on_numbers() {
    ForeignHand(settings_).make_unique_index("users", settings_.number_path);
  }

  // All changes of the journal, in order.
  std::vector<RecordedChange> journal() {
    std::vector<RecordedChange> out;
    std::uint64_t next = 1;
    for (bool is_all = false; !is_all;) {
      const auto batches = witness().ask<std::vector<SharedBatch>>([&](auto reply) {
        witness().ports->journal().confirm(next, witness().deadline(), std::move(reply));
      });
      EXPECT_TRUE(batches) << batches.error().detail;
      is_all = !batches || batches->empty();
      for (std::size_t i = 0; batches && i < batches->size(); ++i) {
        const auto changes = read_changes((*batches)[i]);
        EXPECT_TRUE(changes) << changes.error().detail;
        out.insert(out.end(), changes->begin(), changes->end());
        ++next;
      }
    }
    return out;
  }

  // Whose documents show something else than the journal says, and what.
  std::vector<std::string> differences() {
    std::map<UserId, Change> last;
    for (const RecordedChange& recorded : journal()) {
      last[recorded.change.user] = recorded.change;
    }
    std::vector<std::string> out;
    ForeignHand hand(settings_);
    for (const auto& [user, change] : last) {
      mongo::Bson filter;
      filter.id("_id", user);
      const auto document = hand.find("users", filter);
      const SeenUser seen = document ? mongo::to_seen(*document, settings_) : SeenUser{.id = user};
      if (seen.number != change.to || seen.version != 2 * change.sequence + 1) {
        out.push_back(user.text() + " shows " + (seen.number ? seen.number->text() : "nothing") +
                      " of version " + std::to_string(seen.version) + ", not " +
                      (change.to ? change.to->text() : "nothing") + " of " +
                      std::to_string(2 * change.sequence + 1));
      }
    }
    return out;
  }

 private:
  MongoWorld& witness() {
    if (!witness_) {
      witness_ = std::make_unique<MongoWorld>(settings_);
    }
    return *witness_;
  }

  const TemporaryFolder folder_;
  mongo::Settings settings_;
  std::filesystem::path secret_;
  std::string token_;
  std::size_t people_ = 0;
  std::unique_ptr<MongoWorld> witness_;
};

}  // namespace ringbook::test

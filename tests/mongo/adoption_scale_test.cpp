// Adopting many people, cut short again and again, while their program goes on writing.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "cli/process.h"
#include "mongo/mongo_world.h"
#include "store/mongo/codec.h"
#include "store/mongo/collections.h"
#include "store/mongo/commands.h"
#include "store/open.h"
#include "support/temporary_folder.h"
#include "support/thorough.h"

namespace ringbook::test {
namespace {

// Of a hundred documents these many are as they should not be.
constexpr std::uint32_t kinds_of_faults = 6;

UserId id(std::uint32_t n) {
  UserId::Bytes bytes{0x64, 0xB7};
  for (int i = 0; i < 4; ++i) {
    bytes[static_cast<std::size_t>(8 + i)] = static_cast<std::uint8_t>(n >> (24 - 8 * i));
  }
  return UserId(bytes);
}

// What becomes of the person with this number: nothing is adopted of what is a fault.
bool is_clean(std::uint32_t n) {
  return n % 100 >= kinds_of_faults;
}

mongo::Bson document_of(std::uint32_t n) {
  mongo::Bson out;
  out.id("_id", id(n)).text("name", "Person " + std::to_string(n)).number("logins", 0);
  mongo::Bson information;
  information.text("office", "2.13");
  const std::string number = std::to_string(1'000'000 + n);
  switch (n % 100) {
    case 0: information.text("rcExtension", "999"); break;  // Shown by several.
    case 1: information.text("rcExtension", "ext. " + number); break;
    case 2: information.small("rcExtension", static_cast<std::int32_t>(1'000'000 + n)); break;
    case 3: information.text("rcExtension", " " + number); break;
    case 4: return out.text("personalInformation", "+49 30 1");
    case 5:
      out.text("ringbook", "a comic");
      information.text("rcExtension", number);
      break;
    default: information.text("rcExtension", number);
  }
  return out.document("personalInformation", information);
}

class AdoptionAtScale : public OnMongoServer {
 protected:
  // FerretDB loses what another program writes into a document at the same moment, whoever writes.
  bool keeps_foreign_edits() const { return GetParam() == MongoServer::Kind::java; }

  Finished adopt() { return run({.words = words(), .environment = environment()}); }
  // Kills one as soon as the journal has so many batches.
  void adopt_and_kill_at(std::uint64_t batch) {
    Process process({.words = words(), .environment = environment()});
    const SystemClock clock;
    const Tick late = clock.tick() + std::chrono::minutes(10);
    const mongo::Bson key = mongo::by_id(mongo::key_of(batch));
    while (!hand_->find(mongo::journal_collection, key) && clock.tick() < late) {
    }
    EXPECT_LT(clock.tick(), late) << "no batch " << batch;
    process.signal(SIGKILL);
    process.wait();
  }

 private:
  static Words words() { return {RINGBOOK_BINARY, "adopt", "--json"}; }
  std::vector<std::string> environment() const {
    return {"RINGBOOK_STORE=" + settings_.url, "RINGBOOK_DATA=" + folder_.path().string()};
  }

  const TemporaryFolder folder_;
};

// The program whose people they are: counts, in a field of its own, in one document after the
// other.
class BusyProgram {
 public:
  BusyProgram(const mongo::Settings& settings, std::uint32_t people)
      : hand_(settings),
        counts_(people),
        thread_([this](const std::stop_token& stopped) { write(stopped); }) {}

  // How often it wrote each.
  const std::vector<std::int64_t>& stop() {
    thread_.request_stop();
    thread_.join();
    return counts_;
  }

 private:
  void write(const std::stop_token& stopped) {
    const auto people = static_cast<std::uint32_t>(counts_.size());
    for (std::uint32_t n = 0; !stopped.stop_requested(); n = (n + 7) % people) {
      mongo::Bson one;
      one.number("logins", 1);
      mongo::Bson change;
      change.document("$inc", one);
      mongo::Bson filter;
      filter.id("_id", id(n));
      hand_.run(mongo::update_command("users", {mongo::to_update(filter, change)}));
      ++counts_[n];
    }
  }

  ForeignHand hand_;
  std::vector<std::int64_t> counts_;
  std::jthread thread_;
};

INSTANTIATE_TEST_SUITE_P(Servers, AdoptionAtScale,
                         testing::Values(MongoServer::Kind::ferretdb_sqlite,
                                         MongoServer::Kind::java),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-3] [MONGO-5]
TEST_P(AdoptionAtScale, LosesNothingOfTheirProgramHoweverOftenItIsCutShort) {
  const auto people = static_cast<std::uint32_t>(keeps_foreign_edits() ? rounds(2'000, 100'000)
                                                                       : rounds(300, 5'000));
  std::vector<mongo::Bson> documents;
  std::uint64_t clean = 0;
  for (std::uint32_t n = 0; n < people; ++n) {
    documents.push_back(document_of(n));
    clean += is_clean(n) ? 1 : 0;
    if (documents.size() == limits::mongo_inserts || n + 1 == people) {
      hand_->run(mongo::insert_command("users", documents));
      documents.clear();
    }
  }
  std::optional<BusyProgram> program;
  if (keeps_foreign_edits()) {
    program.emplace(settings_, people);
  }
  // Each adopts a batch at least before it is ended.
  const auto batches = static_cast<std::uint64_t>(clean / limits::adopted_at_once);
  for (std::uint64_t batch = 1; batch <= batches; batch += 1 + batches / 10) {
    adopt_and_kill_at(batch);
  }
  const Finished whole = adopt();
  EXPECT_EQ(whole.exit_code, 1) << whole.err;  // Some were left alone.
  const Finished again = adopt();
  EXPECT_NE(again.out.find("\"adopted\":0,\"already\":" + std::to_string(clean)), std::string::npos)
      << again.out << again.err;
  const std::vector<std::int64_t> counts =
      program ? program->stop() : std::vector<std::int64_t>(people);
  for (std::uint32_t n = 0; n < people && !HasFailure(); ++n) {
    mongo::Bson filter;
    filter.id("_id", id(n));
    const auto found = hand_->find("users", filter);
    ASSERT_TRUE(found) << n;
    EXPECT_EQ(is_clean(n), mongo::place_of(*found, "ringbook.v").has_value()) << n;
    // Ringbook's field stands behind all others, so that without it and the program's count the
    // document is what it was.
    const auto logins = mongo::place_of(*found, "logins");
    ASSERT_TRUE(logins) << n;
    EXPECT_EQ(mongo::number_at(*logins), counts[n]) << n;
    const auto without = [&](const mongo::Bson& document) {
      mongo::Bson out;
      is_clean(n)
          ? bson_copy_to_excluding_noinit(document.get(), out.out(), "ringbook", "logins", nullptr)
          : bson_copy_to_excluding_noinit(document.get(), out.out(), "logins", nullptr);
      return std::string(out.octets());
    };
    EXPECT_EQ(without(*found), without(document_of(n))) << n;
  }
}

}  // namespace
}  // namespace ringbook::test

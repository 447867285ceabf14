#include "directory/shared_checkpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "directory/registry_test_support.h"

namespace ringbook::test {
namespace {

Edit release(UserId user) {
  Edit edit;
  edit.user = user;
  edit.number = Edit::Number::release;
  return edit;
}

Extension number_of(int n) {
  return number(std::to_string(1000 + n));
}

// A directory with somebody of every kind, and what replays its changes.
class CheckpointTest : public testing::Test {
 protected:
  void SetUp() override {
    for (std::uint8_t n = 1; n <= 20; ++n) {
      change({put(id(n), "Ada")});
      change({assign(id(n), number_of(n).text())});
    }
    change({remove(id(3))});
    change({release(id(4))});
    change({release(id(5))});
    change({assign(id(5), number_of(4).text())});
  }

  void change(std::vector<Edit> edits, CheckpointPacker* packer = nullptr) {
    ChangeSet set;
    set.issuer = "issuer";
    set.subject = "subject";
    set.request_id = "request";
    set.edits = std::move(edits);
    std::vector<Change> made;
    at_.ms += 1000;
    ASSERT_TRUE(registry_.decide(set, at_, made));
    registry_.roll_back();
    for (const Change& one : made) {
      if (packer != nullptr) {
        packer->before(one);
      }
    }
    ASSERT_TRUE(registry_.replay(made));
  }

  // Numbers go round, people come, go and come back.
  void change_everything(CheckpointPacker& packer) {
    change({assign(id(1), number_of(2).text()), assign(id(2), number_of(1).text())}, &packer);
    change({remove(id(20))}, &packer);
    change({assign(id(1), number_of(20).text())}, &packer);
    change({put(id(3), "Bo")}, &packer);
    change({assign(id(3), number_of(3).text())}, &packer);
    change({release(id(3))}, &packer);
    change({release(id(19))}, &packer);
    change({put(id(25), "Cy")}, &packer);
    change({assign(id(25), number_of(19).text())}, &packer);
  }

  // What a start has to know of everybody and of every number.
  static std::vector<std::string> state_of(const Registry& registry) {
    std::vector<std::string> out;
    for (std::uint8_t n = 1; n <= 25; ++n) {
      const auto slot = registry.slot_of(id(n));
      const StoredState user = slot ? registry.stored(*slot) : StoredState{};
      out.push_back("user " + std::to_string(n) + (user.is_present ? " holds " : " is not here ") +
                    (user.extension ? user.extension->text() : "none"));
      for (const std::uint64_t word :
           {user.number_sequence, static_cast<std::uint64_t>(user.since.ms), user.version,
            static_cast<std::uint64_t>(user.updated_at.ms)}) {
        out.back() += " " + std::to_string(word);
      }
      out.push_back(number_of(n).text() + " " + std::to_string(registry.newest_of(number_of(n))) +
                    " " + std::to_string(registry.released_by(number_of(n))));
    }
    return out;
  }

  Instant at_{1'700'000'000'000};
  Registry registry_;
};

Result<void> restore(const std::vector<std::string>& parts, Registry& registry) {
  for (const std::string& part : parts) {
    if (auto restored = restore_part(part, Profile{}.view(), registry); !restored) {
      return restored;
    }
  }
  return {};
}

// Whenever that is: before the first part, in the middle, after the last. [MONGO-14]
TEST_F(CheckpointTest, HasWhatWasThereWhenItWasBegunWhateverChangesMeanwhile) {
  for (const std::size_t parts_before : {0U, 1U, 4U, 6U, 7U, 8U, 100U}) {
    SCOPED_TRACE(parts_before);
    const auto before = state_of(registry_);
    CheckpointPacker packer(registry_);
    std::vector<std::string> parts;
    for (std::size_t i = 0; i <= 300; ++i) {
      if (i == parts_before) {
        change_everything(packer);
      }
      if (auto part = packer.next_part(100)) {
        parts.push_back(*std::move(part));
      }
    }
    EXPECT_GT(parts.size(), 6U);
    EXPECT_EQ(packer.kept(), 0U);
    Registry restored;
    ASSERT_TRUE(restore(parts, restored));
    EXPECT_EQ(state_of(restored), before);
    EXPECT_NE(state_of(registry_), before);
    change({put(id(20), "Dee"), release(id(1)), release(id(25))});
    change({assign(id(20), number_of(20).text()), assign(id(19), number_of(19).text())});
  }
}

// [MONGO-14]
TEST_F(CheckpointTest, HoldsNoNames) {
  const auto part = CheckpointPacker(registry_).next_part(1'000'000);
  ASSERT_TRUE(part);
  EXPECT_EQ(part->find("Ada"), std::string::npos);
}

// [MONGO-14]
TEST_F(CheckpointTest, RefusesOctetsThatAreNoPart) {
  const std::string part = *CheckpointPacker(registry_).next_part(1'000'000);
  const auto refusal_of = [](const std::string& octets) {
    Registry registry;
    const auto restored = restore({octets}, registry);
    return restored ? Errc::internal : restored.error().code;
  };
  EXPECT_EQ(refusal_of(part.substr(0, part.size() - 1)), Errc::damaged);
  EXPECT_EQ(refusal_of("x" + part), Errc::damaged);
  EXPECT_EQ(refusal_of(part + part), Errc::damaged);
}

}  // namespace
}  // namespace ringbook::test

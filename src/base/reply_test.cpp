#include "base/reply.h"

#include <gtest/gtest.h>

#include <optional>

#include "base/loop.h"

namespace ringbook {
namespace {

TEST(Reply, AnswersOnce) {
  std::optional<Result<int>> answer;
  Reply<int> reply([&](Result<int> result) { answer = result; });
  EXPECT_TRUE(reply);
  reply(7);
  EXPECT_FALSE(reply);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->value(), 7);
}

TEST(Reply, AnswersInternalWhenDropped) {
  std::optional<Result<int>> answer;
  {
    const Reply<int> reply([&](Result<int> result) { answer = result; });
  }
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().code, Errc::internal);
}

TEST(Reply, OwesNothingAfterItWasMoved) {
  int answers = 0;
  Reply<int> first([&](Result<int>) { ++answers; });
  {
    Reply<int> second(std::move(first));
    second(1);
  }
  EXPECT_EQ(answers, 1);
}

TEST(Reply, AnswersTheOneItReplaces) {
  std::optional<Errc> first;
  Reply<int> reply([&](Result<int> result) { first = result.error().code; });
  reply = Reply<int>([](Result<int>) {});
  EXPECT_EQ(first, Errc::internal);
}

TEST(ReplyDeathTest, AbortsAtASecondAnswer) {
  Reply<int> reply([](Result<int>) {});
  reply(1);
  EXPECT_DEATH(reply(2), "a reply is answered once");
}

TEST(QueueLoop, RunsTasksInOrderOnItsOwnThread) {
  QueueLoop loop;
  std::string order;
  std::thread other([&] {
    EXPECT_FALSE(loop.is_current());
    loop.post([&] { order += loop.is_current() ? "a" : "?"; });
    loop.post([&] { order += "b"; });
  });
  other.join();
  EXPECT_TRUE(loop.run_one());
  EXPECT_TRUE(loop.run_one());
  EXPECT_FALSE(loop.run_one());
  EXPECT_EQ(order, "ab");
}

}  // namespace
}  // namespace ringbook

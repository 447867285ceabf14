#include "store/data_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temporary_folder.h"

namespace ringbook {
namespace {

TEST(DataFolder, IsMadePrivateWhenAsked) {
  const test::TemporaryFolder parent;
  for (const char* name : {"deep/data", "other/data/"}) {
    const auto path = parent.path() / name;
    const auto folder = DataFolder::open(path, DataFolder::Missing::create);
    ASSERT_TRUE(folder) << folder.error().detail;
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0700U) << name;
  }
}

TEST(DataFolder, IsNotMadeWhenNotAsked) {
  const test::TemporaryFolder parent;
  const auto path = parent.path() / "data";
  const auto folder = DataFolder::open(path, DataFolder::Missing::refuse);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, Errc::not_found);
  EXPECT_NE(folder.error().detail.find(path.string()), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path));
}

// [STORE-8]
TEST(DataFolder, BelongsToOneAtATimeAndTellsWhereItsServerIs) {
  const test::TemporaryFolder parent;
  {
    auto first = DataFolder::open(parent.path(), DataFolder::Missing::create);
    ASSERT_TRUE(first);
    EXPECT_EQ(DataFolder::holder_of(parent.path()).value(), std::optional(ServerPlace{""}));
    ASSERT_TRUE(first->publish({"127.0.0.1:2000"}));
    EXPECT_EQ(DataFolder::holder_of(parent.path()).value(),
              std::optional(ServerPlace{"127.0.0.1:2000"}));
    const ServerPlace with_tls{.address = "127.0.0.1:2000", .key_pin = "sha256//AAAA="};
    ASSERT_TRUE(first->publish(with_tls));
    EXPECT_EQ(DataFolder::holder_of(parent.path()).value(), std::optional(with_tls));

    const auto second = DataFolder::open(parent.path(), DataFolder::Missing::create);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::locked);
    EXPECT_TRUE(second.error().detail.ends_with("the server at 127.0.0.1:2000"));
  }
  EXPECT_EQ(DataFolder::holder_of(parent.path()).value(), std::optional<ServerPlace>());
  EXPECT_TRUE(DataFolder::open(parent.path(), DataFolder::Missing::refuse));
}

}  // namespace
}  // namespace ringbook

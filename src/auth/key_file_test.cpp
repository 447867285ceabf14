#include "auth/key_file.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

constexpr uid_t root = 0;
constexpr uid_t us = 4'000'000'001;  // Nobody has a name for it.
constexpr gid_t our_group = 1000;
constexpr gid_t our_other_group = 2000;
constexpr gid_t strangers = 3000;

std::string exposure(uid_t owner, gid_t group, mode_t mode, uid_t reader = us) {
  struct stat status{};
  status.st_uid = owner;
  status.st_gid = group;
  status.st_mode = S_IFREG | mode;
  return exposure_of(status, {.user = reader, .groups = {our_group, our_other_group}}, "/s/key")
      .value_or("");
}

// [KEY-1]
TEST(KeyFile, IsPrivateWhenItsOwnerAloneMayReadIt) {
  for (const mode_t mode : {0400U, 0600U, 0700U}) {
    for (const uid_t owner : {root, us, uid_t{7}}) {
      EXPECT_EQ(exposure(owner, our_group, mode), "");
    }
  }
}

// [KEY-1]
TEST(KeyFile, OfRootMayBeReadByOurGroupOrRoots) {
  for (const gid_t group : {our_group, our_other_group, gid_t{0}}) {
    for (const mode_t mode : {0440U, 0640U, 0040U}) {
      EXPECT_EQ(exposure(root, group, mode), "") << group;
    }
  }
}

// [KEY-1]
TEST(KeyFile, IsMendedSoThatItsReaderCanStillReadIt) {
  for (const mode_t mode : {0460U, 0444U, 0442U, 0660U}) {
    for (const gid_t group : {our_group, our_other_group}) {
      EXPECT_EQ(exposure(root, group, mode),
                "open to other people, and user 0's; mend it as root with: chmod 440 '/s/key'");
    }
    EXPECT_EQ(exposure(root, 0, mode),
              "open to other people, and user 0's; mend it as root with: "
              "chown 4000000001 '/s/key' && chmod 600 '/s/key'");
  }
  EXPECT_EQ(exposure(7, our_group, 0440, root),
            "open to other people, and user 7's; mend it as root with: "
            "chown root '/s/key' && chmod 600 '/s/key'");
}

// [KEY-1]
TEST(KeyFile, OfRootThatRootCanCloseIsExposed) {
  EXPECT_EQ(exposure(root, our_group, 0440, root), "");
  EXPECT_EQ(exposure(root, our_group, 0640, root),
            "open to other people; mend it with: chmod 600 '/s/key'");
  EXPECT_NE(exposure(root, our_group, 0444, root), "");
}

// [KEY-1]
TEST(KeyFile, IsExposedToAnyOtherGroup) {
  for (const mode_t mode : {0440U, 0640U, 0644U, 0604U, 0620U, 0602U}) {
    EXPECT_EQ(exposure(us, our_group, mode),
              "open to other people; mend it with: chmod 600 '/s/key'");
  }
  EXPECT_EQ(exposure(root, strangers, 0440),
            "open to other people, and user 0's; mend it as root with: "
            "chown 4000000001 '/s/key' && chmod 600 '/s/key'");
  EXPECT_NE(exposure(7, our_group, 0440), "") << "who may change it may open it";
  EXPECT_NE(exposure(7, 0, 0440), "");
}

}  // namespace
}  // namespace ringbook

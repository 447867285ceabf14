#include "base/file.h"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

#include "support/root.h"
#include "support/temporary_folder.h"

namespace ringbook {
namespace {

using test::TemporaryFolder;

std::string content_of(const std::filesystem::path& path) {
  const auto file = File::open(path, O_RDONLY);
  std::string text(100, '\0');
  text.resize(file.value().read(std::as_writable_bytes(std::span(text))).value());
  return text;
}

// What files of this process may grow to, until it is dropped.
class LargestFile {
 public:
  explicit LargestFile(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~LargestFile() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  LargestFile(const LargestFile&) = delete;

 private:
  rlimit before_{};
};

// Calls `work` on a thread to which the system refuses fchown with `error`.
template <class Work>
void refusing_fchown(unsigned error, Work work) {
  std::thread([&] {
    std::array filter{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fchown, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
    work();
  }).join();
}

// [STORE-6]
TEST(SystemError, IsAFullDiskByEveryNameThatTheSystemHasForIt) {
  for (const int full : {ENOSPC, EDQUOT, EFBIG}) {
    EXPECT_EQ(errc_of(full), Errc::no_space) << text_of_error(full);
  }
  for (const int other : {EIO, EROFS, EACCES, ENOENT, EMFILE, 0}) {
    EXPECT_EQ(errc_of(other), Errc::unavailable) << text_of_error(other);
  }
}

TEST(File, NamesWhatItCannotOpenAndLeavesTheReason) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "absent";
  const auto file = File::open(path, O_RDONLY);
  EXPECT_EQ(errno, ENOENT);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::unavailable);
  EXPECT_EQ(file.error().detail, path.string() + ": No such file or directory");
}

TEST(File, ReadsWhatWasWritten) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  const auto file = File::open(path, O_RDWR | O_CREAT);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("longer than what follows"));
  ASSERT_TRUE(file->write("short"));
  ASSERT_TRUE(file->resize(5));
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(content_of(path), "short");
  std::array<std::byte, 10> rest{};
  EXPECT_EQ(file->read_at(1, rest), 4U);
  EXPECT_EQ(rest[0], std::byte{'h'});
  EXPECT_TRUE(sync_folder(folder.path()));
  EXPECT_FALSE(sync_folder(path)) << "a file is no folder";
}

TEST(File, HasOneOwner) {
  const TemporaryFolder folder;
  auto first = File::open(folder.path() / "first", O_RDWR | O_CREAT);
  auto second = File::open(folder.path() / "second", O_RDWR | O_CREAT);
  ASSERT_TRUE(first && second);
  const int descriptor = second->descriptor();
  File owner = std::move(*first);
  EXPECT_FALSE(first->is_open());
  owner = std::move(*second);
  EXPECT_EQ(owner.descriptor(), descriptor);
  EXPECT_EQ(owner.path(), folder.path() / "second");
  owner.close();
  EXPECT_FALSE(owner.is_open());
  EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1) << "it is still open";
}

// [PKG-5]
TEST(File, StaysRootsWhereRootMayGiveNothingAway) {
  if (!test::is_root()) {
    GTEST_SKIP() << test::not_root;
  }
  for (const int refusal : {EPERM, EINVAL}) {
    const TemporaryFolder folder;
    ASSERT_EQ(::chown(folder.path().c_str(), 65534, 65534), 0);
    refusing_fchown(static_cast<unsigned>(refusal), [&] {
      EXPECT_TRUE(File::open_inside(folder.path() / "file", O_RDWR | O_CREAT));
      EXPECT_TRUE(make_folder_inside(folder.path() / "folder", 0700));
    });
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "file"));
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "folder"));
  }
}

// [PKG-5]
TEST(File, IsNotLeftWhereGivingItAwayFails) {
  if (!test::is_root()) {
    GTEST_SKIP() << test::not_root;
  }
  const TemporaryFolder folder;
  ASSERT_EQ(::chown(folder.path().c_str(), 65534, 65534), 0);
  refusing_fchown(EIO, [&] {
    const auto path = folder.path() / "made";
    const auto file = File::open_inside(path, O_RDWR | O_CREAT);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().detail, path.string() + ": Input/output error");
    const auto made = make_folder_inside(path, 0700);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().detail, path.string() + ": Input/output error");
  });
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// [STORE-6]
TEST(File, HasNoSpaceBeyondTheLargestFile) {
  const TemporaryFolder folder;
  const auto file = File::open(folder.path() / "file", O_RDWR | O_CREAT);
  ASSERT_TRUE(file);
  const LargestFile limit(3);
  const auto written = file->write("four");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::no_space);
  EXPECT_EQ(written.error().detail, file->path().string() + ": File too large");
}

}  // namespace
}  // namespace ringbook

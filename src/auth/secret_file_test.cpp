#include "auth/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "auth/hmac_key.h"
#include "auth/test_support.h"
#include "base/limits.h"
#include "support/temporary_folder.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

std::string bytes_of(const Result<Secret>& secret) {
  EXPECT_TRUE(secret) << secret.error().detail;
  return secret ? std::string(secret->bytes()) : std::string();
}

std::string refusal_of(const Result<Secret>& secret) {
  EXPECT_FALSE(secret);
  if (secret) {
    return {};
  }
  EXPECT_EQ(secret.error().code, Errc::usage);
  return secret.error().detail;
}

// [KEY-1]
TEST(SecretFile, LosesOneFinalLineEndAndNothingElse) {
  TemporaryFolder folder;
  using std::string_literals::operator""s;
  const std::pair<std::string, std::string> files[] = {{"secret", "secret"},
                                                       {"secret\n", "secret"},
                                                       {"secret\r\n", "secret"},
                                                       {"secret\n\n", "secret\n"},
                                                       {"secret\r", "secret\r"},
                                                       {"secret\r\n\r\n", "secret\r\n"},
                                                       {"secret \n", "secret "},
                                                       {" secret", " secret"},
                                                       {"\nsecret", "\nsecret"},
                                                       {"c2VjcmV0\n", "c2VjcmV0"},
                                                       {"se\0cret\n"s, "se\0cret"s},
                                                       {"\xEF\xBB\xBFsecret", "\xEF\xBB\xBFsecret"},
                                                       {"\xFF\xFE\n", "\xFF\xFE"},
                                                       {"secret\n\r", "secret\n\r"},
                                                       {"\r\r\n", "\r"}};
  for (const auto& [content, secret] : files) {
    EXPECT_EQ(bytes_of(read_secret_file(folder.write("secret", content))), secret);
  }
}

// [KEY-1]
TEST(SecretFile, IsRefusedWhenOthersMayReadIt) {
  TemporaryFolder folder;
  for (const unsigned mode : {0640U, 0604U, 0644U, 0660U, 0606U, 0620U, 0602U, 0777U}) {
    const fs::path path = folder.write("secret", test::good_secret, fs::perms(mode));
    EXPECT_NE(refusal_of(read_secret_file(path)).find("chmod 600 '" + path.string() + "'"),
              std::string::npos);
  }
  for (const unsigned mode : {0600U, 0400U, 0700U}) {
    const fs::path path = folder.write("own", test::good_secret, fs::perms(mode));
    EXPECT_EQ(bytes_of(read_secret_file(path)), test::good_secret);
    fs::remove(path);
  }
}

// [KEY-1]
TEST(SecretFile, TellsACommandThatAShellUnderstands) {
  TemporaryFolder folder;
  const fs::path path = folder.write("it's $HOME", test::good_secret, fs::perms(0644));
  const std::string detail = refusal_of(read_secret_file(path));
  EXPECT_NE(detail.find("/it'\\''s $HOME'"), std::string::npos) << detail;
}

// [KEY-1]
TEST(SecretFile, IsRefusedWhenItIsEmpty) {
  TemporaryFolder folder;
  for (const char* content : {"", "\n", "\r\n"}) {
    EXPECT_NE(refusal_of(read_secret_file(folder.write("secret", content))).find("empty"),
              std::string::npos);
  }
}

TEST(SecretFile, IsRefusedAboveItsBound) {
  TemporaryFolder folder;
  const std::string largest(limits::secret_file_bytes, 's');
  EXPECT_EQ(bytes_of(read_secret_file(folder.write("secret", largest))), largest);
  EXPECT_NE(refusal_of(read_secret_file(folder.write("secret", largest + "s"))).find("larger"),
            std::string::npos);
}

TEST(SecretFile, IsRefusedWhenItIsNoFile) {
  TemporaryFolder folder;
  refusal_of(read_secret_file(folder.path() / "missing"));
  refusal_of(read_secret_file(folder.path()));
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(refusal_of(read_secret_file(pipe)).find("regular"), std::string::npos);
}

TEST(SecretFile, MayBeALink) {
  TemporaryFolder folder;
  fs::create_symlink(folder.write("secret", "secret"), folder.path() / "link");
  EXPECT_EQ(bytes_of(read_secret_file(folder.path() / "link")), "secret");
}

// [LOG-1]
TEST(SecretFile, ErrorsDoNotHoldTheSecret) {
  TemporaryFolder folder;
  const fs::path path = folder.write("file", "hunter2", fs::perms(0644));
  EXPECT_EQ(refusal_of(read_secret_file(path)).find("hunter2"), std::string::npos);
}

// [KEY-1]
TEST(SecretOfTheFolder, IsRandomPrivateAndLongEnoughForEveryAlgorithm) {
  TemporaryFolder folder;
  TemporaryFolder other;
  const auto path = ensure_secret_file_in(folder.path());
  ASSERT_TRUE(path) << path.error().detail;
  EXPECT_EQ(*path, secret_file_in(folder.path()));
  EXPECT_EQ(path->filename(), "jwt-secret");
  EXPECT_EQ(fs::status(*path).permissions(), fs::perms(0600));
  const auto secret = read_secret_file(*path);
  EXPECT_EQ(bytes_of(secret).size(), 64U);
  const auto key = HmacKey::make(*secret, every_algorithm());
  ASSERT_TRUE(key);
  EXPECT_EQ(key->algorithms(), mac_algorithms);
  const auto other_path = ensure_secret_file_in(other.path());
  ASSERT_TRUE(other_path);
  EXPECT_NE(bytes_of(read_secret_file(*other_path)), bytes_of(secret));
}

// [KEY-1]
TEST(SecretOfTheFolder, IsPrivateWhateverTheUmask) {
  TemporaryFolder folder;
  const mode_t before = ::umask(0);
  const auto path = ensure_secret_file_in(folder.path());
  ::umask(before);
  ASSERT_TRUE(path);
  EXPECT_EQ(fs::status(*path).permissions(), fs::perms(0600));
}

// [KEY-1]
TEST(SecretOfTheFolder, IsMadeOnce) {
  TemporaryFolder folder;
  const std::string first = bytes_of(read_secret_file(*ensure_secret_file_in(folder.path())));
  const std::string second = bytes_of(read_secret_file(*ensure_secret_file_in(folder.path())));
  EXPECT_EQ(first, second);
}

TEST(SecretOfTheFolder, LeavesNothingElseBehind) {
  TemporaryFolder folder;
  folder.write("jwt-secret.new", "left by a crash");
  ASSERT_TRUE(ensure_secret_file_in(folder.path()));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
  EXPECT_EQ(bytes_of(read_secret_file(secret_file_in(folder.path()))).size(), 64U);
}

TEST(SecretOfTheFolder, IsAnErrorWhereNoneCanBeMade) {
  TemporaryFolder folder;
  const auto path = ensure_secret_file_in(folder.path() / "missing");
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace ringbook

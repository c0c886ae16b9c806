#include "sim/io/input.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "sim/io/gzip.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::TempFolder;

TEST(ReadInput, ReadsWhatIsThere) {
  const TempFolder folder;
  const std::string bytes("a\0b\n", 4);
  PutFile(folder / "f", bytes);
  EXPECT_EQ(*ReadInput(folder / "f"), bytes);
  PutFile(folder / "empty", "");
  EXPECT_EQ(*ReadInput(folder / "empty"), "");
}

TEST(ReadInput, KnowsGzipByItsBytes) {
  const TempFolder folder;
  PutFile(folder / "log", Gzip("one\n") + Gzip("two\n") + std::string(7, '\0'));
  EXPECT_EQ(*ReadInput(folder / "log"), "one\ntwo\n");
  PutFile(folder / "plain.gz", "not packed");
  EXPECT_EQ(*ReadInput(folder / "plain.gz"), "not packed");
}

TEST(ReadInput, SaysWhatIsWrong) {
  const TempFolder folder;
  const auto none = ReadInput(folder / "none");
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(none.error().where.file, folder / "none");
  const auto is_folder = ReadInput(folder.path());
  ASSERT_FALSE(is_folder.has_value());
  EXPECT_EQ(is_folder.error().code, ErrorCode::kInput);
  if (geteuid() == 0) return;  // root may read everything
  PutFile(folder / "secret", "x");
  chmod((folder / "secret").c_str(), 0);
  const auto secret = ReadInput(folder / "secret");
  ASSERT_FALSE(secret.has_value());
  EXPECT_EQ(secret.error().code, ErrorCode::kPermission);
}

TEST(ReadInput, RefusesTooLargeATextUnread) {
  const TempFolder folder;
  const std::string path = folder / "large";
  ASSERT_TRUE(WriteFileAtomically(path, "x").has_value());
  std::filesystem::resize_file(path, kMaxTextBytes + 1);
  const auto result = ReadInput(path);
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("256 MiB"), std::string::npos);
}

TEST(Gunzip, RefusesEveryTruncation) {
  const std::string packed = Gzip("some text, some text");
  for (std::size_t size = 3; size < packed.size(); ++size) {
    const auto result = Gunzip(packed.substr(0, size), "f");
    ASSERT_FALSE(result.has_value()) << size;
    EXPECT_EQ(result.error().code, ErrorCode::kInput);
  }
}

TEST(Gunzip, RefusesDamage) {
  std::string packed = Gzip("some text, some text");
  packed[packed.size() - 6] ^= 1;  // the checksum
  EXPECT_FALSE(Gunzip(packed, "f").has_value());
  EXPECT_FALSE(Gunzip(Gzip("x") + "garbage", "f").has_value());
}

TEST(Gunzip, RefusesWhatUnpacksToTooMuch) {
  const std::string bomb = Gzip(std::string(kSmallInputBytes + 1, '\0'));
  const auto result = Gunzip(bomb, "f");
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message.find("more than 64 MiB"), std::string::npos);
}

TEST(WriteFileAtomically, ReplacesAndLeavesNothingBehind) {
  const TempFolder folder;
  const std::string path = folder / "out";
  ASSERT_TRUE(WriteFileAtomically(path, "old").has_value());
  chmod(path.c_str(), 0640);
  ASSERT_TRUE(WriteFileAtomically(path, "new").has_value());
  EXPECT_EQ(GetFile(path), "new");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  using std::filesystem::directory_iterator;
  EXPECT_EQ(std::distance(directory_iterator(folder.path()), {}), 1);
}

TEST(WriteFileAtomically, PacksByName) {
  const TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder / "a.gz", "text").has_value());
  ASSERT_TRUE(WriteFileAtomically(folder / "b.gz", "text").has_value());
  EXPECT_EQ(GetFile(folder / "a.gz"), GetFile(folder / "b.gz"));
  EXPECT_TRUE(IsGzip(GetFile(folder / "a.gz")));
  EXPECT_EQ(*ReadInput(folder / "a.gz"), "text");
}

TEST(WriteFileAtomically, SaysWhatIsWrong) {
  const TempFolder folder;
  EXPECT_EQ(WriteFileAtomically(folder / "no/out", "x").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(WriteFileAtomically(folder.path(), "x").error().code,
            ErrorCode::kInput);
}

TEST(WriteFileAtomically, FollowsLinksAndLeavesDevicesWhatTheyAre) {
  const TempFolder folder;
  PutFile(folder / "file", "old");
  std::filesystem::create_symlink("file", folder / "link");
  ASSERT_TRUE(WriteFileAtomically(folder / "link", "new").has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(GetFile(folder / "file"), "new");

  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_TRUE(WriteFileAtomically(pipe, "text").has_value());
  std::string got(4, ' ');
  EXPECT_EQ(read(reader, got.data(), got.size()), 4);
  close(reader);
  EXPECT_EQ(got, "text");
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(MakeFolderAtomically, MakesAllOrNothing) {
  const TempFolder folder;
  const std::string made = folder / "made";
  const auto failed =
      MakeFolderAtomically(made, [](const std::string& aside) -> Result<void> {
        PutFile(aside + "/a", "a");
        return Fail(ErrorCode::kInput, "no more", {aside + "/b", 0, 0});
      });
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().where.file, made + "/b");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));

  const auto fill = [](const std::string& aside) -> Result<void> {
    PutFile(aside + "/a", "a");
    return {};
  };
  ASSERT_TRUE(MakeFolderAtomically(made + '/', fill).has_value());
  EXPECT_EQ(GetFile(made + "/a"), "a");
  EXPECT_EQ(MakeFolderAtomically(made, fill).error().message,
            "the folder is not empty; name one that is not there yet");
}

}  // namespace
}  // namespace rebisect

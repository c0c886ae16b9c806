#include "tests/differential/chunk_log.h"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

TEST(ChunkLog, KeepsWhatIsDone) {
  const TempFolder folder;
  const std::string file = folder / "kept/a.log";
  {
    ChunkLog log(file, "git 1");
    log.Add({0, 20, 300, 1, 50, {{"equal dates", 3}, {"merges", 20}}});
    log.Add({20, 5, 60, 0, 9, {}});
    log.Add({20, 20, 200, 0, 40, {}});
  }
  const ChunkLog again(file, "git 1");
  EXPECT_FALSE(again.BegunAnew());
  ASSERT_EQ(again.chunks().size(), 2U);
  EXPECT_EQ(again.chunks().at(0).different, 1U);
  EXPECT_EQ(again.chunks().at(0).features.at("equal dates"), 3U);
  EXPECT_EQ(again.chunks().at(20).compared, 200U);
  EXPECT_EQ(again.chunks().at(20).time_ms, 40U);
}

TEST(ChunkLog, BeginsAnewForAnotherProgram) {
  const TempFolder folder;
  ChunkLog(folder / "a.log", "git 1").Add({0, 20, 1, 0, 1, {}});
  const ChunkLog other(folder / "a.log", "git 2");
  EXPECT_TRUE(other.BegunAnew());
  EXPECT_TRUE(other.chunks().empty());
}

TEST(ChunkLog, TakesNoHalfLines) {
  const TempFolder folder;
  ChunkLog(folder / "a.log", "git 1").Add({0, 20, 1, 0, 1, {{"merges", 2}}});
  const std::string whole = GetFile(folder / "a.log");
  for (std::size_t size = 6; size + 1 < whole.size(); ++size) {
    PutFile(folder / "a.log", whole.substr(0, size));
    EXPECT_TRUE(ChunkLog(folder / "a.log", "git 1").chunks().empty()) << size;
  }
  PutFile(folder / "a.log", whole.substr(0, whole.size() - 1));
  ChunkLog(folder / "a.log", "git 1").Add({20, 20, 1, 0, 1, {}});
  EXPECT_EQ(ChunkLog(folder / "a.log", "git 1").chunks().size(), 2U);
}

}  // namespace
}  // namespace rebisect::testing_support

#include "harness/input/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::ElementsAre;
using testing_support::PutFile;
using testing_support::TempFolder;

TEST(InputsTest, AFolderMeansTheRecordingsInItSorted) {
  const TempFolder folder;
  for (const char* name : {"b.log", "a.yaml", "c.txt.gz", "d.yml", "x.dag",
                           "notes.md", "deeper/e.log"}) {
    PutFile(folder / name, "");
  }
  std::filesystem::create_directory(folder / "folder.log");
  const auto paths = ExpandInputs({folder.path()});
  ASSERT_TRUE(paths.has_value()) << FormatError(paths.error());
  EXPECT_THAT(*paths, ElementsAre(folder / "a.yaml", folder / "b.log",
                                  folder / "c.txt.gz", folder / "d.yml"));
}

TEST(InputsTest, OtherArgumentsStayAsTheyAre) {
  const auto paths = ExpandInputs({"-", "no/such/file", "z", "a"});
  ASSERT_TRUE(paths.has_value());
  EXPECT_THAT(*paths, ElementsAre("-", "no/such/file", "z", "a"));
}

TEST(InputsTest, AFolderWithoutRecordingsIsAnError) {
  const TempFolder folder;
  PutFile(folder / "notes.md", "");
  const auto paths = ExpandInputs({folder.path()});
  ASSERT_FALSE(paths.has_value());
  EXPECT_EQ(paths.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(paths.error().where.file, folder.path());
}

TEST(InputsTest, FindsTheGraphBesideARecording) {
  const TempFolder folder;
  PutFile(folder / "a.dag.gz", "");
  PutFile(folder / "b.dag", "");
  PutFile(folder / "b.dag.gz", "");
  std::filesystem::create_directory(folder / "c.dag");
  EXPECT_EQ(DagBeside(folder / "a.yaml"), folder / "a.dag.gz");
  EXPECT_EQ(DagBeside(folder / "a.log.gz"), folder / "a.dag.gz");
  EXPECT_EQ(DagBeside(folder / "b.txt"), folder / "b.dag");
  EXPECT_EQ(DagBeside(folder / "c.log"), "") << "a folder is no graph";
  EXPECT_EQ(DagBeside(folder / "d.log"), "");
  EXPECT_EQ(DagBeside(folder / "a"), "") << "no extension to replace";
  EXPECT_EQ(DagBeside("<stdin>"), "");
}

}  // namespace
}  // namespace rebisect

#include "sim/io/temporary_path.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using testing_support::PutFile;
using testing_support::TempFolder;

TEST(TemporaryPath, IsRemovedWithAllInItWhileItLives) {
  const TempFolder folder;
  PutFile(folder / "kept/file", "");
  {
    const TemporaryPath old(folder / "kept");
    std::filesystem::create_directory(old.path());
  }
  const TemporaryPath file(folder / "a");
  const TemporaryPath nothing(folder / "a");
  const TemporaryPath tree(folder / "a", '-');
  PutFile(file.path(), "");
  for (int i = 0; i < 200; ++i) {
    PutFile(tree.path() + "/deep/er/" + std::to_string(i), "");
  }
  std::filesystem::create_directory_symlink(folder / "kept",
                                            tree.path() + "/link");
  RemoveTemporaryPaths();
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  EXPECT_FALSE(std::filesystem::exists(tree.path()));
  EXPECT_TRUE(std::filesystem::exists(folder / "kept/file"));
  EXPECT_EQ(
      std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

}  // namespace
}  // namespace rebisect

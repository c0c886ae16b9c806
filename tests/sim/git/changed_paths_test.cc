#include "sim/git/changed_paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/git_command.h"
#include "tests/support/temp_folder.h"

namespace rebisect {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::RunShell;
using testing_support::ShellLine;
using testing_support::TempFolder;

class ChangedPathsTest : public ::testing::Test {
 protected:
  ChangedPathsTest() {
    RunShell(folder_.path(),
             "git init -q r && cd r && git config uploadpack.allowFilter true "
             "&& mkdir d && echo 1 >a && echo 1 >d/b && echo 1 >d/c && "
             "git add . && git commit -qm one && git tag one && "
             "echo 2 >d/b && git rm -q d/c && chmod +x a && echo 1 >d/e && "
             "git add . && git commit -qm two && git tag two && "
             "git commit -q --allow-empty -m three && git tag three");
  }

  Repository Open(const std::string& name) {
    auto repository = Repository::Open(folder_ / name);
    EXPECT_TRUE(repository.has_value());
    return *std::move(repository);
  }

  CommitId Id(const std::string& revision) {
    return *CommitId::FromHex(
        ShellLine(folder_ / "r", "git rev-parse " + revision));
  }

  static std::vector<std::string> Texts(const CommitChanges& changes) {
    std::vector<std::string> texts;
    for (const ChangedPath& path : changes.paths) {
      texts.push_back("ADC?"[static_cast<int>(path.kind)] + path.path);
    }
    return texts;
  }

  TempFolder folder_;
};

TEST_F(ChangedPathsTest, AreThoseAgainstTheFirstParent) {
  const Repository repository = Open("r");
  const Repository* const one[] = {&repository};
  const auto root = ChangesOf(one, Id("one"));
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->parents, 0U);
  EXPECT_THAT(Texts(*root), ElementsAre("Aa", "Ad/b", "Ad/c"));
  const auto second = ChangesOf(one, Id("two"));
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->parents, 1U);
  EXPECT_THAT(Texts(*second), ElementsAre("?a", "Cd/b", "Dd/c", "Ad/e"));
  EXPECT_EQ(*ReadBlob(one, second->paths[1].before, 10), "1\n");
  EXPECT_EQ(*ReadBlob(one, second->paths[1].after, 10), "2\n");
  EXPECT_EQ(ReadBlob(one, second->paths[1].after, 1).error().code,
            ErrorCode::kInput);
  const auto third = ChangesOf(one, Id("three"));
  ASSERT_TRUE(third.has_value());
  EXPECT_THAT(Texts(*third), IsEmpty());
}

TEST_F(ChangedPathsTest, SayWhatAPartialCloneLacks) {
  for (const char* filter : {"tree:0", "blob:none"}) {
    RunShell(folder_.path(), std::string("rm -rf p; git clone -q --bare "
                                         "--filter=") +
                                 filter + " file://$PWD/r p");
    const Repository repository = Open("p");
    const Repository* const one[] = {&repository};
    const auto changes = ChangesOf(one, Id("two"));
    if (filter == std::string("tree:0")) {
      ASSERT_FALSE(changes.has_value());
      EXPECT_EQ(changes.error().code, ErrorCode::kMissingObject);
      continue;
    }
    ASSERT_TRUE(changes.has_value());
    EXPECT_EQ(ReadBlob(one, changes->paths[1].after, 10).error().code,
              ErrorCode::kMissingObject);
  }
}

TEST_F(ChangedPathsTest, AskEveryRepository) {
  RunShell(folder_.path(),
           "git clone -q --bare --filter=tree:0 "
           "file://$PWD/r p; git init -q empty");
  const Repository empty = Open("empty");
  const Repository partial = Open("p");
  const Repository whole = Open("r");
  const Repository* const all[] = {&empty, &partial, &whole};
  EXPECT_TRUE(ChangesOf(all, Id("two")).has_value());
  const Repository* const two[] = {&empty, &partial};
  EXPECT_THAT(ChangesOf(two, Id("two")).error().message,
              ::testing::HasSubstr("trees"));
}

TEST_F(ChangedPathsTest, DoNotCrossAShallowBoundary) {
  RunShell(folder_.path(), "git clone -q --bare --depth 2 file://$PWD/r s");
  const Repository repository = Open("s");
  const Repository* const one[] = {&repository};
  EXPECT_TRUE(ChangesOf(one, Id("three")).has_value());
  EXPECT_EQ(ChangesOf(one, Id("two")).error().code, ErrorCode::kMissingObject);
}

}  // namespace
}  // namespace rebisect

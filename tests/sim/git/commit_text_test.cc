#include "sim/git/commit_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace rebisect {
namespace {

constexpr char kTree[] = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
constexpr char kParent[] = "parent 26d0812b0127e6eaf114be09b146701ed358a764\n";

std::int64_t DateOf(const std::string& committer) {
  CommitHeader header;
  std::vector<CommitId> parents;
  EXPECT_TRUE(ReadCommitHeader(
      std::string(kTree) + "author A <a@b> 7 +0000\n" + committer, header,
      parents));
  return header.date;
}

TEST(CommitText, ReadsParentsAndDate) {
  CommitHeader header;
  std::vector<CommitId> parents;
  ASSERT_TRUE(ReadCommitHeader(std::string(kTree) + kParent + kParent +
                                   "author A <a> 7 +0000\n"
                                   "committer C <c> 1500000000 +0200\n\nx\n",
                               header, parents));
  EXPECT_EQ(parents.size(), 2U);
  EXPECT_EQ(header.date, 1500000000);
  EXPECT_EQ(header.tree.Hex(), std::string(kTree).substr(5, 40));
}

TEST(CommitText, ReadsOddDatesAsGitDoes) {
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(DateOf("committer A <a@b> 12 +0000\n"), 12);
  EXPECT_EQ(DateOf("committer A <a> b> 12 +0000\n"), 12);
  EXPECT_EQ(DateOf("committer A <a@b>   12\n"), 12);
  EXPECT_EQ(DateOf("committer A <a@b> 12garbage\n"), 12);
  EXPECT_EQ(DateOf("committer A <a@b> -12 +0000\n"), kLatest);
  EXPECT_EQ(DateOf("committer A <a@b> 99999999999999999999999 +0000\n"),
            kLatest);
  EXPECT_EQ(DateOf("committer A <a@b>\n"), 0);
  EXPECT_EQ(DateOf("committer A <a@b> \n"), 0);
  EXPECT_EQ(DateOf("committer A <a@b> never\n"), 0);
  EXPECT_EQ(DateOf("committer A 12 +0000\n"), 0);
  EXPECT_EQ(DateOf("committer A <a@b> 12 +0000"), 0);
  EXPECT_EQ(DateOf("\n"), 0);
  EXPECT_EQ(DateOf(""), 0);
}

TEST(CommitText, RefusesWhatGitCallsBogus) {
  CommitHeader header;
  std::vector<CommitId> parents;
  for (const std::string& text :
       {std::string(), std::string("tree 4b82\n"),
        std::string("parent ") + kTree, std::string(kTree) + "parent 12\n",
        std::string(kTree).substr(0, 45)}) {
    EXPECT_FALSE(ReadCommitHeader(text, header, parents)) << text;
  }
}

TEST(CommitText, JoinsTheFirstParagraphToTheSubject) {
  EXPECT_EQ(CommitSubject("tree x\n\n\n  one \ntwo\n\nbody\n"), "  one two");
  EXPECT_EQ(CommitSubject("tree x\n\nsubject"), "subject");
  EXPECT_EQ(CommitSubject("tree x\n\n"), "");
  EXPECT_EQ(CommitSubject("tree x\n"), "");
}

}  // namespace
}  // namespace rebisect

#include "tests/examples/parse_hg.h"

#include <gtest/gtest.h>

#include "scenarios/audit/audit.h"

namespace rebisect::examples {
namespace {

constexpr std::string_view kSession = R"($ hg bisect --reset
$ hg bisect --bad 5
$ hg bisect --good 0
Testing changeset 2:6c2f0d6cb1a9 (5 changesets remaining, ~2 tests)
0 files updated, 0 files merged, 2 files removed, 0 files unresolved
$ hg bisect --good
Testing changeset 3:b53f8a10d4c7 (3 changesets remaining, ~1 tests)
$ hg bisect --bad
The first bad revision is:
changeset:   3:b53f8a10d4c7
summary:     three
)";

TEST(ParseHg, ReadsASession) {
  const auto recording = ParseHg(kSession, "session.txt");
  ASSERT_TRUE(recording.has_value());
  ASSERT_EQ(recording->events.size(), 5U);
  EXPECT_EQ(std::get<Mark>(recording->events[1]).commits.front(), "5");
  const Mark& first = std::get<Mark>(recording->events[3]);
  EXPECT_EQ(first.verdict, Verdict::kGood);
  EXPECT_EQ(first.commits.front(), "6c2f0d6cb1a9");
  EXPECT_EQ(first.line, 6);
  EXPECT_EQ(recording->end.culprit, "b53f8a10d4c7");
  ASSERT_EQ(recording->unknown.size(), 2U);
  EXPECT_EQ(recording->unknown.front().line, 5);
}

TEST(ParseHg, GivesWhatAnAuditCanCheck) {
  const auto recording = ParseHg(kSession, "session.txt");
  ASSERT_TRUE(recording.has_value());
  const AuditReport report = Audit(*recording);
  EXPECT_TRUE(report.Holds());
  EXPECT_EQ(report.steps, 2U);
  EXPECT_EQ(report.culprit, "b53f8a10d4c7");
}

TEST(ParseHg, SaysWhatItExpected) {
  const auto recording = ParseHg("# nothing\n", "notes.txt");
  ASSERT_FALSE(recording.has_value());
  EXPECT_EQ(FormatError(recording.error()),
            "notes.txt:1:1: error: no line of a session with `hg bisect`; "
            "expected lines such as \"$ hg bisect --good 12\"");
}

}  // namespace
}  // namespace rebisect::examples

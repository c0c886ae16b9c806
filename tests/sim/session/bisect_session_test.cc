// What the golden vectors do not show: terms, refusals, marks before start,
// reset, restart, replay, boundaries, texts.

#include "sim/session/bisect_session.h"

#include <utility>

#include <gtest/gtest.h>

#include "sim/session/git_selection.h"
#include "tests/support/search_graph.h"

namespace rebisect {
namespace {

using testing_support::IdOf;
using testing_support::Line;
using testing_support::ListedGraph;
using testing_support::NumberedCommit;

/// A session over commits n0, n1, ...; HEAD is the last of them.
class Search {
 public:
  explicit Search(const std::vector<NumberedCommit>& commits,
                  const char* version = "2.39.5",
                  const std::vector<std::uint32_t>& boundary = {},
                  bool boundary_is_root = false)
      : graph_(ListedGraph(commits, boundary)),
        selection_(GitRules::Of(*GitVersion::Parse(version))),
        session_(graph_, selection_,
                 Options(version, boundary_is_root,
                         static_cast<std::uint32_t>(commits.size() - 1))) {}

  /// `start` without a bad commit when `bad` is not given.
  Result<StepReport> TryStart(std::optional<std::uint32_t> bad,
                              const std::vector<std::uint32_t>& goods) {
    StartCommand command;
    if (bad) command.bad = IdOf(*bad);
    for (const std::uint32_t good : goods) command.goods.push_back(IdOf(good));
    return session_.Start(command);
  }
  StepReport Start(std::optional<std::uint32_t> bad,
                   const std::vector<std::uint32_t>& goods) {
    return TryStart(bad, goods).value();
  }
  StepReport StartWithTerms(const char* bad, const char* good) {
    StartCommand command;
    command.term_bad = bad;
    command.term_good = good;
    return session_.Start(command).value();
  }
  StepReport Mark(const char* term,
                  const std::vector<std::uint32_t>& commits = {}) {
    MarkCommand command{term, {}};
    for (const std::uint32_t n : commits) {
      command.arguments.emplace_back(IdOf(n));
    }
    return session_.Mark(command).value();
  }
  StepReport SkipRange(std::uint32_t from, std::uint32_t to) {
    MarkCommand command{"skip", {}};
    command.arguments.emplace_back(CommitRange{IdOf(from), IdOf(to)});
    return session_.Mark(command).value();
  }
  BisectSession& session() { return session_; }

 private:
  static SessionOptions Options(const char* version, bool boundary_is_root,
                                std::uint32_t head) {
    SessionOptions options;
    options.version = *GitVersion::Parse(version);
    options.boundary_is_root = boundary_is_root;
    options.head = IdOf(head);
    return options;
  }

  CommitGraph graph_;
  GitSelection selection_;
  BisectSession session_;
};

constexpr auto kErr = SessionState::kError;

TEST(BisectSession, FindsTheCulprit) {
  Search search(Line(9));
  EXPECT_EQ(search.Start(8, {0}).next, IdOf(4));
  EXPECT_EQ(search.Mark("bad").next, IdOf(2));
  EXPECT_EQ(search.Mark("good").next, IdOf(3));
  const StepReport found = search.Mark("good");
  EXPECT_EQ(found.state, SessionState::kFound);
  EXPECT_EQ(found.culprit, IdOf(4));
  EXPECT_EQ(found.exit_code, 0);
}

// --- Terms ---

TEST(BisectSessionTerms, AreOldAndNewOnceOneOfThemWasUsed) {
  Search search(Line(9));
  (void)search.Start(std::nullopt, {});
  (void)search.Mark("new", {8});
  EXPECT_EQ(search.Mark("old", {0}).next, IdOf(4));
  const StepReport refused = search.Mark("bad");
  EXPECT_EQ(refused.state, kErr);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.errors,
            "error: Invalid command: you're currently in a new/old bisect\n");
  EXPECT_EQ(search.session().Terms().output,
            "Your current terms are old for the old state\n"
            "and new for the new state.\n");
}

TEST(BisectSessionTerms, OfTheOtherPairEndInUsageSince240) {
  Search search(Line(9), "2.40.0");
  (void)search.Start(8, {0});
  EXPECT_EQ(search.Mark("old").exit_code, 129);
}

TEST(BisectSessionTerms, MayBeAnyWordsThatGitTakesForRefs) {
  Search search(Line(9));
  EXPECT_EQ(search.StartWithTerms("-slow", "fast/er").exit_code, 0);
  (void)search.Mark("-slow", {8});
  EXPECT_EQ(search.Mark("fast/er", {0}).next, IdOf(4));
  EXPECT_EQ(search.Mark("sluggish").errors,
            "error: Invalid command: you're currently in a -slow/fast/er "
            "bisect\n");
}

TEST(BisectSessionTerms, AreRefusedAsGitRefusesThem) {
  const std::vector<std::pair<std::pair<const char*, const char*>, const char*>>
      refused = {{{"x", "x"}, "error: please use two different terms\n"},
                 {{"skip", "skip"}, "error: please use two different terms\n"},
                 {{"next", "good"},
                  "error: can't use the builtin command 'next' as a term\n"},
                 {{"bad", "terms"},
                  "error: can't use the builtin command 'terms' as a term\n"},
                 {{"old", "good"},
                  "error: can't change the meaning of the term 'old'\n"},
                 {{"broken", "bad"},
                  "error: can't change the meaning of the term 'bad'\n"},
                 {{"a..b", "good"}, "error: 'a..b' is not a valid term\n"},
                 {{"bad", ""}, "error: '' is not a valid term\n"},
                 {{"x.lock", "good"}, "error: 'x.lock' is not a valid term\n"},
                 {{"a//b", "good"}, "error: 'a//b' is not a valid term\n"}};
  for (const auto& [terms, message] : refused) {
    Search search(Line(9));
    const StepReport report = search.StartWithTerms(terms.first, terms.second);
    EXPECT_EQ(report.state, kErr);
    EXPECT_EQ(report.exit_code, 1);
    EXPECT_EQ(report.errors, message);
  }
}

TEST(BisectSessionTerms, RefusedLeaveTheMarksSince229) {
  for (const char* version : {"2.28.1", "2.29.0"}) {
    Search search(Line(9), version);
    (void)search.Start(8, {0});
    StartCommand command;
    command.term_bad = "next";
    command.bad = IdOf(8);
    command.goods = {IdOf(3)};
    EXPECT_EQ(search.session().Start(command).value().state, kErr);
    const bool left = GitVersion::Parse(version)->minor >= 29;
    EXPECT_EQ(search.session().started(), left) << version;
    EXPECT_EQ(search.session().goods().count(IdOf(3)), left ? 1U : 0U);
    EXPECT_FALSE(search.session().bad().has_value());
  }
}

TEST(BisectSessionTerms, RefusedLeaveABadCommitThatNextDoesNotSee) {
  Search search(Line(9));
  StartCommand command;
  command.term_bad = "bad";
  command.term_good = "bad";
  command.bad = IdOf(8);
  EXPECT_EQ(search.session().Start(command).value().state, kErr);
  ASSERT_TRUE(search.session().bad().has_value());
  const StepReport report = search.session().Next().value();
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_EQ(report.output + report.errors, "");
}

TEST(BisectSessionTerms, DoNotInheritMarksOfOtherTerms) {
  Search search(Line(9));
  StartCommand refused;
  refused.term_bad = "old";
  refused.bad = IdOf(8);
  refused.goods = {IdOf(0)};
  EXPECT_EQ(search.session().Start(refused).value().state, kErr);
  EXPECT_EQ(search.Mark("new", {8}).state, SessionState::kWaiting);
  EXPECT_TRUE(search.session().goods().empty());
}

// --- Waiting, and commands at the wrong time ---

TEST(BisectSession, WaitsUntilItHasABadAndAGood) {
  Search search(Line(9));
  EXPECT_EQ(search.Start(std::nullopt, {}).output,
            "status: waiting for both good and bad commits\n");
  EXPECT_EQ(search.Mark("good", {0, 1}).output,
            "status: waiting for bad commit, 2 good commits known\n");
  EXPECT_EQ(search.Mark("bad", {8}).state, SessionState::kTesting);
  Search quiet(Line(9), "2.36.0");
  EXPECT_EQ(quiet.Start(8, {}).output, "");
}

TEST(BisectSession, GoesOnWithOnlyABadCommitWhenToldTo) {
  Search search(Line(9));
  const StepReport waiting = search.Start(8, {});
  EXPECT_EQ(waiting.state, SessionState::kWaiting);
  EXPECT_EQ(waiting.output,
            "status: waiting for good commit(s), bad commit known\n");
  const StepReport next = search.session().Next().value();
  EXPECT_EQ(next.errors, "warning: bisecting only with a bad commit\n");
  EXPECT_EQ(next.next, IdOf(3));  // of nine suspects the first with four
}

TEST(BisectSession, RefusesCommandsBeforeStart) {
  Search search(Line(9));
  const std::string said = "You need to start by \"git bisect start\"\n\n";
  for (const StepReport& report :
       {search.Mark("good", {0}), search.Mark("skip"),
        search.session().Next().value()}) {
    EXPECT_EQ(report.state, kErr);
    EXPECT_EQ(report.exit_code, 1);
    EXPECT_EQ(report.errors, said);
  }
  EXPECT_EQ(search.session().Terms().errors, "error: no terms defined\n");
  EXPECT_EQ(search.session().Terms().exit_code, 1);
}

TEST(BisectSession, RefusesNextWithoutABadCommit) {
  Search search(Line(9));
  (void)search.Start(std::nullopt, {});
  const StepReport silent = search.session().Next().value();
  EXPECT_EQ(silent.exit_code, 1);
  EXPECT_EQ(silent.errors, "") << "git has no terms yet, and no words either";
  (void)search.Mark("good", {0});
  const StepReport told = search.session().Next().value();
  EXPECT_EQ(told.exit_code, 1);
  EXPECT_EQ(told.errors,
            "error: You need to give me at least one bad|new and good|old "
            "revision.\nYou can use \"git bisect bad|new\" and \"git bisect "
            "good|old\" for that.\n");
}

TEST(BisectSession, TakesOneBadCommitAtATime) {
  Search search(Line(9));
  (void)search.Start(8, {0});
  const StepReport refused = search.Mark("bad", {5, 6});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.errors,
            "error: 'git bisect bad' can take only one argument.\n");
  EXPECT_EQ(search.session().bad(), IdOf(8));
}

TEST(BisectSession, RefusesFirstParentBefore229) {
  StartCommand command;
  command.first_parent = true;
  Search old(Line(9), "2.28.0");
  EXPECT_EQ(old.session().Start(command).value().state, kErr);
  Search search(Line(9), "2.29.0");
  EXPECT_EQ(search.session().Start(command).value().exit_code, 0);
}

TEST(BisectSession, RefusesPathsWithoutTrees) {
  Search search(Line(9));
  StartCommand command;
  command.bad = IdOf(8);
  command.goods = {IdOf(0)};
  command.paths = {"f0"};
  const auto report = search.session().Start(command);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(search.session().started());
}

TEST(BisectSession, NamesACommitThatTheGraphLacksAndStaysAsItWas) {
  Search search(Line(9));
  (void)search.Start(8, {0});
  const std::string log = search.session().log();
  const auto report = search.session().Mark({"good", {MarkArgument(IdOf(99))}});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kNotFound);
  EXPECT_NE(report.error().message.find(IdOf(99).Hex()), std::string::npos);
  EXPECT_EQ(search.session().log(), log);
  EXPECT_EQ(search.session().bad(), IdOf(8));
}

// --- HEAD, reset, restart, replay ---

TEST(BisectSession, MarksWhatIsCheckedOut) {
  Search search(Line(9));
  (void)search.Start(std::nullopt, {});
  (void)search.Mark("good", {0});
  (void)search.Mark("bad");
  EXPECT_EQ(search.session().bad(), IdOf(8));
  EXPECT_EQ(search.session().head(), IdOf(4));
}

TEST(BisectSession, GoesBackToWhereItStarted) {
  Search search(Line(9));
  (void)search.Start(8, {0});
  EXPECT_EQ(search.session().head(), IdOf(4));
  EXPECT_EQ(search.Start(6, {0}).next, IdOf(3));  // starts again
  EXPECT_EQ(search.session().Reset().output, "");
  EXPECT_EQ(search.session().head(), IdOf(8));
  EXPECT_FALSE(search.session().started());
  EXPECT_EQ(search.session().log(), "");
  EXPECT_EQ(search.session().Reset().output, "We are not bisecting.\n");
  Search newer(Line(2), "2.44.0");
  EXPECT_EQ(newer.session().Reset().output, "");
}

TEST(BisectSession, ForgetsTheLastSearchWhenItStartsAgain) {
  Search search(Line(17));
  (void)search.Start(16, {0});
  (void)search.Mark("skip");
  EXPECT_EQ(search.Start(16, {0}).next, IdOf(8));
  EXPECT_TRUE(search.session().skips().empty());
}

TEST(BisectSession, KeepsTheLogOfGit) {
  Search search(Line(5));
  StartCommand command;
  command.bad = IdOf(4);
  command.goods = {IdOf(0)};
  command.words = {"n4", "it's"};
  (void)search.session().Start(command);
  (void)search.Mark("good");
  (void)search.Mark("bad");
  const auto hex = [](std::uint32_t n) { return IdOf(n).Hex(); };
  EXPECT_EQ(search.session().log(),
            "# bad: [" + hex(4) + "]\n# good: [" + hex(0) +
                "]\ngit bisect start 'n4' 'it'\\''s'\n# good: [" + hex(2) +
                "]\ngit bisect good " + hex(2) + "\n# bad: [" + hex(3) +
                "]\ngit bisect bad " + hex(3) + "\n# first bad commit: [" +
                hex(3) + "]\n");
}

TEST(BisectSession, ReplaysALog) {
  Search search(Line(17));
  StartCommand start;
  start.bad = IdOf(16);
  start.goods = {IdOf(0)};
  const std::vector<ReplayCommand> commands = {
      start, MarkCommand{"bad", {MarkArgument(IdOf(8))}},
      MarkCommand{"good", {MarkArgument(IdOf(4))}}};
  const StepReport report = search.session().Replay(commands).value();
  EXPECT_EQ(report.next, IdOf(6));
  EXPECT_EQ(report.revisions_left, 1);
  EXPECT_EQ(search.session().goods().count(IdOf(4)), 1U);
}

TEST(BisectSession, ReplaysTwoStartsAsTheOneProcessThatItIs) {
  StartCommand first;
  first.bad = IdOf(8);
  first.goods = {IdOf(6)};
  StartCommand second = first;
  second.goods = {IdOf(0)};
  Search search(Line(9));
  // As git 2.39.5: the good commit of the first is gone from the refs alone.
  EXPECT_EQ(search.session().Replay({first, second})->next, IdOf(7));
  EXPECT_EQ(search.session().goods().count(IdOf(6)), 0U);
}

TEST(BisectSession, KeepsTheMarksOfALogWithoutAStart) {
  Search search(Line(9));
  const std::vector<ReplayCommand> commands = {
      MarkCommand{"bad", {MarkArgument(IdOf(8))}},
      MarkCommand{"good", {MarkArgument(IdOf(0))}}};
  const StepReport report = search.session().Replay(commands).value();
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_EQ(search.session().bad(), IdOf(8));
  EXPECT_EQ(search.session().Reset().output, "We are not bisecting.\n");
  EXPECT_EQ(search.session().bad(), IdOf(8)) << "before 2.43.1";
}

const std::vector<NumberedCommit>& CrissCross() {
  static const std::vector<NumberedCommit> commits = {
      {{}, 0},      {{0}, 10}, {{0}, 20}, {{1, 2}, 30},
      {{2, 1}, 40}, {{3}, 50}, {{4}, 60}};
  return commits;
}

TEST(BisectSession, StopsAReplayAtAMergeBaseSince231) {
  StartCommand start;
  start.bad = IdOf(5);
  start.goods = {IdOf(6)};
  const std::vector<ReplayCommand> commands = {
      start, MarkCommand{"good", {MarkArgument(IdOf(2))}}};
  Search search(CrissCross(), "2.31.0");
  const StepReport stopped = search.session().Replay(commands).value();
  EXPECT_EQ(stopped.state, SessionState::kMergeBase);
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_EQ(search.session().goods().count(IdOf(2)), 0U);
  Search old(CrissCross(), "2.30.9");
  const StepReport done = old.session().Replay(commands).value();
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(done.next, IdOf(1));
}

// --- Merge bases and marks that contradict each other ---

TEST(BisectSession, TestsTheMergeBasesFirst) {
  Search search(CrissCross());
  const StepReport first = search.Start(5, {6});
  EXPECT_EQ(first.state, SessionState::kMergeBase);
  EXPECT_EQ(first.next, IdOf(2));
  EXPECT_EQ(first.output, "Bisecting: a merge base must be tested\n[" +
                              IdOf(2).Hex() + "]\n");
  EXPECT_FALSE(first.revisions_left.has_value());
  EXPECT_EQ(search.Mark("good").next, IdOf(1));
  const StepReport step = search.Mark("good");
  EXPECT_EQ(step.state, SessionState::kTesting);
  EXPECT_EQ(step.next, IdOf(3));
  EXPECT_EQ(step.revisions_left, 0);
  EXPECT_EQ(step.steps_left, 0);
}

TEST(BisectSession, EndsWhereAMergeBaseIsBad) {
  Search search(CrissCross());
  (void)search.Start(5, {6});
  const StepReport report = search.Mark("bad");
  EXPECT_EQ(report.exit_code, 3);
  EXPECT_EQ(report.errors, "The merge base " + IdOf(2).Hex() +
                               " is bad.\nThis means the bug has been fixed "
                               "between " +
                               IdOf(2).Hex() + " and [" + IdOf(6).Hex() +
                               "].\n");
}

TEST(BisectSession, RefusesABadCommitThatIsAnAncestorOfAGoodOne) {
  Search search(Line(9));
  const StepReport report = search.Start(2, {5});
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_EQ(report.errors,
            "Some good revs are not ancestors of the bad rev.\n"
            "git bisect cannot work properly in this case.\n"
            "Maybe you mistook good and bad revs?\n");
  EXPECT_FALSE(search.session().started()) << "start wipes what it began";
  (void)search.Start(8, {5});
  EXPECT_EQ(search.Mark("bad", {2}).exit_code, 1);
  EXPECT_TRUE(search.session().started()) << "a mark stays";
  EXPECT_EQ(search.session().bad(), IdOf(2));
}

TEST(BisectSession, RefusesACommitThatIsBothGoodAndBad) {
  Search search(Line(9));
  const StepReport report = search.Start(5, {5});
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_EQ(report.output, IdOf(5).Hex() + " was both good and bad\n");
}

// --- Skips ---

/// The worked example: at n8 of seventeen in a line, a range is skipped that
/// holds n8 alone. git of 2.31 and later takes n7 for good in that step.
TEST(BisectSession, LetsASkippedRangeLeakSince231) {
  Search old(Line(17), "2.30.9");
  (void)old.Start(16, {0});
  const StepReport step = old.SkipRange(7, 8);
  EXPECT_EQ(step.next, IdOf(3));
  EXPECT_EQ(step.revisions_left, 7);

  Search leaking(Line(17), "2.39.5");
  (void)leaking.Start(16, {0});
  const StepReport leaked = leaking.SkipRange(7, 8);
  EXPECT_EQ(leaked.next, IdOf(11));
  EXPECT_EQ(leaked.revisions_left, 4);

  Search ending(Line(17), "2.39.5");
  (void)ending.Start(16, {0});
  const StepReport found = ending.SkipRange(15, 15);
  EXPECT_EQ(found.culprit, IdOf(16));
  EXPECT_EQ(found.exit_code, 0);
  EXPECT_EQ(ending.session().skips().count(IdOf(8)), 1U);
}

TEST(BisectSession, TakesAnEmptyRangeForTheCurrentCommit) {
  Search search(Line(17), "2.30.9");
  (void)search.Start(16, {0});
  EXPECT_EQ(search.SkipRange(12, 3).next, IdOf(3));
  EXPECT_EQ(search.session().skips(), std::set<CommitId>{IdOf(8)});
}

TEST(BisectSession, EndsWithTheListOfSkippedCommits) {
  Search search(Line(4));
  (void)search.Start(3, {0});
  const StepReport report = search.Mark("skip", {1, 2});
  EXPECT_EQ(report.state, SessionState::kOnlySkipped);
  EXPECT_EQ(report.exit_code, 2);
  EXPECT_EQ(report.suspects,
            (std::vector<CommitId>{IdOf(1), IdOf(2), IdOf(3)}));
  EXPECT_EQ(report.output,
            "There are only 'skip'ped commits left to test.\n"
            "The first bad commit could be any of:\n" +
                IdOf(1).Hex() + '\n' + IdOf(2).Hex() + '\n' + IdOf(3).Hex() +
                "\nWe cannot bisect more!\n");
}

// --- The end of the graph ---

/// What git 2.39.5 does by `git bisect run` on these commits: it does not come
/// to n1, to which marks one by one lead.
const std::vector<NumberedCommit>& SkewedCommits() {
  static const std::vector<NumberedCommit> kCommits = {
      {{}, 3700},  {{0}, 2300}, {{1}, 2200},       {{0}, 2150},
      {{3}, 2100}, {{4}, 2050}, {{1}, 2000},       {{3}, 1950},
      {{7}, 1500}, {{6}, 1400}, {{9, 8, 2, 5}, 50}};
  return kCommits;
}

TEST(BisectSession, TakesARunForOneProcessSince234) {
  for (const char* version : {"2.33.0", "2.34.0"}) {
    Search search(SkewedCommits(), version);
    StepReport report = search.Start(10, {0});
    search.session().BeginRun();
    for (const std::uint32_t proposed : {9, 8, 5, 2}) {
      ASSERT_EQ(report.next, IdOf(proposed));
      report = search.Mark(proposed == 2 ? "bad" : "good");
    }
    if (GitVersion::Parse(version)->minor < 34) {
      EXPECT_EQ(report.next, IdOf(1));
    } else {
      EXPECT_EQ(report.culprit, IdOf(2));
    }
  }
}

TEST(BisectSession, GoesOnWithARunInACopyAndOnALargerGraph) {
  Search search(SkewedCommits());
  (void)search.Start(10, {0});
  search.session().BeginRun();
  (void)search.Mark("good");
  (void)search.Mark("good");
  GitSelection selection(GitRules::Of(kNewestGit));
  BisectSession copy(search.session(), selection);
  std::vector<NumberedCommit> more = SkewedCommits();
  more.push_back({{10}, 4000});
  const CommitGraph larger = ListedGraph(more);
  copy.UseGraph(larger);
  (void)copy.Mark({"good", {}});
  EXPECT_EQ(copy.Mark({"bad", {}})->culprit, IdOf(2));
  (void)search.Mark("good");
  EXPECT_EQ(search.Mark("bad").culprit, IdOf(2));
}

TEST(BisectSession, AMarkThatNamesCommitsEndsARun) {
  Search search(SkewedCommits());
  (void)search.Start(10, {0});
  search.session().BeginRun();
  for (int i = 0; i < 3; ++i) (void)search.Mark("good");
  EXPECT_EQ(search.Mark("bad", {2}).next, IdOf(1));
}

TEST(BisectSession, StopsAtABoundaryAndStaysAsItWas) {
  Search search(Line(9), "2.39.5", {0});
  const auto report = search.TryStart(8, {2});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kBoundary);
  EXPECT_FALSE(search.session().started());
  EXPECT_FALSE(search.session().Inexact());
}

TEST(BisectSession, DoesNotMindABoundaryThatGitWouldNotReach) {
  Search search(Line(30), "2.39.5", {0});
  EXPECT_EQ(search.Start(29, {20}).state, SessionState::kTesting);
  EXPECT_FALSE(search.session().Inexact());
}

TEST(BisectSession, GoesOnOverABoundaryWhenAllowedTo) {
  Search search(Line(9), "2.39.5", {0}, true);
  EXPECT_EQ(search.Start(8, {2}).next, IdOf(5));
  EXPECT_TRUE(search.session().Inexact());
}

}  // namespace
}  // namespace rebisect

#include <sys/stat.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/search/exec_selection.h"
#include "oracle/verdict/verdict_policy.h"
#include "sim/base/check.h"
#include "sim/graph/suspect_graph.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"
#include "tests/support/search_graph.h"
#include "tests/support/temp_folder.h"

namespace rebisect::fuzz {
namespace {

using testing_support::PutFile;
using testing_support::TempFolder;

/// A program that says what it is going to say, and hears nothing.
class Babbler {
 public:
  Babbler() : program_(folder_ / "babble") {
    PutFile(program_, "#!/bin/sh\nexec cat \"${0%/*}/said\"\n");
    REBISECT_CHECK(chmod(program_.c_str(), 0755) == 0);
  }
  /// The policy whose program says these lines.
  [[nodiscard]] std::string Saying(std::string_view lines) const {
    PutFile(folder_ / "said", lines);
    return "exec:" + program_ + ":timeout-ms=5000";
  }

 private:
  TempFolder folder_;
  std::string program_;
};

const Babbler& TheBabbler() {
  static const Babbler babbler;
  return babbler;
}

}  // namespace

void FuzzExecVerdict(std::string_view bytes) {
  auto policy = MakeVerdictPolicy(TheBabbler().Saying(bytes));
  REBISECT_CHECK(policy.has_value());
  Test test;
  test.commit = "c";
  test.runs = {{RunOutcome::kCrashed, "BUG: one", 1.5},
               {RunOutcome::kOk, "", {}}};
  VerdictHistory history;
  for (int i = 0; i < 3; ++i) {
    const Ruling ruling = (*policy)->Decide(test, history);
    const auto failure = (*policy)->Failure();
    if (failure) {
      ExpectSays(*failure);
      Expect(ruling.kind == RulingKind::kAbort, "who failed stops the search");
      return;
    }
    const double confidence = ruling.confidence.value_or(1);
    Expect(confidence >= 0 && confidence <= 1, "a confidence is one");
    Expect(ruling.kind != RulingKind::kMoreRuns || ruling.runs_wanted > 0,
           "who wants more runs wants some", ruling.reason);
    (*policy)->Learn(test, ruling, history);
  }
}

void FuzzExecSelection(std::string_view bytes) {
  const auto chain =
      ParsePolicyChain(TheBabbler().Saying(bytes), {"select", 1, 1});
  REBISECT_CHECK(chain.has_value());
  auto policy =
      MakeSelection(kExecSelectionEntry, chain->front(), Prng(0, 0, 0));
  REBISECT_CHECK(policy.has_value());
  const CommitGraph graph = testing_support::ListedGraph(
      {{{}, 1}, {{0}, 2}, {{0}, 3}, {{1, 2}, 4}, {{3}, 5}});
  std::vector<Vertex> all(graph.size());
  std::iota(all.begin(), all.end(), Vertex{0});
  const SuspectGraph suspects =
      BuildSuspectGraph(graph, all, [&](Vertex v) { return graph.Parents(v); });
  const std::uint8_t skipped[] = {0, 1, 0, 0, 0};
  for (int i = 0; i < 3; ++i) {
    const auto step = (*policy)->Next({suspects, 4, skipped, {}, {}, {}});
    if (!step) {
      ExpectSays(step.error());
      return;
    }
    if (const auto* test = std::get_if<TestStep>(&*step)) {
      Expect(!test->commits.empty(), "a test has commits");
      for (const Suspect suspect : test->commits) {
        Expect(suspect < 5 && suspect != 1, "only what may be tested is");
      }
    }
    if (const auto* done = std::get_if<DoneStep>(&*step)) {
      Expect(!done->culprit || *done->culprit < 5, "a culprit is a suspect");
      Expect(done->confidence >= 0 && done->confidence <= 1,
             "a confidence is one");
    }
  }
}

}  // namespace rebisect::fuzz

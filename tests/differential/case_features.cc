#include "tests/differential/case_features.h"

#include <algorithm>
#include <set>

namespace rebisect::testing_support {
namespace {

using Features = std::set<std::string>;
using Kind = CaseCommand::Kind;

/// Dates that signed or unsigned 32 bits do not hold, and 0.
bool Extreme(std::int64_t date) {
  return date <= 0 || date >= std::int64_t{1} << 31;
}

void OfGraph(const BisectCase& bisect_case, Features& features) {
  const RandomGraph& graph = bisect_case.graph;
  std::size_t roots = 0;
  std::set<std::int64_t> dates;
  for (const RandomCommit& commit : graph) {
    if (commit.parents.empty()) ++roots;
    if (commit.parents.size() > 1) features.insert("merges");
    if (commit.parents.size() > 2) features.insert("octopus merges");
    if (!dates.insert(commit.date).second) features.insert("equal dates");
    if (Extreme(commit.date)) features.insert("dates at the edges");
    for (const Node parent : commit.parents) {
      if (graph[parent].date > commit.date) {
        features.insert("parents newer than children");
      }
    }
  }
  if (roots > 1) features.insert("several roots");
  if (graph.size() > 3071) features.insert("more than 3,071 commits");
}

void OfRepository(const BisectCase& bisect_case, Features& features) {
  switch (bisect_case.commit_graph) {
    case CommitGraphForm::kNone:
      break;
    case CommitGraphForm::kLevels:
      features.insert("commit-graph, version 1");
      break;
    case CommitGraphForm::kCorrected:
      features.insert("commit-graph, version 2");
      break;
    case CommitGraphForm::kChain:
      features.insert("commit-graph, a chain");
      break;
  }
  for (const Disguise& disguise : bisect_case.disguises) {
    features.insert(disguise.kind == Disguise::Kind::kReplaced ? "replace refs"
                    : disguise.kind == Disguise::Kind::kGrafted
                        ? "grafts"
                        : "shallow boundaries");
  }
  if (bisect_case.packed_refs) features.insert("packed refs");
  if (bisect_case.by_names) features.insert("branches, tags, short ids");
  if (bisect_case.by_program) features.insert("read by the program");
}

void OfStart(const CaseCommand& command, Features& features) {
  if (command.first_parent) features.insert("first parents");
  if (!command.paths.empty()) features.insert("paths");
  if (command.commits.size() > 2) features.insert("several goods");
  if (!command.term_bad && !command.term_good) return;
  features.insert(command.term_bad == "new" ? "terms new and old"
                                            : "own terms");
}

void OfCommands(const BisectCase& bisect_case, Features& features) {
  std::size_t skips = 0;
  std::size_t starts = 0;
  for (const CaseCommand& command : bisect_case.commands) {
    switch (command.kind) {
      case Kind::kStart:
        ++starts;
        OfStart(command, features);
        break;
      case Kind::kMark:
        if (command.range) features.insert("skip ranges");
        if (command.term == "skip") {
          skips += std::max<std::size_t>(1, command.commits.size());
        }
        break;
      case Kind::kReplay:
        features.insert(command.edits == LogEdits{} ? "replays"
                                                    : "replays of edited logs");
        break;
      case Kind::kReset:
        features.insert("resets");
        break;
      case Kind::kRun:
        features.insert("run by a script");
        break;
      case Kind::kNext:
      case Kind::kTerms:
        break;
    }
  }
  if (skips > 0) features.insert("skips");
  if (skips > 2) features.insert("three skips or more");
  if (starts > 1) features.insert("started again");
}

void OfOutcome(const CaseOutcome& outcome, Features& features) {
  if (outcome.merge_bases > 0) features.insert("goods that are no ancestors");
  if (outcome.merge_bases > 1) features.insert("several merge bases");
  if (outcome.contradiction) features.insert("both good and bad");
  const auto came = [&](SessionState state, const char* name) {
    if (outcome.states.contains(state)) features.insert(name);
  };
  came(SessionState::kFound, "culprit found");
  came(SessionState::kOnlySkipped, "only skipped left");
  came(SessionState::kError, "refused by git");
}

}  // namespace

void CountFeatures(const BisectCase& bisect_case, const CaseOutcome& outcome,
                   FeatureCounts& counts) {
  Features features;
  OfGraph(bisect_case, features);
  OfRepository(bisect_case, features);
  OfCommands(bisect_case, features);
  OfOutcome(outcome, features);
  for (const std::string& feature : features) ++counts[feature];
}

}  // namespace rebisect::testing_support

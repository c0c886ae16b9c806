#include "oracle/answers/truth_oracle.h"

#include <algorithm>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

constexpr int kMaxRuns = 10000;
constexpr std::size_t kMaxBugs = 10000;
/// Hazard::id of false crashes; the bugs have 1, 2, ...
constexpr std::uint64_t kFalseCrash = 0;

Result<Vertex> FindIn(const CommitGraph& graph, const CommitId& id,
                      const char* what) {
  if (const auto v = graph.Find(id)) return *v;
  return Fail(ErrorCode::kNotFound,
              std::string("the graph lacks the ") + what + ' ' + id.Hex());
}

/// The commits that have one of `from` as themselves or as an ancestor.
std::vector<bool> Descendants(const CommitGraph& graph,
                              const std::vector<Vertex>& from) {
  std::vector<bool> reached(graph.size());
  for (const Vertex v : from) reached[v] = true;
  // Parents have smaller numbers than their children.
  for (Vertex v = 0; v < graph.size(); ++v) {
    if (reached[v]) continue;
    const auto parents = graph.Parents(v);
    reached[v] = std::any_of(parents.begin(), parents.end(),
                             [&](Vertex parent) { return reached[parent]; });
  }
  return reached;
}

}  // namespace

Result<std::vector<bool>> WhereThere(const CommitGraph& graph,
                                     const Origin& origin) {
  std::vector<bool> there(graph.size(), true);
  if (origin.culprit) {
    REBISECT_ASSIGN_OR_RETURN(const auto culprit,
                              FindIn(graph, *origin.culprit, "culprit"));
    there = Descendants(graph, {culprit});
  }
  std::vector<Vertex> fixes;
  for (const CommitId& id : origin.fixes) {
    REBISECT_ASSIGN_OR_RETURN(const auto fix, FindIn(graph, id, "fix"));
    fixes.push_back(fix);
  }
  if (fixes.empty()) return there;
  const std::vector<bool> fixed = Descendants(graph, fixes);
  for (std::size_t v = 0; v < there.size(); ++v) {
    if (fixed[v]) there[v] = false;
  }
  return there;
}

Result<TruthOracle> TruthOracle::Make(const CommitGraph& graph, World world,
                                      NoiseModel noise) {
  REBISECT_RETURN_IF_ERROR(CheckNoise(noise));
  if (world.bugs.size() + world.breakages.size() > kMaxBugs) {
    return Fail(ErrorCode::kUsage,
                "more than 10000 bugs and breakages; give fewer");
  }
  TruthOracle oracle(graph, std::move(world), std::move(noise));
  for (Bug& bug : oracle.world_.bugs) {
    if (bug.title.empty()) bug.title = oracle.world_.title;
    REBISECT_RETURN_IF_ERROR(CheckRate(bug.rate, "rate"));
    REBISECT_ASSIGN_OR_RETURN(auto there, WhereThere(graph, bug.origin));
    oracle.bug_at_.push_back(std::move(there));
  }
  for (const Breakage& breakage : oracle.world_.breakages) {
    REBISECT_ASSIGN_OR_RETURN(auto there, WhereThere(graph, breakage.origin));
    oracle.breakage_at_.push_back(std::move(there));
  }
  return oracle;
}

bool TruthOracle::Present(Vertex commit) const {
  REBISECT_CHECK(commit < graph_->size());
  for (std::size_t i = 0; i < bug_at_.size(); ++i) {
    if (bug_at_[i][commit] && world_.bugs[i].title == world_.title) return true;
  }
  return false;
}

std::vector<Hazard> TruthOracle::HazardsAt(Vertex commit) const {
  const CommitId& id = graph_->Id(commit);
  std::vector<Hazard> hazards;
  for (std::size_t i = 0; i < bug_at_.size(); ++i) {
    if (!bug_at_[i][commit]) continue;
    const Bug& bug = world_.bugs[i];
    hazards.push_back(
        {i + 1, bug.title, RateAt(bug.rate, noise_.noise_seed, i + 1, id)});
  }
  if (!Present(commit) && noise_.false_crash.mean > 0) {
    hazards.push_back(
        {kFalseCrash, world_.title,
         RateAt(noise_.false_crash, noise_.noise_seed, kFalseCrash, id)});
  }
  return hazards;
}

Result<Answer> TruthOracle::Ask(const Question& question) {
  REBISECT_CHECK(question.runs >= 0);
  REBISECT_ASSIGN_OR_RETURN(const auto v,
                            FindIn(*graph_, question.commit, "commit"));
  Given& given = given_[question.commit];
  if (question.rebuild && given.any) ++given.build;
  given.any = true;
  Answer answer;
  answer.source = AnswerSource::kModel;
  answer.test.commit = question.commit.Hex();
  const int runs =
      question.runs == 0 ? noise_.runs : std::min(question.runs, kMaxRuns);
  const Breakage* broken = nullptr;
  for (std::size_t i = 0; i < breakage_at_.size() && broken == nullptr; ++i) {
    if (breakage_at_[i][v]) broken = &world_.breakages[i];
  }
  if (broken != nullptr && broken->outcome == RunOutcome::kBuildFailed) {
    answer.test.runs = {Run{broken->outcome, broken->title, {}}};
    return answer;
  }
  const std::vector<Hazard> hazards = HazardsAt(v);
  for (int i = 0; i < runs; ++i) {
    const RunKey key{question.commit, given.build, given.run++};
    answer.test.runs.push_back(
        broken != nullptr ? Run{broken->outcome, broken->title, {}}
                          : DrawRun(noise_, key, hazards, world_.title));
  }
  return answer;
}

}  // namespace rebisect

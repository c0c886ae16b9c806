#include "harness/diagnose/diagnose_report.h"

#include <algorithm>

#include "harness/text/report_lines.h"
#include "scenarios/reconstruct/reconstruct.h"

namespace rebisect {
namespace {

constexpr double kLikelyWrong = .5;

}  // namespace

bool DiagnosisReport::InProgress() const {
  return recording->end.kind == EndKind::kUnfinished;
}

const VerdictFinding* DiagnosisReport::Derailed() const {
  const VerdictFinding* first = nullptr;
  for (const VerdictFinding& finding : diagnosis.verdicts) {
    if (finding.probability_wrong <= kLikelyWrong) continue;
    if (EvidenceOf(finding).step == 0) continue;
    if (first == nullptr ||
        EvidenceOf(finding).step < EvidenceOf(*first).step) {
      first = &finding;
    }
  }
  return first;
}

std::string DiagnosisReport::Advice() const {
  if (const VerdictFinding* const wrong = Derailed()) {
    const CommitEvidence& commit = EvidenceOf(*wrong);
    const bool bad = commit.verdict == Verdict::kBad;
    return "the search went wrong at step " + std::to_string(commit.step) +
           ": retest " + Short(commit.commit) + " (10 runs), or take it for " +
           (bad ? "good" : "bad") + " and go on from there";
  }
  if (diagnosis.conclusion == Conclusion::kTrustworthy ||
      diagnosis.next.empty()) {
    return "";
  }
  const NextTest& best = diagnosis.next.front();
  const std::string& label = graph->Label(best.commit);
  if (best.tested_before) return "retest " + Short(label) + ", 10 runs";
  const auto group = GroupOf(diagnosis.space, best.commit);
  if (IsMadeUp(label) && group) {
    return "test what `git rev-list --bisect " + RangeOf(*this, *group) +
           "` names, 10 runs";
  }
  return "test " + Short(label) + ", 10 runs";
}

std::string RangeOf(const DiagnosisReport& report, std::size_t hypothesis) {
  const HypothesisSpace& space = report.diagnosis.space;
  if (hypothesis >= space.groups.size()) return "";
  const auto& commits = report.located.evidence.commits;
  const auto& tested = report.located.space.tested;
  const std::vector<bool>& contained = space.groups[hypothesis].contained;
  // By commit of the evidence; those that the graph lacks say nothing.
  std::vector<std::size_t> slot(commits.size(), 0);
  std::size_t next = 0;
  for (std::size_t c = 0; c < commits.size(); ++c) {
    slot[c] = next;
    if (tested[c]) ++next;
  }
  const auto has = [&](const TestedGroup& group, std::size_t c) {
    return tested[c] && group.contained[slot[c]];
  };
  // The lowest commit that has the group below it, and all whose range it is.
  std::size_t low = commits.size();
  for (std::size_t c = 0; c < commits.size(); ++c) {
    if (!tested[c] || !contained[slot[c]]) continue;
    if (low == commits.size() || space.contains[low][c]) low = c;
  }
  if (low == commits.size()) return "";
  for (std::size_t c = 0; c < commits.size(); ++c) {
    if (tested[c] && contained[slot[c]] && !space.contains[c][low]) return "";
  }
  std::string text = Short(commits[low].commit);
  std::vector<std::size_t> without;
  for (const Vertex good : report.located.space.goods) {
    text += " ^" + Short(report.graph->Label(good));
  }
  for (const TestedGroup& other : space.groups) {
    if (&other == &space.groups[hypothesis] || !has(other, low)) continue;
    const auto out = [&](std::size_t c) { return has(other, c); };
    if (std::any_of(without.begin(), without.end(), out)) continue;
    // The highest that cuts this group off cuts most others off too.
    std::size_t high = commits.size();
    for (std::size_t c = 0; c < commits.size(); ++c) {
      if (!has(other, c) || contained[slot[c]]) continue;
      if (high == commits.size() || space.contains[c][high]) high = c;
    }
    if (high == commits.size()) continue;
    without.push_back(high);
    text += " ^" + Short(commits[high].commit);
  }
  return text;
}

std::string BesidesText(const std::string& name) {
  if (name == "older") return "older than the range";
  if (name == "newer") return "newer than the last bad release";
  return "no common culprit";
}

}  // namespace rebisect

#include "scenarios/recording/recording.h"

#include <algorithm>

namespace rebisect {
namespace {

bool Same(const Test& a, const Test& b) {
  return a.commit == b.commit && a.purpose == b.purpose &&
         a.release == b.release && a.compiler == b.compiler &&
         a.signature == b.signature && a.runs == b.runs &&
         a.runs_alike == b.runs_alike && a.flaky == b.flaky &&
         a.undetermined == b.undetermined &&
         a.representative == b.representative &&
         a.crash_types == b.crash_types &&
         a.false_negative_chance == b.false_negative_chance;
}

bool Same(const Start& a, const Start& b) {
  return a.bad == b.bad && a.goods == b.goods && a.resolved == b.resolved &&
         a.first_parent == b.first_parent && a.no_checkout == b.no_checkout &&
         a.term_bad == b.term_bad && a.term_good == b.term_good &&
         a.paths == b.paths;
}

bool Same(const Mark& a, const Mark& b) {
  return a.verdict == b.verdict && a.commits == b.commits &&
         a.resolved == b.resolved;
}

bool Same(const Proposal& a, const Proposal& b) {
  return a.commit == b.commit && a.merge_base == b.merge_base &&
         a.revisions_left == b.revisions_left && a.steps_left == b.steps_left;
}

bool Same(const Remark& a, const Remark& b) { return a.text == b.text; }

bool Same(const Event& a, const Event& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&b](const auto& left) {
        return Same(left, std::get<std::decay_t<decltype(left)>>(b));
      },
      a);
}

bool Same(const End& a, const End& b) {
  return a.kind == b.kind && a.culprit == b.culprit &&
         a.candidates == b.candidates && a.message == b.message;
}

}  // namespace

bool SameRecording(const Recording& a, const Recording& b) {
  const auto same_event = [](const Event& x, const Event& y) {
    return Same(x, y);
  };
  const auto same_text = [](const UnknownLine& x, const UnknownLine& y) {
    return x.text == y.text;
  };
  return a.name == b.name && a.format == b.format && a.kind == b.kind &&
         a.start_commit == b.start_commit && a.tool_commit == b.tool_commit &&
         std::equal(a.events.begin(), a.events.end(), b.events.begin(),
                    b.events.end(), same_event) &&
         Same(a.end, b.end) && a.summary == b.summary && a.truth == b.truth &&
         std::equal(a.unknown.begin(), a.unknown.end(), b.unknown.begin(),
                    b.unknown.end(), same_text);
}

Verdict CrashVerdict(RecordingKind kind, Verdict verdict) {
  if (kind != RecordingKind::kFix || verdict == Verdict::kSkip) return verdict;
  return verdict == Verdict::kGood ? Verdict::kBad : Verdict::kGood;
}

}  // namespace rebisect

#include "oracle/verdict/verdict_filters.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "oracle/verdict/verdict_entry.h"
#include "scenarios/recording/crash_title.h"

namespace rebisect {
namespace {

using std::string_view;

constexpr std::array<string_view, 2> kOthers = {"unusable", "ok"};

constexpr std::array kTitleParameters = {
    ParameterInfo{"other", kOthers[0],
                  "what a run that crashed otherwise counts as: unusable (it "
                  "says nothing) or ok"}};

enum class TitleKind { kSame, kFamily, kRelated };

/// Lets pass the crashes whose title is known. The tests that make titles
/// known always pass: that of the start commit, and, for `related`, those of
/// releases.
class TitleFilter final : public RunFilter {
 public:
  TitleFilter(TitleKind kind, bool other_is_ok)
      : kind_(kind), other_is_ok_(other_is_ok) {}

  std::optional<Ruling> Apply(Test& test, std::string& note,
                              const VerdictHistory& history) const override {
    if (test.purpose == TestPurpose::kStart ||
        (kind_ == TitleKind::kRelated &&
         test.purpose == TestPurpose::kRelease)) {
      return std::nullopt;
    }
    const std::set<std::string> known = Known(history);
    int others = 0;
    for (Run& run : test.runs) {
      if (run.outcome != RunOutcome::kCrashed || Holds(known, run.title)) {
        continue;
      }
      ++others;
      if (known.empty()) continue;
      run.outcome = other_is_ok_ ? RunOutcome::kOk : RunOutcome::kIgnored;
    }
    if (others == 0) return std::nullopt;
    if (known.empty()) {
      note += "; the crash's own title is not known, so every title counts";
      return std::nullopt;
    }
    note += "; " + std::to_string(others) +
            (others == 1 ? " crash" : " crashes") + " with another title " +
            (others == 1 ? "counts as " : "count as ") +
            std::string(kOthers[other_is_ok_ ? 1 : 0]);
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::set<std::string> Known(
      const VerdictHistory& history) const {
    if (kind_ == TitleKind::kRelated) return history.related_titles;
    if (kind_ == TitleKind::kSame) return history.original_titles;
    std::set<std::string> families;
    for (const std::string& title : history.original_titles) {
      families.insert(NormalTitle(title));
    }
    return families;
  }

  [[nodiscard]] bool Holds(const std::set<std::string>& known,
                           const std::string& title) const {
    return known.contains(kind_ == TitleKind::kFamily ? NormalTitle(title)
                                                      : title);
  }

  TitleKind kind_;
  bool other_is_ok_;
};

class SignatureFilter final : public RunFilter {
 public:
  std::optional<Ruling> Apply(Test& test, std::string&,
                              const VerdictHistory& history) const override {
    if (test.signature.empty() || test.purpose == TestPurpose::kStart) {
      return std::nullopt;
    }
    const auto known = history.by_signature.find(test.signature);
    // A retest of the same commit is a new question.
    if (known == history.by_signature.end() ||
        known->second.commit == test.commit) {
      return std::nullopt;
    }
    const Verdict verdict = known->second.verdict;
    Ruling ruling;
    ruling.kind = verdict == Verdict::kBad    ? RulingKind::kBad
                  : verdict == Verdict::kGood ? RulingKind::kGood
                                              : RulingKind::kSkip;
    ruling.reason = "its build equals that of " + known->second.commit +
                    ", which is " + std::string(ToString(verdict));
    return ruling;
  }
};

template <TitleKind kKind>
Result<std::unique_ptr<RunFilter>> MakeTitleFilter(PolicyParameters& params) {
  const bool other_is_ok = params.Choice("other", kOthers) == 1;
  return std::make_unique<TitleFilter>(kKind, other_is_ok);
}

Result<std::unique_ptr<RunFilter>> MakeSignatureFilter(PolicyParameters&) {
  return std::make_unique<SignatureFilter>();
}

}  // namespace

constinit const VerdictEntry kSameTitleEntry{
    .info = {"same-title",
             "a crash counts only with a title that the start commit showed",
             kTitleParameters},
    .make = &MakeTitleFilter<TitleKind::kSame>,
};

constinit const VerdictEntry kSameFamilyEntry{
    .info = {"same-family",
             "as same-title, but underscores before a function, folders, line "
             "numbers and (N) do not count",
             kTitleParameters},
    .make = &MakeTitleFilter<TitleKind::kFamily>,
};

constinit const VerdictEntry kRelatedEntry{
    .info = {"related",
             "a crash counts only with a title of the start commit or of a "
             "release that was bad",
             kTitleParameters},
    .make = &MakeTitleFilter<TitleKind::kRelated>,
};

constinit const VerdictEntry kSignatureEntry{
    .info = {"signature",
             "a commit whose build equals that of a tested one takes its "
             "verdict",
             {}},
    .make = &MakeSignatureFilter,
};

}  // namespace rebisect

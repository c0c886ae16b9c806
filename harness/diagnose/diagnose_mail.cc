#include "harness/diagnose/diagnose_mail.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

constexpr int kMailColumns = 72;

class MailWriter {
 public:
  explicit MailWriter(const DiagnosisReport& report)
      : report_(report),
        recording_(*report.recording),
        diagnosis_(report.diagnosis) {}

  std::string Write() {
    Subject();
    if (recording_.end.kind == EndKind::kCulprit) {
      Named();
    } else {
      Text("This search names no single commit: " +
           Counted(diagnosis_.result_size, "commit") +
           " agree with every verdict so far.");
    }
    Trust();
    Seen();
    Against();
    Check();
    return std::move(mail_);
  }

 private:
  void Line(const std::string& line) { mail_ += Printable(line) + '\n'; }

  /// A paragraph, after an empty line.
  void Text(const std::string& text, int indent = 0) {
    mail_ += '\n';
    Item(text, indent, 0);
  }

  void Item(const std::string& text, int indent, int hanging) {
    bool first = true;
    for (const std::string& line :
         Wrap(Printable(text), kMailColumns - indent - hanging)) {
      mail_ +=
          std::string(static_cast<std::size_t>(indent + (first ? 0 : hanging)),
                      ' ') +
          line + '\n';
      first = false;
    }
  }

  [[nodiscard]] bool IsFix() const {
    return recording_.kind == RecordingKind::kFix;
  }

  /// The title searched for: that of the commit which the search starts from.
  [[nodiscard]] std::string Crash() const {
    for (const Event& event : recording_.events) {
      const auto* const test = std::get_if<Test>(&event);
      if (test == nullptr) continue;
      if (test->purpose == TestPurpose::kStep) break;
      for (const Run& run : test->runs) {
        if (run.outcome == RunOutcome::kCrashed) return run.title;
      }
    }
    return recording_.summary.crash;
  }

  [[nodiscard]] std::string Claim() const {
    if (IsFix()) return "no longer shows from";
    return report_.gate && report_.gate->claim == GateClaim::kIntroduces
               ? "was introduced by"
               : "first shows with";
  }

  /// In one line, however long: mailers fold headers themselves.
  void Subject() {
    const std::string crash = Crash();
    std::string subject = "Subject: [bisected] ";
    subject += crash.empty() ? "the bug searched for" : crash;
    if (recording_.end.kind == EndKind::kCulprit) {
      subject += ' ' + Claim() + ' ' + Short(recording_.end.culprit);
    } else {
      subject += ": no single commit";
    }
    Line(subject);
  }

  void Named() {
    Text((Crash().empty() ? "The bug searched for" : "\"" + Crash() + "\"") +
         ' ' + Claim() + " commit");
    std::string commit = recording_.end.culprit;
    if (!report_.culprit_subject.empty()) {
      commit = Short(commit) + " (\"" + report_.culprit_subject + "\")";
    }
    Text(commit, 2);
    if (!IsFix() && Claim() == "first shows with") {
      Text(
          "It is the first commit that shows the crash. The bug itself may be "
          "older: running these commits cannot tell a commit that brings a "
          "bug from one that makes an older one visible.");
    }
  }

  [[nodiscard]] bool HasRuns() const {
    const auto& commits = report_.located.evidence.commits;
    return std::any_of(
        commits.begin(), commits.end(),
        [](const CommitEvidence& commit) { return commit.has_runs; });
  }

  void Trust() {
    std::string text =
        "How far to trust this: " + std::string(NameOf(diagnosis_.conclusion)) +
        (HasRuns() ? ". By a model of uneven reproducers and of other "
                     "crashes, the runs give "
                   : ". If verdicts are wrong as often as is assumed, they "
                     "give ");
    text += recording_.end.kind == EndKind::kCulprit ? "this commit "
                                                     : "these commits ";
    text += PercentText(diagnosis_.result) + " of the probability";
    if (diagnosis_.result_low != diagnosis_.result_high) {
      text += " (" + PercentText(diagnosis_.result_low) + " to " +
              PercentText(diagnosis_.result_high) +
              " over all histories that fit the log, which does not hold the "
              "history itself)";
    }
    text += "; " + Counted(diagnosis_.credible.size, "commit") +
            (diagnosis_.credible.size == 1 ? " holds " : " hold ") +
            PercentText(diagnosis_.credible.mass) + ".";
    Text(text);
  }

  /// What the verdicts rest on.
  void Seen() {
    int crashing = 0;
    int crashes = 0;
    int others = 0;
    int passing = 0;
    int passes = 0;
    int stated = 0;
    for (const CommitEvidence& commit : report_.located.evidence.commits) {
      if (!commit.has_runs) {
        stated += commit.verdict ? 1 : 0;
      } else if (commit.target > 0) {
        ++crashing;
        crashes += commit.target;
      } else if (commit.Crashed() > 0) {
        ++others;
      } else if (commit.ok > 0) {
        ++passing;
        passes += commit.ok;
      }
    }
    const auto counted = [](int n, const char* noun) {
      return Counted(static_cast<std::size_t>(n), noun);
    };
    std::string text;
    if (crashing + passing + others > 0) {
      text = "What was run: " + counted(crashing, "commit") +
             " with the crash (" + counted(crashes, "run") +
             " of them crashed), " + counted(passing, "commit") +
             " without it (" + counted(passes, "run") + " passed)";
      if (others > 0) {
        text += ", " + counted(others, "commit") + " with other crashes alone";
      }
      text += '.';
    }
    if (stated > 0) {
      text += (text.empty() ? "" : " ") + counted(stated, "verdict") +
              (stated == 1 ? " is" : " are") +
              " stated without the runs behind.";
    }
    if (!text.empty()) Text(text);
  }

  void Against() {
    std::vector<std::string> against;
    for (const std::string& reason : diagnosis_.reasons) {
      if (reason.rfind("posterior:", 0) == 0) continue;
      against.push_back(reason);
    }
    for (const CulpritFinding& finding : report_.culprit_findings) {
      against.push_back(finding.code + ": " + finding.message);
    }
    if (against.empty()) return;
    Text("What speaks against it, or limits it:");
    for (const std::string& one : against) Item("- " + one, 2, 2);
  }

  void Check() {
    const std::string advice = report_.Advice();
    if (!advice.empty()) Text("What would tell most: " + advice + ".");
    const std::string& culprit = recording_.end.culprit;
    if (recording_.end.kind != EndKind::kCulprit ||
        culprit.find_first_not_of("0123456789abcdef") != std::string::npos) {
      return;
    }
    Text("To check it, run the reproducer ten times on both of");
    mail_ += '\n';
    Line("  git checkout " + Short(culprit));
    Line("  git checkout " + Short(culprit) + "~1");
  }

  const DiagnosisReport& report_;
  const Recording& recording_;
  const Diagnosis& diagnosis_;
  std::string mail_;
};

}  // namespace

std::string DiagnosisMail(const DiagnosisReport& report) {
  return MailWriter(report).Write() + '\n';
}

}  // namespace rebisect

#pragma once

// Sources: gate_read.cc: the reader of its file.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/diagnose/diagnose_report.h"
#include "harness/diagnose/gate_decision.h"
#include "sim/base/result.h"

namespace rebisect {

/// The code of `code: sentence`.
[[nodiscard]] std::string CodeOf(std::string_view reason);

/// Rules that turn diagnoses into actions, schema gate/1; see
/// scenarios/README.md.
class Gate {
 public:
  /// Errors (kInput, with file, line and column): those of ReadYaml; unknown
  /// keys, actions and codes; a rule without a code or an action.
  [[nodiscard]] static Result<Gate> Read(std::string_view bytes,
                                         const std::string& file);

  /// The first rule that fits decides; where none does, the result is held
  /// with the code "no-rule". `truth` is the true culprit, as far as it is
  /// known from elsewhere. O(rules).
  [[nodiscard]] GateDecision Decide(
      const DiagnosisReport& report,
      const std::optional<std::string>& truth) const;

 private:
  friend class GateReader;

  /// Conditions that all have to hold; an empty list holds always.
  struct Rule {
    std::string code{};
    GateAction action = GateAction::kHold;
    std::vector<Conclusion> conclusions{};
    std::vector<RecordingKind> kinds{};
    std::vector<GraphKind> graphs{};
    std::vector<std::string> reasons{};   ///< any of them
    std::vector<std::string> findings{};  ///< any of them
    std::optional<bool> in_progress{};
    std::optional<bool> culprit{};               ///< one is named
    double least_posterior = 0;                  ///< of the result
    std::optional<std::uint64_t> largest_set{};  ///< of the credible set
  };
  [[nodiscard]] static bool Fits(const Rule& rule,
                                 const DiagnosisReport& report);

  std::vector<Rule> rules_;
};

}  // namespace rebisect

#pragma once

// Sources: fit_data.cc, fit_text.cc: for programs and for people.

#include <cstddef>
#include <string>
#include <vector>

#include "harness/text/terminal.h"
#include "oracle/fit/fit.h"
#include "oracle/fit/recurring.h"

namespace rebisect {

/// A recording of the corpus that nothing was learned from.
struct SkippedRecording {
  std::string file{};
  std::string reason{};
};

/// What `fit` made of a corpus.
struct FitReport {
  ModelFit fit{};
  std::vector<std::string> recordings{};  ///< learned from
  std::vector<SkippedRecording> skipped{};
  std::vector<RecurringTitle> titles{};
  std::vector<RepeatedCulprit> culprits{};
  std::string output{};  ///< the file written; empty: none
};

/// `rebisect: noise/1`, which ReadModelPriors() reads. Figures have six
/// digits, and do not change when the file is read and written.
[[nodiscard]] std::string FitYaml(const FitReport& report);

/// rebisect.fit/1, one line; the same keys as the YAML.
[[nodiscard]] std::string FitJson(const FitReport& report);

/// For people, `style.width` columns.
[[nodiscard]] std::string FitText(const FitReport& report,
                                  const TerminalStyle& style);

}  // namespace rebisect

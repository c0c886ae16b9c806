#include "harness/cli/assumptions.h"

#include <utility>

#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {

Result<DiagnosisSettings> ReadAssumptions(
    const AssumptionArguments& arguments) {
  DiagnosisSettings settings;
  if (!arguments.prior.empty()) {
    REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(arguments.prior));
    REBISECT_ASSIGN_OR_RETURN(auto priors,
                              ReadModelPriors(bytes, arguments.prior));
    settings.priors = priors;
  }
  if (!arguments.error_rates.empty()) {
    settings.priors.false_bad = arguments.error_rates.front();
    settings.priors.false_good = arguments.error_rates.back();
  }
  if (arguments.path_rules.empty()) {
    settings.rules = PathRules::Default();
    return settings;
  }
  REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(arguments.path_rules));
  REBISECT_ASSIGN_OR_RETURN(auto rules,
                            PathRules::Read(bytes, arguments.path_rules));
  settings.rules = std::move(rules);
  return settings;
}

Result<TruthTable> LoadTruthTable(const std::string& path) {
  if (path.empty()) return TruthTable{};
  REBISECT_ASSIGN_OR_RETURN(const auto bytes, ReadInput(path));
  return ReadTruthTable(bytes, InputName(path));
}

}  // namespace rebisect

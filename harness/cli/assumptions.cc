#include "harness/cli/assumptions.h"

#include <utility>

#include "sim/io/input.h"

namespace rebisect {

Result<DiagnosisSettings> ReadAssumptions(
    const AssumptionArguments& arguments) {
  DiagnosisSettings settings;
  if (!arguments.prior.empty()) {
    const auto bytes = ReadInput(arguments.prior);
    if (!bytes) return tl::unexpected(bytes.error());
    auto priors = ReadModelPriors(*bytes, arguments.prior);
    if (!priors) return tl::unexpected(std::move(priors.error()));
    settings.priors = *priors;
  }
  if (!arguments.error_rates.empty()) {
    settings.priors.false_bad = arguments.error_rates.front();
    settings.priors.false_good = arguments.error_rates.back();
  }
  if (arguments.path_rules.empty()) {
    settings.rules = PathRules::Default();
    return settings;
  }
  const auto bytes = ReadInput(arguments.path_rules);
  if (!bytes) return tl::unexpected(bytes.error());
  auto rules = PathRules::Read(*bytes, arguments.path_rules);
  if (!rules) return tl::unexpected(std::move(rules.error()));
  settings.rules = *std::move(rules);
  return settings;
}

Result<TruthTable> LoadTruthTable(const std::string& path) {
  if (path.empty()) return TruthTable{};
  const auto bytes = ReadInput(path);
  if (!bytes) return tl::unexpected(bytes.error());
  return ReadTruthTable(*bytes, InputName(path));
}

}  // namespace rebisect

#include <string>

#include "harness/experiment/reproduce/manifest.h"
#include "harness/experiment/spec/experiment.h"
#include "oracle/diagnosis/model_priors.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

/// In no folder that holds anything.
const std::string kExperimentsFile = "/nonexistent/fuzz.yaml";

}  // namespace

void FuzzExperiment(std::string_view bytes) {
  const auto spec = ReadExperiment(std::string(bytes), kExperimentsFile);
  if (!spec) {
    ExpectSays(spec.error());
    return;
  }
  const auto again = ReadExperiment(spec->canonical, kExperimentsFile);
  Expect(again.has_value(), "the canonical text is an experiment",
         again ? "" : FormatError(again.error()) + "\n" + spec->canonical);
  Expect(again->canonical == spec->canonical,
         "and its own canonical text: " + again->canonical, spec->canonical);
}

void FuzzManifest(std::string_view bytes) {
  const auto manifest = ReadManifest(std::string(bytes), kExperimentsFile);
  if (!manifest) ExpectSays(manifest.error());
}

void FuzzNoise(std::string_view bytes) {
  const auto priors = ReadModelPriors(bytes, kExperimentsFile);
  if (!priors) {
    ExpectPlace(priors.error(), kExperimentsFile);
    return;
  }
  for (const PriorField& field : PriorFields()) {
    const double value = (*priors).*field.member;
    Expect(value > 0 && value < field.most, "a prior is within its bounds",
           field.name);
  }
}

}  // namespace rebisect::fuzz

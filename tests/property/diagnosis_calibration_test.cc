// What a diagnosis claims against what is so, over many simulated searches.
// More of them, a table and a plot: diagnosis_calibration (beside this test).

#include <cmath>

#include <gtest/gtest.h>

#include "tests/property/bisection_world.h"

namespace rebisect::property {
namespace {

constexpr std::size_t kCommits = 150;

TEST(DiagnosisCalibration, HoldsWhereTheWorldIsAsTheModelThinks) {
  constexpr int kSearches = 2000;
  const Tally tally = Calibrate(PriorWorld(), kSearches, kCommits, 1);
  EXPECT_NEAR(tally.covered / kSearches, tally.mass / kSearches, .015);
  for (std::size_t i = 0; i < tally.bins.size(); ++i) {
    const Tally::Bin& bin = tally.bins[i];
    if (bin.searches == 0) continue;
    const double mean = bin.posterior / bin.searches;
    const double error = std::sqrt(bin.searches * mean * (1 - mean));
    EXPECT_NEAR(bin.right, bin.posterior, 3 * error)
        << "bin " << i << ", " << bin.searches << " searches";
  }
}

TEST(DiagnosisCalibration, TrustIsRarelyWrongWhereTheWorldIsAnother) {
  constexpr int kSearches = 250;
  int trusted = 0;
  int wrong = 0;
  for (const WorldKind& kind : MisspecifiedWorlds()) {
    const Tally tally = Calibrate(kind, kSearches, kCommits, 1);
    trusted += tally.trusted;
    wrong += tally.trusted_wrong;
  }
  EXPECT_GT(trusted, 250);
  EXPECT_LE(wrong, .05 * trusted) << wrong << " of " << trusted;
}

}  // namespace
}  // namespace rebisect::property

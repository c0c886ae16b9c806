#pragma once

#include <vector>

#include "oracle/diagnosis/run_model.h"
#include "oracle/fit/beta_fit.h"
#include "oracle/fit/fit_record.h"

namespace rebisect {

/// This much of this many.
struct Share {
  double count = 0;
  double of = 0;

  void Add(double count_more, double of_more) {
    count += count_more;
    of += of_more;
  }
};

/// What all recordings together are expected to hold: the sufficient
/// statistics of FitModel().
struct Expected {
  WeightedRuns absent;
  WeightedRuns present;
  WeightedRuns background;
  Share older;
  Share unrelated;
  Share newer;
  Share hidden;
  Share exposed;
  Share other_if_beside;
  Share same_if_apart;
  Share background_share;
  Share false_bad;
  Share false_good;
  std::vector<double> points;  ///< by point of the grid
};

/// How much more likely each point of the grid is than by rate_tilt alone.
using PointFactors = std::vector<double>;

/// Adds what one recording holds, each part by its posterior under the priors
/// of the model, to `expected`. Time: that of ComputePosterior().
/// REQUIRES: expected->points and factors have a value for each point.
void AddExpected(RunModel& model, const PointFactors& factors,
                 const FitRecord& record, Expected* expected);

}  // namespace rebisect

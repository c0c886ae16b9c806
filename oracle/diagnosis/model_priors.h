#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/yaml/yaml_tree.h"
#include "sim/base/result.h"

namespace rebisect {

/// What is assumed of runs, crashes and culprits before a record is read: the
/// parameters of the run model (run_model.h says what they mean together).
/// The defaults are reasons, not measurements: scenarios/README.md gives
/// them; `rebisect fit` estimates the rates from your records.
struct ModelPriors {
  // Of a run on a commit that has the bug.
  double rate_tilt = .25;      ///< weight of a mean crash rate m: m^rate_tilt
  double hidden_share = .005;  ///< commits that have the bug and act as if not
  // Of a run on a commit that has it not.
  double false_crash_a = .01;  ///< rate of false crashes: Beta(a, b)
  double false_crash_b = 10;
  double exposed_share = .002;  ///< commits without it that act as if they had
  // Where the culprit may be besides the suspects.
  double older = .10;
  double unrelated = .05;  ///< what is seen has no one culprit at all
  double newer = .05;      ///< only where releases were stepped over
  // Titles other than that of the crash searched for.
  double other_if_beside = .10;  ///< another bug, though seen beside it
  double same_if_apart = .05;    ///< the same bug, though never seen beside it
  double background_share = .5;  ///< another bug: no culprit within the range
  double background_a = .05;     ///< rate of such crashes: Beta(a, b)
  double background_b = 4;
  double unrelated_a = .1;  ///< per commit, if unrelated: Beta(a, a)
  // Verdicts without runs.
  double false_bad = .02;   ///< a commit without the bug called bad
  double false_good = .02;  ///< a commit with it called good

  friend bool operator==(const ModelPriors&, const ModelPriors&) = default;
};

/// One of the parameters, for reading, writing and varying them alike.
struct PriorField {
  std::string_view name;
  double ModelPriors::*member;
  double most;  ///< the value lies in (0, most)
};
[[nodiscard]] std::span<const PriorField> PriorFields();

/// Reads `rebisect: noise/1` and `priors: {NAME: VALUE, ...}`; fields that are
/// not there keep their defaults. What `fit` says besides (uncertainty, rates,
/// recurring_titles, culprits_named_again, rests_on) is for people and is not
/// looked at; any other key is an error.
/// Errors: kInput with file, line and column.
[[nodiscard]] Result<ModelPriors> ReadModelPriors(std::string_view bytes,
                                                  const std::string& file);

}  // namespace rebisect

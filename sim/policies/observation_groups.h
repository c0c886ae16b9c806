#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/session/selection_policy.h"

namespace rebisect {

/// The suspects in groups: those of a group have the same observed commits
/// above them (descendants, or themselves), so that all that was observed is
/// as likely if the one is the culprit as if the other is. There are seldom
/// more than a few hundred, so that what is worked out for a group (logarithms,
/// exponentials) costs next to nothing.
class ObservationGroups {
 public:
  struct Group {
    /// Observations of commits that contain the members; those of other
    /// commits are the rest of bad() and good().
    std::uint32_t bad = 0;
    std::uint32_t good = 0;
    std::uint32_t size = 0;
    /// The sum of what the observations added (see Add()).
    double log = 0;
  };

  /// One group of `suspects` that nothing was observed of. O(suspects).
  void Restart(std::size_t suspects);

  /// `ancestors` are those of the commit, itself included. Adds `log_above` to
  /// the log of their groups, `log_aside` to that of the others.
  /// O(ancestors + groups).
  void Add(const Observation& observation, std::span<const Suspect> ancestors,
           double log_above, double log_aside);

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  /// By suspect, an index of groups().
  [[nodiscard]] const std::vector<std::uint32_t>& of() const { return of_; }
  [[nodiscard]] std::uint32_t bad() const { return bad_; }
  [[nodiscard]] std::uint32_t good() const { return good_; }

 private:
  std::vector<std::uint32_t> of_;
  std::vector<Group> groups_;
  std::uint32_t bad_ = 0;
  std::uint32_t good_ = 0;
  std::vector<std::uint32_t> touched_;  // by group: how many of the ancestors
  std::vector<std::uint32_t> part_;     // by group: the new one of those
};

}  // namespace rebisect

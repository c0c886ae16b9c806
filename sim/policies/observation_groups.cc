#include "sim/policies/observation_groups.h"

namespace rebisect {

void ObservationGroups::Restart(std::size_t suspects) {
  of_.assign(suspects, 0);
  groups_.assign(1, Group{0, 0, static_cast<std::uint32_t>(suspects), 0});
  bad_ = 0;
  good_ = 0;
}

void ObservationGroups::Add(const Observation& observation,
                            std::span<const Suspect> ancestors,
                            double log_above, double log_aside) {
  ++(observation.bad ? bad_ : good_);
  const std::size_t before = groups_.size();
  touched_.assign(before, 0);
  // Neighbours are mostly of one group: runs of them are counted at once.
  for (std::size_t i = 0; i < ancestors.size();) {
    const std::uint32_t group = of_[ancestors[i]];
    const std::size_t begin = i;
    while (i < ancestors.size() && of_[ancestors[i]] == group) ++i;
    touched_[group] += static_cast<std::uint32_t>(i - begin);
  }
  part_.resize(before);
  bool parted = false;
  for (std::uint32_t g = 0; g < before; ++g) {
    std::uint32_t above = g;
    if (touched_[g] > 0 && touched_[g] < groups_[g].size) {
      parted = true;
      above = static_cast<std::uint32_t>(groups_.size());
      groups_[g].size -= touched_[g];
      groups_.push_back(Group(groups_[g]));
      groups_[above].size = touched_[g];
      groups_[g].log += log_aside;
    }
    part_[g] = above;
    if (touched_[g] == 0) {
      groups_[g].log += log_aside;
      continue;
    }
    groups_[above].log += log_above;
    ++(observation.bad ? groups_[above].bad : groups_[above].good);
  }
  if (!parted) return;
  for (const Suspect a : ancestors) of_[a] = part_[of_[a]];
}

}  // namespace rebisect

#include "sim/policies/ancestor_sums.h"

#include "sim/graph/ancestor_cover.h"

namespace rebisect {
namespace {}  // namespace

AncestorSums::AncestorSums(const SuspectGraph& suspects)
    : rows_(suspects.rows),
      parents_(suspects.parents),
      bases_(suspects.size(), 0),
      marks_(suspects.size(), 0) {
  const std::size_t n = suspects.size();
  const auto cover = CoverAncestors(suspects, kMaxCoverLimbs * n);
  if (!cover) return;
  covered_ = true;
  limb_rows_.reserve(n + 1);
  limb_rows_.push_back(0);
  limbs_.reserve(cover->limbs.size() - n);
  for (Suspect v = 0; v < n; ++v) {
    bases_[v] = cover->trunk[v] == kNoSuspect ? 0 : cover->trunk[v] + 1;
    for (const Suspect limb : cover->Limbs(v)) {
      if (limb != v) limbs_.push_back(limb);
    }
    limb_rows_.push_back(static_cast<std::uint32_t>(limbs_.size()));
  }
}

bool AncestorSums::IsOf(const SuspectGraph& suspects) const {
  return rows_ == suspects.rows && parents_ == suspects.parents;
}

void AncestorSums::FindAncestors(Suspect v, std::vector<Suspect>& ancestors) {
  ancestors.clear();
  // Parents have smaller numbers: what is marked lies ahead.
  std::size_t marked = 0;
  Suspect at = v;
  while (true) {
    ancestors.push_back(at);
    // Along a line of neighbours, where no step has to wait for the last.
    while (marked == 0 && rows_[at + 1] - rows_[at] == 1 &&
           parents_[rows_[at]] == at - 1) {
      ancestors.push_back(--at);
    }
    const std::uint32_t begin = rows_[at];
    const std::uint32_t end = rows_[at + 1];
    if (marked == 0 && end - begin == 1) {
      at = parents_[begin];
      continue;
    }
    for (std::uint32_t i = begin; i < end; ++i) {
      marked += 1U - marks_[parents_[i]];
      marks_[parents_[i]] = 1;
    }
    if (marked == 0) return;
    do --at;
    while (marks_[at] == 0);
    marks_[at] = 0;
    --marked;
  }
}

}  // namespace rebisect

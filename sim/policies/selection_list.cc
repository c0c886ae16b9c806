#include "sim/policies/selection_list.h"

#include <array>

#include "sim/policies/bayes_entropy.h"
#include "sim/policies/facf.h"
#include "sim/policies/git_entries.h"
#include "sim/policies/k_section.h"
#include "sim/policies/narrowing.h"
#include "sim/policies/noisy_binary.h"
#include "sim/policies/pba.h"

namespace rebisect {
namespace {

constexpr std::array kSelectionEntries = {
    &kGitEntry,         &kFirstParentEntry, &kBestEntry,         &kLinearEntry,
    &kRandomEntry,      &kGoldenEntry,      &kBayesEntropyEntry, &kFacfEntry,
    &kNoisyBinaryEntry, &kPbaEntry,         &kKSectionEntry,
};

}  // namespace

std::span<const SelectionEntry* const> SelectionEntries() {
  return kSelectionEntries;
}

}  // namespace rebisect

#include "oracle/verdict/verdict_list.h"

#include <array>

#include "oracle/verdict/exec_verdict.h"
#include "oracle/verdict/verdict_filters.h"
#include "oracle/verdict/verdict_rules.h"

namespace rebisect {
namespace {

constexpr std::array kVerdictEntries = {
    // Filters.
    &kSameTitleEntry,
    &kSameFamilyEntry,
    &kRelatedEntry,
    &kSignatureEntry,
    // Rules.
    &kAnyCrashEntry,
    &kThresholdEntry,
    &kMajorityEntry,
    &kSyzkaller2018Entry,
    &kSyzkaller2023MayEntry,
    &kSyzkaller2023JuneEntry,
    &kSyzkaller2023Entry,
    &kSyzkaller2024Entry,
    &kSprtEntry,
    &kUntilConfidentEntry,
    &kExecVerdictEntry,
};

}  // namespace

std::span<const VerdictEntry* const> VerdictEntries() {
  return kVerdictEntries;
}

}  // namespace rebisect

#include "oracle/verdict/retry_list.h"

#include <array>

#include "oracle/verdict/retry_rules.h"

namespace rebisect {
namespace {

constexpr std::array kRetryEntries = {
    &kRecordedEntry,          &kFixedEntry,    &kSyzkaller2020RunsEntry,
    &kSyzkaller2021RunsEntry, &kUntilBadEntry, &kConfirmLastEntry,
};

}  // namespace

std::span<const RetryEntry* const> RetryEntries() { return kRetryEntries; }

}  // namespace rebisect

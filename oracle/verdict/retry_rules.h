#pragma once

#include "oracle/verdict/retry_entry.h"

namespace rebisect {

/// The one of searches that name none.
extern const RetryEntry kRecordedEntry;
extern const RetryEntry kFixedEntry;
extern const RetryEntry kUntilBadEntry;

// What syzkaller did, by period.
extern const RetryEntry kSyzkaller2020RunsEntry;
extern const RetryEntry kSyzkaller2021RunsEntry;

extern const RetryEntry kConfirmLastEntry;

}  // namespace rebisect

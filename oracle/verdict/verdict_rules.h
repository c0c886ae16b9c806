#pragma once

// Sources: verdict_counting.cc, verdict_sequential.cc, verdict_syzkaller.cc: a
// file for each family of rules.

#include "oracle/verdict/verdict_entry.h"

namespace rebisect {

// Rules that end a chain of policies, by family.

// They count runs.
extern const VerdictEntry kAnyCrashEntry;
extern const VerdictEntry kThresholdEntry;
extern const VerdictEntry kMajorityEntry;

// What syzkaller did, by period. All divisions are of integers.
extern const VerdictEntry kSyzkaller2018Entry;
extern const VerdictEntry kSyzkaller2023MayEntry;
extern const VerdictEntry kSyzkaller2023JuneEntry;
extern const VerdictEntry kSyzkaller2023Entry;
extern const VerdictEntry kSyzkaller2024Entry;

// They look at the runs one after the other.
extern const VerdictEntry kSprtEntry;
extern const VerdictEntry kUntilConfidentEntry;

}  // namespace rebisect

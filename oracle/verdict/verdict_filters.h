#pragma once

#include <optional>
#include <string>

#include "oracle/verdict/verdict_policy.h"

namespace rebisect {

/// Stands in front of a rule and changes what it gets to see.
class RunFilter {
 public:
  virtual ~RunFilter() = default;

  /// Changes `test`. A ruling ends the chain: no rule is asked. What was
  /// changed is added to `note`, for people.
  virtual std::optional<Ruling> Apply(Test& test, std::string& note,
                                      const VerdictHistory& history) const = 0;
};

struct VerdictEntry;

extern const VerdictEntry kSameTitleEntry;
extern const VerdictEntry kSameFamilyEntry;
extern const VerdictEntry kRelatedEntry;
extern const VerdictEntry kSignatureEntry;

}  // namespace rebisect

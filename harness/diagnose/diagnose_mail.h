#pragma once

#include <string>

#include "harness/diagnose/diagnose_report.h"

namespace rebisect {

/// The text for who wrote or maintains the commit that a search names: a
/// subject line, then plain text of at most 72 columns (but for what is one
/// word). Says what was seen, how far it can be trusted, on what that rests,
/// and how to check it. What comes from the record is Printable().
[[nodiscard]] std::string DiagnosisMail(const DiagnosisReport& report);

}  // namespace rebisect

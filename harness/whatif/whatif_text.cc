#include "harness/text/report_lines.h"
#include "harness/whatif/whatif_report.h"
#include "harness/whatif/whatif_words.h"

namespace rebisect {
namespace {

constexpr int kLabelColumns = 12;

std::string Lines(const std::string& title, const WhatifWords& words,
                  const TerminalStyle& style) {
  ReportLines out(style, kLabelColumns);
  const auto add = [&](const WhatifFields& fields) {
    for (const auto& [label, text] : fields) out.Field(label, text);
  };
  out.Line(style.Bold(Printable(title)));
  add(words.head);
  for (const WhatifWords::Policy& policy : words.policies) {
    out.Line("");
    for (const std::string& line : Wrap(Printable(policy.title), style.width)) {
      out.Line(style.Bold(line));
    }
    add(policy.fields);
  }
  if (!words.pairs.empty()) out.Line("");
  add(words.pairs);
  return out.Take();
}

}  // namespace

std::string WhatifText(const WhatifReport& report, const TerminalStyle& style) {
  return Lines(report.recording->name, WordsOf(report), style);
}

std::string WhatifCorpusText(const CorpusSummary& summary,
                             const TerminalStyle& style) {
  return Lines(TitleOf(summary), WordsOf(summary), style);
}

}  // namespace rebisect

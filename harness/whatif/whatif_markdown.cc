#include <algorithm>

#include "harness/text/markdown.h"
#include "harness/text/report_lines.h"
#include "harness/whatif/whatif_report.h"
#include "harness/whatif/whatif_words.h"

namespace rebisect {
namespace {

void Add(const WhatifFields& fields, MarkdownLines& out) {
  for (std::size_t i = 0; i < fields.size();) {
    std::string text = fields[i].second;
    const std::string& label = fields[i].first;
    for (++i; i < fields.size() && fields[i].first.empty(); ++i) {
      text += "; " + fields[i].second;
    }
    out.Field(label.empty() ? "note" : label, text);
  }
}

std::string Lines(const std::string& heading, const WhatifWords& words) {
  MarkdownLines out;
  out.Heading(heading);
  Add(words.head, out);
  for (const WhatifWords::Policy& policy : words.policies) {
    out.Paragraph("**" + MarkdownCode(policy.title) + "**");
    Add(policy.fields, out);
  }
  if (!words.pairs.empty()) out.Paragraph("Side by side:");
  Add(words.pairs, out);
  return out.Take();
}

}  // namespace

std::string WhatifMarkdown(const WhatifReport& report) {
  return Lines(MarkdownCode(report.recording->name) + ": other policies",
               WordsOf(report));
}

std::string WhatifCorpusMarkdown(const CorpusSummary& summary) {
  return Lines(TitleOf(summary), WordsOf(summary));
}

std::string WhatifMatrixMarkdown(const WhatifReport& report) {
  // Names of columns are borrowed.
  std::vector<std::string> letters;
  std::size_t rows = report.steps.size();
  MarkdownLines out;
  const WhatifWords words = WordsOf(report);
  for (std::size_t p = 0; p < report.results.size(); ++p) {
    letters.emplace_back(1, LetterOf(p));
    out.Item(letters.back() + ": " + MarkdownCode(words.policies[p].title));
    rows = std::max(rows, report.results[p].record.steps.size());
  }
  std::vector<MarkdownColumn> columns = {
      {"step", true}, {"commit"}, {"record"}};
  for (const std::string& letter : letters) columns.push_back({letter});
  std::vector<std::vector<std::string>> cells;
  for (std::size_t row = 0; row < rows; ++row) {
    cells.push_back({std::to_string(row + 1), "", ""});
    if (row < report.steps.size()) {
      const WhatifRecordedStep& step = report.steps[row];
      cells.back()[1] = MarkdownCode(Short(step.commit));
      cells.back()[2] = step.verdict ? ToString(*step.verdict) : "-";
    }
    for (const WhatifResult& result : report.results) {
      cells.back().push_back(MarkdownCode(StepText(result.record, row)));
    }
  }
  cells.push_back({"end", MarkdownCode(Short(report.culprit)), ""});
  for (const WhatifResult& result : report.results) {
    cells.back().push_back(MarkdownCode(EndText(result.record)));
  }
  out.Table(columns, cells);
  out.Paragraph(MarkdownText(kMatrixSigns));
  return out.Take();
}

}  // namespace rebisect

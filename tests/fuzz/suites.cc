#include <string>
#include <vector>

#include "harness/suite/tools/outcome_reader.h"
#include "scenarios/cases/scenario.h"
#include "scenarios/cases/tool_spec.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

const std::string kSuitesFile = "suite.yaml";

bool CanBeWritten(const Suite& suite) {
  for (const Scenario& scenario : suite.scenarios) {
    const auto* source = std::get_if<HistorySource>(&scenario.history);
    if (source != nullptr &&
        !std::holds_alternative<GeneratedHistory>(*source)) {
      return false;
    }
  }
  return true;
}

}  // namespace

void FuzzSuite(std::string_view bytes) {
  const auto suite = ReadSuite(std::string(bytes), kSuitesFile);
  if (!suite) {
    ExpectPlace(suite.error(), kSuitesFile);
    return;
  }
  if (!CanBeWritten(*suite)) return;
  const std::string text = SuiteText(*suite);
  const auto again = ReadSuite(text, kSuitesFile);
  Expect(again.has_value(), "a suite that was written is read",
         again ? text : FormatError(again.error()) + "\n" + text);
  Expect(SuiteText(*again) == text, "and is the same suite", text);
}

void FuzzDrawing(std::string_view bytes) {
  // Large drawings are as good as small ones, and slow.
  if (bytes.find("000") != std::string_view::npos) return;
  const auto drawing = ReadDrawing({std::string(bytes)}, {kSuitesFile, 1, 1});
  if (!drawing) {
    ExpectPlace(drawing.error(), kSuitesFile);
    return;
  }
  const auto again = ReadDrawing(ChainsOf(*drawing), {kSuitesFile, 1, 1});
  bool same = again && again->size() == drawing->size();
  for (std::size_t i = 0; same && i < drawing->size(); ++i) {
    same = (*again)[i].name == (*drawing)[i].name &&
           (*again)[i].parents == (*drawing)[i].parents;
  }
  Expect(same, "the chains of a drawing read back as the same");
}

/// A tool file and, below the line `...`, what the tool says.
void FuzzTool(std::string_view bytes) {
  const std::size_t end = bytes.find("\n...\n");
  const std::string_view file = bytes.substr(0, end);
  const auto spec = ReadToolSpec(std::string(file), kSuitesFile);
  if (!spec) {
    ExpectPlace(spec.error(), kSuitesFile);
    return;
  }
  if (!spec->scripts) return;
  const auto reader = OutcomeReader::Make(*spec);
  if (!reader) {
    ExpectPlace(reader.error(), kSuitesFile);
    return;
  }
  if (end != std::string_view::npos) (void)reader->Read(bytes.substr(end + 5));
}

}  // namespace rebisect::fuzz

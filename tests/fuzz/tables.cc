#include "scenarios/table.h"

#include <string>

#include "scenarios/recording_yaml.h"
#include "scenarios/text_lines.h"
#include "scenarios/truth_table.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

const std::string kFile = "table";

void CheckTable(const Result<Recording>& recording) {
  if (!recording) {
    ExpectPlace(recording.error(), kFile);
    return;
  }
  const std::string yaml = WriteRecordingYaml(*recording);
  const auto again = ReadRecordingYaml(yaml, kFile);
  Expect(again && SameRecording(*recording, *again),
         "a table is the same in YAML", yaml);
}

}  // namespace

void FuzzCsv(std::string_view bytes) { CheckTable(ReadCsvTable(bytes, kFile)); }

void FuzzJsonl(std::string_view bytes) {
  CheckTable(ReadJsonlTable(bytes, kFile));
}

void FuzzTruth(std::string_view bytes) {
  const auto table = ReadTruthTable(bytes, kFile);
  if (!table) {
    ExpectPlace(table.error(), kFile);
    return;
  }
  for (const auto& [name, culprit] : *table) {
    Expect(!name.empty() && !culprit.empty(), "a truth has both its parts");
  }
}

}  // namespace rebisect::fuzz

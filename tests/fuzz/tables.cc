#include "scenarios/logs/table.h"

#include <string>

#include "scenarios/recording/recording_yaml.h"
#include "scenarios/recording/truth_table.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

const std::string kTablesFile = "table";

void CheckTable(const Result<Recording>& recording) {
  if (!recording) {
    ExpectPlace(recording.error(), kTablesFile);
    return;
  }
  const std::string yaml = WriteRecordingYaml(*recording);
  const auto again = ReadRecordingYaml(yaml, kTablesFile);
  Expect(again && SameRecording(*recording, *again),
         "a table is the same in YAML", yaml);
}

}  // namespace

void FuzzCsv(std::string_view bytes) {
  CheckTable(ReadCsvTable(bytes, kTablesFile));
}

void FuzzJsonl(std::string_view bytes) {
  CheckTable(ReadJsonlTable(bytes, kTablesFile));
}

void FuzzTruth(std::string_view bytes) {
  const auto table = ReadTruthTable(bytes, kTablesFile);
  if (!table) {
    ExpectPlace(table.error(), kTablesFile);
    return;
  }
  for (const auto& [name, culprit] : *table) {
    Expect(!name.empty() && !culprit.empty(), "a truth has both its parts");
  }
}

}  // namespace rebisect::fuzz

#include <string>

#include "harness/diagnose/diagnose_recording.h"
#include "harness/diagnose/path_rules.h"
#include "harness/graph/graph_source.h"
#include "harness/replay/replay.h"
#include "scenarios/audit/audit.h"
#include "scenarios/logs/parse.h"
#include "scenarios/logs/parse_git_log.h"
#include "scenarios/logs/parse_syzkaller.h"
#include "scenarios/logs/parse_transcript.h"
#include "scenarios/reconstruct/reconstruct.h"
#include "scenarios/recording/log_arithmetic.h"
#include "scenarios/recording/recording_json.h"
#include "scenarios/recording/recording_yaml.h"
#include "scenarios/recording/steps.h"
#include "sim/base/text.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

const std::string kRecordsFile = "record";

/// Whatever was read can be checked, written and read again.
void CheckRecording(const Result<Recording>& recording,
                    std::string_view bytes) {
  if (!recording) {
    ExpectPlace(recording.error(), kRecordsFile);
    return;
  }
  (void)Audit(*recording);
  (void)CheckArithmetic(*recording, FindSteps(*recording));
  const std::string yaml = WriteRecordingYaml(*recording);
  const auto again = ReadRecordingYaml(yaml, kRecordsFile);
  if (IsUtf8(bytes)) {
    Expect(again.has_value(), "the YAML form of a recording is read", yaml);
    Expect(SameRecording(*recording, *again), "and is the same recording",
           yaml);
    Expect(WriteRecordingJson(*recording).has_value(), "it has a JSON form",
           yaml);
  }
}

}  // namespace

void FuzzSyzkaller(std::string_view bytes) {
  CheckRecording(ParseSyzkaller(bytes, kRecordsFile), bytes);
}

void FuzzGitLog(std::string_view bytes) {
  CheckRecording(ParseGitLog(bytes, kRecordsFile), bytes);
}

void FuzzTranscript(std::string_view bytes) {
  CheckRecording(ParseTranscript(bytes, kRecordsFile), bytes);
}

void FuzzRecording(std::string_view bytes) {
  CheckRecording(ParseRecording(bytes, kRecordsFile), bytes);
}

/// All that `replay` and `diagnose` do with a record and no other graph.
void FuzzReplay(std::string_view bytes) {
  const auto recording = ParseRecording(bytes, kRecordsFile);
  if (!recording) return;
  const auto source = GraphSource::FromRecording(*recording);
  if (!source) {
    ExpectSays(source.error());
    return;
  }
  // Larger ones are as good, and slow.
  if ((*source)->graph().size() > 3000) return;
  const auto replay = ReplayRecording(*recording, **source, {});
  if (!replay) ExpectSays(replay.error());
  const auto report = DiagnoseRecording(*recording, **source,
                                        {ModelPriors{}, PathRules::Default()});
  if (!report) ExpectSays(report.error());
}

}  // namespace rebisect::fuzz

#include <string>

#include "harness/diagnose/diagnose_recording.h"
#include "harness/diagnose/path_rules.h"
#include "harness/graph/graph_source.h"
#include "harness/replay/replay.h"
#include "scenarios/audit.h"
#include "scenarios/log_arithmetic.h"
#include "scenarios/parse.h"
#include "scenarios/parse_git_log.h"
#include "scenarios/parse_syzkaller.h"
#include "scenarios/parse_transcript.h"
#include "scenarios/reconstruct.h"
#include "scenarios/recording_json.h"
#include "scenarios/recording_yaml.h"
#include "scenarios/steps.h"
#include "scenarios/text_lines.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"

namespace rebisect::fuzz {
namespace {

const std::string kFile = "record";

/// Whatever was read can be checked, written and read again.
void CheckRecording(const Result<Recording>& recording,
                    std::string_view bytes) {
  if (!recording) {
    ExpectPlace(recording.error(), kFile);
    return;
  }
  (void)Audit(*recording);
  (void)CheckArithmetic(*recording, FindSteps(*recording));
  const std::string yaml = WriteRecordingYaml(*recording);
  const auto again = ReadRecordingYaml(yaml, kFile);
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
  CheckRecording(ParseSyzkaller(bytes, kFile), bytes);
}

void FuzzGitLog(std::string_view bytes) {
  CheckRecording(ParseGitLog(bytes, kFile), bytes);
}

void FuzzTranscript(std::string_view bytes) {
  CheckRecording(ParseTranscript(bytes, kFile), bytes);
}

void FuzzRecording(std::string_view bytes) {
  CheckRecording(ParseRecording(bytes, kFile), bytes);
}

/// All that `replay` and `diagnose` do with a record and no other graph.
void FuzzReplay(std::string_view bytes) {
  const auto recording = ParseRecording(bytes, kFile);
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

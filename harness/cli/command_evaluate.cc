#include <cstddef>
#include <ostream>
#include <utility>
#include <vector>

#include "harness/cli/assumptions.h"
#include "harness/cli/command_support.h"
#include "harness/cli/recording_run.h"
#include "harness/diagnose/diagnose_recording.h"
#include "harness/diagnose/evaluation.h"
#include "sim/base/result.h"

namespace rebisect {

int RunEvaluate(const EvaluateArguments& arguments, const Streams& streams) {
  const auto settings = ReadAssumptions(arguments.assumptions);
  if (!settings) return Report(settings.error(), streams);
  const auto truth = LoadTruthTable(arguments.truth);
  if (!truth) return Report(truth.error(), streams);
  const auto run = RecordingRun::Open(arguments.recordings, "", {});
  if (!run) return Report(run.error(), streams);
  std::vector<EvaluatedRecording> evaluated;
  std::size_t failed = 0;
  run->Each<EvaluatedRecording>(
      [&](const Recording& recording,
          ChosenGraph& graph) -> Result<EvaluatedRecording> {
        REBISECT_ASSIGN_OR_RETURN(
            const auto report,
            DiagnoseRecording(recording, *graph.source, *settings));
        return EvaluatedOf(report, TruthOf(recording, *truth));
      },
      [&](std::size_t, Result<EvaluatedRecording> one) {
        if (one) {
          evaluated.push_back(*std::move(one));
          return;
        }
        ++failed;
        Report(one.error(), streams);
      },
      streams);
  const Evaluation evaluation = Evaluate(evaluated, failed);
  streams.out << (arguments.format == OutputFormat::kJson
                      ? EvaluationJson(evaluation, evaluated)
                      : EvaluationText(evaluation, streams.style));
  if (failed > 0) return kExitError;
  if (evaluation.judged > 0) return kExitHolds;
  return Report({ErrorCode::kInput,
                 "no recording has a known truth; give --truth FILE with "
                 "lines NAME<TAB>COMMIT",
                 {},
                 {}},
                streams);
}

}  // namespace rebisect

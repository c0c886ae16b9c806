#include "harness/input/load_recording.h"

#include <utility>

#include "scenarios/logs/parse.h"
#include "sim/base/result.h"
#include "sim/io/input.h"

namespace rebisect {

Result<Recording> LoadRecording(const std::string& path) {
  REBISECT_ASSIGN_OR_RETURN(auto bytes, ReadInput(path));
  auto recording = ParseRecording(bytes, InputName(path));
  if (recording) recording->file = InputName(path);
  return recording;
}

}  // namespace rebisect

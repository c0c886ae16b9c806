#include "harness/input/load_recording.h"

#include <utility>

#include "scenarios/logs/parse.h"
#include "sim/io/input.h"

namespace rebisect {

Result<Recording> LoadRecording(const std::string& path) {
  auto bytes = ReadInput(path);
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  auto recording = ParseRecording(*bytes, InputName(path));
  if (recording) recording->file = InputName(path);
  return recording;
}

}  // namespace rebisect

#pragma once

// Sources: recording_yaml_read.cc, recording_yaml_write.cc: both directions.

#include <string>
#include <string_view>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// Reads the YAML form of a recording (scenarios/README.md describes it field
/// by field). `line` members are lines of the YAML file.
/// Errors: kInput with file, line and column: no schema line
/// `rebisect: recording/1`, unknown keys (the nearest known one is named), keys
/// that occur twice, values of the wrong type, and all of ReadYaml().
[[nodiscard]] Result<Recording> ReadRecordingYaml(std::string_view bytes,
                                                  const std::string& file);

/// The YAML form. Deterministic; ReadRecordingYaml() of it is the same
/// recording by SameRecording(), if its texts are UTF-8. Equal neighbouring
/// runs are written once, with their count.
[[nodiscard]] std::string WriteRecordingYaml(const Recording& recording);

}  // namespace rebisect

#pragma once

#include <string>

#include "scenarios/recording/recording.h"
#include "sim/base/result.h"

namespace rebisect {

/// The JSON form of a recording: one line, the keys and values of the YAML
/// form in its order, with `"schema":"rebisect.recording/1"` in the place of
/// its first line. Numbers and flags are numbers and booleans; all else is a
/// string, whatever it looks like. Deterministic; for other programs to read:
/// the form that is read back is YAML.
/// Errors: those of ReadYaml() of the YAML form: more than 64 MiB of it, or
/// two names in `resolved` that differ only in bytes that are no UTF-8.
[[nodiscard]] Result<std::string> WriteRecordingJson(
    const Recording& recording);

}  // namespace rebisect

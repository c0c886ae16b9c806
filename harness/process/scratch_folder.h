#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sim/base/result.h"
#include "sim/io/temporary_path.h"

namespace rebisect {

/// A new folder in $TMPDIR (/tmp without it), which only this user may enter,
/// and which goes with the object, or with the process, whatever lies in it.
class ScratchFolder {
 public:
  /// Errors: kPermission when it cannot be made.
  [[nodiscard]] static Result<ScratchFolder> Make();

  ScratchFolder(ScratchFolder&& other) noexcept = default;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::string& path() const { return path_->path(); }

 private:
  explicit ScratchFolder(std::unique_ptr<TemporaryPath> path)
      : path_(std::move(path)) {}

  std::unique_ptr<TemporaryPath> path_;  // null: moved from
};

/// Removes a folder and all that is in it, folders without permissions
/// included; what cannot be removed stays.
void RemoveFolder(const std::string& path);

/// Writes a file, and the folders above it where they are not there: quickly,
/// for what no other process reads meanwhile and is not needed after a crash.
/// Errors: kPermission.
[[nodiscard]] Result<void> PutScratchFile(const std::string& path,
                                          std::string_view bytes);

}  // namespace rebisect

#pragma once

#include <string>

namespace rebisect {

/// The name of a file or folder that is on its way to another name, or that
/// is needed for a while. Its maker removes it, too; but while
/// this lives, RemoveTemporaryPaths() does so for a process that has to end
/// at once.
class TemporaryPath {
 public:
  /// `begin`, then '.' or '-' (`mark`) and six characters by chance.
  explicit TemporaryPath(const std::string& begin, char mark = '.');
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  ~TemporaryPath();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Removes what is there under the names of all TemporaryPaths, folders with
/// what is in them. May be called from a signal handler.
void RemoveTemporaryPaths();

}  // namespace rebisect

#include "harness/process/scratch_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace rebisect {

namespace fs = std::filesystem;

Result<ScratchFolder> ScratchFolder::Make() {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  if (error) {
    return Fail(ErrorCode::kPermission,
                "there is no folder for temporary files: " + error.message() +
                    "; set TMPDIR to one");
  }
  auto path = std::make_unique<TemporaryPath>(
      fs::absolute(base / "rebisect", error).string(), '-');
  if (mkdir(path->path().c_str(), 0700) != 0) {
    return Fail(ErrorCode::kPermission,
                "cannot make a temporary folder: " +
                    std::generic_category().message(errno) +
                    "; set TMPDIR to where that is possible",
                {base.string(), 0, 0});
  }
  return ScratchFolder(std::move(path));
}

ScratchFolder::~ScratchFolder() {
  if (path_) RemoveFolder(path_->path());
}

void RemoveFolder(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) return;
  // Once more, with the right to do so.
  std::vector<fs::path> folders = {path};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, error);
    for (fs::directory_iterator entry(folder, error), end;
         !error && entry != end; entry.increment(error)) {
      if (fs::is_directory(entry->symlink_status(error))) {
        folders.push_back(entry->path());
      }
    }
  }
  fs::remove_all(path, error);
}

Result<void> PutScratchFile(const std::string& path, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  if (file) return {};
  return Fail(
      ErrorCode::kPermission,
      "cannot write the file: " + std::generic_category().message(errno),
      {path, 0, 0});
}

}  // namespace rebisect

#include "harness/suite/case/repository_state.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <system_error>

#include "sim/git/working_tree.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

/// The length of a file and its beginning: enough to see a change.
std::string Contents(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (fs::is_symlink(status)) {
    return "-> " + fs::read_symlink(path, error).string();
  }
  if (!fs::is_regular_file(status)) return "no file";
  std::array<char, 65536> buffer;
  std::ifstream file(path, std::ios::binary);
  file.read(buffer.data(), buffer.size());
  return std::to_string(fs::file_size(path, error)) + ':' +
         std::string(buffer.data(), static_cast<std::size_t>(file.gcount()));
}

/// Calls `see` with every file below the folder and its path from there; what
/// `skip` says of a path is left out with all that is in it.
void VisitFiles(const std::string& folder,
                const std::function<bool(const std::string&)>& skip,
                const std::function<void(const std::string&)>& see) {
  std::error_code error;
  fs::recursive_directory_iterator at(
      folder, fs::directory_options::skip_permission_denied, error);
  int left = kMaxFiles;
  for (; !error && at != fs::recursive_directory_iterator();
       at.increment(error)) {
    const std::string path = at->path().string().substr(folder.size() + 1);
    std::error_code unknown;
    const bool is_folder = fs::is_directory(at->symlink_status(unknown));
    if (skip(path)) {
      if (is_folder) at.disable_recursion_pending();
    } else if (!is_folder) {
      if (--left < 0) return;
      see(path);
    }
  }
}

class StateReader {
 public:
  explicit StateReader(const RepositoryPlaces& places) : places_(places) {}

  RepositoryState Read() {
    PackedRefs();
    LooseRefs(places_.common_dir, "");
    for (const WorkPlace& place : places_.work_places) {
      if (place.git_dir != places_.common_dir) {
        LooseRefs(
            place.git_dir,
            "worktrees/" + fs::path(place.git_dir).filename().string() + '/');
      }
      UnderWay(place);
      if (!place.folder.empty()) Files(place);
    }
    for (const char* name : {"config", "shallow", "info/grafts"}) {
      const fs::path path = fs::path(places_.common_dir) / name;
      std::error_code error;
      if (fs::exists(path, error)) state_[name] = Contents(path);
    }
    Locks();
    Worktrees();
    return std::move(state_);
  }

 private:
  void PackedRefs() {
    std::ifstream file(fs::path(places_.common_dir) / "packed-refs");
    for (std::string line; std::getline(file, line);) {
      const std::size_t blank = line.find(' ');
      if (blank == std::string::npos || line[0] == '#') continue;
      state_["ref " + line.substr(blank + 1)] = line.substr(0, blank);
    }
  }

  /// They hide packed ones.
  void LooseRefs(const std::string& git_dir, const std::string& prefix) {
    VisitFiles(
        git_dir + "/refs", [](const std::string&) { return false; },
        [&](const std::string& path) {
          if (path.ends_with(".lock")) return;
          std::ifstream file(fs::path(git_dir) / "refs" / path);
          std::string value;
          std::getline(file, value);
          std::string name = "ref ";
          name += prefix;
          name += "refs/";
          state_[name + path] = value;
        });
  }

  /// HEAD, and what git and its like leave beside it for later.
  void UnderWay(const WorkPlace& place) {
    std::error_code error;
    for (fs::directory_iterator at(place.git_dir, error);
         !error && at != fs::directory_iterator(); at.increment(error)) {
      const std::string name = at->path().filename().string();
      const bool passing = name == "ORIG_HEAD" || name == "FETCH_HEAD";
      if (name.starts_with("BISECT_") || name == "AUTO_MERGE" ||
          name.starts_with("rebase-") || name == "sequencer" ||
          (name.ends_with("HEAD") && !passing)) {
        if (!name.ends_with(".lock")) {
          state_[name + place.suffix] = Contents(at->path());
        }
      }
    }
  }

  void Files(const WorkPlace& place) {
    VisitFiles(
        place.folder, [](const std::string& path) { return path == ".git"; },
        [&](const std::string& path) {
          state_["file " + path + place.suffix] =
              Contents(fs::path(place.folder) / path);
        });
    const auto index = ReadIndex(place.folder);
    if (!index) {
      state_["an index that cannot be read" + place.suffix];
      return;
    }
    for (const auto& [path, id] : *index) {
      state_["entry of the index " + path + place.suffix] = id.Hex();
    }
  }

  void Locks() {
    VisitFiles(
        places_.common_dir,
        [](const std::string& path) {
          return path.starts_with("objects/pack/");
        },
        [&](const std::string& path) {
          if (path.ends_with(".lock")) state_["lock file " + path];
        });
  }

  void Worktrees() {
    std::error_code error;
    for (fs::directory_iterator at(places_.common_dir + "/worktrees", error);
         !error && at != fs::directory_iterator(); at.increment(error)) {
      state_["linked worktree " + at->path().filename().string()];
    }
  }

  const RepositoryPlaces& places_;
  RepositoryState state_;
};

}  // namespace

RepositoryState ReadRepositoryState(const RepositoryPlaces& places) {
  return StateReader(places).Read();
}

std::vector<std::string> DifferencesOf(const RepositoryState& before,
                                       const RepositoryState& after) {
  std::vector<std::string> lines;
  std::size_t count = 0;
  const auto say = [&](const std::string& name, const char* what) {
    if (++count <= kMaxLines) lines.push_back(name + what);
  };
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (old == before.end()) {
      say(name, " was left behind");
    } else if (old->second != value) {
      say(name, " was changed");
    }
  }
  for (const auto& [name, value] : before) {
    if (after.count(name) == 0) say(name, " was removed");
  }
  if (count > kMaxLines) {
    lines.push_back("and " + std::to_string(count - kMaxLines) + " more");
  }
  return lines;
}

}  // namespace rebisect

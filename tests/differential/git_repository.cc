#include "tests/differential/git_repository.h"

#include <filesystem>
#include <iostream>
#include <utility>

#include "sim/check.h"
#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

/// Without git the test cannot go on, and nothing it could report helps.
void MustSucceed(const ProcessResult& result, const char* what) {
  if (result.exit_code == 0) return;
  std::cerr << "git " << what << " failed: " << result.err;
  REBISECT_CHECK(result.exit_code == 0);
}

}  // namespace

Result<GitVersion> VersionOfGit(const std::string& git) {
  const ProcessResult result = RunProcess({git, "--version"});
  const std::string prefix = "git version ";
  if (result.exit_code != 0 || result.out.rfind(prefix, 0) != 0) {
    return Fail(ErrorCode::kNotFound,
                "'" + git + " --version' fails: " + result.err + result.out);
  }
  std::string version = result.out.substr(prefix.size());
  version.resize(version.find_first_of(" \n"));
  return GitVersion::Parse(version);
}

GitRepository::GitRepository(std::string git, std::string folder)
    : git_(std::move(git)), folder_(std::move(folder)) {
  // As `git init --bare` does it, without a process.
  for (const char* name : {"/objects/info", "/objects/pack", "/refs/heads",
                           "/refs/tags", "/home"}) {
    std::filesystem::create_directories(folder_ + name);
  }
  PutFile(folder_ + "/HEAD", "ref: refs/heads/master\n");
  PutFile(folder_ + "/config",
          "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
}

void GitRepository::Import(const RandomGraph& graph, bool commit_graph) {
  MustSucceed(Run({"fast-import", "--quiet", "--force", "--done"},
                  FastImportStream(graph, commit_graph)),
              "fast-import");
  if (commit_graph) {
    MustSucceed(Run({"commit-graph", "write", "--reachable"}),
                "commit-graph write");
  }
}

ProcessResult GitRepository::Run(const std::vector<std::string>& words,
                                 std::string_view input) const {
  std::vector<std::string> all = {git_};
  all.insert(all.end(), words.begin(), words.end());
  ProcessOptions options;
  options.folder = folder_;
  options.input = input;
  options.environment = {{"LC_ALL", "C"},
                         {"HOME", folder_ + "/home"},
                         {"GIT_CONFIG_NOSYSTEM", "1"},
                         {"GIT_CONFIG_GLOBAL", "/dev/null"}};
  return RunProcess(all, options);
}

std::optional<std::string> GitRepository::File(const std::string& name) const {
  if (!std::filesystem::exists(Path(name))) return std::nullopt;
  return GetFile(Path(name));
}

std::map<std::string, std::string> GitRepository::BisectRefs() const {
  std::map<std::string, std::string> refs;
  const std::filesystem::path folder = Path("refs/bisect");
  if (!std::filesystem::exists(folder)) return refs;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    refs.emplace(entry.path().filename().string(),
                 GetFile(entry.path().string()).substr(0, CommitId::kHexSize));
  }
  return refs;
}

}  // namespace rebisect::testing_support

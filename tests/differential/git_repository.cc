#include "tests/differential/git_repository.h"

#include <filesystem>
#include <iostream>
#include <utility>

#include "sim/base/check.h"
#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

/// Without git the test cannot go on, and nothing it could report helps.
void MustSucceed(const ProcessResult& result, const char* what) {
  if (result.exit_code == 0) return;
  std::cerr << "git " << what << " failed: " << result.err;
  REBISECT_CHECK(result.exit_code == 0);
}

/// For fast-import: the objects that stand in for replaced commits.
std::string Replacements(const BisectCase& bisect_case,
                         const std::vector<CommitId>& ids) {
  std::string stream;
  for (const Disguise& disguise : bisect_case.disguises) {
    if (disguise.kind != Disguise::Kind::kReplaced) continue;
    const std::string ref = "refs/replace/" + ids[disguise.node].Hex();
    stream += FastImportCommit(bisect_case.graph, disguise.node, ref, false);
  }
  return stream;
}

/// For fast-import: the branches and tags of RevisionNames().
std::string Names(std::size_t count) {
  std::string stream;
  for (std::size_t node = 0; node < count; ++node) {
    const std::string number = std::to_string(node);
    const std::string from = "\nfrom :" + std::to_string(node + 1) + '\n';
    if (node % 5 == 1) stream += "reset refs/heads/b" + number + from;
    if (node % 5 == 2 || node % 5 == 3) {
      stream += "tag v" + number + from +
                "tagger A U Thor <author@example.com> 1500000000 +0000\n"
                "data 2\nv\n";
    }
  }
  return stream;
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
  for (const char* name : {"/info", "/objects/info", "/objects/pack",
                           "/refs/heads", "/refs/tags", "/home"}) {
    std::filesystem::create_directories(folder_ + name);
  }
  PutFile(folder_ + "/HEAD", "ref: refs/heads/master\n");
  PutFile(folder_ + "/config",
          "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
}

void GitRepository::Import(const BisectCase& bisect_case,
                           const std::vector<CommitId>& ids) {
  const RandomGraph stored = StoredGraph(bisect_case);
  const bool commit_graph = bisect_case.commit_graph != CommitGraphForm::kNone;
  std::string stream = FastImportStream(stored, commit_graph);
  stream.resize(stream.size() - std::string("done\n").size());
  stream += Replacements(bisect_case, ids);
  if (bisect_case.by_names) stream += Names(ids.size());
  MustSucceed(
      Run({"fast-import", "--quiet", "--force", "--done"}, stream + "done\n"),
      "fast-import");
  if (commit_graph) WriteCommitGraph(bisect_case.commit_graph, ids);
  if (bisect_case.packed_refs) {
    MustSucceed(Run({"pack-refs", "--all"}), "pack-refs");
  }
  WriteSubstitutions(bisect_case, ids);
}

void GitRepository::WriteCommitGraph(CommitGraphForm form,
                                     const std::vector<CommitId>& ids) {
  const bool levels = form == CommitGraphForm::kLevels;
  const auto write = [&](std::vector<std::string> options,
                         std::string_view input) {
    std::vector<std::string> words = {
        "-c",
        "core.useReplaceRefs=false",
        "-c",
        std::string("commitGraph.generationVersion=") + (levels ? "1" : "2"),
        "commit-graph",
        "write"};
    words.insert(words.end(), options.begin(), options.end());
    MustSucceed(Run(words, input), "commit-graph write");
  };
  if (form != CommitGraphForm::kChain) return write({"--reachable"}, "");
  // The first half is a part of its own: parents come first.
  std::string half;
  for (std::size_t node = 0; node < (ids.size() + 1) / 2; ++node) {
    half += ids[node].Hex() + '\n';
  }
  write({"--stdin-commits", "--split=no-merge"}, half);
  write({"--reachable", "--split=no-merge"}, "");
}

void GitRepository::WriteSubstitutions(const BisectCase& bisect_case,
                                       const std::vector<CommitId>& ids) {
  std::string grafts;
  std::string shallow;
  for (const Disguise& disguise : bisect_case.disguises) {
    const std::string hex = ids[disguise.node].Hex();
    if (disguise.kind == Disguise::Kind::kShallow) shallow += hex + '\n';
    if (disguise.kind != Disguise::Kind::kGrafted) continue;
    grafts += hex;
    for (const Node parent : bisect_case.graph[disguise.node].parents) {
      grafts += ' ' + ids[parent].Hex();
    }
    grafts += '\n';
  }
  if (!grafts.empty()) PutFile(Path("info/grafts"), grafts);
  if (!shallow.empty()) PutFile(Path("shallow"), shallow);
}

ProcessResult GitRepository::Run(const std::vector<std::string>& words,
                                 std::string_view input) const {
  std::vector<std::string> all = {git_};
  all.insert(all.end(), words.begin(), words.end());
  ProcessOptions options;
  options.folder = folder_;
  options.own_group = true;  // a case that began is brought to its end
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

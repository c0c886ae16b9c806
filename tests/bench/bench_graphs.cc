#include "tests/bench/bench_graphs.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "sim/base/check.h"
#include "sim/git/load_graph.h"
#include "sim/git/repository.h"
#include "sim/io/dag_text.h"
#include "sim/io/input.h"
#include "tests/support/process.h"
#include "tests/support/random_graph.h"
#include "tests/support/temp_folder.h"

namespace rebisect::testing_support {
namespace {

// Tags of git and of Linux.
constexpr std::string_view kGitV1_0_0 =
    "c2f3bf071ee90b01f2d629921bb04c4f798f02fa";
constexpr std::string_view kGitV2_50_0 =
    "16bd9f20a403117f2e0d9bcda6c6e621d3763e77";
constexpr std::string_view kLinuxV2_6_12 =
    "9ee1c939d1cb936b1f98e8d81aeffab57bae46ab";
constexpr std::string_view kLinuxV2_6_38 =
    "521cb40b0c44418a4fd36dc633f575813d59a43d";

BenchGraph Generated() {
  TestPrng prng(1);
  const RandomGraph random =
      MakeRandomGraph(prng, Shape::kKernel, Dates::kDistinct, 75000);
  const std::vector<CommitId> ids = CommitIds(random);
  return {"generated", BuildGraph(random, ids), ids.back(), ids.front()};
}

}  // namespace

const std::string& LinuxDagText() {
  static const std::string text = [] {
    const std::string path = SharedFolder() + "/dags/linux-2.6.38.dag.gz";
    if (SharedFolder().empty() || !std::filesystem::exists(path)) {
      return std::string();
    }
    auto read = ReadInput(path);
    if (!read) std::cerr << FormatError(read.error()) << '\n';
    return read.value_or("");
  }();
  return text;
}

const std::string& GitHistoryRepository() {
  static const TempFolder folder;
  static const std::string path = [] {
    const std::string script = SharedFolder() + "/dags/make-repo.sh";
    if (SharedFolder().empty() || !std::filesystem::exists(script)) {
      return std::string();
    }
    std::string repository = folder / "git.git";
    ProcessOptions options;
    options.environment = {{"HOME", folder.path()},
                           {"GIT_CONFIG_NOSYSTEM", "1"}};
    const ProcessResult made = RunProcess({"sh", script, repository}, options);
    if (made.exit_code == 0) return repository;
    std::cerr << "no repository of git's history: " << made.err;
    return std::string();
  }();
  return path;
}

const std::vector<BenchGraph>& BenchGraphs() {
  static const std::vector<BenchGraph> graphs = [] {
    std::vector<BenchGraph> made;
    made.push_back(Generated());
    if (!LinuxDagText().empty()) {
      const std::array<NamedText, 1> texts = {
          NamedText{"linux.dag", LinuxDagText()}};
      auto read = ReadDag(texts);
      REBISECT_CHECK(read.has_value());
      made.push_back({"linux", std::move(read->graph),
                      *CommitId::FromHex(kLinuxV2_6_38),
                      *CommitId::FromHex(kLinuxV2_6_12)});
    }
    if (!GitHistoryRepository().empty()) {
      const auto repository = Repository::Open(GitHistoryRepository());
      REBISECT_CHECK(repository.has_value());
      LoadRequest request;
      request.bad = {*CommitId::FromHex(kGitV2_50_0)};
      request.goods = {*CommitId::FromHex(kGitV1_0_0)};
      auto loaded = LoadGraph(*repository, request);
      REBISECT_CHECK(loaded.has_value());
      made.push_back({"git", std::move(loaded->graph), request.bad.front(),
                      request.goods.front()});
    }
    return made;
  }();
  return graphs;
}

}  // namespace rebisect::testing_support

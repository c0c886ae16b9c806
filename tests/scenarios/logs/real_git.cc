#include "tests/scenarios/logs/real_git.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "sim/base/check.h"

namespace rebisect::testing_support {
namespace {

constexpr std::string_view kRefs = "refs/recorded/";

std::string Output(const std::string& command) {
  std::string output;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REBISECT_CHECK(pipe != nullptr);
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) {
    output.append(buffer, n);
  }
  ::pclose(pipe);
  return output;
}

/// The graph as `git fast-import` reads it; the mark of vertex v is v + 1.
void WriteImport(const Reconstruction& rebuilt, std::ostream& out) {
  const CommitGraph& graph = rebuilt.graph;
  for (Vertex v = 0; v < graph.size(); ++v) {
    const auto parents = graph.Parents(v);
    // Without it a commit with no parent goes on top of the last one.
    if (parents.empty()) out << "reset refs/heads/main\n";
    out << "commit refs/heads/main\nmark :" << v + 1
        << "\ncommitter a <a@example.org> " << graph.Date(v)
        << " +0000\ndata 1\nx\n";
    for (std::size_t i = 0; i < parents.size(); ++i) {
      out << (i == 0 ? "from :" : "merge :") << parents[i] + 1 << "\n";
    }
  }
  for (const auto& [name, v] : graph.Names()) {
    out << "reset " << name << "\nfrom :" << v + 1 << "\n\n";
  }
}

}  // namespace

RealRepository::RealRepository(const Reconstruction& rebuilt) {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "rebisect-XXXXXX").string();
  REBISECT_CHECK(::mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  {
    std::ofstream stream(folder_ / "import");
    WriteImport(rebuilt, stream);
  }
  const std::string refs = Shell(
      "git init -q --bare . && git symbolic-ref HEAD refs/heads/main &&\n"
      "git fast-import --quiet < import &&\n"
      "git for-each-ref --format='%(objectname) %(refname)' refs/recorded\n");
  std::istringstream lines(refs);
  for (std::string id, name; lines >> id >> name;) {
    names_.emplace_back(id, name.substr(kRefs.size()));
  }
}

RealRepository::~RealRepository() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string RealRepository::Shell(const std::string& lines) const {
  std::ofstream(folder_ / "script")
      << "export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C\n"
         "unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE\n"
      << lines;
  return Output("cd '" + folder_.string() + "' && sh ./script 2>&1");
}

std::vector<std::string> RealRepository::Search(
    const std::string& start, const std::string& verdicts) const {
  std::string bad = ",";
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i] == 'b') bad += std::to_string(i) + ",";
  }
  std::ofstream(folder_ / "answer")
      << "read n < count; echo $((n + 1)) > count\n"
         "case '"
      << bad << "' in *,$n,*) exit 1;; esac\n"
      << "[ $n -lt " << verdicts.size() << " ] || exit 255\n";
  std::ofstream(folder_ / "count") << "0\n";
  return Read(Shell("git bisect start --no-checkout " + start +
                    "\ngit bisect run sh '" + folder_.string() + "/answer'\n"));
}

std::string RealRepository::NameOf(const std::string& id) const {
  for (const auto& [known, name] : names_) {
    if (known == id) return name;
  }
  return "another commit";
}

std::vector<std::string> RealRepository::Read(const std::string& output) const {
  std::vector<std::string> found;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    int left = 0;
    int steps = 0;
    if (std::sscanf(line.c_str(), "Bisecting: %d revision%*[^(](roughly %d",
                    &left, &steps) == 2) {
      found.push_back(std::to_string(left) + " " + std::to_string(steps));
    } else if (line == "Bisecting: a merge base must be tested") {
      found.emplace_back("merge base");
    } else if (line.rfind("The merge base ", 0) == 0) {
      found.emplace_back("The merge base is bad");
    } else if (line.rfind("fatal: ", 0) == 0) {
      found.push_back(line);
    } else if (line.size() > 41 && line[0] == '[' && line[41] == ']' &&
               !found.empty()) {
      found.back() += " " + NameOf(line.substr(1, 40));
    } else if (line.find(" is the first ") == 40) {
      found.push_back("found " + NameOf(line.substr(0, 40)));
    }
  }
  return found;
}

bool HasGit() {
  return Output("git --version 2>/dev/null").rfind("git version", 0) == 0;
}

}  // namespace rebisect::testing_support

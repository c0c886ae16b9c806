#include "harness/diagnose/culprit_findings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "harness/diagnose/c_comments.h"
#include "harness/text/report_lines.h"
#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/git/changed_paths.h"

namespace rebisect {
namespace {

/// No source that people write is larger.
constexpr std::size_t kMaxSource = std::size_t{16} << 20U;
constexpr std::size_t kMaxNames = 4;

/// A few of the names, and how many more there are.
std::string Listed(const std::set<std::string>& names) {
  std::string text;
  std::size_t listed = 0;
  for (const std::string& name : names) {
    if (listed == kMaxNames) {
      return text + " and " + std::to_string(names.size() - listed) + " more";
    }
    if (listed++ > 0) text += ", ";
    text += name;
  }
  return text;
}

/// What the record says of the machine that was built for: the compilers of
/// other machines carry its name (aarch64-linux-gnu-gcc).
std::string RecordedArchitecture(const Recording& recording,
                                 const PathRules& rules) {
  for (const Event& event : recording.events) {
    const Test* const test = std::get_if<Test>(&event);
    if (test == nullptr) continue;
    const std::string machine =
        test->compiler.substr(0, test->compiler.find('-'));
    std::string architecture = rules.ArchitectureOf(machine);
    if (!architecture.empty()) return architecture;
  }
  return "";
}

/// Files of a commit by what they are to the build.
class FileClasses {
 public:
  FileClasses(std::vector<const Repository*> repositories,
              const PathRules& rules, std::string architecture)
      : repositories_(std::move(repositories)),
        rules_(rules),
        architecture_(std::move(architecture)) {}

  void Sort(const std::vector<ChangedPath>& paths) {
    // Most commits change code that can be told by its path alone.
    for (const ChangedPath& path : paths) {
      if (IsCode(rules_.Judge(path.path, architecture_)) &&
          !MayBeComments(path)) {
        code_ = true;
        return;
      }
    }
    for (const ChangedPath& path : paths) {
      SortOne(path);
      if (code_) return;
    }
  }

  /// Nothing to say: there is code that may matter.
  [[nodiscard]] bool code() const { return code_; }
  /// Files whose contents would have to be seen.
  [[nodiscard]] std::size_t unread() const { return unread_; }
  [[nodiscard]] const std::string& why_unread() const { return why_unread_; }

  std::size_t documentation = 0;
  std::size_t comments = 0;
  std::size_t tests = 0;
  std::size_t foreign = 0;
  std::size_t unbuilt = 0;
  std::set<std::string> architectures{};
  std::set<std::string> options{};

 private:
  [[nodiscard]] bool IsCode(const PathAnswer& answer) const {
    return answer.kind == PathKind::kCode ||
           (answer.kind == PathKind::kOtherArchitecture &&
            architecture_.empty());
  }

  [[nodiscard]] static bool MayBeComments(const ChangedPath& path) {
    return path.kind == ChangedPath::Kind::kContents && IsCLike(path.path);
  }

  void SortOne(const ChangedPath& path) {
    const PathAnswer answer = rules_.Judge(path.path, architecture_);
    if (answer.kind == PathKind::kDocumentation) {
      ++documentation;
      return;
    }
    Error error;
    bool read = true;
    if (MayBeComments(path)) {
      const Result<bool> same = SameCode(path);
      if (same && *same) {
        ++comments;
        return;
      }
      if (!same) error = same.error();
      read = same.has_value();
    }
    if (IsCode(answer)) {
      code_ = read;
      if (!read && unread_++ == 0) why_unread_ = error.message;
    } else if (answer.kind == PathKind::kTests) {
      ++tests;
    } else if (answer.kind == PathKind::kOtherArchitecture) {
      ++foreign;
      architectures.insert(answer.name);
    } else {
      ++unbuilt;
      if (!answer.name.empty()) options.insert(answer.name);
    }
  }

  [[nodiscard]] Result<bool> SameCode(const ChangedPath& path) const {
    REBISECT_ASSIGN_OR_RETURN(const auto before,
                              ReadBlob(repositories_, path.before, kMaxSource));
    REBISECT_ASSIGN_OR_RETURN(const auto after,
                              ReadBlob(repositories_, path.after, kMaxSource));
    const auto old_code = CodeOfC(before);
    return old_code && old_code == CodeOfC(after);
  }

  std::vector<const Repository*> repositories_;
  const PathRules& rules_;
  std::string architecture_;
  bool code_ = false;
  std::size_t unread_ = 0;
  std::string why_unread_;
};

class CulpritReader {
 public:
  CulpritReader(const Recording& recording, const GraphSource& source,
                const CommitId& culprit, const PathRules& rules)
      : recording_(recording),
        source_(source),
        culprit_(culprit),
        rules_(rules),
        repositories_(source.Repositories()) {
    const CommitGraph& graph = source.graph();
    const auto v = graph.Find(culprit);
    if (!v) return;
    for (const Vertex parent : graph.Parents(*v)) {
      parents_.push_back(graph.Id(parent));
    }
  }

  std::vector<CulpritFinding> Find() {
    Signatures();
    Files();
    Merge();
    Release();
    if (!limit_.empty()) Add("trees-missing", limit_);
    return std::move(findings_);
  }

 private:
  void Add(const char* code, std::string message) {
    REBISECT_CHECK(std::find(kFindingCodes.begin(), kFindingCodes.end(),
                             code) != kFindingCodes.end());
    findings_.push_back({code, std::move(message)});
  }

  void Signatures() {
    const Summary& summary = recording_.summary;
    const bool stated = !summary.culprit_signature.empty() &&
                        summary.culprit_signature == summary.parent_signature;
    if (!stated && !SameInTests()) return;
    Add("equal-signature",
        "what was built of it is the same, by its signature, as what was "
        "built of its parent: a strong doubt, since the same program cannot "
        "have gained or lost a bug");
  }

  [[nodiscard]] bool SameInTests() const {
    std::set<std::string> own;
    std::set<std::string> of_parents;
    for (const Event& event : recording_.events) {
      const Test* const test = std::get_if<Test>(&event);
      if (test == nullptr || test->signature.empty()) continue;
      const auto id = source_.Resolve(test->commit);
      if (!id) continue;
      if (*id == culprit_) own.insert(test->signature);
      if (std::find(parents_.begin(), parents_.end(), *id) != parents_.end()) {
        of_parents.insert(test->signature);
      }
    }
    return std::any_of(own.begin(), own.end(), [&](const std::string& one) {
      return of_parents.count(one) > 0;
    });
  }

  void Files() {
    if (repositories_.empty()) return;
    const auto changes = ChangesOf(repositories_, culprit_);
    if (!changes) {
      limit_ = "which files it changes was not looked at: " +
               changes.error().message;
      return;
    }
    if (changes->paths.empty()) {
      Add("no-change",
          "it changes no file" + Against() +
              ": a strong doubt, since what was built cannot differ by it");
      return;
    }
    std::string architecture = RecordedArchitecture(recording_, rules_);
    const bool assumed = architecture.empty();
    if (assumed) architecture = rules_.assumed_architecture();
    FileClasses files(repositories_, rules_, architecture);
    files.Sort(changes->paths);
    if (files.code()) return;
    if (files.unread() > 0) {
      limit_ = "whether " + Counted(files.unread(), "file") +
               " that it changes differ in more than comments was not looked "
               "at: " +
               files.why_unread();
      return;
    }
    Judge(files, architecture, assumed);
  }

  /// All that it changes are files that the build should not depend on; the
  /// weakest reason among them is what the whole rests on.
  void Judge(const FileClasses& files, const std::string& architecture,
             bool assumed) {
    const std::string only = "it changes only " + Contents(files) + Against();
    if (files.unbuilt > 0) {
      std::string why = ": a doubt, since what was built holds none of it";
      if (!files.options.empty() && !rules_.ConfigKnown()) {
        why +=
            " unless these options were on; which were is not recorded, and "
            "the rules do not say";
      }
      Add("not-built", only + why + Assumption(files, architecture, assumed));
    } else if (files.foreign > 0) {
      Add("other-architecture", only + ": a doubt, since a build for " +
                                    architecture + " holds none of it" +
                                    Assumption(files, architecture, assumed));
    } else if (files.tests > 0) {
      Add("tests-only",
          only + ": a doubt, unless the test that was run is among them");
    } else if (files.comments > 0) {
      Add("comments-only",
          only +
              ": a strong doubt, since but for line numbers what was built "
              "cannot differ by it");
    } else {
      Add("documentation-only",
          only + ": a strong doubt, since what was built cannot differ by it");
    }
  }

  [[nodiscard]] static std::string Contents(const FileClasses& files) {
    std::string text;
    const auto add = [&text](std::size_t count, const std::string& what) {
      if (count == 0) return;
      if (!text.empty()) text += ", ";
      text.append(what).append(" (").append(Counted(count, "file")).append(")");
    };
    add(files.documentation, "documentation");
    add(files.comments, "comments");
    add(files.tests, "tests");
    add(files.foreign, "code for " + Listed(files.architectures));
    add(files.unbuilt,
        files.options.empty()
            ? "files that by the rules are not built"
            : "files that are built with " + Listed(files.options) + " alone");
    return text;
  }

  [[nodiscard]] static std::string Assumption(const FileClasses& files,
                                              const std::string& architecture,
                                              bool assumed) {
    if (!assumed || files.foreign == 0) return "";
    return " (" + architecture +
           " is assumed: the record does not say what was built for)";
  }

  [[nodiscard]] std::string Against() const {
    return parents_.size() > 1 ? " against its first parent" : "";
  }

  void Merge() {
    // The merges of a graph that is made up mean nothing.
    if (parents_.size() < 2 || source_.kind() == GraphKind::kReconstructed) {
      return;
    }
    Add("merge", "it is a merge of " + std::to_string(parents_.size()) +
                     " parents, all of them taken for good: a doubt, since "
                     "the bug would have to come of joining them; a wrong "
                     "verdict below it is as likely");
  }

  void Release() {
    std::set<std::string> names;
    const auto consider = [&names](std::string_view ref) {
      constexpr std::string_view kTags = "refs/tags/";
      if (ref.substr(0, kTags.size()) != kTags) return;
      const std::string_view name = ref.substr(kTags.size());
      // As versions and dates have: others mark what somebody remembers.
      if (name.find_first_of("0123456789") == std::string_view::npos) return;
      names.emplace(name);
    };
    for (const Repository* const repository : repositories_) {
      const auto references = repository->References();
      if (!references) continue;
      for (const auto& [name, id] : *references) {
        if (id == culprit_) consider(name);
      }
    }
    const CommitGraph& graph = source_.graph();
    for (const auto& [name, v] : graph.Names()) {
      if (graph.Id(v) == culprit_) consider(name);
    }
    for (const Event& event : recording_.events) {
      const Test* const test = std::get_if<Test>(&event);
      if (test == nullptr || test->release.empty()) continue;
      const auto id = source_.Resolve(test->commit);
      if (id && *id == culprit_) names.insert(test->release);
    }
    if (names.empty()) return;
    Add("release-tag",
        "it is tagged " + Listed(names) +
            ": a doubt, since the commit of a release seldom changes more "
            "than its version");
  }

  const Recording& recording_;
  const GraphSource& source_;
  const CommitId& culprit_;
  const PathRules& rules_;
  std::vector<const Repository*> repositories_;
  std::vector<CommitId> parents_;
  std::vector<CulpritFinding> findings_;
  std::string limit_;  // why the files were not looked at
};

}  // namespace

std::vector<CulpritFinding> FindOnCulprit(const Recording& recording,
                                          const GraphSource& source,
                                          const CommitId& culprit,
                                          const PathRules& rules) {
  return CulpritReader(recording, source, culprit, rules).Find();
}

}  // namespace rebisect

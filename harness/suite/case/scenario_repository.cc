#include "harness/suite/case/scenario_repository.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/process/scratch_folder.h"
#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/git/working_tree.h"
#include "sim/git/write_repository.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReplaceRefs = "refs/replace/";
constexpr std::string_view kLinkedBranch = "refs/heads/linked";

class RepositoryMaker {
 public:
  RepositoryMaker(const ScenarioCase& scenario, const std::string& folder)
      : scenario_(scenario),
        wanted_(scenario.scenario->repository),
        options_(scenario.layout),
        main_(folder + "/repository"),
        linked_(folder + "/linked") {
    const auto head = options_.refs.find(options_.head);
    REBISECT_CHECK(head != options_.refs.end());
    head_ = head->second;
  }

  Result<RepositoryPlaces> Make() {
    for (const auto& [from, to] : scenario_.replace) {
      std::string name(kReplaceRefs);
      name += from.Hex();
      options_.refs[name] = VertexOf(to);
    }
    if (wanted_.linked_worktree) {
      options_.refs[std::string(kLinkedBranch)] = head_;
    }
    places_.common_dir = wanted_.bare ? main_ : main_ + "/.git";
    options_.bare = wanted_.bare;
    std::error_code ignored;
    if (!wanted_.bare) fs::create_directory(main_, ignored);
    REBISECT_RETURN_IF_ERROR(WriteObjects());
    REBISECT_RETURN_IF_ERROR(MakeWorkPlaces());
    return std::move(places_);
  }

 private:
  [[nodiscard]] Vertex VertexOf(const CommitId& id) const {
    const auto vertex = scenario_.written.Find(id);
    REBISECT_CHECK(vertex.has_value());
    return *vertex;
  }

  Result<void> WriteObjects() {
    REBISECT_ASSIGN_OR_RETURN(
        const auto ids,
        WriteRepository(scenario_.written, places_.common_dir, options_));
    for (Vertex v = 0; v < ids.size(); ++v) {
      if (ids[v] == scenario_.written.Id(v)) continue;
      return Fail(ErrorCode::kInternal, "the repository names the commit " +
                                            scenario_.written.Id(v).Hex() +
                                            ' ' + ids[v].Hex());
    }
    if (scenario_.shallow.empty()) return {};
    std::string ends;
    for (const CommitId& id : scenario_.shallow) ends += id.Hex() + '\n';
    return PutScratchFile(places_.common_dir + "/shallow", ends);
  }

  Result<void> MakeWorkPlaces() {
    const std::string id = scenario_.written.Id(head_).Hex() + '\n';
    if (wanted_.linked_worktree) {
      const std::string git_dir = places_.common_dir + "/worktrees/linked";
      std::string head = "ref: ";
      head += kLinkedBranch;
      head += '\n';
      for (const auto& [path, text] :
           {std::pair(git_dir + "/HEAD", wanted_.detached ? id : head),
            std::pair(git_dir + "/commondir", std::string("../..\n")),
            std::pair(git_dir + "/gitdir", linked_ + "/.git\n"),
            std::pair(linked_ + "/.git", "gitdir: " + git_dir + '\n')}) {
        if (auto put = PutScratchFile(path, text); !put) return put;
      }
      places_.work_places.push_back({linked_, git_dir, ""});
    }
    if (!wanted_.linked_worktree && wanted_.detached) {
      if (auto put = PutScratchFile(places_.common_dir + "/HEAD", id); !put) {
        return put;
      }
    }
    places_.work_places.push_back(
        {wanted_.bare ? std::string() : main_, places_.common_dir,
         wanted_.linked_worktree ? " of the main worktree" : ""});
    for (const WorkPlace& place : places_.work_places) {
      if (place.folder.empty()) continue;
      auto done = CheckOutFiles(place.folder, CommitToSee(head_));
      if (!done) return done;
    }
    return {};
  }

  /// What git takes for the commit; it follows five replacements.
  [[nodiscard]] CommitId CommitToSee(Vertex commit) const {
    CommitId id = scenario_.written.Id(commit);
    for (int i = 0; i < 5; ++i) {
      std::string name(kReplaceRefs);
      name += id.Hex();
      const auto ref = options_.refs.find(name);
      if (ref == options_.refs.end()) break;
      id = scenario_.written.Id(ref->second);
    }
    return id;
  }

  const ScenarioCase& scenario_;
  const ScenarioRepository& wanted_;
  WriteOptions options_;
  std::string main_;
  std::string linked_;
  Vertex head_ = 0;
  RepositoryPlaces places_;
};

}  // namespace

Result<MadeRepository> MadeRepository::Make(const ScenarioCase& scenario,
                                            const std::string& folder) {
  REBISECT_ASSIGN_OR_RETURN(auto places,
                            RepositoryMaker(scenario, folder).Make());
  MadeRepository made;
  made.places_ = std::move(places);
  const WorkPlace& first = made.places_.work_places.front();
  made.folder_ = first.folder.empty() ? first.git_dir : first.folder;
  made.state_ = ReadRepositoryState(made.places_);
  return made;
}

std::vector<std::string> MadeRepository::LeftBehind() const {
  return DifferencesOf(state_, ReadRepositoryState(places_));
}

}  // namespace rebisect

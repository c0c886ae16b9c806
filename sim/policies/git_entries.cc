#include "sim/policies/git_entries.h"

#include <array>
#include <string>

#include "sim/session/git_selection.h"

namespace rebisect {
namespace {

constexpr GitVersion kFirstWithFirstParent{2, 29, 0, 0};
constexpr GitVersion kFirstWithoutLeak{2, 3, 0, 0};

constexpr std::array kGitParameters = {
    ParameterInfo{kVersionParameter, kNewestGit, "the release of git"}};

Result<std::unique_ptr<SelectionPolicy>> MakeGitSince(PolicyParameters& params,
                                                      const GitVersion& first,
                                                      std::string_view why) {
  const GitVersion version = params.Version(kVersionParameter);
  if (version < first) {
    params.Reject(kVersionParameter, std::string(why) + "; give " +
                                         first.ToString() + " or later");
  }
  return std::make_unique<GitSelection>(GitRules::Of(version));
}

Result<std::unique_ptr<SelectionPolicy>> MakeGit(PolicyParameters& params,
                                                 const Prng&) {
  return MakeGitSince(params, kFirstWithoutLeak,
                      "the choice of older ones depends on marks that their "
                      "search for merge bases leaves behind");
}

Result<std::unique_ptr<SelectionPolicy>> MakeFirstParent(
    PolicyParameters& params, const Prng&) {
  return MakeGitSince(params, kFirstWithFirstParent,
                      "older ones have no --first-parent");
}

}  // namespace

constinit const SelectionEntry kGitEntry{
    .info = {"git", "the commit that git bisect chooses", kGitParameters},
    .make = &MakeGit,
    .tree = SelectionTree::kGit,
    .is_git = true,
};

constinit const SelectionEntry kFirstParentEntry{
    .info = {"first-parent",
             "git bisect --first-parent: only the bad end and its first "
             "parents are searched, and of a branch the merge is named",
             kGitParameters},
    .make = &MakeFirstParent,
    .tree = SelectionTree::kByPolicy,
    .is_git = true,
    .first_parents = true,
};

}  // namespace rebisect

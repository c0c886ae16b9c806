#include "sim/git/git_tree_comparison.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/git/pathspec.h"
#include "sim/git/repository_impl.h"

namespace rebisect {
namespace {

/// Trees are read again and again while a search goes from child to parent.
constexpr std::size_t kMaxCachedBytes = std::size_t{64} << 20;
struct TreeEntry {
  std::string_view mode;
  std::string_view name;
  CommitId id;

  [[nodiscard]] bool IsTree() const {
    return mode == "40000" || mode == "040000";
  }
  /// A folder, or another repository in its place.
  [[nodiscard]] bool IsFolder() const { return IsTree() || mode == "160000"; }
};

/// Takes an entry from the front. False when there is none that is whole.
bool TakeEntry(std::string_view& tree, TreeEntry& entry) {
  const std::size_t blank = tree.find(' ');
  const std::size_t end = tree.find('\0');
  if (blank == std::string_view::npos || end == std::string_view::npos ||
      blank > end || tree.size() < end + 1 + CommitId::kSize) {
    return false;
  }
  entry.mode = tree.substr(0, blank);
  entry.name = tree.substr(blank + 1, end - blank - 1);
  std::copy_n(tree.data() + end + 1, CommitId::kSize,
              reinterpret_cast<char*>(entry.id.bytes.data()));
  tree.remove_prefix(end + 1 + CommitId::kSize);
  return true;
}

/// git's order of entries: folders as if their names ended in a slash.
int Compare(const TreeEntry& a, const TreeEntry& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  const int order = a.name.compare(0, common, b.name, 0, common);
  if (order != 0) return order;
  const auto next = [common](const TreeEntry& entry) {
    if (common < entry.name.size()) {
      return static_cast<int>(static_cast<unsigned char>(entry.name[common]));
    }
    return entry.IsTree() ? static_cast<int>('/') : 0;
  };
  return next(a) - next(b);
}

using Tree = std::shared_ptr<const std::string>;

class GitTreeComparison final : public TreeComparison {
 public:
  GitTreeComparison(std::span<const Repository* const> repositories,
                    const CommitGraph& graph, Pathspec paths)
      : repositories_(repositories.begin(), repositories.end()),
        graph_(graph),
        paths_(std::move(paths)),
        trees_(graph.size()) {}

  Result<bool> Same(Vertex commit, Vertex parent) override {
    REBISECT_ASSIGN_OR_RETURN(const auto a, TreeOf(commit));
    REBISECT_ASSIGN_OR_RETURN(const auto b, TreeOf(parent));
    REBISECT_ASSIGN_OR_RETURN(const auto differ, Differ(a, b));
    return !differ;
  }

  Result<bool> Empty(Vertex commit) override {
    REBISECT_ASSIGN_OR_RETURN(const auto tree, TreeOf(commit));
    REBISECT_ASSIGN_OR_RETURN(const auto differ, Differ(tree, kNoTree));
    return !differ;
  }

 private:
  /// Two folders still to be compared, and where they are.
  struct Pair {
    CommitId a;
    CommitId b;
    std::string folder;  // empty, or ends in a slash
  };

  Result<CommitId> TreeOf(Vertex commit) {
    if (trees_[commit]) return *trees_[commit];
    std::optional<Error> error;
    for (const Repository* repository : repositories_) {
      std::vector<CommitId> parents;
      auto header = repository->impl().ReadHeader(graph_.Id(commit), parents);
      if (header) {
        trees_[commit] = header->tree;
        return header->tree;
      }
      // One that has the commit knows more of what is wrong.
      const bool missing = header.error().code == ErrorCode::kMissingObject;
      if (!error || (!missing && error->code == ErrorCode::kMissingObject)) {
        error = std::move(header.error());
      }
    }
    return tl::unexpected(*std::move(error));
  }

  Result<Tree> ReadTree(const CommitId& id) {
    if (id == kNoTree) {
      return std::make_shared<const std::string>();
    }
    if (const auto it = cache_.find(id); it != cache_.end()) return it->second;
    const git_oid oid = ToOid(id);
    for (const Repository* repository : repositories_) {
      const Repository::Impl& impl = repository->impl();
      git_odb_object* object = nullptr;
      const int status = git_odb_read(&object, impl.odb.get(), &oid);
      const GitOdbObjectHandle owner(object);
      if (status == GIT_ENOTFOUND) continue;
      if (status != 0 || git_odb_object_type(object) != GIT_OBJECT_TREE) {
        return Fail(ErrorCode::kInput,
                    "cannot read the tree " + id.Hex() + ": " +
                        (status != 0 ? GitMessage() : "it is no tree") +
                        "; 'git fsck' says what is damaged",
                    {impl.path, 0, 0});
      }
      if (cached_bytes_ > kMaxCachedBytes) {
        cache_.clear();
        cached_bytes_ = 0;
      }
      auto tree = std::make_shared<const std::string>(
          static_cast<const char*>(git_odb_object_data(object)),
          git_odb_object_size(object));
      cached_bytes_ += tree->size() + 64;
      cache_.emplace(id, tree);
      return tree;
    }
    return tl::unexpected(MissingTree(id));
  }

  [[nodiscard]] Error MissingTree(const CommitId& id) const {
    const Repository& repository = *repositories_.front();
    Error error;
    error.code = ErrorCode::kMissingObject;
    error.message =
        "the repository lacks the tree " + id.Hex() +
        (repository.IsPartialClone() ? " (it is a partial clone)" : "") +
        "; a search limited to paths needs the trees";
    error.where.file = repository.path();
    error.notes.emplace_back(
        "hint: use a clone with trees (git clone, or --filter=blob:none)");
    return error;
  }

  /// Whether anything under the paths differs between two top trees.
  Result<bool> Differ(const CommitId& a, const CommitId& b) {
    if (a == b) return false;
    std::vector<Pair> pairs = {{a, b, ""}};
    while (!pairs.empty()) {
      const Pair pair = std::move(pairs.back());
      pairs.pop_back();
      auto differ = Differ(pair, pairs);
      if (!differ || *differ) return differ;
    }
    return false;
  }

  /// One folder: true when an entry under the paths differs; folders that
  /// may hold such an entry are added to `pairs`.
  Result<bool> Differ(const Pair& pair, std::vector<Pair>& pairs) {
    REBISECT_ASSIGN_OR_RETURN(const auto tree_a, ReadTree(pair.a));
    REBISECT_ASSIGN_OR_RETURN(const auto tree_b, ReadTree(pair.b));
    std::string_view rest_a = *tree_a;
    std::string_view rest_b = *tree_b;
    TreeEntry a;
    TreeEntry b;
    bool has_a = TakeEntry(rest_a, a);
    bool has_b = TakeEntry(rest_b, b);
    while (has_a || has_b) {
      const int order = !has_a ? 1 : !has_b ? -1 : Compare(a, b);
      if (order != 0 || a.id != b.id || a.mode != b.mode) {
        const bool yes = order == 0 ? Visit(pair.folder, a, a.id, b.id, pairs)
                         : order < 0
                             ? Visit(pair.folder, a, a.id, kNoTree, pairs)
                             : Visit(pair.folder, b, kNoTree, b.id, pairs);
        if (yes) return true;
      }
      if (order <= 0) has_a = TakeEntry(rest_a, a);
      if (order >= 0) has_b = TakeEntry(rest_b, b);
    }
    if (rest_a.empty() && rest_b.empty()) return false;
    return Fail(ErrorCode::kInput,
                "the tree " + (rest_a.empty() ? pair.b : pair.a).Hex() +
                    " is damaged; 'git fsck' says more",
                {repositories_.front()->path(), 0, 0});
  }

  /// An entry that differs. True when it lies under the paths.
  bool Visit(const std::string& folder, const TreeEntry& entry,
             const CommitId& a, const CommitId& b,
             std::vector<Pair>& pairs) const {
    std::string path = folder + std::string(entry.name);
    switch (paths_.Matches(path, entry.IsFolder())) {
      case Pathspec::Match::kNo:
        return false;
      case Pathspec::Match::kYes:
        return true;
      case Pathspec::Match::kBelow:
        if (entry.IsTree()) pairs.push_back({a, b, path + '/'});
        return false;
    }
    return false;
  }

  /// In place of a folder that is not there.
  static inline const CommitId kNoTree = *CommitId::FromHex(kEmptyTree);

  std::vector<const Repository*> repositories_;
  const CommitGraph& graph_;
  Pathspec paths_;
  std::vector<std::optional<CommitId>> trees_;  // by vertex, once read
  std::unordered_map<CommitId, Tree> cache_;
  std::size_t cached_bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<TreeComparison>> MakeGitTreeComparison(
    std::span<const Repository* const> repositories, const CommitGraph& graph,
    const std::vector<std::string>& paths) {
  REBISECT_CHECK(!repositories.empty());
  REBISECT_ASSIGN_OR_RETURN(auto spec, Pathspec::Parse(paths));
  return std::unique_ptr<TreeComparison>(
      new GitTreeComparison(repositories, graph, std::move(spec)));
}

}  // namespace rebisect

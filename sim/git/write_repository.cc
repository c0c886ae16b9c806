#include "sim/git/write_repository.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/result.h"
#include "sim/git/handles.h"
#include "sim/git/pack_writer.h"
#include "sim/git/repository_impl.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;

/// A tree under way: entries by the name that git sorts by, which ends in a
/// slash for folders.
struct Entry {
  std::string_view mode;
  CommitId id;
};
using Folder = std::map<std::string, Entry>;

bool IsGoodPath(std::string_view path) {
  while (true) {
    const std::string_view name = path.substr(0, path.find('/'));
    if (name.empty() || name == "." || name == ".." || name == ".git" ||
        name.find('\0') != std::string_view::npos) {
      return false;
    }
    if (name.size() == path.size()) return true;
    path.remove_prefix(name.size() + 1);
  }
}

std::string TreeText(const Folder& folder) {
  std::string text;
  for (const auto& [name, entry] : folder) {
    text += entry.mode;
    text += ' ';
    text += name.back() == '/' ? name.substr(0, name.size() - 1) : name;
    text += '\0';
    text.append(reinterpret_cast<const char*>(entry.id.bytes.data()),
                entry.id.bytes.size());
  }
  return text;
}

/// Takes objects for the pack, or only tells their ids.
class Objects {
 public:
  explicit Objects(PackWriter& pack) : pack_(pack) {}

  void Store(bool store) { store_ = store; }
  /// The id, and whether the object is not there yet.
  std::pair<CommitId, bool> Add(PackedType type, std::string_view text) {
    if (store_) return pack_.Add(type, text);
    return {pack_.IdOf(type, text), true};
  }

 private:
  PackWriter& pack_;
  bool store_ = true;
};

/// Adds the files, then the folders, the deepest first.
Result<CommitId> AddTree(Objects& pack, const FileMap& files) {
  // Folders by path, "" for the top, each path ending in a slash; in this
  // order what lies in a folder comes after it.
  std::map<std::string, Folder> folders;
  folders[""];
  for (const auto& [path, content] : files) {
    if (!IsGoodPath(path)) {
      return Fail(ErrorCode::kInput, "'" + path + "' is no path for git");
    }
    const CommitId blob = pack.Add(PackedType::kBlob, content).first;
    const std::size_t slash = path.rfind('/');
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    folders[path.substr(0, name)][path.substr(name)] = {"100644", blob};
    for (std::size_t at = name; at > 1;) {
      at = path.rfind('/', at - 2);
      at = at == std::string::npos ? 0 : at + 1;
      folders[path.substr(0, at)];
    }
  }
  while (folders.size() > 1) {
    const auto last = std::prev(folders.end());
    const std::string& path = last->first;
    const CommitId tree =
        pack.Add(PackedType::kTree, TreeText(last->second)).first;
    const std::size_t slash = path.rfind('/', path.size() - 2);
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    Folder& above = folders[path.substr(0, name)];
    if (above.count(path.substr(name, path.size() - name - 1)) != 0) {
      return Fail(ErrorCode::kInput,
                  "'" + path + "' is both a file and a folder");
    }
    above[path.substr(name)] = {"40000", tree};
    folders.erase(last);
  }
  return pack.Add(PackedType::kTree, TreeText(folders[""])).first;
}

/// `omitted` as in WriteOptions.
Result<std::vector<CommitId>> AddCommits(Objects& pack,
                                         const CommitGraph& graph,
                                         const std::vector<FileMap>& files,
                                         const std::vector<bool>& omitted) {
  static constexpr std::string_view kPerson = " A U Thor <author@example.com> ";
  const CommitId empty_tree = pack.Add(PackedType::kTree, "").first;
  std::vector<CommitId> ids;
  ids.reserve(graph.size());
  std::string text;
  for (Vertex v = 0; v < graph.size(); ++v) {
    pack.Store(omitted.empty() || !omitted[v]);
    CommitId tree = empty_tree;
    if (!files.empty()) {
      REBISECT_ASSIGN_OR_RETURN(const auto added, AddTree(pack, files[v]));
      tree = added;
    }
    text = "tree " + tree.Hex() + '\n';
    for (const Vertex parent : graph.Parents(v)) {
      text += "parent " + ids[parent].Hex() + '\n';
    }
    for (const std::string_view role : {"author", "committer"}) {
      text += role;
      text += kPerson;
      text += std::to_string(graph.Date(v)) + " +0000\n";
    }
    const std::string label = graph.Label(v);
    text += '\n';
    text += label == graph.Id(v).Hex() ? 'n' + std::to_string(v) : label;
    text += '\n';
    const auto [id, is_new] = pack.Add(PackedType::kCommit, text);
    if (!is_new) {
      return Fail(ErrorCode::kInput, "two commits would be the same object (" +
                                         id.Hex() +
                                         "); give them other labels or dates");
    }
    ids.push_back(id);
  }
  return ids;
}

/// The file packed-refs: many refs at the price of one.
Result<std::string> PackedRefs(const WriteOptions& options,
                               const std::vector<CommitId>& ids) {
  std::string text = "# pack-refs with: peeled fully-peeled sorted \n";
  for (const auto& [name, vertex] : options.refs) {
    REBISECT_CHECK(vertex < ids.size());
    int valid = 0;
    git_reference_name_is_valid(&valid, name.c_str());
    bool conflict = false;
    for (std::size_t at = name.find('/'); at != std::string::npos;
         at = name.find('/', at + 1)) {
      conflict = conflict || options.refs.count(name.substr(0, at)) != 0;
    }
    if (valid == 0 || conflict || name.compare(0, 5, "refs/") != 0 ||
        name.find('\0') != std::string::npos) {
      return Fail(ErrorCode::kInput,
                  "'" + name + "' cannot be the name of a ref" +
                      (conflict ? ": a part of it is one already" : ""));
    }
    text += ids[vertex].Hex() + ' ' + name + '\n';
  }
  return text;
}

Result<void> MakeFolder(const std::string& folder) {
  std::error_code error;
  if (!fs::create_directory(folder, error) && !error) {
    if (!fs::is_empty(folder, error) && !error) {
      return Fail(ErrorCode::kInput,
                  "the folder is not empty; name one that is not there yet",
                  {folder, 0, 0});
    }
  }
  if (!error) return {};
  ErrorCode code = ErrorCode::kInput;
  if (error == std::errc::permission_denied ||
      error == std::errc::read_only_file_system) {
    code = ErrorCode::kPermission;
  } else if (error == std::errc::no_such_file_or_directory) {
    code = ErrorCode::kNotFound;
  }
  return Fail(code, "cannot make the folder: " + error.message(),
              {folder, 0, 0});
}

}  // namespace

Result<std::vector<CommitId>> IdsInRepository(
    const CommitGraph& graph, const std::vector<FileMap>& files) {
  REBISECT_CHECK(files.empty() || files.size() == graph.size());
  PackWriter pack;
  Objects objects(pack);
  return AddCommits(objects, graph, files,
                    std::vector<bool>(graph.size(), true));
}

Result<std::vector<CommitId>> WriteRepository(const CommitGraph& graph,
                                              const std::string& folder,
                                              const WriteOptions& options) {
  REBISECT_CHECK(options.files.empty() || options.files.size() == graph.size());
  REBISECT_CHECK(options.omitted.empty() ||
                 options.omitted.size() == graph.size());
  StartLibgit2();  // which the names of refs need already
  PackWriter pack;
  Objects objects(pack);
  auto ids = AddCommits(objects, graph, options.files, options.omitted);
  if (!ids) return ids;
  REBISECT_ASSIGN_OR_RETURN(const auto refs, PackedRefs(options, *ids));
  REBISECT_RETURN_IF_ERROR(MakeFolder(folder));
  git_repository_init_options init;
  git_repository_init_options_init(&init, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
  init.flags = GIT_REPOSITORY_INIT_NO_REINIT | GIT_REPOSITORY_INIT_MKDIR;
  init.flags |= options.bare ? GIT_REPOSITORY_INIT_BARE
                             : GIT_REPOSITORY_INIT_NO_DOTGIT_DIR;
  init.initial_head = options.head.c_str();
  git_repository* repo = nullptr;
  if (git_repository_init_ext(&repo, folder.c_str(), &init) != 0) {
    return Fail(ErrorCode::kInput,
                "cannot make the repository: " + GitMessage(), {folder, 0, 0});
  }
  const GitRepositoryHandle owner(repo);
  REBISECT_RETURN_IF_ERROR(pack.Write(folder + "/objects/pack"));
  if (auto written = WriteFileAtomically(folder + "/packed-refs", refs);
      !written) {
    return tl::unexpected(written.error());
  }
  return ids;
}

}  // namespace rebisect

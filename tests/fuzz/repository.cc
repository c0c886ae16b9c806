#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/git/load_graph.h"
#include "sim/git/repository.h"
#include "sim/git/write_repository.h"
#include "sim/graph/generate_history.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/targets.h"
#include "tests/support/temp_folder.h"

namespace rebisect::fuzz {
namespace {

using testing_support::GetFile;
using testing_support::PutFile;
using testing_support::TempFolder;

/// The files of a repository that say something of its graph, but for the
/// objects; `config` and what it may include are libgit2's.
constexpr std::array kFiles = {
    "info/grafts", "shallow",          "objects/info/alternates",
    "packed-refs", "refs/heads/other", "HEAD",
    "FETCH_HEAD",
};

/// A repository of six commits, the same at every call.
class SmallRepository {
 public:
  SmallRepository() {
    const MadeHistory made = MakeHistory(HistoryShape::kGit, 5, 1);
    WriteOptions options;
    options.refs = {{"refs/heads/master", made.bad}};
    const auto ids = WriteRepository(made.graph, path(), options);
    Expect(ids.has_value(), "a repository can be made");
    bad_ = (*ids)[made.bad];
    good_ = (*ids)[made.good];
    for (const char* const file : kFiles) {
      before_.push_back(std::filesystem::exists(path() + "/" + file)
                            ? GetFile(path() + "/" + file)
                            : std::string());
    }
  }

  [[nodiscard]] std::string path() const { return folder_ / "made.git"; }
  [[nodiscard]] const CommitId& bad() const { return bad_; }
  [[nodiscard]] const CommitId& good() const { return good_; }

  void Put(std::size_t file, std::string_view text) const {
    PutFile(path() + "/" + kFiles.at(file), std::string(text));
  }
  void Restore(std::size_t file) const {
    if (!before_[file].empty()) return Put(file, before_[file]);
    std::filesystem::remove(path() + "/" + kFiles.at(file));
  }

 private:
  TempFolder folder_;
  CommitId bad_;
  CommitId good_;
  std::vector<std::string> before_;
};

void CheckRepository(const SmallRepository& made) {
  const auto repository = Repository::Open(made.path());
  if (!repository) return ExpectSays(repository.error());
  if (const auto head = repository->Head(); !head) ExpectSays(head.error());
  if (const auto names = repository->References(); !names) {
    ExpectSays(names.error());
  }
  LoadRequest request;
  request.bad = {made.bad()};
  request.goods = {made.good()};
  request.with_names = true;
  const auto loaded = LoadGraph(*repository, request);
  if (!loaded) return ExpectSays(loaded.error());
  const auto bad = loaded->graph.Find(made.bad());
  Expect(bad.has_value(), "a commit that was asked for is there");
}

}  // namespace

/// Which of the files, in a byte, and what it holds.
void FuzzRepository(std::string_view bytes) {
  static const SmallRepository made;
  if (bytes.empty()) return;
  const std::size_t file = NumberIn(bytes.substr(0, 1)) % kFiles.size();
  made.Put(file, bytes.substr(1));
  CheckRepository(made);
  made.Restore(file);
}

}  // namespace rebisect::fuzz

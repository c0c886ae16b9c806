#include "sim/git/substitutions.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/base/result.h"
#include "sim/git/handles.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

constexpr int kMaxReplacements = 5;
constexpr std::string_view kReplacePrefix = "refs/replace/";

bool ReplacementsForbidden(git_repository* repo) {
  if (std::getenv("GIT_NO_REPLACE_OBJECTS") != nullptr) return true;
  git_config* config = nullptr;
  if (git_repository_config_snapshot(&config, repo) != 0) return false;
  const GitConfigHandle owner(config);
  int use = 1;
  return git_config_get_bool(&use, config, "core.usereplacerefs") == 0 &&
         use == 0;
}

Result<void> ReadReplacements(git_repository* repo, Substitutions& result) {
  git_reference_iterator* iterator = nullptr;
  if (git_reference_iterator_glob_new(&iterator, repo, "refs/replace/*") != 0) {
    return Fail(ErrorCode::kInput, "cannot list refs/replace/: " + GitMessage(),
                {git_repository_path(repo), 0, 0});
  }
  const GitReferenceIteratorHandle owner(iterator);
  git_reference* reference = nullptr;
  while (git_reference_next(&reference, iterator) == 0) {
    const GitReferenceHandle reference_owner(reference);
    const std::string_view name = git_reference_name(reference);
    const git_oid* target = git_reference_target(reference);
    const auto id = CommitId::FromHex(name.substr(kReplacePrefix.size()));
    if (target == nullptr || !id) continue;  // git warns and goes on
    result.replacements.emplace(*id, FromOid(*target));
  }
  return {};
}

/// The file, or nullopt when there is none.
Result<std::optional<std::string>> ReadOptional(const std::string& path) {
  Result<std::string> text = ReadInput(path);
  if (text) return std::optional<std::string>(std::move(*text));
  if (text.error().code == ErrorCode::kNotFound) return std::nullopt;
  return tl::unexpected(text.error());
}

/// Calls `take(ids)` for each line of ids; blank lines and # are passed over.
template <class Take>
Result<void> ReadIdLines(const std::string& path, std::string_view text,
                         const Take& take) {
  for (int line_number = 1; !text.empty(); ++line_number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) {
      line.remove_suffix(1);
    }
    if (line.empty() || line.front() == '#') continue;
    std::vector<CommitId> ids;
    for (std::size_t at = 0; at < line.size(); at += CommitId::kHexSize + 1) {
      const auto id = CommitId::FromHex(line.substr(at, CommitId::kHexSize));
      const std::size_t end = at + CommitId::kHexSize;
      if (!id || (end < line.size() && line[end] != ' ')) {
        return Fail(ErrorCode::kInput,
                    "no commit id of 40 digits; repair the line",
                    {path, line_number, static_cast<int>(at) + 1});
      }
      ids.push_back(*id);
    }
    take(std::move(ids));
  }
  return {};
}

}  // namespace

Result<CommitId> Substitutions::Replaced(const CommitId& id) const {
  CommitId at = id;
  for (int depth = 0; depth <= kMaxReplacements; ++depth) {
    const auto it = replacements.find(at);
    if (it == replacements.end()) return at;
    at = it->second;
  }
  return Fail(ErrorCode::kInput, "too many replacements (refs/replace/) of " +
                                     id.Hex() + "; delete some of them");
}

Result<Substitutions> ReadSubstitutions(git_repository* repo) {
  Substitutions result;
  if (!ReplacementsForbidden(repo)) {
    REBISECT_RETURN_IF_ERROR(ReadReplacements(repo, result));
  }
  const std::string common = git_repository_commondir(repo);
  const char* named = std::getenv("GIT_GRAFT_FILE");
  const std::string grafts = named != nullptr ? named : common + "info/grafts";
  REBISECT_ASSIGN_OR_RETURN(const auto graft_text, ReadOptional(grafts));
  if (graft_text) {
    auto read = ReadIdLines(grafts, *graft_text, [&](auto ids) {
      const CommitId id = ids.front();
      ids.erase(ids.begin());
      result.grafts.emplace(id, std::move(ids));  // the first line counts
    });
    REBISECT_RETURN_IF_ERROR(read);
  }
  REBISECT_ASSIGN_OR_RETURN(const auto shallow_text,
                            ReadOptional(common + "shallow"));
  if (shallow_text) {
    result.is_shallow = true;
    REBISECT_RETURN_IF_ERROR(ReadIdLines(
        common + "shallow", *shallow_text,
        [&](auto ids) { result.shallow.insert(ids.begin(), ids.end()); }));
  }
  return result;
}

}  // namespace rebisect

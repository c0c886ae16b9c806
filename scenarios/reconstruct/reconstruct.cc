#include "scenarios/reconstruct/reconstruct.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "scenarios/reconstruct/reconstruct_chain.h"
#include "scenarios/reconstruct/reconstruct_layout.h"
#include "scenarios/reconstruct/reconstruct_record.h"
#include "sim/base/check.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

constexpr const char* kMadeUp = "hypothetical-";

constexpr std::int64_t kFirstDate = 1'000'000'000;
constexpr std::int64_t kSecondsApart = 60;

/// Whether git takes this as the last part of a ref's name.
bool IsRefName(std::string_view name) {
  if (name.empty() || name == "@" || name.front() == '.' ||
      name.front() == '/' || name.back() == '/' || name.back() == '.') {
    return false;
  }
  constexpr std::string_view kForbidden = " ~^:?*[\\\x7f";
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (kForbidden.find(c) != std::string_view::npos) return false;
  }
  for (const std::string_view bad : {"..", "@{", "//", "/.", ".lock/"}) {
    if (name.find(bad) != std::string_view::npos) return false;
  }
  constexpr std::string_view kLock = ".lock";
  return name.size() < kLock.size() ||
         name.substr(name.size() - kLock.size()) != kLock;
}

CommitId NumberedId(std::uint64_t number) {
  CommitId id;
  for (std::size_t i = CommitId::kSize; i-- > CommitId::kSize - 8;) {
    id.bytes[i] = static_cast<std::uint8_t>(number);
    number >>= 8;
  }
  return id;
}

/// Gives the commits of a layout to those of the recording: the index of
/// each canonical commit.
std::map<std::string, std::uint32_t> Cast(const SearchRecord& record,
                                          const Layout& layout) {
  std::map<std::string, std::uint32_t> cast;
  const auto give = [&](const std::string& commit, std::uint32_t index) {
    if (!commit.empty()) cast.emplace(commit, index);
  };
  give(record.bad, layout.bad);
  for (std::size_t i = 0; i < record.goods.size(); ++i) {
    give(record.goods[i], layout.goods[i]);
  }
  for (std::size_t i = 0; i < record.merge_bases.size(); ++i) {
    give(record.merge_bases[i].commit, layout.merge_bases[i]);
  }
  for (std::size_t i = 0; i < record.steps.size(); ++i) {
    give(record.steps[i].commit, layout.midpoints[i]);
  }
  for (std::size_t i = 0; i < record.newer.size(); ++i) {
    give(record.newer[i], layout.newer[i]);
  }
  for (std::size_t i = 0; i < record.between.size(); ++i) {
    // Few suspects may leave no room between bad and good.
    const std::size_t room = layout.others.size();
    give(record.between[i],
         i < room ? layout.others[i] : layout.older[i - room]);
  }
  const std::size_t moved =
      layout.older.size() - record.older.size();  // from `between`
  for (std::size_t i = 0; i < record.older.size(); ++i) {
    give(record.older[i], layout.older[moved + i]);
  }
  return cast;
}

/// The arrays of a layout, with ids, dates, labels and names.
CommitArrays Arrays(Layout layout,
                    const std::map<std::string, std::uint32_t>& cast,
                    const std::map<std::string, std::uint32_t>& writings) {
  CommitArrays arrays;
  const std::size_t n = layout.size();
  arrays.rows = std::move(layout.rows);
  arrays.parents = std::move(layout.parents);
  arrays.ids.resize(n);
  arrays.dates.resize(n);
  std::set<CommitId> recorded_ids;
  std::vector<bool> has_id(n, false);
  for (const auto& [commit, index] : cast) {
    if (const auto id = CommitId::FromHex(commit)) {
      arrays.ids[index] = *id;
      has_id[index] = true;
      recorded_ids.insert(*id);
    } else {
      arrays.labels.emplace(index, commit);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    arrays.dates[i] = kFirstDate + static_cast<std::int64_t>(i) * kSecondsApart;
    if (has_id[i]) continue;
    std::uint64_t number = i + 1;
    while (recorded_ids.count(NumberedId(number)) != 0) {
      number += std::uint64_t{1} << 32;
    }
    arrays.ids[i] = NumberedId(number);
    const auto index = static_cast<std::uint32_t>(i);
    if (arrays.labels.count(index) != 0) continue;
    std::string label = kMadeUp + std::to_string(number);
    while (writings.count(label) != 0) label += '+';
    arrays.labels.emplace(index, std::move(label));
  }
  for (const auto& [writing, index] : writings) {
    if (IsRefName(writing)) {
      arrays.names.emplace("refs/recorded/" + writing, index);
    }
  }
  return arrays;
}

void AddNotes(const SearchRecord& record, const Chain& chain,
              std::vector<std::string>& notes) {
  if (record.counted && !record.steps.empty()) {
    notes.push_back(
        "exact: the order of the commits proposed, and at every step the "
        "counts that the log prints");
  }
  notes.push_back(std::string(record.counted
                                  ? "hypothetical: the topology, "
                                  : "hypothetical: the counts (the log states "
                                    "none), the topology, ") +
                  "all dates, and every commit that the log does not name");
  if (record.bad.empty()) {
    notes.push_back("the log does not name the bad commit of the start");
  }
  if (record.goods.empty()) {
    notes.push_back("the log does not name a good commit of the start");
  }
  if (record.goods.size() > 1) {
    notes.push_back(
        "the good commits of the start form a line, the first one newest");
  }
  if (record.paths) {
    notes.push_back(
        "the search was limited to paths: every suspect stands for one that "
        "touches them, and the search has to be repeated without paths");
  }
  if (!record.between.empty()) {
    notes.push_back(
        "commits tested before the search and not used by it stand in place "
        "of suspects that were never proposed");
  }
  if (!record.ended && !record.steps.empty()) {
    const std::int64_t left =
        record.steps.back().verdict ? chain.left : chain.steps.back().suspects;
    notes.push_back("the record is unfinished: " + std::to_string(left) +
                    (left == 1 ? " suspect is left" : " suspects are left"));
  }
  notes.insert(notes.end(), chain.notes.begin(), chain.notes.end());
}

}  // namespace

std::string_view ReconstructedParts(const Recording& recording) {
  return StatesCounts(recording) ? "counts exact, topology hypothetical"
                                 : "counts and topology hypothetical";
}

bool IsMadeUp(std::string_view label) { return label.starts_with(kMadeUp); }

Result<Reconstruction> Reconstruct(const Recording& recording) {
  REBISECT_ASSIGN_OR_RETURN(const auto record, ReadSearchRecord(recording));
  REBISECT_ASSIGN_OR_RETURN(const auto chain,
                            SolveChain(record, recording.file));
  const std::int64_t suspects =
      chain.steps.empty() ? chain.left : chain.steps.front().suspects;
  // Every step proposes another suspect; the last one is the bad commit.
  const auto unproposed =
      static_cast<std::size_t>(suspects) - 1 - chain.steps.size();
  LayoutSurroundings around;
  around.goods = std::max<std::size_t>(record.goods.size(), 1);
  around.merge_bases = record.merge_bases.size();
  around.newer = record.newer.size();
  around.older = record.older.size();
  if (record.between.size() > unproposed) {
    around.older += record.between.size() - unproposed;
  }
  Layout layout = record.first_parent ? LayOutLine(chain, around)
                                      : LayOutMerged(chain, around);
  REBISECT_CHECK(layout.others.size() == unproposed);
  const auto cast = Cast(record, layout);
  std::map<std::string, std::uint32_t> writings;
  for (const auto& [writing, commit] : record.writings) {
    const auto found = cast.find(commit);
    if (found == cast.end()) continue;
    writings.emplace(writing, found->second);
    writings.emplace(commit, found->second);
  }
  Reconstruction result;
  AddNotes(record, chain, result.notes);
  REBISECT_ASSIGN_OR_RETURN(
      auto graph,
      CommitGraph::Build(Arrays(std::move(layout), cast, writings)));
  // Parents come first in the layout, so the graph numbers its commits alike.
  for (const auto& [writing, index] : writings) {
    result.recorded.emplace(writing, index);
  }
  result.graph = std::move(graph);
  return result;
}

}  // namespace rebisect

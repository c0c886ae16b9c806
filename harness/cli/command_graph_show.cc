#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <utility>

#include "harness/cli/command_support.h"
#include "harness/cli/search_ends.h"
#include "harness/graph/commit_names.h"
#include "harness/search/search.h"
#include "harness/search/shown_search_report.h"
#include "sim/base/result.h"

namespace rebisect {
namespace {

/// What is known of a search, by commits of its graph.
class MarkFinder {
 public:
  MarkFinder(bool whole, LoadedEnds& ends) : ends_(ends) {
    search_.whole = whole;
  }

  Result<SearchToShow> Find() {
    if (!ends_.bad || ends_.goods.empty()) {
      return Fail(ErrorCode::kUsage,
                  "there is no search to show; give a RECORDING, or --bad and "
                  "--good");
    }
    if (ends_.recording) {
      REBISECT_RETURN_IF_ERROR(OfRecording(*ends_.recording));
    } else
      REBISECT_RETURN_IF_ERROR(FirstTest());
    search_.bad = *graph().Find(*ends_.bad);
    for (const CommitId& good : ends_.goods) {
      search_.goods.push_back(*graph().Find(good));
    }
    AddEnds();
    return std::move(search_);
  }

  /// What the record names and the graph lacks.
  [[nodiscard]] const std::set<std::string>& lacking() const {
    return lacking_;
  }

 private:
  [[nodiscard]] const CommitGraph& graph() const {
    return ends_.source->graph();
  }

  /// What the last search of the record was told, and what it found.
  Result<void> OfRecording(const Recording& recording) {
    for (const Event& event : recording.events) {
      const auto* const start = std::get_if<Start>(&event);
      if (start == nullptr) continue;
      search_.first_parent = start->first_parent;
      if (start->paths.empty()) continue;
      return Fail(ErrorCode::kUnsupported,
                  "the search is limited to paths, and who is whose ancestor "
                  "then changes from step to step",
                  {recording.file, 0, 0});
    }
    CommitNames names(recording, *ends_.source);
    GraphQuestion question;
    for (const Move& move : ends_.search.moves) Ask(move, names, question);
    const bool found = recording.end.kind == EndKind::kCulprit;
    const auto culprit =
        found ? names(recording.end.culprit) : std::optional<CommitId>();
    if (culprit) question.others.push_back(*culprit);
    REBISECT_RETURN_IF_ERROR(ends_.source->Load(question));
    for (const Event& event : recording.events) {
      const auto* const test = std::get_if<Test>(&event);
      if (test == nullptr || test->release.empty()) continue;
      if (const auto id = names(test->commit)) releases_[*id] = test->release;
    }
    std::size_t step = 0;
    for (const Move& move : ends_.search.moves) AddMove(move, names, step);
    if (culprit) {
      ShownMark mark;
      mark.culprit = true;
      Add(*culprit, recording.end.culprit, std::move(mark));
    } else if (found) {
      lacking_.insert(recording.end.culprit);
    }
    return {};
  }

  [[nodiscard]] static std::vector<std::string> NamesOf(const Move& move) {
    if (move.kind == MoveKind::kStep) return {move.commit};
    return move.kind == MoveKind::kJump ? move.marked
                                        : std::vector<std::string>{};
  }

  static void Ask(const Move& move, CommitNames& names,
                  GraphQuestion& question) {
    for (const std::string& name : NamesOf(move)) {
      if (const auto id = names(name)) question.others.push_back(*id);
    }
  }

  /// Steps are numbered as those of a replay.
  void AddMove(const Move& move, CommitNames& names, std::size_t& step) {
    if (move.kind == MoveKind::kStart) search_.marks.clear();
    const bool is_step = move.kind == MoveKind::kStep;
    if (!is_step && (move.kind != MoveKind::kJump || !move.verdict)) return;
    ++step;
    for (const std::string& name : NamesOf(move)) {
      if (name.find("..") != std::string::npos) continue;  // skipped
      ShownMark mark;
      mark.verdict = move.verdict;
      mark.step = move.verdict ? step : 0;
      mark.next = !move.verdict;
      mark.merge_base = move.merge_base;
      if (const auto id = names(name)) {
        Add(*id, name, std::move(mark));
      } else {
        lacking_.insert(name);
      }
    }
  }

  void Add(const CommitId& id, const std::string& name, ShownMark mark) {
    const auto v = graph().Find(id);
    if (!v) {
      lacking_.insert(name);
      return;
    }
    mark.commit = *v;
    search_.marks.push_back(std::move(mark));
  }

  /// Of a search that is only asked for: what git would test first.
  Result<void> FirstTest() {
    Search search(*ends_.source, SearchOptions{});
    REBISECT_ASSIGN_OR_RETURN(const auto report,
                              search.Start({ends_.bad, ends_.goods}));
    if (!report.next) return {};
    ShownMark mark;
    mark.commit = *graph().Find(*report.next);
    mark.next = true;
    mark.merge_base = report.state == SessionState::kMergeBase;
    search_.marks.push_back(std::move(mark));
    return {};
  }

  /// The ends, with what they were called.
  void AddEnds() {
    for (const auto& [name, id] : ends_.recorded) {
      const bool bad = id == *ends_.bad;
      const bool good = std::find(ends_.goods.begin(), ends_.goods.end(), id) !=
                        ends_.goods.end();
      if (!bad && !good) continue;
      ShownMark mark;
      mark.commit = *graph().Find(id);
      mark.verdict = bad ? Verdict::kBad : Verdict::kGood;
      const auto release = releases_.find(id);
      if (!LooksLikeHexId(name)) {
        mark.name = name;
      } else if (release != releases_.end()) {
        mark.name = release->second;
      }
      search_.marks.insert(search_.marks.begin(), std::move(mark));
    }
  }

  LoadedEnds& ends_;
  SearchToShow search_{};
  std::map<CommitId, std::string> releases_;
  std::set<std::string> lacking_;
};

Result<std::string> Show(const GraphArguments& arguments,
                         const TerminalStyle& style) {
  REBISECT_ASSIGN_OR_RETURN(auto ends, LoadEnds(arguments));
  MarkFinder finder(arguments.whole, ends);
  REBISECT_ASSIGN_OR_RETURN(const auto search, finder.Find());
  const GraphSource& source = *ends.source;
  auto shown = ShowSearch(source.graph(), search);
  if (!shown) {
    Error error = std::move(shown.error());
    if (ends.recording) error.where.file = ends.recording->file;
    return tl::unexpected(std::move(error));
  }
  ShownSearchReport report{ends.recording ? ends.recording->name : "", &source,
                           *std::move(shown), source.notes()};
  for (const std::string& name : finder.lacking()) {
    report.notes.push_back("the graph lacks " + name +
                           ", which the record names: it is not shown");
  }
  return arguments.format == OutputFormat::kJson
             ? ShownSearchJson(report)
             : ShownSearchText(report, style);
}

}  // namespace

int RunGraphShow(const GraphArguments& arguments, const Streams& streams) {
  const auto shown = Show(arguments, streams.style);
  if (!shown) return Report(shown.error(), streams);
  streams.out << *shown;
  return kExitHolds;
}

}  // namespace rebisect

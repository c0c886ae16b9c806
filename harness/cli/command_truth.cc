#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/cli/command_support.h"
#include "harness/diagnose/fixes_tags.h"
#include "harness/input/inputs.h"
#include "harness/input/load_recording.h"
#include "harness/text/json_text.h"
#include "harness/text/report_lines.h"
#include "sim/base/result.h"
#include "sim/git/load_graph.h"
#include "sim/git/repository.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

class TruthCommandRun {
 public:
  TruthCommandRun(const TruthArguments& arguments, const Streams& streams)
      : arguments_(arguments), streams_(streams) {}

  int Run() {
    const auto inputs = ExpandInputs(arguments_.inputs);
    if (!inputs) return Report(inputs.error(), streams_);
    bool failed = false;
    std::vector<Recording> recordings;
    for (const std::string& input : *inputs) {
      auto recording = LoadRecording(input);
      if (recording) {
        recordings.push_back(*std::move(recording));
        continue;
      }
      failed = true;
      Report(recording.error(), streams_);
    }
    if (auto read = ReadTags(); !read) return Report(read.error(), streams_);
    for (const Recording& recording : recordings) One(recording);
    if (arguments_.format == OutputFormat::kText) Sum(recordings.size());
    const int written = WriteResult(arguments_.output, out_, streams_);
    return failed ? kExitError : written;
  }

 private:
  /// Of every commit that the refs of a repository lead to.
  Result<void> ReadTags() {
    std::set<CommitId> seen;
    for (const std::string& path : arguments_.repositories) {
      REBISECT_ASSIGN_OR_RETURN(const auto repository, Repository::Open(path));
      REBISECT_ASSIGN_OR_RETURN(const auto references, repository.References());
      LoadRequest request;
      request.slack = kAllAncestors;
      for (const auto& [name, id] : references) request.bad.push_back(id);
      if (request.bad.empty()) continue;
      REBISECT_ASSIGN_OR_RETURN(const auto loaded,
                                LoadGraph(repository, request));
      Progress progress =
          StartProgress(streams_, "commits", loaded.graph.size());
      for (Vertex v = 0; v < loaded.graph.size(); ++v) {
        progress.Update(v);
        const CommitId id = loaded.graph.Id(v);
        if (!seen.insert(id).second) continue;
        // A boundary has no text to read.
        const auto message = repository.Message(id);
        if (!message) continue;
        FixesTags tags = ReadFixesTags(*message);
        if (tags.fixed.empty() && tags.reports.empty()) continue;
        tags.commit = id;
        for (std::string& fixed : tags.fixed) {
          if (const auto whole = repository.Resolve(fixed)) {
            fixed = whole->Hex();
          }
        }
        tags_.push_back(std::move(tags));
      }
      progress.Finish();
    }
    return {};
  }

  void One(const Recording& recording) {
    const std::vector<TruthProposal> proposals = ProposeTruth(recording, tags_);
    std::set<std::string> truths;
    for (const TruthProposal& proposal : proposals) {
      if (proposal.same_bug) truths.insert(proposal.culprit);
    }
    const bool settled = truths.size() == 1;
    if (settled) ++settled_;
    if (arguments_.format == OutputFormat::kJson) {
      Json(recording, proposals, settled ? *truths.begin() : "");
      return;
    }
    bool written = false;
    for (const TruthProposal& proposal : proposals) {
      const bool label = settled && proposal.same_bug && !written;
      written = written || label;
      out_ += Printable(std::string(label ? "" : "# ") + proposal.recording);
      out_ += '\t' + Printable(proposal.culprit + "  # " + proposal.evidence) +
              '\n';
    }
  }

  void Json(const Recording& recording,
            const std::vector<TruthProposal>& proposals,
            const std::string& truth) {
    ordered_json json;
    json["schema"] = "rebisect.truth/1";
    json["recording"] = recording.name;
    json["truth"] = truth.empty() ? ordered_json(nullptr) : ordered_json(truth);
    json["proposals"] = ordered_json::array();
    for (const TruthProposal& proposal : proposals) {
      json["proposals"].push_back({{"culprit", proposal.culprit},
                                   {"same_bug", proposal.same_bug},
                                   {"evidence", proposal.evidence}});
    }
    out_ += JsonText(json) + '\n';
  }

  void Sum(std::size_t recordings) {
    streams_.errors << std::to_string(settled_) + " of " +
                           Counted(recordings, "recording") +
                           " labelled, from " +
                           Counted(tags_.size(), "commit") +
                           " with tags; lines that begin with # are for you "
                           "to judge\n";
  }

  const TruthArguments& arguments_;
  const Streams& streams_;
  std::vector<FixesTags> tags_;
  std::size_t settled_ = 0;
  std::string out_;
};

}  // namespace

int RunTruth(const TruthArguments& arguments, const Streams& streams) {
  if (const auto kept = CheckOutput(arguments.output, arguments.inputs);
      !kept) {
    return Report(kept.error(), streams);
  }
  return TruthCommandRun(arguments, streams).Run();
}

}  // namespace rebisect

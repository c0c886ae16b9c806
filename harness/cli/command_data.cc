// convert, reconstruct and graph: from one form of the data to another.

#include <algorithm>
#include <ostream>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/cli/command_support.h"
#include "harness/cli/search_ends.h"
#include "harness/graph/revision.h"
#include "harness/input/inputs.h"
#include "harness/input/load_recording.h"
#include "harness/search/search.h"
#include "harness/text/json_text.h"
#include "harness/text/report_lines.h"
#include "scenarios/logs/table.h"
#include "scenarios/reconstruct/reconstruct.h"
#include "scenarios/recording/recording_json.h"
#include "scenarios/recording/recording_names.h"
#include "scenarios/recording/recording_yaml.h"
#include "sim/base/result.h"
#include "sim/base/text.h"
#include "sim/git/write_repository.h"
#include "sim/graph/generate_history.h"
#include "sim/graph/slice_graph.h"
#include "sim/io/dag_text.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

std::string Dump(const ordered_json& json) { return JsonText(json) + '\n'; }

Result<Recording> LoadForConversion(const ConvertArguments& arguments) {
  if (arguments.from.empty()) return LoadRecording(arguments.input);
  REBISECT_ASSIGN_OR_RETURN(auto bytes, ReadInput(arguments.input));
  const std::string name = InputName(arguments.input);
  return arguments.from == "csv" ? ReadCsvTable(bytes, name)
                                 : ReadJsonlTable(bytes, name);
}

struct GraphFacts {
  std::size_t commits = 0;
  std::size_t edges = 0;
  std::size_t merges = 0;
  std::size_t octopuses = 0;
  std::size_t roots = 0;
  std::size_t boundary = 0;
  std::size_t skewed = 0;  ///< commits older than one of their parents
};

GraphFacts FactsOf(const CommitGraph& graph) {
  GraphFacts facts;
  facts.commits = graph.size();
  facts.edges = graph.EdgeCount();
  for (Vertex v = 0; v < graph.size(); ++v) {
    const std::span<const Vertex> parents = graph.Parents(v);
    if (parents.size() > 1) ++facts.merges;
    if (parents.size() > 2) ++facts.octopuses;
    if (!graph.ParentsKnown(v)) {
      ++facts.boundary;
    } else if (parents.empty()) {
      ++facts.roots;
    }
    if (std::any_of(parents.begin(), parents.end(),
                    [&](Vertex p) { return graph.Date(p) > graph.Date(v); })) {
      ++facts.skewed;
    }
  }
  return facts;
}

/// What the search needs of the graph. Recorded names that are no ids and no
/// names of the graph become refs, so that the recording can be replayed on
/// the part alone.
Result<CommitGraph> Slice(const LoadedEnds& ends) {
  if (!ends.bad || ends.goods.empty()) {
    return Fail(ErrorCode::kUsage,
                "--slice needs to know the search; give a RECORDING, or --bad "
                "and --good");
  }
  const CommitGraph& graph = ends.source->graph();
  SliceRequest request;
  request.bad = {*graph.Find(*ends.bad)};
  for (const CommitId& good : ends.goods) {
    request.goods.push_back(*graph.Find(good));
  }
  for (const auto& [name, id] : ends.recorded) {
    const Vertex v = *graph.Find(id);
    request.others.push_back(v);
    const auto known = ResolveInGraph(graph, name);
    if (!known || *known != v) {
      request.names.emplace("refs/recorded/" + name, v);
    }
  }
  return SliceGraph(graph, request);
}

/// The whole graph as one object, commits in the order of the DAG text. Put
/// together as text: a tree of a million commits would take gigabytes.
std::string GraphJson(const CommitGraph& graph, GraphKind kind) {
  const auto quoted = [](const std::string& text) {
    return JsonText(ordered_json(text));
  };
  std::string text = R"({"schema":"rebisect.graph/1","source":)";
  text += quoted(std::string(NameOf(kind)));
  text += R"(,"commits":[)";
  for (Vertex v = 0; v < graph.size(); ++v) {
    const std::string id = graph.Id(v).Hex();
    text += v == 0 ? R"({"id":")" : R"(,{"id":")";
    text += id;
    text += R"(","date":)";
    text += std::to_string(graph.Date(v));
    text += R"(,"parents":[)";
    const char* separator = "\"";
    for (const Vertex parent : graph.Parents(v)) {
      text += separator;
      text += graph.Id(parent).Hex();
      text += '"';
      separator = ",\"";
    }
    text += ']';
    if (!graph.ParentsKnown(v)) text += R"(,"boundary":true)";
    if (const std::string label = graph.Label(v); label != id) {
      text += R"(,"label":)";
      text += quoted(label);
    }
    text += '}';
  }
  text += R"(],"names":{)";
  for (const auto& [name, v] : graph.Names()) {
    if (text.back() != '{') text += ',';
    text += quoted(name);
    text += R"(:")";
    text += graph.Id(v).Hex();
    text += '"';
  }
  text += "}}\n";
  return text;
}

}  // namespace

int RunConvert(const ConvertArguments& arguments, const Streams& streams) {
  if (const auto kept = CheckOutput(arguments.output, {arguments.input});
      !kept) {
    return Report(kept.error(), streams);
  }
  const auto recording = LoadForConversion(arguments);
  if (!recording) return Report(recording.error(), streams);
  if (arguments.format == OutputFormat::kText) {
    return WriteResult(arguments.output, WriteRecordingYaml(*recording),
                       streams);
  }
  const auto json = WriteRecordingJson(*recording);
  if (!json) return Report(json.error(), streams);
  return WriteResult(arguments.output, *json, streams);
}

int RunReconstruct(const ReconstructArguments& arguments,
                   const Streams& streams) {
  const auto recording = LoadRecording(arguments.input);
  if (!recording) return Report(recording.error(), streams);
  const auto made = Reconstruct(*recording);
  if (!made) return Report(made.error(), streams);
  WriteOptions options;
  for (const auto& [name, v] : made->graph.Names()) {
    if (name.rfind("refs/", 0) == 0) options.refs.emplace(name, v);
  }
  const auto tip = static_cast<Vertex>(made->graph.size() - 1);
  options.refs.emplace(options.head, tip);
  ordered_json rows = ordered_json::array();
  const auto fill = [&](const std::string& folder) -> Result<void> {
    REBISECT_ASSIGN_OR_RETURN(const auto ids,
                              WriteRepository(made->graph, folder, options));
    std::string mapping = "# recorded\tcommit\tref\n";
    for (const auto& [name, v] : made->recorded) {
      const std::string ref = "refs/recorded/" + name;
      const bool has_ref = options.refs.count(ref) != 0;
      mapping +=
          name + '\t' + ids[v].Hex() + '\t' + (has_ref ? ref : "-") + '\n';
      rows.push_back({{"recorded", name},
                      {"commit", ids[v].Hex()},
                      {"ref", has_ref ? ordered_json(ref) : nullptr}});
    }
    return WriteFileAtomically(folder + "/recorded.tsv", mapping);
  };
  if (const auto written = MakeFolderAtomically(arguments.folder, fill);
      !written) {
    return Report(written.error(), streams);
  }
  const std::string file = arguments.folder + "/recorded.tsv";
  if (arguments.format == OutputFormat::kJson) {
    ordered_json json;
    json["schema"] = "rebisect.reconstruct/1";
    json["recording"] = recording->name;
    json["folder"] = arguments.folder;
    json["commits"] = made->graph.size();
    json["mapping"] = file;
    json["recorded"] = std::move(rows);
    json["notes"] = made->notes;
    streams.out << Dump(json);
    return kExitHolds;
  }
  ReportLines lines(streams.style, 0);
  lines.Paragraph(recording->name + ": " +
                      Counted(made->graph.size(), "commit") + " in " +
                      arguments.folder + " (bare); " +
                      std::string(ReconstructedParts(*recording)),
                  0, 2);
  lines.Paragraph(Counted(made->recorded.size(), "recorded commit") +
                      " as refs/recorded/<id or name>, listed in " + file,
                  2);
  for (const std::string& note : made->notes) lines.Paragraph(note, 2);
  streams.out << lines.Take();
  return kExitHolds;
}

int RunGraphInfo(const GraphArguments& arguments, const Streams& streams) {
  const auto ends = LoadEnds(arguments);
  if (!ends) return Report(ends.error(), streams);
  std::optional<StepReport> first;
  std::size_t suspects = 0;
  if (ends->bad && !ends->goods.empty()) {
    Search search(*ends->source, SearchOptions{});
    auto report = search.Start({ends->bad, ends->goods});
    if (!report) return Report(report.error(), streams);
    first = *std::move(report);
    if (search.session().suspects()) {
      suspects = search.session().suspects()->size();
    }
  }
  const CommitGraph& graph = ends->source->graph();
  const GraphFacts facts = FactsOf(graph);
  const auto label = [&](const CommitId& id) {
    return graph.Label(*graph.Find(id));
  };
  if (arguments.format == OutputFormat::kJson) {
    ordered_json json;
    json["schema"] = "rebisect.graph-info/1";
    json["source"] = NameOf(ends->source->kind());
    json["commits"] = facts.commits;
    json["edges"] = facts.edges;
    json["merges"] = facts.merges;
    json["octopuses"] = facts.octopuses;
    json["roots"] = facts.roots;
    json["boundary"] = facts.boundary;
    json["skewed"] = facts.skewed;
    json["names"] = graph.Names().size();
    json["suspects"] = first ? ordered_json(suspects) : nullptr;
    json["first_test"] =
        first && first->next ? ordered_json(label(*first->next)) : nullptr;
    json["notes"] = ends->source->notes();
    streams.out << Dump(json);
    return kExitHolds;
  }
  const auto field = [&](const std::string& name, const std::string& value) {
    streams.out << "  " << PadRight(name, 11) << value << '\n';
  };
  streams.out << "graph: " << NameOf(ends->source->kind()) << '\n';
  field("commits", std::to_string(facts.commits) + " (" +
                       Counted(facts.merges, "merge") + ", " +
                       std::to_string(facts.octopuses) + " of more than two; " +
                       Counted(facts.roots, "root") + ")");
  field("edges", std::to_string(facts.edges));
  if (facts.boundary > 0) {
    field("boundary",
          Counted(facts.boundary, "commit") + " whose parents were not loaded");
  }
  field("skewed", Counted(facts.skewed, "commit") + " older than a parent");
  if (first) {
    field("suspects", std::to_string(suspects));
    if (first->next) field("first test", label(*first->next));
  }
  for (const std::string& note : ends->source->notes()) {
    for (const std::string& line :
         Wrap("note: " + Printable(note), streams.style.width - 2)) {
      streams.out << "  " << line << '\n';
    }
  }
  return kExitHolds;
}

int RunGraphExport(const GraphArguments& arguments, const Streams& streams) {
  std::vector<std::string> read = arguments.graph.dags;
  read.push_back(arguments.input);
  if (const auto kept = CheckOutput(arguments.output, read); !kept) {
    return Report(kept.error(), streams);
  }
  const auto ends = LoadEnds(arguments);
  if (!ends) return Report(ends.error(), streams);
  CommitGraph part;
  if (arguments.slice) {
    auto slice = Slice(*ends);
    if (!slice) return Report(slice.error(), streams);
    part = *std::move(slice);
  }
  const CommitGraph& graph = arguments.slice ? part : ends->source->graph();
  return WriteResult(arguments.output,
                     arguments.format == OutputFormat::kJson
                         ? GraphJson(graph, ends->source->kind())
                         : WriteDag(graph),
                     streams);
}

int RunGraphGenerate(const GenerateArguments& arguments,
                     const Streams& streams) {
  const auto shape = HistoryShapeNamed(arguments.shape);
  if (!shape) {
    return Report({ErrorCode::kUsage,
                   "there is no shape of a history '" + arguments.shape + "'" +
                       SuggestWord(arguments.shape, HistoryShapeNames()),
                   {},
                   {}},
                  streams);
  }
  const MadeHistory made =
      MakeHistory(*shape, arguments.commits, arguments.seed);
  return WriteResult(arguments.output, WriteDag(made.graph), streams);
}

}  // namespace rebisect

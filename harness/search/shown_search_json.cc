#include <nlohmann/json.hpp>

#include "harness/search/shown_search_report.h"
#include "harness/text/json_text.h"
#include "harness/text/json_values.h"

namespace rebisect {
namespace {

using nlohmann::ordered_json;

ordered_json NodeJson(const ShownNode& node, const GraphSource& source) {
  ordered_json json;
  const bool commit = node.kind == ShownNode::Kind::kCommit;
  json["kind"] = commit                                   ? "commit"
                 : node.kind == ShownNode::Kind::kStretch ? "stretch"
                                                          : "older";
  std::string label;
  std::string subject;
  if (commit) {
    const CommitId& id = source.graph().Id(node.commit);
    label = source.Label(id);
    subject = source.Subject(id);
  }
  json["commit"] = OrNull(label);
  json["subject"] = OrNull(subject);
  json["commits"] = node.kind == ShownNode::Kind::kOlder
                        ? ordered_json(nullptr)
                        : ordered_json(node.commits);
  json["suspect"] = node.suspect;
  json["left_at"] =
      node.left_at ? ordered_json(*node.left_at) : ordered_json(nullptr);
  json["marks"] = ordered_json::array();
  for (const ShownMark& mark : node.marks) {
    json["marks"].push_back(
        {{"verdict", mark.verdict ? ordered_json(ToString(*mark.verdict))
                                  : ordered_json(nullptr)},
         {"step", mark.step},
         {"merge_base", mark.merge_base},
         {"culprit", mark.culprit},
         {"next", mark.next},
         {"name", OrNull(mark.name)}});
  }
  json["parents"] = node.parents;
  return json;
}

}  // namespace

std::string ShownSearchJson(const ShownSearchReport& report) {
  const GraphSource& source = *report.source;
  ordered_json json;
  json["schema"] = "rebisect.graph-show/1";
  json["recording"] =
      report.name.empty() ? ordered_json(nullptr) : ordered_json(report.name);
  json["source"] = NameOf(source.kind());
  json["commits"] = source.graph().size();
  json["suspects_at_start"] = report.shown.suspects_at_start;
  json["suspects_left"] = report.shown.suspects_left;
  json["nodes"] = ordered_json::array();
  for (const ShownNode& node : report.shown.nodes) {
    json["nodes"].push_back(NodeJson(node, source));
  }
  json["notes"] = report.notes;
  return JsonText(json) + '\n';
}

}  // namespace rebisect

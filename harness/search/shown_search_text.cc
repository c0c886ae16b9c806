#include <algorithm>

#include "harness/search/shown_search_report.h"
#include "harness/text/lane_graph.h"
#include "harness/text/report_lines.h"

namespace rebisect {
namespace {

/// Lanes leave this many columns for text.
constexpr int kMinTextColumns = 30;

/// "bad, step 5, culprit".
std::string MarksText(const ShownNode& node) {
  std::vector<std::string> words;
  const auto add = [&words](const std::string& word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) {
      words.push_back(word);
    }
  };
  for (const ShownMark& mark : node.marks) {
    if (mark.verdict) add(std::string(ToString(*mark.verdict)));
    if (mark.step > 0) add("step " + std::to_string(mark.step));
    if (mark.merge_base) add("merge base");
    if (mark.next) add("to be tested");
    if (mark.culprit) add("culprit");
    if (!mark.name.empty()) add(mark.name);
  }
  std::string text;
  for (const std::string& word : words) {
    text += text.empty() ? "" : ", ";
    text += word;
  }
  return text;
}

std::string StretchText(const ShownNode& node) {
  if (node.kind == ShownNode::Kind::kOlder) return "older commits, good";
  if (node.suspect) return Counted(node.commits, "untested suspect");
  return Counted(node.commits, "untested commit") +
         (node.good ? ", good since step " : ", left out at step ") +
         std::to_string(*node.left_at);
}

/// The drawing for a person.
class ShownSearchWriter {
 public:
  ShownSearchWriter(const ShownSearchReport& report, const TerminalStyle& style)
      : report_(report), style_(style), out_(style, kLabelColumns) {}

  std::string Write() {
    const GraphSource& source = *report_.source;
    if (!report_.name.empty()) out_.Line(style_.Bold(Printable(report_.name)));
    std::string graph = std::string(NameOf(source.kind())) + ", " +
                        Counted(source.graph().size(), "commit");
    out_.Field("graph", graph);
    out_.Field("suspects", std::to_string(report_.shown.suspects_left) +
                               " left of " +
                               std::to_string(report_.shown.suspects_at_start));
    for (const std::string& note : report_.notes) out_.Field("note", note);
    out_.Line("");
    std::vector<LaneNode> nodes;
    for (const ShownNode& node : report_.shown.nodes) {
      nodes.push_back({node.parents, SignOf(node)});
    }
    for (const LaneRow& row : DrawLanes(nodes, style_.box)) {
      std::string line = Fit(row.lanes, style_.width - kMinTextColumns - 1);
      if (row.node) {
        const int room = style_.width - Columns(line) - 1;
        line += ' ' + Text(report_.shown.nodes[*row.node], room);
      }
      out_.Line(line);
    }
    return out_.Take();
  }

 private:
  static constexpr int kLabelColumns = 10;

  static LaneNode::Sign SignOf(const ShownNode& node) {
    if (node.kind == ShownNode::Kind::kStretch) return LaneNode::Sign::kStretch;
    return node.left_at == std::size_t{0} ? LaneNode::Sign::kOutside
                                          : LaneNode::Sign::kCommit;
  }

  [[nodiscard]] std::string Text(const ShownNode& node, int room) const {
    if (node.kind != ShownNode::Kind::kCommit) {
      return style_.Dim(Fit(StretchText(node), room));
    }
    const GraphSource& source = *report_.source;
    const CommitId& id = source.graph().Id(node.commit);
    std::string text = Fit(Printable(Short(source.Label(id))), room);
    room -= Columns(text) + 1;
    const std::string marks =
        Fit('(' + Printable(MarksText(node)) + ')', std::max(room, 1));
    if (marks != "()" && room > 0) {
      text += ' ' + Painted(node, marks);
      room -= Columns(marks) + 1;
    }
    const std::string subject = Printable(source.Subject(id));
    if (!subject.empty() && room > 0) text += ' ' + Fit(subject, room);
    return text;
  }

  [[nodiscard]] std::string Painted(const ShownNode& node,
                                    const std::string& marks) const {
    std::optional<Verdict> verdict;
    for (const ShownMark& mark : node.marks) {
      if (mark.verdict) verdict = mark.verdict;
    }
    if (!verdict || *verdict == Verdict::kSkip) return style_.Notice(marks);
    return *verdict == Verdict::kBad ? style_.Bad(marks) : style_.Good(marks);
  }

  const ShownSearchReport& report_;
  const TerminalStyle& style_;
  ReportLines out_;
};

}  // namespace

std::string ShownSearchText(const ShownSearchReport& report,
                            const TerminalStyle& style) {
  return ShownSearchWriter(report, style).Write();
}

}  // namespace rebisect

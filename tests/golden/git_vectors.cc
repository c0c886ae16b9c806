#include "tests/golden/git_vectors.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "sim/base/check.h"
#include "sim/io/input.h"
#include "sim/session/bisect_session.h"
#include "sim/session/git_selection.h"

namespace rebisect::testing_support {
namespace {

using nlohmann::json;

/// Trees as the vectors give them: a content number for each file.
class VectorTrees final : public TreeComparison {
 public:
  VectorTrees(std::vector<std::vector<int>> files, std::vector<std::size_t> k)
      : files_(std::move(files)), paths_(std::move(k)) {}

  Result<bool> Same(Vertex commit, Vertex parent) override {
    for (const std::size_t k : paths_) {
      if (files_[commit][k] != files_[parent][k]) return false;
    }
    return true;
  }
  Result<bool> Empty(Vertex commit) override {
    for (const std::size_t k : paths_) {
      if (files_[commit][k] != 0) return false;
    }
    return true;
  }

 private:
  std::vector<std::vector<int>> files_;  // by vertex
  std::vector<std::size_t> paths_;
};

struct Case {
  CommitGraph graph;
  std::vector<CommitId> ids;  // by node
  const json* data = nullptr;

  [[nodiscard]] CommitId Id(const json& node) const {
    return ids.at(node.get<std::size_t>());
  }
  [[nodiscard]] json Node(const CommitId& id) const {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == id) return i;
    }
    return nullptr;
  }
};

Case MakeCase(const GitVector& vector) {
  Case result;
  result.data = &vector;
  CommitArrays arrays;
  for (const json& hex : vector.at("oids")) {
    result.ids.push_back(*CommitId::FromHex(hex.get<std::string>()));
  }
  arrays.ids = result.ids;
  arrays.rows.push_back(0);
  for (const json& row : vector.at("dag")) {
    for (const json& parent : row.at(1)) {
      arrays.parents.push_back(parent.get<std::uint32_t>());
    }
    arrays.rows.push_back(static_cast<std::uint32_t>(arrays.parents.size()));
    arrays.dates.push_back(row.at(2).get<std::int64_t>());
  }
  auto graph = CommitGraph::Build(std::move(arrays));
  REBISECT_CHECK(graph.has_value());
  result.graph = *std::move(graph);
  return result;
}

std::unique_ptr<TreeComparison> MakeTrees(
    const Case& c, const std::vector<std::string>& paths) {
  const json& files = c.data->at("files");
  std::vector<std::vector<int>> by_vertex(c.graph.size());
  for (std::size_t node = 0; node < c.ids.size(); ++node) {
    by_vertex[*c.graph.Find(c.ids[node])] =
        files.at(node).get<std::vector<int>>();
  }
  std::vector<std::size_t> k;
  for (const std::string& path : paths) k.push_back(std::stoul(path.substr(1)));
  return std::make_unique<VectorTrees>(std::move(by_vertex), std::move(k));
}

bool TakeOption(StartCommand& start, const std::string& word) {
  const auto value = [&](std::string_view option) {
    return word.rfind(option, 0) == 0
               ? std::optional(word.substr(option.size()))
               : std::nullopt;
  };
  for (const char* name : {"--term-new=", "--term-bad="}) {
    if (auto term = value(name)) start.term_bad = term;
  }
  for (const char* name : {"--term-old=", "--term-good="}) {
    if (auto term = value(name)) start.term_good = term;
  }
  if (word == "--first-parent") start.first_parent = true;
  return word.rfind("--", 0) == 0;
}

StartCommand MakeStart(const Case& c, const json& command) {
  StartCommand start;
  bool in_paths = false;
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (command[i].is_number()) {
      const CommitId id = c.Id(command[i]);
      start.words.push_back('@' + std::to_string(command[i].get<int>()) + '@');
      if (start.bad) {
        start.goods.push_back(id);
      } else {
        start.bad = id;
      }
      continue;
    }
    const auto word = command[i].get<std::string>();
    start.words.push_back(word);
    if (in_paths) {
      start.paths.push_back(word);
    } else if (word == "--") {
      in_paths = true;
    } else {
      REBISECT_CHECK(TakeOption(start, word));
    }
  }
  return start;
}

MarkCommand MakeMark(const Case& c, const std::string& term,
                     const json& target) {
  MarkCommand mark{term, {}};
  if (target.is_object()) {
    const json& range = target.at("range");
    mark.arguments.push_back(CommitRange{c.Id(range[0]), c.Id(range[1])});
  } else if (target.is_array()) {
    for (const json& node : target) mark.arguments.push_back(c.Id(node));
  } else if (!target.is_null()) {
    mark.arguments.push_back(c.Id(target));
  }
  return mark;
}

/// What a report says, in the form the vectors use.
json Describe(const Case& c, const StepReport& report) {
  json got;
  switch (report.state) {
    case SessionState::kWaiting:
      got["kind"] = "wait";
      break;
    case SessionState::kTesting:
      got["kind"] = "step";
      got["next"] = c.Node(*report.next);
      got["revisions_left"] = *report.revisions_left;
      got["steps_left"] = *report.steps_left;
      break;
    case SessionState::kMergeBase:
      got["kind"] = "step";
      got["next"] = c.Node(*report.next);
      got["merge_base"] = true;
      break;
    case SessionState::kFound:
      got["kind"] = "culprit";
      got["node"] = c.Node(*report.culprit);
      break;
    case SessionState::kOnlySkipped:
      got["kind"] = "only_skipped";
      got["nodes"] = json::array();
      for (const CommitId& id : report.suspects) {
        got["nodes"].push_back(c.Node(id));
      }
      break;
    case SessionState::kError:
      got["kind"] = "error";
      break;
  }
  if (report.exit_code != 0) got["exit"] = report.exit_code;
  return got;
}

/// The vector's words for the same, reduced to what is compared.
json Wanted(const json& given) {
  json wanted;
  for (const char* key : {"kind", "next", "revisions_left", "steps_left",
                          "merge_base", "node", "nodes", "exit"}) {
    if (given.contains(key)) wanted[key] = given.at(key);
  }
  if (!wanted.contains("kind")) wanted["kind"] = "step";
  if (wanted.value("exit", 1) == 0) wanted.erase("exit");
  return wanted;
}

class Comparison {
 public:
  Comparison(const Case& c, std::string version)
      : case_(c), version_(std::move(version)) {
    const GitVersion parsed = *GitVersion::Parse(version_);
    selection_.emplace(GitRules::Of(parsed));
    SessionOptions options;
    options.version = parsed;
    options.head = c.ids.back();
    options.trees = [&c](const CommitGraph&,
                         const std::vector<std::string>& paths)
        -> Result<std::unique_ptr<TreeComparison>> {
      return MakeTrees(c, paths);
    };
    options.subject_of = [&c](const CommitId& id) {
      return 'n' + c.Node(id).dump();
    };
    session_.emplace(c.graph, *selection_, options);
  }

  void Run(const json& result) {
    const json& setup = case_.data->at("setup");
    const json& setup_results = result.at("setup_results");
    for (std::size_t i = 0; i < setup.size(); ++i) {
      // Setups end where a command ended the search.
      if (i >= setup_results.size()) break;
      const auto report = Command(setup[i]);
      Expect("setup " + std::to_string(i), Wanted(setup_results[i]), report);
      if (report) setup_reports_[i] = *report;
      if (report) last_ = *report;
    }
    const json& steps = result.at("steps");
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const json& step = steps[i];
      const json& on = step.at("verdict_given_on");
      std::string term = step.at("verdict").get<std::string>();
      if (term == "bad") term = session_->term_bad();
      if (term == "good") term = session_->term_good();
      const bool current = on.is_number() && session_->head() == case_.Id(on);
      auto report =
          session_->Mark(MakeMark(case_, term, current ? json(nullptr) : on));
      const bool last = step.at("next").is_null();
      Expect("step " + std::to_string(i),
             Wanted(last ? result.at("outcome") : step), report);
      if (report) step_reports_[i] = *report;
      if (report) last_ = *report;
    }
    for (const json& text : result.value("texts", json::array())) {
      for (const json& version : text.at("git_versions")) {
        if (version == version_) CompareTexts(text.at("text"));
      }
    }
    for (const json& log : result.value("logs", json::array())) {
      for (const json& version : log.at("git_versions")) {
        if (version == version_) CompareLog(log);
      }
    }
  }

  std::vector<std::string> differences;

 private:
  Result<StepReport> Command(const json& command) {
    const auto word = command.at(0).get<std::string>();
    if (word == "start") return session_->Start(MakeStart(case_, command));
    MarkCommand mark{word, {}};
    for (std::size_t i = 1; i < command.size(); ++i) {
      mark.arguments.push_back(case_.Id(command[i]));
    }
    return session_->Mark(mark);
  }

  void Expect(const std::string& where, const json& wanted,
              const Result<StepReport>& report) {
    json got =
        report ? Describe(case_, *report) : json(FormatError(report.error()));
    if (got == wanted) return;
    differences.push_back(case_.data->at("id").get<std::string>() + ' ' +
                          version_ + ' ' + where + ": git " + wanted.dump() +
                          ", here " + got.dump());
  }

  /// The log's ids are written @node@ in the vectors.
  [[nodiscard]] std::string WithNodes(std::string text) const {
    for (std::size_t i = 0; i < case_.ids.size(); ++i) {
      const std::string hex = case_.ids[i].Hex();
      const std::string node = '@' + std::to_string(i) + '@';
      for (std::size_t at = text.find(hex); at != std::string::npos;
           at = text.find(hex, at)) {
        text.replace(at, hex.size(), node);
      }
    }
    return text;
  }

  void ExpectText(const std::string& where, const std::string& wanted,
                  const std::string& text) {
    const std::string got = WithNodes(text);
    if (got == wanted) return;
    differences.push_back(case_.data->at("id").get<std::string>() + ' ' +
                          version_ + ' ' + where + ": git\n" + wanted +
                          "here\n" + got);
  }

  void CompareTexts(const json& text) {
    if (text.contains("stdout1")) {
      ExpectText("culprit line", text.at("stdout1").get<std::string>() + '\n',
                 last_.output);
    }
    if (text.contains("stdout")) {
      ExpectText("output", text.at("stdout").get<std::string>(), last_.output);
    }
    if (text.contains("stderr")) {
      ExpectText("errors", text.at("stderr").get<std::string>(), last_.errors);
    }
    for (const json& step : text.value("step_stderr", json::array())) {
      ExpectText("errors of step", step.at(1).get<std::string>(),
                 step_reports_[step.at(0).get<std::size_t>()].errors);
    }
    for (const json& step : text.value("setup_text", json::array())) {
      const StepReport& report = setup_reports_[step.at(0).get<std::size_t>()];
      const json& said = step.at(1);
      if (said.contains("stdout")) {
        ExpectText("setup output", said.at("stdout").get<std::string>(),
                   report.output);
      }
      if (said.contains("stderr")) {
        ExpectText("setup errors", said.at("stderr").get<std::string>(),
                   report.errors);
      }
    }
  }

  /// `git bisect replay` of the session's log, after a reset.
  void CompareReplay(const json& wanted) {
    std::vector<ReplayCommand> commands;
    std::istringstream lines(session_->log());
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string git;
      std::string bisect;
      json command = json::array();
      words >> git >> bisect;
      if (git != "git" || bisect != "bisect") continue;
      for (std::string word; words >> word;) {
        std::erase(word, '\'');
        std::erase(word, '@');
        const auto id = CommitId::FromHex(word);
        if (id) {
          command.push_back(case_.Node(*id));
        } else if (!command.empty() && command[0] == "start" &&
                   word.find_first_not_of("0123456789") == std::string::npos) {
          command.push_back(std::stoi(word));
        } else {
          command.push_back(word);
        }
      }
      if (command[0] == "start") {
        commands.emplace_back(MakeStart(case_, command));
      } else {
        MarkCommand mark{command[0].get<std::string>(), {}};
        mark.arguments.push_back(case_.Id(command.at(1)));
        commands.emplace_back(mark);
      }
    }
    const auto report = session_->Replay(commands);
    json expected = Wanted(wanted);
    // All that a failing replay printed is in one record: its kind is that of
    // the first step in it.
    if (expected.contains("exit") && report) {
      json failed = Describe(case_, *report);
      failed["exit"] = expected.at("exit");
      expected = failed;
    }
    Expect("replay", expected, report);
  }

  void CompareLog(const json& log) {
    const std::string got = WithNodes(session_->log());
    if (got != log.at("log").get<std::string>()) {
      differences.push_back(case_.data->at("id").get<std::string>() + ' ' +
                            version_ + " log: git\n" +
                            log.at("log").get<std::string>() + "here\n" + got);
    }
    if (log.contains("replay")) CompareReplay(log.at("replay"));
  }

  const Case& case_;
  std::string version_;
  std::optional<GitSelection> selection_;
  std::optional<BisectSession> session_;
  std::map<std::size_t, StepReport> setup_reports_;
  std::map<std::size_t, StepReport> step_reports_;
  StepReport last_;
};

}  // namespace

Result<std::vector<GitVector>> ReadGitVectors(const std::string& path) {
  auto bytes = ReadInput(path);
  if (!bytes) return tl::unexpected(bytes.error());
  std::vector<GitVector> vectors;
  std::string_view rest = *bytes;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    vectors.push_back(json::parse(line));
  }
  return vectors;
}

std::size_t VersionRuns(const GitVector& vector) {
  std::size_t runs = 0;
  for (const json& result : vector.at("results")) {
    runs += result.at("git_versions").size();
  }
  return runs;
}

std::vector<std::string> CompareGitVector(const GitVector& vector) {
  const Case c = MakeCase(vector);
  std::vector<std::string> differences;
  for (const json& result : vector.at("results")) {
    for (const json& version : result.at("git_versions")) {
      Comparison comparison(c, version.get<std::string>());
      comparison.Run(result);
      differences.insert(differences.end(), comparison.differences.begin(),
                         comparison.differences.end());
    }
  }
  return differences;
}

}  // namespace rebisect::testing_support

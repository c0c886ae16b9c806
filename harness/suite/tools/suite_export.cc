#include "harness/suite/tools/suite_export.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "harness/suite/case/fast_import.h"
#include "harness/suite/tools/oracle_script.h"
#include "harness/suite/tools/tool_variables.h"
#include "harness/text/json_text.h"
#include "sim/io/input.h"

namespace rebisect {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::string_view kReadme =
    R"(Searches whose answer is known, one a folder, as SUITE/SCENARIO:

  history.fi     the history, for `git fast-import`
  setup.sh       sh setup.sh FOLDER makes the repository in FOLDER, which must
                 not be there, and prints where a tool is to work
  oracle.sh      the test program: answers for the commit that is checked out
                 (or that BISECT_HEAD names, or its argument) with its exit
                 code, as `git bisect run` wants it, and writes each question
                 into the file `journal` beside it
  answers        what it answers; where verdicts are noisy there is answers.1,
                 answers.2 and so on: copy one of them to `answers` for each
                 search
  expected.json  the words for `git bisect start`, marks that are made before
                 the search goes on, what a tool has to be able to do, and what
                 it has to reach

For example, in one of the folders:

  work=$(sh setup.sh /tmp/work) && cd "$work"
  git bisect start BAD GOOD...     (`start` of expected.json)
  git bisect run sh .../oracle.sh
)";

constexpr std::string_view kSetupHead = R"sh(#!/bin/sh
# Makes the repository of this scenario in a new folder, the argument, and
# prints where a tool is to work.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=${1:?usage: setup.sh FOLDER}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
)sh";

/// The commands that make the repository.
std::string SetupScript(const ScenarioCase& scenario) {
  const ScenarioRepository& wanted = scenario.scenario->repository;
  std::string script(kSetupHead);
  script += wanted.bare ? "git init -q --bare \"$work\"\n"
                        : "git init -q \"$work\"\n";
  script +=
      "cd \"$work\"\n"
      "work=$(pwd)\n"
      "git symbolic-ref HEAD refs/heads/main\n"
      "git fast-import --quiet <\"$here/history.fi\"\n";
  for (const auto& [seen, instead] : scenario.replace) {
    script += "git replace " + seen.Hex() + ' ' + instead.Hex() + '\n';
  }
  if (!scenario.shallow.empty()) {
    script += "cat >\"$(git rev-parse --git-dir)/shallow\" <<'END'\n";
    for (const CommitId& id : scenario.shallow) script += id.Hex() + '\n';
    script += "END\n";
  }
  if (!wanted.bare) script += "git reset -q --hard\n";
  if (wanted.linked_worktree) {
    script += std::string("git worktree add -q ") +
              (wanted.detached ? "--detach" : "-b linked") +
              " \"$work-linked\"\nwork=$work-linked\n";
  } else if (wanted.detached) {
    script += "git checkout -q --detach\n";
  }
  script += ": >\"$here/journal\"\nprintf '%s\\n' \"$work\"\n";
  return script;
}

ordered_json Ids(const std::vector<CommitId>& ids) {
  ordered_json json = ordered_json::array();
  for (const CommitId& id : ids) json.push_back(id.Hex());
  return json;
}

template <class T>
void Put(ordered_json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = *value;
}

ordered_json ExpectJson(const ScenarioCase& scenario) {
  const Expectation& expect = scenario.scenario->expect;
  ordered_json json;
  json["outcomes"] = ordered_json::array();
  for (const ToolOutcome outcome : expect.outcomes) {
    json["outcomes"].push_back(NameOf(outcome));
  }
  json["culprits"] = Ids(scenario.culprits);
  json["candidates"] = Ids(scenario.candidates);
  Put(json, "exit_code", expect.exit_code);
  Put(json, "tests_max", expect.most_tests);
  if (expect.over_optimum) {
    json["tests_over_optimum"] = *expect.over_optimum;
  }
  Put(json, "tests_over_git", expect.over_git);
  Put(json, "tests_mean_max", expect.most_mean_tests);
  Put(json, "accuracy_min", expect.least_accuracy);
  json["confidence"] = expect.confidence;
  json["repeated_max"] = expect.repeated;
  return json;
}

Result<void> MakeFolders(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return {};
  return Fail(ErrorCode::kPermission,
              "cannot make the folder: " + error.message(), {folder, 0, 0});
}

Result<void> Export(const ScenarioCase& scenario, const std::string& root) {
  const Scenario& its = *scenario.scenario;
  const std::string folder = root + '/' + its.suite + '/' + its.name;
  if (auto made = MakeFolders(folder); !made) return made;
  std::vector<std::pair<std::string, std::string>> files = {
      {"history.fi", FastImportStream(scenario)},
      {"setup.sh", SetupScript(scenario)},
      {"oracle.sh", OracleScript("")},
      {"expected.json", ExpectedJson(scenario)}};
  const std::string answers(kAnswersFile);
  for (int search = 0; search < its.repeats; ++search) {
    const std::string number =
        its.repeats == 1 ? "" : '.' + std::to_string(search + 1);
    files.emplace_back(
        answers + number,
        AnswerTable(scenario, static_cast<std::uint32_t>(search)));
  }
  for (const auto& [name, text] : files) {
    std::string path = folder;
    path.append("/").append(name);
    if (auto written = WriteFileAtomically(path, text); !written) {
      return written;
    }
    if (!name.ends_with(".sh")) continue;
    std::error_code ignored;
    fs::permissions(
        path,
        fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
        fs::perm_options::add, ignored);
  }
  return {};
}

}  // namespace

std::string ExpectedJson(const ScenarioCase& scenario) {
  const Scenario& its = *scenario.scenario;
  ordered_json json;
  json["schema"] = "rebisect.expected/1";
  json["suite"] = its.suite;
  json["name"] = its.name;
  json["about"] = its.about;
  const auto variables = ScenarioVariables(scenario);
  json["bad"] = scenario.start.bad ? ordered_json(scenario.start.bad->Hex())
                                   : ordered_json(nullptr);
  json["goods"] = Ids(scenario.start.goods);
  json["start"] = variables.at("REBISECT_START");
  json["term_bad"] = variables.at("REBISECT_TERM_BAD");
  json["term_good"] = variables.at("REBISECT_TERM_GOOD");
  json["first_parent"] = scenario.start.first_parent;
  json["paths"] = scenario.start.paths;
  json["marks"] = variables.at("REBISECT_MARKS");
  if (its.start.replay) json["replay"] = ReplayLog(scenario);
  json["suspects"] = scenario.suspects;
  json["optimum"] = scenario.optimum;
  json["needs"] = scenario.needs;
  json["repeats"] = its.repeats;
  json["expect"] = ExpectJson(scenario);
  json["errata"] = ordered_json::array();
  for (const Erratum& erratum : its.errata) {
    ordered_json one = {{"tool", erratum.tool}, {"about", erratum.about}};
    if (erratum.since) one["since"] = erratum.since->ToString();
    if (erratum.until) one["until"] = erratum.until->ToString();
    json["errata"].push_back(std::move(one));
  }
  return JsonText(json, 2) + '\n';
}

Result<void> ExportSuites(const std::vector<const ScenarioCase*>& scenarios,
                          const std::string& folder,
                          const std::function<void(std::size_t)>& progress) {
  if (const auto parent = fs::path(folder).parent_path(); !parent.empty()) {
    if (auto made = MakeFolders(parent.string()); !made) return made;
  }
  return MakeFolderAtomically(
      folder, [&](const std::string& aside) -> Result<void> {
        for (std::size_t i = 0; i < scenarios.size(); ++i) {
          if (auto done = Export(*scenarios[i], aside); !done) return done;
          if (progress) progress(i + 1);
        }
        return WriteFileAtomically(aside + "/README", kReadme);
      });
}

}  // namespace rebisect

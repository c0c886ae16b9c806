#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "harness/cli/cli.h"
#include "harness/cli/cli_experiments.h"
#include "harness/cli/cli_parts.h"
#include "harness/cli/cli_tools.h"
#include "harness/cli/cli_trust.h"
#include "harness/cli/command_support.h"
#include "harness/cli/commands.h"
#include "harness/text/terminal.h"
#include "oracle/process/exec_protocol.h"
#include "oracle/verdict/retry_policy.h"
#include "oracle/verdict/verdict_policy.h"
#include "sim/base/printable.h"
#include "sim/git/find_repository.h"
#include "sim/graph/generate_history.h"

namespace rebisect {
namespace {

constexpr const char* kAbout =
    "Replays recorded bisections: reads the log of one, rebuilds the search on "
    "a real commit graph, and says whether the same commits are chosen and the "
    "same culprit is reached.";

constexpr const char* kInputs =
    "RECORDING is a syzkaller bisection log, a `git bisect log`, a terminal "
    "transcript or rebisect's own YAML; `-` is the standard input, a folder "
    "means the recordings in it, patterns with * ? [] those that match, and "
    ".gz is read as it is.";

constexpr const char* kExitCodes =
    "Exit codes: 0 done and as expected, 1 done and what was asked does not "
    "hold, 2 usage or input error, 70 internal error.";

std::string PolicyList() {
  std::string list;
  for (const std::string_view name : VerdictPolicyNames()) {
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  return list;
}

std::string RetryList() {
  std::string list;
  for (const PolicyInfo& policy : RetryPolicies()) {
    list += (list.empty() ? "" : ", ") + UsageOf(policy);
  }
  return list;
}

/// Every policy with its parameters and its rule.
std::string PolicyHelp() {
  std::string help =
      "\nVerdict policies (filters in front, then one rule, joined by '+'; "
      "parameters\nafter ':'):\n";
  for (const PolicyInfo& policy : VerdictPolicies()) {
    help += "  " + UsageOf(policy) + '\n';
    for (const std::string& line : Wrap(std::string(policy.about), 73)) {
      help += "      " + line + '\n';
    }
  }
  return help;
}

/// The subcommands with what they were given; `run` is the one chosen.
class CommandLine {
 public:
  explicit CommandLine(const Streams& streams)
      : streams_(streams),
        trust_(commands_, streams),
        experiments_(commands_, streams),
        tools_(commands_, streams) {
    app_.description(Paragraph(kAbout));
    app_.footer(Paragraph(kInputs) + '\n' + Paragraph(kExitCodes));
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "rebisect " REBISECT_VERSION);
    app_.get_formatter()->column_width(kNameColumns);
    AddAudit();
    AddReplay();
    trust_.AddTo(app_);
    AddWhatIf();
    AddDrive();
    AddConvert();
    AddReconstruct();
    AddGraphCommands();
    AddReport();
    experiments_.AddTo(app_);
    tools_.AddTo(app_);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      // It repeats words of the command line.
      std::ostringstream errors;
      const int code = app_.exit(error, streams_.out, errors);
      streams_.errors << PrintableLines(errors.str());
      return code == 0 ? kExitHolds : kExitError;
    }
    if (argc > 0) TakeRepositoryOfGit(argv[0]);
    for (GraphOptions* const graph : Graphs()) {
      graph->progress = [this](std::size_t commits) { TellRead(commits); };
    }
    return commands_.Run();
  }

  [[nodiscard]] const CLI::App& app() const { return app_; }

 private:
  /// `git rebisect` is about the repository it is called in, as all of git's
  /// commands are.
  void TakeRepositoryOfGit(std::string_view program) {
    if (program.substr(program.rfind('/') + 1) != "git-rebisect") return;
    const auto repository = FindRepository();
    if (!repository) return;
    for (GraphOptions* const graph : Graphs()) {
      if (!graph->Given()) graph->repositories = {*repository};
    }
  }

  [[nodiscard]] std::array<GraphOptions*, 6> Graphs() {
    const auto [diagnose, evaluate] = trust_.graphs();
    return {&replay_.recordings.graph,
            diagnose,
            evaluate,
            &whatif_.graph,
            &drive_.graph,
            &graph_.graph};
  }

  /// GraphOptions::progress.
  void TellRead(std::size_t commits) {
    if (commits == 0) {
      if (reading_) reading_->Finish();
      reading_.reset();
      return;
    }
    if (!reading_) reading_.emplace(StartProgress(streams_, "commits read", 0));
    reading_->Update(commits);
  }

  void AddAudit() {
    CLI::App& command = commands_.Add(
        app_, "audit", "check recordings against themselves; needs no graph",
        "  rebisect audit bisect.log\n"
        "  rebisect audit --format json logs/ | jq .findings",
        [this] { return RunAudit(audit_, streams_); });
    command.add_option("RECORDING", audit_.inputs, Help("what to check"))
        ->required();
    AddMarkdownFormat(command, audit_.format);
  }

  void AddReplay() {
    CLI::App& command = commands_.Add(
        app_, "replay", "follow recordings through a simulated git bisect",
        "  rebisect replay scenarios/recorded\n"
        "  rebisect replay --repo ~/src/linux bisect.log\n"
        "  git bisect log | rebisect replay --repo . -\n"
        "  rebisect replay --verdict syzkaller-2018 --format json bisect.txt\n"
        "  rebisect replay --verdict same-family+threshold:k=2:n=10 "
        "bisect.txt\n"
        "  rebisect replay --dag linux.dag.gz --table csv 'logs/*.log'",
        [this] { return RunReplay(replay_, streams_); });
    AddRecordings(command, replay_.recordings, "what to replay");
    command
        .add_option(
            "--git-version", replay_.git_version,
            Help("the git to behave as, or auto: the one that fits best"))
        ->type_name("V")
        ->capture_default_str();
    command.add_flag("--git-commit-graph", replay_.commit_graph,
                     Help("behave as a git with a commit-graph file"));
    command.add_flag(
        "--git-run", replay_.run,
        Help("behave as one `git bisect run`, which is one process "
             "from git 2.34.0 on"));
    command
        .add_option("--verdict", replay_.verdict,
                    Help("judge the recorded runs anew: " + PolicyList()))
        ->type_name("POLICY");
    command.footer(command.get_footer() + '\n' + PolicyHelp());
    AddTableAndHtml(command, replay_.reports);
    AddMarkdownFormat(command, replay_.reports.format);
    command.get_option("--format")->excludes("--table");
  }

  void AddWhatIf() {
    CLI::App& command = commands_.Add(
        app_, "whatif", "what other policies would have made of the same runs",
        "  rebisect whatif --verdict syzkaller-2024 bisect.txt\n"
        "  rebisect whatif --verdict any-crash,same-family+threshold --matrix "
        "x.yaml\n"
        "  rebisect whatif --verdict threshold:k=2 --retry fixed:n=20 --model "
        "x.yaml\n"
        "  rebisect whatif --verdict any-crash,majority --truth truth.tsv "
        "corpus/",
        [this] { return RunWhatif(whatif_, streams_); });
    command.add_option("RECORDING", whatif_.inputs, Help("what was recorded"))
        ->required();
    AddGraph(command, whatif_.graph, true);
    command.add_flag("--git-commit-graph", whatif_.commit_graph,
                     Help("behave as a git with a commit-graph file"));
    command
        .add_option("--verdict", whatif_.verdict,
                    Help("policies that judge the runs, separated by commas"))
        ->type_name("P,Q,...")
        ->required();
    command
        .add_option("--rules", whatif_.rules,
                    Help("rules of your own, written as expressions, for "
                         "--verdict to name"))
        ->type_name("FILE");
    command
        .add_option("--retry", whatif_.retry,
                    Help("how often a commit is run: " + RetryList() +
                         " (as recorded unless given; new tests then have 10 "
                         "runs, 20 for syzkaller's rules when flaky)"))
        ->type_name("R,...");
    command
        .add_option("--select", whatif_.select,
                    Help("what to test next: recorded, git:VERSION, or a "
                         "selection policy of experiments, such as best, "
                         "bayes-entropy:stop=.9 or exec:PROGRAM"))
        ->type_name("S,...")
        ->capture_default_str();
    CLI::Option* const model =
        command.add_flag("--model", whatif_.model,
                         Help("carry the searches on by simulation, in worlds "
                              "that fit the record"));
    command
        .add_option("--trials", whatif_.trials,
                    Help("with --model: this many searches"))
        ->needs(model)
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command
        .add_option("--seed", whatif_.seed,
                    Help("of the simulation; equal seeds give equal results"))
        ->check(&FaultOfSeed)
        ->capture_default_str();
    command
        .add_option("--prior", whatif_.prior,
                    Help("with --model: the assumptions, as fit writes them"))
        ->needs(model)
        ->type_name("FILE");
    command.add_flag("--matrix", whatif_.matrix,
                     Help("all steps of all policies side by side"));
    command
        .add_option("--truth", whatif_.truth,
                    Help("true culprits: lines NAME<TAB>COMMIT, or none"))
        ->type_name("FILE");
    command.footer(command.get_footer() + '\n' + PolicyHelp());
    AddHtml(command, whatif_.html);
    AddMarkdownFormat(command, whatif_.format);
  }

  void AddDrive() {
    CLI::App& command = commands_.Add(
        app_, "drive",
        "a simulated git bisect: commands on stdin, an answer for each",
        "  printf 'start v2.50.0 v1.0.0\\n' | rebisect drive --repo git.git\n"
        "  rebisect drive --dag linux.dag.gz --git-version 2.11.4 < script\n"
        "Commands: start [OPTION...] [BAD [GOOD...]] [-- PATH...], good, bad, "
        "new, old,\n"
        "skip or a term [REV...], terms, next, log, replay FILE, reset.",
        [this] { return RunDrive(drive_, streams_); });
    AddGraph(command, drive_.graph, false);
    command
        .add_option("--git-version", drive_.git_version,
                    Help("the git to behave as; the newest known unless given"))
        ->type_name("V");
    command.add_flag("--git-commit-graph", drive_.commit_graph,
                     Help("behave as a git with a commit-graph file"));
    AddFormat(command, drive_.format);
  }

  void AddReport() {
    CLI::App& command = commands_.Add(
        app_, "report", "show results as a page that opens in any browser",
        "  rebisect replay --format json logs/ > replays.jsonl\n"
        "  rebisect report replays.jsonl --html report.html\n"
        "  rebisect diagnose --format json x.log | rebisect report - --html "
        "x.html",
        [this] { return RunReport(report_, streams_); });
    command
        .add_option("RESULT", report_.inputs,
                    Help("what replay, diagnose, whatif, simulate, results "
                         "show and test print with --format json, an object "
                         "a line; `-` is the standard input"))
        ->required();
    command
        .add_option("--html", report_.html,
                    Help("where to write it: one file, which loads nothing"))
        ->type_name("FILE")
        ->check(&FaultOfEmpty)
        ->required();
  }

  void AddConvert() {
    CLI::App& command = commands_.Add(
        app_, "convert", "write a recording as YAML or JSON",
        "  rebisect convert bisect.log > bisect.yaml\n"
        "  rebisect convert --format json bisect.log | jq .end.culprit\n"
        "  rebisect convert --from csv runs.csv --out runs.yaml",
        [this] { return RunConvert(convert_, streams_); });
    command.add_option("RECORDING", convert_.input, Help("what to convert"))
        ->required();
    command
        .add_option("--from", convert_.from,
                    Help("the input is a table of runs: csv or jsonl"))
        ->check(CLI::IsMember({"csv", "jsonl"}));
    command.add_option("--out", convert_.output, Help("where to write it"))
        ->type_name("FILE");
    AddFormat(command, convert_.format,
              "text (YAML, which every command reads) or json");
  }

  void AddReconstruct() {
    CLI::App& command = commands_.Add(
        app_, "reconstruct",
        "make a git repository on which the recorded search runs again",
        "  rebisect reconstruct bisect.txt --into /tmp/again.git\n"
        "  git -C /tmp/again.git for-each-ref refs/recorded",
        [this] { return RunReconstruct(reconstruct_, streams_); });
    command.add_option("RECORDING", reconstruct_.input, Help("the record"))
        ->required();
    command
        .add_option(
            "--into", reconstruct_.folder,
            Help("the bare repository to make; must not exist, or be empty"))
        ->type_name("DIR")
        ->required();
    AddFormat(command, reconstruct_.format);
  }

  void AddGraphCommands() {
    CLI::App& graph = *app_.add_subcommand(
        "graph", Help("look at a commit graph, or write it"));
    graph.require_subcommand(1);
    CLI::App& info =
        commands_.Add(graph, "info", "what a graph holds",
                      "  rebisect graph info --repo . --bad HEAD --good v1.0",
                      [this] { return RunGraphInfo(graph_, streams_); });
    AddGraphQuestion(info);
    AddFormat(info, graph_.format);
    CLI::App& show = commands_.Add(
        graph, "show", "draw a search: what is left of it, and its tests",
        "  rebisect graph show bisect.log\n"
        "  git bisect log | rebisect graph show --repo . -\n"
        "  rebisect graph show --repo . --bad HEAD --good v1.0",
        [this] { return RunGraphShow(graph_, streams_); });
    AddGraphQuestion(show);
    show.add_flag("--all", graph_.whole,
                  Help("the search from its start: commits that dropped out on "
                       "the bad side, too"));
    AddFormat(show, graph_.format);
    CLI::App& exported = commands_.Add(
        graph, "export", "write the part a search needs",
        "  rebisect graph export --repo . bisect.log --out part.dag.gz\n"
        "  rebisect graph export --slice bisect.log --dag all.dag.gz",
        [this] { return RunGraphExport(graph_, streams_); });
    AddGraphQuestion(exported);
    exported.add_flag("--slice", graph_.slice,
                      Help("leave out what the search cannot reach, and name "
                           "recorded commits by refs: the graph to publish "
                           "with a recording or an experiment"));
    exported.add_option("--out", graph_.output, Help("where; .gz is packed"))
        ->type_name("FILE");
    AddFormat(exported, graph_.format, "text (which --dag reads) or json");
    AddGenerate(graph);
  }

  void AddGenerate(CLI::App& graph) {
    CLI::App& command = commands_.Add(
        graph, "generate", "make a history up, as text that --dag reads",
        "  rebisect graph generate kernel --commits 100000 --seed 3",
        [this] { return RunGraphGenerate(generate_, streams_); });
    std::string shapes;
    for (const std::string_view name : HistoryShapeNames()) {
      shapes += (shapes.empty() ? "" : ", ") + std::string(name);
    }
    command.add_option("SHAPE", generate_.shape, Help(shapes))->required();
    command
        .add_option("--commits", generate_.commits,
                    Help("how many suspects lie between refs/tags/good and "
                         "refs/tags/bad"))
        ->type_name("N")
        ->check(CLI::Range(std::uint32_t{1}, kMaxHistory))
        ->capture_default_str();
    command
        .add_option("--seed", generate_.seed,
                    Help("the same seed gives the same history"))
        ->check(&FaultOfSeed)
        ->type_name("S")
        ->capture_default_str();
    command.add_option("--out", generate_.output, Help("where; .gz is packed"))
        ->type_name("FILE");
  }

  void AddGraphQuestion(CLI::App& command) {
    command.add_option("RECORDING", graph_.input,
                       Help("the search whose graph is meant"));
    AddGraph(command, graph_.graph, true);
    command.add_option("--bad", graph_.bad, Help("the bad end"))
        ->type_name("REV");
    command
        .add_option("--good", graph_.goods,
                    Help("a good end; repeat it for more"))
        ->type_name("REV")
        ->allow_extra_args(false);
  }

  const Streams& streams_;
  CLI::App app_{"", "rebisect"};
  Subcommands commands_;
  AuditArguments audit_;
  ReplayArguments replay_;
  WhatifArguments whatif_;
  DriveArguments drive_;
  ReportArguments report_;
  ConvertArguments convert_;
  ReconstructArguments reconstruct_;
  GraphArguments graph_;
  GenerateArguments generate_;
  std::optional<Progress> reading_;
  TrustCommands trust_;
  ExperimentCommands experiments_;
  ToolCommands tools_;
};

}  // namespace

void ShowCommandLine(const std::function<void(const CLI::App&)>& see) {
  std::istringstream in;
  std::ostringstream out;
  const Streams streams{in, out, out};
  see(CommandLine(streams).app());
}

int RunCommandLine(int argc, char** argv, const Streams& streams) {
  return CommandLine(streams).Run(argc, argv);
}

}  // namespace rebisect

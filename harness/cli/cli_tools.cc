#include "harness/cli/cli_tools.h"

#include <cstdint>
#include <ostream>
#include <string>

#include "harness/suite/tools/tools.h"
#include "scenarios/cases/scenario.h"

namespace rebisect {
namespace {

/// No search is let run longer.
constexpr double kMaxLimit = 86'400;

std::string ToolNames() {
  std::string names;
  for (const ShippedTool& tool : ShippedTools()) {
    names.append(names.empty() ? "" : ", ").append(tool.name);
  }
  return names;
}

}  // namespace

void ToolCommands::AddTo(CLI::App& app) {
  AddTest(app);
  AddSuite(app);
}

void ToolCommands::AddTest(CLI::App& parent) {
  CLI::App& app = commands_.Add(
      parent, "test",
      "run a bisect tool against histories whose answer is known",
      "  rebisect test scenarios/suites\n"
      "  rebisect test scenarios/suites --tool git --junit results.xml\n"
      "  rebisect test scenarios/suites/skips.yaml --tool my-tool.yaml\n"
      "  rebisect test --against git --tool my-tool.yaml --cases 1000",
      [this] { return RunTestOrConformance(); });
  app.add_option("SUITE", test_.suites,
                 Help("suites, or folders of them; not with --against"));
  app.add_option("--tool", test_.tools,
                 Help("a tool file, or one of " + ToolNames() +
                      "; may be given several times"))
      ->capture_default_str();
  app.add_option("--git-binary", test_.git_binary,
                 Help("the git that tools run, in place of that of PATH"))
      ->check(&FaultOfEmpty);
  AddThreads(app, test_.threads);
  app.add_option("--filter", test_.filter,
                 Help("only scenarios whose suite/name holds this; * stands "
                      "for anything"));
  app.add_option("--limit", test_.limit_seconds,
                 Help("seconds that one search may take, whatever the tool "
                      "file says"))
      ->check(CLI::Range(0.01, kMaxLimit))
      ->check(&FaultOfNan);
  app.add_option("--known-failures", test_.known_failures,
                 Help("a file of scenarios that are known to fail: only "
                      "others count"))
      ->check(&FaultOfEmpty);
  app.add_option("--junit", test_.junit, Help("JUnit's XML goes to this file"))
      ->check(&FaultOfEmpty);
  app.add_flag("--tap", test_.tap,
               Help("print TAP, the Test Anything Protocol"));
  AddHtml(app, test_.html);
  AddMarkdownFormat(app, test_.format);
  AddConformance(app);
}

void ToolCommands::AddConformance(CLI::App& test) {
  test.add_option("--against", conformance_.against,
                  Help("run random searches on --tool and on this tool, side "
                       "by side, and say where they part"))
      ->check(&FaultOfEmpty);
  test.add_option("--cases", conformance_.cases,
                  Help("with --against: this many searches"))
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40U))
      ->capture_default_str();
  test.add_option("--seed", conformance_.seed,
                  Help("with --against: equal seeds give equal searches"))
      ->check(&FaultOfSeed)
      ->capture_default_str();
  test.add_option("--commits", conformance_.commits,
                  Help("with --against: of a history, at most"))
      ->check(CLI::Range(2U, static_cast<unsigned>(kMaxDrawing)))
      ->capture_default_str();
  test.add_option("--save", conformance_.save,
                  Help("with --against: a folder for cases made small, each a "
                       "suite and a stream for git fast-import"))
      ->check(&FaultOfEmpty);
}

int ToolCommands::RunTestOrConformance() {
  if (conformance_.against.empty()) {
    if (!test_.suites.empty()) return RunTest(test_, streams_);
    streams_.errors << "error: no suite is given; name one, such as "
                       "scenarios/suites, or give --against\n";
    return kExitError;
  }
  if (!test_.suites.empty() || test_.tools.size() > 1 || !test_.html.empty() ||
      test_.format == OutputFormat::kMarkdown) {
    streams_.errors << "error: --against takes no suites, one --tool, no "
                       "--html and no --format markdown\n";
    return kExitError;
  }
  conformance_.tool = test_.tools.front();
  conformance_.git_binary = test_.git_binary;
  conformance_.threads = test_.threads;
  conformance_.limit_seconds = test_.limit_seconds;
  conformance_.format = test_.format;
  return RunConformance(conformance_, streams_);
}

void ToolCommands::AddSuite(CLI::App& parent) {
  CLI::App& suite = *parent.add_subcommand(
      "suite", Help("searches whose answer is known, for other programs"));
  suite.require_subcommand(1);
  CLI::App& app = commands_.Add(
      suite, "export", "write suites so that they run without rebisect",
      "  rebisect suite export FOLDER scenarios/suites",
      [this] { return RunSuiteExport(export_, streams_); });
  app.add_option("FOLDER", export_.folder,
                 Help("is made; for each scenario a stream for git "
                      "fast-import, a test program and expected.json"))
      ->required();
  app.add_option("SUITE", export_.suites, Help("suites, or folders of them"))
      ->required();
  app.add_option("--filter", export_.filter,
                 Help("only scenarios whose suite/name holds this; * stands "
                      "for anything"));
}

}  // namespace rebisect

#include "harness/cli/cli_trust.h"

#include <string>

namespace rebisect {
namespace {

void AddAssumptions(CLI::App& command, AssumptionArguments& assumptions) {
  command
      .add_option("--prior", assumptions.prior,
                  Help("what to assume before the record is read: a file "
                       "that `rebisect fit` writes"))
      ->type_name("FILE");
  command
      .add_option("--error-rate", assumptions.error_rates,
                  Help("for records without runs: the share of verdicts that "
                       "are wrong, of both kinds, or false bad,false good"))
      ->type_name("RATE[,RATE]")
      ->delimiter(',')
      ->expected(1, 2)
      ->allow_extra_args(false)
      ->check(CLI::Range(1e-9, 0.5))
      ->check(&FaultOfNan);
  command
      .add_option("--path-rules", assumptions.path_rules,
                  Help("which of the culprit's files are documentation, "
                       "tests, code of other architectures: a file as "
                       "scenarios/README.md describes it (rules for Linux "
                       "unless given)"))
      ->type_name("FILE");
}

void AddTruthTable(CLI::App& command, std::string& truth) {
  command
      .add_option("--truth", truth,
                  Help("true culprits: lines NAME<TAB>COMMIT, or none"))
      ->type_name("FILE")
      ->check(&FaultOfEmpty);
}

}  // namespace

void TrustCommands::AddTo(CLI::App& app) {
  AddDiagnose(app);
  AddEvaluate(app);
  AddTruth(app);
  AddFit(app);
}

void TrustCommands::AddDiagnose(CLI::App& app) {
  CLI::App& command = commands_.Add(
      app, "diagnose", "say how far a recorded result can be trusted",
      "  rebisect diagnose scenarios/recorded\n"
      "  rebisect diagnose --repo ~/src/linux bisect.txt\n"
      "  git bisect log | rebisect diagnose --repo . --error-rate 0.05 -\n"
      "  rebisect diagnose --table text --fail-on doubtful logs/\n"
      "  rebisect diagnose --gate scenarios/gates/maintainers.yaml --format "
      "mail x.log",
      [this] { return RunDiagnose(diagnose_, streams_); });
  AddRecordings(command, diagnose_.recordings, "what to diagnose");
  AddAssumptions(command, diagnose_.assumptions);
  command
      .add_option("--gate", diagnose_.gate,
                  Help("rules that say what to do with a result: send, hold, "
                       "retest or drop it; a file as scenarios/README.md "
                       "describes it"))
      ->type_name("FILE")
      ->check(&FaultOfEmpty);
  AddTruthTable(command, diagnose_.truth);
  command
      .add_option("--fail-on", diagnose_.fail_on,
                  Help("exit with 1 when a conclusion is this, or worse"))
      ->check(CLI::IsMember({"doubtful", "contradicted"}));
  AddTableAndHtml(command, diagnose_.reports);
  command
      .add_option_function<std::string>(
          "--format",
          [this](const std::string& name) {
            diagnose_.mail = name == "mail";
            diagnose_.reports.format = FormatNamed(name);
          },
          Help("text, json, markdown: to paste into an issue or a mail, or "
               "mail: the text for who wrote the commit (with --gate, of what "
               "is to be sent)"))
      ->check(CLI::IsMember({"text", "json", "markdown", "mail"}))
      ->excludes("--table");
}

void TrustCommands::AddFit(CLI::App& app) {
  CLI::App& command = commands_.Add(
      app, "fit", "estimate crash and error rates from many recordings",
      "  rebisect fit logs/ -o noise.yaml\n"
      "  rebisect diagnose --prior noise.yaml bisect.txt\n"
      "  rebisect fit --format json logs/ | jq .recurring_titles",
      [this] { return RunFit(fit_, streams_); });
  command
      .add_option("RECORDING", fit_.inputs,
                  Help("the corpus: recordings, or folders of them"))
      ->required();
  command
      .add_option("-o,--out", fit_.output,
                  Help("where to write the noise model that `diagnose "
                       "--prior` and `whatif --prior` read"))
      ->type_name("FILE");
  AddFormat(command, fit_.format);
}

void TrustCommands::AddEvaluate(CLI::App& app) {
  CLI::App& command = commands_.Add(
      app, "evaluate",
      "how often diagnoses are right, where the truth is known",
      "  rebisect evaluate logs/ --truth truth.tsv\n"
      "  rebisect evaluate --format json logs/ --truth t.tsv | jq "
      ".wrong_trustworthy",
      [this] { return RunEvaluate(evaluate_, streams_); });
  AddRecordings(command, evaluate_.recordings, "what to diagnose");
  AddAssumptions(command, evaluate_.assumptions);
  AddTruthTable(command, evaluate_.truth);
  AddFormat(command, evaluate_.format);
}

void TrustCommands::AddTruth(CLI::App& app) {
  CLI::App& command = commands_.Add(
      app, "truth",
      "propose true culprits, from the Fixes: tags in a repository",
      "  rebisect truth --repo ~/src/linux logs/ --out truth.tsv\n"
      "  rebisect evaluate logs/ --truth truth.tsv",
      [this] { return RunTruth(truth_, streams_); });
  command
      .add_option("RECORDING", truth_.inputs,
                  Help("what was bisected; the bug is known by the 12 or more "
                       "digits of its id in the name of the recording"))
      ->required();
  command
      .add_option("--repo", truth_.repositories,
                  Help("where commits with Fixes: tags are; all that its refs "
                       "lead to is read; may be repeated"))
      ->type_name("DIR")
      ->allow_extra_args(false)
      ->required();
  command
      .add_option("--out", truth_.output,
                  Help("where to write the table that --truth reads"))
      ->type_name("FILE")
      ->check(&FaultOfEmpty);
  AddFormat(command, truth_.format);
}

}  // namespace rebisect

#include "harness/suite/tools/scenario_questions.h"

#include "harness/suite/tools/oracle_script.h"

namespace rebisect {

int ScenarioQuestions::Ask(const CommitId& commit) {
  const auto v = scenario_.graph.Find(commit);
  const int code =
      v ? scenario_.CodeAt(*v, visits_[*v]++ % kVisitsInTable, search_)
        : kAbortCode;
  journal_.push_back({commit.Hex(), code});
  return code;
}

}  // namespace rebisect

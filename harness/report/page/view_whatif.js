// rebisect.whatif/1 and rebisect.whatif-corpus/1

function policyName(policy) {
  return [policy.policy, policy.retry, policy.select !== "recorded" ? policy.select : null].filter((part) => part).join(" \u00b7 ");
}

function policyHead(policy) {
  return [el("div", {}, el("code", {}, policy.policy)),
    policy.retry ? el("div", {class: "muted"}, `retry ${policy.retry}`) : null,
    policy.select !== "recorded" ? el("div", {class: "muted"}, `select ${policy.select}`) : null];
}

const WHATIF_OUTCOMES = {
  "same-culprit": ["the same culprit", ""], "different-culprit": ["another culprit", "doubt"], "culprit": ["a culprit", ""],
  "set": ["a set: the record does not go on", "doubt"], "aborted": ["stops the search", "doubt"],
  "only-skipped": ["only skipped commits left", "doubt"], "error": ["git refuses to go on", "wrong"],
};
const JUDGEMENTS = {right: "right", wrong: "wrong", undecided: "doubt"};

/// The row of each step by number, then what each policy does there.
function stepMatrix(result) {
  const policies = result.policies;
  const last = d3.max(policies, (policy) => policy.record.steps.length) || 0;
  const columns = [
    {title: "Step", number: true, head: true, cell: (step) => step},
    ...policies.map((policy, p) => ({
      title: policyName(policy),
      cell: (number) => {
        const step = policy.record.steps[number - 1];
        if (!step) return el("span", {class: "muted"}, "\u2013");
        const first = policy.record.first_divergence;
        const other = first && first.step <= number;
        const changed = step.recorded_verdict && step.recorded_verdict !== step.verdict;
        return withTip(el("span", {tabindex: "0", title: step.reason || null},
          verdict(step.verdict), " ", commit(step.commit),
          changed ? el("div", {}, tag(`recorded ${step.recorded_verdict}`, "other")) : null,
          other && !step.on_record ? el("div", {class: "muted"}, "its own way") : null,
          first && first.step === number ? el("div", {}, tag("parts here", "other")) : null,
          step.merge_base ? el("div", {class: "muted"}, "merge base") : null,
          step.confirms ? el("div", {class: "muted"}, "confirms the end") : null), step.reason || "no reason given");
      },
      attributes: (number) => {
        const first = policy.record.first_divergence;
        return first && first.step <= number && policies[p].record.steps[number - 1] ? {class: "apart"} : {};
      },
    })),
  ];
  return table({caption: "Steps as rows, policies as columns; point at a cell, or go to it, for the reason", columns, rows: d3.range(1, last + 1)});
}

function recordTable(result) {
  return table({
    caption: "What the recorded runs alone support",
    columns: [
      {title: "Policy", head: true, words: true, cell: policyHead},
      {title: "Outcome", cell: (policy) => {
        const [words, kind] = WHATIF_OUTCOMES[policy.record.outcome] || [policy.record.outcome, "doubt"];
        return kind ? tag(words, kind) : words;
      }},
      {title: "Culprit", cell: (policy) => commit(policy.record.culprit)},
      result.truth && {title: "Judged by the truth", cell: (policy) => (policy.record.judgement ? tag(policy.record.judgement, JUDGEMENTS[policy.record.judgement]) : "")},
      {title: "Suspects left", number: true, cell: (policy) => count(policy.record.suspects_left)},
      {title: "Parts from the record", words: true, cell: (policy) => {
        const first = policy.record.first_divergence;
        if (!first) return el("span", {class: "muted"}, "nowhere");
        return [`at step ${first.step}: `,
          first.commit !== first.recorded_commit ? ["tests ", commit(first.commit), " instead of ", commit(first.recorded_commit), "; "] : null,
          first.verdict ? [verdict(first.verdict), first.recorded_verdict ? [" instead of ", verdict(first.recorded_verdict)] : null, ". "] : null,
          first.reason];
      }},
      {title: "Needs", cell: (policy) => {
        const needs = policy.record.needs;
        if (!needs) return el("span", {class: "muted"}, "nothing");
        return [needs.runs ? `${countOf(needs.runs, "more run", "more runs")} of ` : "runs of ", commit(needs.commit), needs.untested ? ", untested" : ""];
      }},
    ].filter((column) => column),
    rows: result.policies,
  });
}

function plusMinus(share, error) {
  return `${percent(share)}${error ? ` \u00b1 ${percent(error)}` : ""}`;
}

function modelTable(policies, caption) {
  const modelled = policies.filter((policy) => policy.model);
  if (modelled.length === 0) return null;
  const share = (name, title) => ({title, number: true, value: (policy) => policy.model[name],
    cell: (policy) => plusMinus(policy.model[name], policy.model.standard_errors[name])});
  const corpus = modelled[0].model.trials === undefined;
  return table({
    caption,
    columns: [
      {title: "Policy", head: true, words: true, cell: policyHead},
      share("right", "Right"), share("wrong", "Wrong"), share("undecided", "Undecided"),
      ...(corpus ? [
        {title: "Names the known truth", number: true, cell: (policy) => percent(policy.model.names_known_truth)},
        {title: "Extra tests", number: true, cell: (policy) => figure(policy.model.extra_tests)},
        {title: "Extra runs", number: true, cell: (policy) => figure(policy.model.extra_runs)},
        {title: "Extra machine hours", number: true, cell: (policy) => (policy.model.extra_machine_hours === null ? "not known" :
          `${figure(policy.model.extra_machine_hours)} (${countOf(policy.model.timed_recordings, "recording")})`)},
      ] : [
        {title: "Further tests", number: true, cell: (policy) => figure(policy.model.further_tests)},
        {title: "Further runs", number: true, cell: (policy) => figure(policy.model.further_runs)},
        {title: "Worlds", number: true, cell: (policy) => count(policy.model.trials)},
        {title: "Named most", words: true, cell: (policy) => el("ul", {}, policy.model.culprits.slice(0, 3).map((one) => el("li", {},
          commit(one.commit), ` ${plusMinus(one.share, one.standard_error)}`)))},
      ]),
    ],
    rows: modelled,
  });
}

function viewWhatif(result) {
  const notes = result.policies.flatMap((policy) => policy.record.notes.map((note) => `${policyName(policy)}: ${note}`));
  return [
    facts([
      ["Recorded culprit", commit(result.recorded_culprit)],
      ["True culprit", result.truth ? (result.truth === "none" ? "none in the range" : commit(result.truth)) : "not known"],
      ["Choices as", `${result.git_run ? "git bisect run of " : ""}git ${result.git_version}`],
      ["Graph", `${result.graph.source}, ${countOf(result.graph.commits, "commit")}`],
    ]),
    madeUp(result.graph) ? el("p", {class: "notice"}, "The graph is made up: a search that leaves the recorded way walks on commits that do not exist.") : null,
    el("h3", {}, "By the record alone"),
    recordTable(result),
    list(notes),
    el("h3", {}, "Step by step"),
    stepMatrix(result),
    result.policies.some((policy) => policy.model) ? [el("h3", {}, "With the model"),
      modelTable(result.policies, "Searches carried on by simulation, in worlds that fit the record; with standard errors"),
      el("p", {class: "muted"}, "Shares of simulated worlds, not of real searches.")] : null,
  ];
}

function interval(low, high, show) {
  return low === null || low === undefined ? "" : `${signed(low, show)} to ${signed(high, show)}`;
}

function viewCorpus(result) {
  const difference = (of, what) => ({title: what, number: true, cell: (pair) => (pair[of] && pair[of].low !== null ?
    [signed(pair[of].difference_right, percent), el("div", {class: "muted"}, interval(pair[of].low, pair[of].high, percent))] : el("span", {class: "muted"}, "\u2013"))});
  return [
    facts([
      ["Recordings", count(result.recordings)],
      result.failed > 0 && ["Failed", count(result.failed)],
      result.without_runs > 0 && ["Left out, without runs", count(result.without_runs)],
      ["Truth known of", count(result.truths)],
    ]),
    table({
      caption: "By the records alone",
      columns: [
        {title: "Policy", head: true, words: true, cell: policyHead},
        {title: "Part from the record", number: true, cell: (policy) => `${count(policy.diverging)} of ${count(policy.recordings)}`, value: (policy) => policy.diverging},
        {title: "Right", number: true, cell: (policy) => count(policy.record.right), value: (policy) => policy.record.right},
        {title: "Wrong", number: true, cell: (policy) => count(policy.record.wrong), value: (policy) => policy.record.wrong},
        {title: "Undecided", number: true, cell: (policy) => count(policy.record.undecided), value: (policy) => policy.record.undecided},
        {title: "Of known truths", number: true, cell: (policy) => count(policy.record.truths)},
      ],
      rows: result.policies,
    }),
    modelTable(result.policies, "With the model: means over the recordings"),
    result.differences.length > 0 ? [el("h3", {}, "Differences"), table({
      caption: `The share right with the second less that with the first; intervals: ${result.intervals.record}; model: ${result.intervals.model}`,
      columns: [
        {title: "First", head: true, words: true, cell: (pair) => policyHead(pair.first)},
        {title: "Second", words: true, cell: (pair) => policyHead(pair.second)},
        difference("record", "By the record"),
        difference("model", "By the model"),
      ],
      rows: result.differences,
    })] : null,
  ];
}

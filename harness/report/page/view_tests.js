// rebisect.test/1

const STATUSES = {
  "passed": ["\u2713", "passed", "right"], "failed": ["\u2717", "failed", "wrong"],
  "known-failure": ["~", "known failure", "doubt"], "unexpected-pass": ["!", "unexpected pass", "doubt"],
  "skipped": ["\u2013", "skipped", "muted"],
};

function statusTag(status) {
  const [sign, words, kind] = STATUSES[status] || ["?", status, "doubt"];
  return el("span", {class: `verdict ${kind === "doubt" ? "" : kind}`}, sign, " ", words);
}

function scenarioName(scenario) {
  return `${scenario.suite}/${scenario.name}`;
}

function journal(result) {
  if (!result.journal || result.journal.length === 0) return null;
  return table({
    caption: "The journal: what the tool asked, and the exit code it got",
    columns: [
      {title: "Question", number: true, head: true, cell: (entry, i) => i + 1},
      {title: "Commit", cell: (entry) => [entry.name ? el("strong", {}, entry.name) : null, " ", commit(entry.commit)]},
      {title: "Exit code", number: true, cell: (entry) => entry.code},
    ],
    rows: result.journal,
    marked: (entry) => Boolean(result.question) && result.journal.indexOf(entry) === result.question.number - 1,
  });
}

function testDetails(scenario, result) {
  const summary = result.summary;
  return [
    el("p", {}, scenario.about),
    result.note ? el("p", {}, result.note) : null,
    list(result.faults || []),
    result.question ? el("p", {}, `First question at fault: number ${result.question.number}, ${result.question.about}`) : null,
    result.status === "skipped" ? null : facts([
      ["Outcome", String(result.outcome).replaceAll("-", " ")],
      ["Culprit", commit(result.culprit)],
      result.candidates && result.candidates.length > 0 && ["Candidates", result.candidates.map((name, i) => [i > 0 ? ", " : "", commit(name)])],
      ["Exit code", String(result.exit_code)],
      ["Tests", `${count(result.tests)}, of them ${count(result.repeated)} repeated; the optimum is ${count(scenario.optimum)} for ${countOf(scenario.suspects, "suspect")}`],
      summary && summary.searches > 1 && ["Searches", `${count(summary.right)} of ${count(summary.searches)} right (${percent(summary.accuracy_low)} to ${percent(summary.accuracy_high)}), ${figure(summary.tests_mean)} tests on average`],
      result.left_behind && result.left_behind.length > 0 && ["Left behind", String(result.left_behind)],
    ]),
    journal(result),
  ];
}

function viewTests(report) {
  const rows = report.scenarios;
  const columns = [
    {title: "Scenario", head: true, words: true, value: scenarioName, cell: (scenario) => [el("code", {}, scenarioName(scenario)), el("div", {class: "muted"}, scenario.about)]},
    {title: "Suspects", number: true, cell: (scenario) => count(scenario.suspects), value: (scenario) => scenario.suspects},
    ...report.tools.map((tool, t) => ({
      title: tool.version ? `${tool.name} (${tool.version})` : tool.name,
      value: (scenario) => scenario.results[t].status,
      cell: (scenario) => {
        const result = scenario.results[t];
        return [statusTag(result.status), result.summary && result.summary.searches > 1 ?
          el("div", {class: "muted"}, `${count(result.summary.right)} of ${count(result.summary.searches)} right`) : null];
      },
    })),
  ];
  const matrix = table({
    caption: "Scenarios as rows, tools as columns", filter: "Filter scenarios", text: (scenario) => `${scenarioName(scenario)} ${scenario.about}`,
    columns, rows, marked: (scenario) => scenario.results.some((result) => result.status === "failed"),
  });
  const statuses = Object.keys(STATUSES).filter((status) => rows.some((scenario) => scenario.results.some((result) => result.status === status)));
  const narrow = choice("Show", [["", "all results"], ...statuses.map((status) => [status, `with ${STATUSES[status][1]}`])],
    (wanted) => matrix.narrow(wanted ? rows.filter((scenario) => scenario.results.some((result) => result.status === wanted)) : rows));
  const told = rows.flatMap((scenario) => scenario.results.map((result) => ({scenario, result})))
    .filter(({result}) => result.status !== "passed" && result.status !== "skipped");
  const inWords = ({scenario, result}) => `${result.tool}: ${scenarioName(scenario)}, ${(STATUSES[result.status] || [0, result.status])[1]}`;
  return [
    facts([
      ["Tools", report.tools.map((tool, i) => [i > 0 ? "; " : "", `${tool.name}${tool.version ? ` ${tool.version}` : ""}${tool.about ? `: ${tool.about}` : ""}`])],
      ["Results", el("span", {class: report.counts.failed > 0 ? "wrong" : "right"}, Object.entries(report.counts).filter(([, number]) => number > 0)
        .map(([status, number]) => `${count(number)} ${(STATUSES[status] || [0, status])[1]}`).join(", "))],
    ]),
    el("div", {class: "controls"}, narrow),
    matrix,
    told.length > 0 ? [el("h3", {}, "Failures, and what is known"), told.map((one) => more(inWords(one), () => testDetails(one.scenario, one.result)))] : null,
    report.journals_left_out ? el("p", {class: "muted"}, "Journals of results that passed are left out.") : null,
  ];
}

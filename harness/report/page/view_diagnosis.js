// rebisect.diagnose/1

const CONCLUSIONS = {trustworthy: "right", doubtful: "doubt", contradicted: "wrong"};

function conclusionTag(conclusion) {
  return tag(conclusion, CONCLUSIONS[conclusion] || "doubt");
}

function revList(text) {
  return el("code", {}, text);
}

function setWords(set) {
  if (!set) return "none";
  const besides = set.besides.length > 0 ? `, besides: ${set.besides.join(", ")}` : "";
  return `${countOf(set.size, "commit")}, ${percent(set.mass)}${besides}`;
}

function setContent(set) {
  if (set.commits) {
    return set.commits.length === 0 ? null : el("ul", {}, set.commits.map((name) => el("li", {}, commit(name))));
  }
  return el("ul", {}, (set.range || []).map((part) => el("li", {},
    part.any === part.of ? `all ${count(part.of)} of ` : `any ${count(part.any)} of the ${count(part.of)} of `, revList(part.rev_list))));
}

const BESIDES = {older: "older than the range", newer: "newer", unrelated: "unrelated crashes"};

/// The hypotheses as they come: groups from the oldest on, then what lies
/// besides the range.
function posteriorChart(result) {
  const all = result.hypotheses;
  if (all.length === 0) return null;
  const older = all.filter((one) => one.name === "older");
  const rest = all.filter((one) => BESIDES[one.name] && one.name !== "older");
  const groups = all.filter((one) => !BESIDES[one.name]);
  const columns = [...older, ...groups, ...rest];
  const x = d3.scaleBand().domain(d3.range(columns.length)).paddingInner(columns.length > 60 ? 0 : 0.15);
  const y = d3.scaleLinear().domain([0, 1]);
  const culprit = result.recorded_culprit ? result.recorded_culprit.commit : null;
  const isCulprit = (one) => culprit && one.commits === 1 && one.name.split(" ")[0] === culprit.slice(0, one.name.split(" ")[0].length);
  const drawing = chart({
    label: `probability of each of ${countOf(groups.length, "group")} of commits; the table below says the same`,
    x, y, xTitle: "groups of commits, oldest on the left", yTitle: "probability",
    xTicks: (axis) => axis.tickValues([]).tickSizeOuter(0),
    yTicks: (axis) => axis.ticks(5).tickFormat(d3.format(".0%")),
    draw(plot, inner) {
      let sum = 0;
      const curve = columns.map((one, i) => [x(i) + x.bandwidth(), y(Math.min(1, sum += one.mass))]);
      plot.append(svg("path", {class: "whisker", d: d3.line().curve(d3.curveStepBefore)([[0, y(0)], ...curve])}));
      columns.forEach((one, i) => {
        const kind = BESIDES[one.name] ? "besides" : isCulprit(one) ? "culprit" : "";
        const bar = svg("rect", {class: `bar ${kind}`, x: x(i), width: Math.max(1, x.bandwidth()), y: y(one.mass), height: inner.height - y(one.mass)});
        bar.append(svg("title", {}, `${BESIDES[one.name] || one.name}: ${percent(one.mass)}`));
        plot.append(bar);
        if (one.mass >= 0.1) {
          const at = x(i) + x.bandwidth() / 2;
          plot.append(svg("text", {x: at, y: y(one.mass) - 4, "text-anchor": at > inner.width * 0.9 ? "end" : at < inner.width * 0.1 ? "start" : "middle"}, percent(one.mass)));
        }
      });
    },
  });
  const box = (kind) => svg("svg", {class: "chart", style: "display:inline-block;width:14px;height:14px", viewBox: "0 0 14 14", "aria-hidden": "true"},
    svg("rect", {class: `bar ${kind}`, x: 1, y: 1, width: 12, height: 12}));
  return el("figure", {}, drawing, legend([
    culprit && [box("culprit"), "the recorded culprit"], [box(""), "other commits"], [box("besides"), "besides the range: older, newer, unrelated"],
    [svg("svg", {class: "chart", style: "display:inline-block;width:20px;height:14px", viewBox: "0 0 20 14", "aria-hidden": "true"}, svg("path", {class: "whisker", d: "M0,12H10V3H20"})), "sum from the left"],
  ].filter((entry) => entry)));
}

function hypothesisTable(result) {
  const rows = result.hypotheses.map((one, i) => ({...one, index: i}));
  return table({
    caption: "Where the culprit may be; commits of one group share its probability",
    filter: rows.length > 12 ? "Filter commits" : null,
    text: (one) => one.name,
    columns: [
      {title: "No.", number: true, cell: (one) => one.index + 1, value: (one) => one.index},
      {title: "Commits (for git rev-list)", head: true, words: true, cell: (one) => (BESIDES[one.name] ? BESIDES[one.name] : revList(one.name))},
      {title: "How many", number: true, cell: (one) => count(one.commits), value: (one) => one.commits},
      {title: "Probability", number: true, cell: (one) => [bars(one.mass), " ", percent(one.mass)], value: (one) => one.mass},
    ],
    rows,
  });
}

function carried(result) {
  const factor = (one) => {
    const value = one.log10_bayes_factor;
    return value === null || value === undefined ? "" : signed(value, (number) => number.toFixed(2));
  };
  return table({
    caption: "What each verdict carries: its runs weighed against all others, and the result without them",
    columns: [
      {title: "Step", number: true, head: true, cell: (one) => (one.step === null ? one.purpose : one.step)},
      {title: "Commit", cell: (one) => commit(one.commit)},
      {title: "Verdict", cell: (one) => [verdict(one.recorded_verdict),
        one.crash_verdict && one.crash_verdict !== one.recorded_verdict ? el("div", {class: "muted"}, `crash: ${one.crash_verdict}`) : null]},
      {title: "Crashed", number: true, cell: (one) => (one.runs ? count(one.runs.crashed) : "")},
      {title: "Other titles", number: true, cell: (one) => (one.runs ? count(one.runs.other_titles) : "")},
      {title: "OK", number: true, cell: (one) => (one.runs ? count(one.runs.ok) : "")},
      {title: "Unusable", number: true, cell: (one) => (one.runs ? count(one.runs.unusable) : "")},
      {title: "Runs for the verdict (log10 of Bayes factor)", number: true, cell: factor, value: (one) => one.log10_bayes_factor},
      {title: "Chance that it is wrong", number: true, cell: (one) => percent(one.probability_wrong), value: (one) => one.probability_wrong},
      {title: "Without it", words: true, cell: (one) => [one.changes_result ? [tag("changes the result", "wrong"), el("br")] : null,
        one.culprit_without_it ? [commit(one.culprit_without_it), " "] : null,
        one.posterior_without_it === null || one.posterior_without_it === undefined ? null : `${percent(one.posterior_without_it)} for the result`,
        one.credible_set_without_it ? el("div", {class: "muted"}, `95% set: ${setWords(one.credible_set_without_it)}`) : null]},
      {title: "Line", number: true, cell: (one) => one.line || ""},
    ],
    rows: result.verdicts,
    marked: (one) => one.changes_result || (one.step !== null && one.step === result.derailed_at_step),
  });
}

function titlesTable(titles) {
  if (titles.length === 0) return null;
  const reading = (one) => (one ? [`${percent(one.posterior)} for the result`,
    one.culprit ? [", ", commit(one.culprit)] : null, el("div", {class: "muted"}, setWords(one.credible_set))] : "");
  return [el("h3", {}, "Other titles"), table({
    caption: "Crashes under other titles, read both ways",
    columns: [
      {title: "Title", head: true, words: true, cell: (one) => one.title},
      {title: "Same bug", number: true, cell: (one) => percent(one.same_bug)},
      {title: "If it is", cell: (one) => reading(one.if_same)},
      {title: "If it is another", cell: (one) => reading(one.if_other)},
    ],
    rows: titles,
  })];
}

function nextTests(tests) {
  if (tests.length === 0) return null;
  return [el("h3", {}, "What to test next"), table({
    caption: "The tests that tell most, by how many bits of uncertainty they are expected to take",
    columns: [
      {title: "Commit", head: true, cell: (test) => commit(test.commit)},
      {title: "Tested before", cell: (test) => (test.tested_before ? "yes" : "no")},
      {title: "Runs", number: true, cell: (test) => count(test.runs), value: (test) => test.runs},
      {title: "Bits expected", number: true, cell: (test) => test.expected_entropy_drop_bits.toFixed(3), value: (test) => test.expected_entropy_drop_bits},
      {title: "Divides (for git rev-list --bisect)", words: true, cell: (test) => (test.within ? revList(test.within) : "")},
    ],
    rows: tests,
  })];
}

function culpritFacts(result) {
  const recorded = result.recorded_culprit;
  if (!recorded) {
    return result.left ? ["No culprit named", `${countOf(result.left.commits, "commit")} agree with all verdicts and hold ${percent(result.left.posterior)}`] : null;
  }
  const [least, most] = recorded.posterior_any_graph;
  return ["Recorded culprit", commit(recorded.commit), ` has ${percent(recorded.posterior)} of the probability`,
    least !== most ? `; from ${percent(least)} to ${percent(most)} on any graph that fits the counts in the log` : ""];
}

function viewDiagnosis(result) {
  const graph = result.graph;
  return [
    facts([
      ["Conclusion", conclusionTag(result.conclusion)],
      result.gate && ["Gate", el("strong", {}, result.gate.action), ` (${result.gate.code})`, result.gate.claim ? `, claim: ${result.gate.claim}` : null],
      culpritFacts(result),
      ["95% credible set", setWords(result.credible_set)],
      result.derailed_at_step !== null && ["Derailed at", `step ${result.derailed_at_step}: its verdict is more likely wrong than right`],
      result.advice && ["Advice", Array.isArray(result.advice) ? list(result.advice) : String(result.advice)],
      result.false_negative_chance !== null && result.false_negative_chance !== undefined &&
        ["A bad commit passes ten runs", `with a chance of ${percent(result.false_negative_chance)}`],
      ["Graph", `${graph.source}, ${countOf(graph.commits, "commit")}, ${countOf(graph.suspects, "suspect")}`],
      ["Record", result.status],
    ]),
    madeUp(graph) ? el("p", {class: "notice"}, "The graph is made up: it was reconstructed from the log. Groups of commits have the right sizes where the log states counts; their ids are the record\u2019s or hypothetical.") : null,
    graph.missing.length > 0 ? el("p", {class: "notice"}, `The graph lacks ${graph.missing.join(", ")}.`) : null,
    el("h3", {}, "Why"),
    list(result.reasons.map(coded)),
    result.limits.length > 0 ? [el("h3", {}, "What no run can tell"), list(result.limits.map(coded))] : null,
    result.culprit_findings.length > 0 ? [el("h3", {}, "The culprit\u2019s changes"),
      list(result.culprit_findings.map((one) => [el("strong", {}, one.code.replaceAll("-", " ")), ": ", one.message]))] : null,
    el("h3", {}, "Where the culprit may be"),
    posteriorChart(result),
    el("p", {}, "The smallest set of commits that holds 95%: ", setWords(result.credible_set), "."),
    setContent(result.credible_set),
    more(`All ${countOf(result.hypotheses.length, "group")} with their probability`, () => hypothesisTable(result)),
    el("h3", {}, "What each verdict carries"),
    carried(result),
    titlesTable(result.titles),
    nextTests(result.next_tests),
    el("p", {class: "muted"}, "Probabilities are those of a model with stated assumptions, not frequencies that were measured."),
  ];
}

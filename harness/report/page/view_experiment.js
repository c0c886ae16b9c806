// rebisect.results/1

const HOURS_MS = 3600000;

function cellName(cell) {
  return [cell.select, cell.retry, cell.verdict].filter((part) => part).join(" \u00b7 ");
}

/// "{name: low, false-bad: 0.004}" by its name.
function noiseName(noise) {
  const named = /^\{name: ("?)([^,}]*)\1[,}]/.exec(noise);
  return named ? named[2] : noise;
}

/// What tells a group from the others.
function groupName(experiment, group, noise = noiseName(group.noise)) {
  const differs = (name) => experiment.groups.some((other) => other[name] !== group[name]);
  const parts = [`noise ${noise}`];
  if (differs("graph")) parts.push(`graph ${group.graph}`);
  if (differs("truth")) parts.push(`truth ${group.truth}`);
  if (differs("budget")) parts.push(`budget ${group.budget === "{}" ? "none" : group.budget}`);
  return parts.join(", ");
}

/// What is known of a cell: its exact result where it has one, else its trials.
function figuresOf(cell) {
  const exact = cell.exact;
  if (exact) {
    const outcomes = exact.outcomes;
    return {exact: true, right: outcomes.right, low: null, high: null, wrong: outcomes.wrong,
      undecided: Math.max(0, 1 - outcomes.right - outcomes.wrong), tests: exact.tests, runs: exact.runs, builds: exact.builds, cost_ms: exact.cost_ms, trials: null};
  }
  const sampled = cell.sampled;
  if (!sampled) return null;
  return {exact: false, right: sampled.right.share, low: sampled.right.low, high: sampled.right.high, wrong: sampled.wrong.share,
    undecided: sampled.undecided.share, tests: sampled.tests, runs: sampled.runs, builds: sampled.builds, cost_ms: sampled.cost_ms, trials: sampled.trials};
}

function rowsOf(experiment) {
  return experiment.groups.flatMap((group) => group.cells.map((cell) => ({group, cell, figures: figuresOf(cell)})));
}

function shareCell(figures) {
  if (!figures) return el("span", {class: "muted"}, "no trials");
  return [fine(figures.right), figures.exact ? el("div", {class: "muted"}, "exact") :
    el("div", {class: "muted"}, `${fine(figures.low)} to ${fine(figures.high)}`)];
}

function meanCell(quantity, show = figure) {
  if (!quantity) return el("span", {class: "muted"}, "\u2013");
  return [show(quantity.mean), quantity.standard_error ? el("div", {class: "muted"}, `\u00b1 ${show(quantity.standard_error)}`) : null];
}

function hours(ms) {
  return figure(ms / HOURS_MS);
}

function cellColumns(rows, withGroup, experiment) {
  const measured = (name) => rows.some((row) => row.figures && row.figures[name]);
  const mean = (name, title, show = figure) => measured(name) && {title, number: true,
    cell: (row) => meanCell(row.figures && row.figures[name], show), value: (row) => (row.figures && row.figures[name] ? row.figures[name].mean : null)};
  const quantile = (title, field) => measured("tests") && {title, number: true,
    cell: (row) => (row.figures && row.figures.tests ? count(row.figures.tests[field]) : ""), value: (row) => (row.figures && row.figures.tests ? row.figures.tests[field] : null)};
  const share = (name, title) => ({title, number: true, cell: (row) => (row.figures ? fine(row.figures[name]) : ""), value: (row) => (row.figures ? row.figures[name] : null)});
  return [
    withGroup && {title: "Group", words: true, cell: (row) => groupName(experiment, row.group), value: (row) => row.group.group},
    {title: "No.", number: true, cell: (row) => row.cell.cell, value: (row) => row.cell.cell},
    {title: "Policy", head: true, words: true, cell: (row) => el("code", {}, cellName(row.cell)), value: (row) => cellName(row.cell)},
    {title: "Right", number: true, cell: (row) => shareCell(row.figures), value: (row) => (row.figures ? row.figures.right : null)},
    share("wrong", "Wrong"), share("undecided", "Undecided"),
    mean("tests", "Tests, mean"), quantile("Tests, median", "p50"), quantile("Tests, 95%", "p95"), quantile("Tests, most", "max"),
    mean("runs", "Runs, mean"), mean("builds", "Builds, mean"), mean("cost_ms", "Cost, hours", hours),
    {title: "Trials", number: true, cell: (row) => (row.figures ? (row.figures.exact ? "exact" : count(row.figures.trials)) : "0"), value: (row) => (row.figures ? row.figures.trials : null)},
  ].filter((column) => column);
}

function accuracyChart(group, quantity) {
  const unit = quantity === "cost_ms" ? HOURS_MS : 1;
  const points = group.cells.map((cell) => ({cell, figures: figuresOf(cell)}))
    .filter((point) => point.figures && point.figures[quantity])
    .map((point) => ({...point, cost: point.figures[quantity].mean / unit, error: (point.figures[quantity].standard_error || 0) * 1.96 / unit}));
  if (points.length === 0) return null;
  const curve = (group.curves[quantity] || []).map((point) => [point.mean / unit, point.right]);
  const x = d3.scaleLinear().domain([0, d3.max(points, (point) => point.cost + point.error) * 1.08 || 1]);
  const least = d3.min(points, (point) => (point.low === null ? point.figures.right : point.figures.low));
  const y = d3.scaleLinear().domain([Math.max(0, Math.floor(least * 10) / 10 - 0.05), 1]);
  return el("figure", {}, chart({
    label: `share right against ${quantity === "tests" ? "tests" : "cost"} of ${countOf(points.length, "policy", "policies")}; the table says the same`,
    height: 340, x, y, xTitle: quantity === "tests" ? "tests on average" : "cost on average, hours", yTitle: "share right",
    xTicks: (axis) => axis.ticks(6), yTicks: (axis) => axis.ticks(6).tickFormat(d3.format(".0%")),
    draw(plot) {
      plot.append(svg("path", {class: "line", d: d3.line()(curve.map(([cost, right]) => [x(cost), y(right)]))}));
      const labels = [];
      for (const point of points) {
        const [px, py] = [x(point.cost), y(point.figures.right)];
        const g = svg("g", {});
        g.append(svg("title", {}, `${point.cell.cell}: ${cellName(point.cell)}: ${fine(point.figures.right)} right, ${figure(point.cost)}`));
        if (point.figures.low !== null) g.append(svg("path", {class: "whisker", d: `M${px},${y(Math.max(y.domain()[0], point.figures.low))}V${y(point.figures.high)}`}));
        if (point.error > 0) g.append(svg("path", {class: "whisker", d: `M${x(Math.max(0, point.cost - point.error))},${py}H${x(point.cost + point.error)}`}));
        g.append(svg("circle", {class: "point", cx: px, cy: py, r: 5}));
        plot.append(g);
        // Points that lie on each other have one label.
        const near = labels.find((label) => Math.abs(label.x - px) < 14 && Math.abs(label.y - py) < 12);
        if (near) {
          near.text.textContent += `, ${point.cell.cell}`;
        } else {
          labels.push({x: px, y: py, text: svg("text", {x: px + 8, y: py - 6}, String(point.cell.cell))});
        }
      }
      plot.append(...labels.map((label) => label.text));
    },
  }), el("figcaption", {}, "Numbers are those of the table. The line joins the policies that no other beats in both; whiskers are 95% intervals of sampled trials."));
}

/// Of one group: differences with their intervals, on the same trials.
function comparisonTable(group) {
  if (group.comparisons.length === 0) return null;
  const names = new Map(group.cells.map((cell) => [cell.cell, `${cell.cell}: ${cellName(cell)}`]));
  const some = (name) => group.comparisons.some((pair) => pair[name]);
  const mean = (name, title, show) => some(name) && {title, number: true, value: (pair) => (pair[name] ? pair[name].difference : null), cell: (pair) => {
    const of = pair[name];
    if (!of) return el("span", {class: "muted"}, "\u2013");
    return [signed(of.difference, show), of.significant ? el("strong", {title: "significant"}, " *") : null, el("div", {class: "muted"}, interval(of.low, of.high, show))];
  }};
  return table({
    caption: "Each two policies on the same trials, the second less the first, with 95% intervals; * is significant at .05 after Holm\u2019s correction",
    filter: group.comparisons.length > 15 ? "Filter policies" : null,
    text: (pair) => `${names.get(pair.first)} ${names.get(pair.second)}`,
    columns: [
      {title: "First", words: true, head: true, cell: (pair) => el("code", {}, names.get(pair.first)), value: (pair) => pair.first},
      {title: "Second", words: true, cell: (pair) => el("code", {}, names.get(pair.second)), value: (pair) => pair.second},
      {title: "Right", number: true, value: (pair) => pair.difference, cell: (pair) => [signed(pair.difference, fine),
        pair.significant ? el("strong", {title: "significant"}, " *") : null, el("div", {class: "muted"}, interval(pair.low, pair.high, fine))]},
      {title: "p, adjusted", number: true, cell: (pair) => figure(pair.p_adjusted), value: (pair) => pair.p_adjusted},
      {title: "Only first / only second right", number: true, cell: (pair) => `${count(pair.only_first)} / ${count(pair.only_second)}`},
      mean("tests", "Tests", figure), mean("cost_ms", "Cost, hours", hours),
    ].filter((column) => column),
    rows: group.comparisons,
  });
}

const CALIBRATION_BINS = 20;

function calibrationChart(calibration, name) {
  const x = d3.scaleLinear().domain([0, 1]);
  const y = d3.scaleLinear().domain([0, 1]);
  const points = calibration.bins.map((bin) => ({confidence: bin.confidence_e9 / 1e9 / bin.count, right: bin.right / bin.count, count: bin.count}));
  return el("figure", {}, chart({
    label: `calibration of ${name}: ${points.map((point) => `at ${fine(point.confidence)} ${fine(point.right)} right`).join(", ")}`,
    width: Math.min(420, chartWidth()), height: 320, x, y, xTitle: "confidence", yTitle: "share right",
    xTicks: (axis) => axis.ticks(5).tickFormat(d3.format(".0%")), yTicks: (axis) => axis.ticks(5).tickFormat(d3.format(".0%")),
    draw(plot) {
      plot.append(svg("path", {class: "whisker", "stroke-dasharray": "4 3", d: `M${x(0)},${y(0)}L${x(1)},${y(1)}`}));
      const most = d3.max(points, (point) => point.count);
      for (const point of points) {
        plot.append(svg("circle", {class: "point", cx: x(point.confidence), cy: y(point.right), r: 3 + 6 * Math.sqrt(point.count / most)},
          svg("title", {}, `confidence ${fine(point.confidence)}: ${fine(point.right)} of ${countOf(point.count, "trial")} right`)));
      }
    },
  }), el("figcaption", {}, `${name}. On the dashed line confidence is what it says; larger points are of more trials (${CALIBRATION_BINS} equal bins).`));
}

function calibrationPart(group) {
  const cells = group.cells.filter((cell) => cell.sampled && cell.sampled.calibration);
  if (cells.length === 0) return null;
  const place = el("div", {});
  const draw = (number) => {
    const cell = cells.find((one) => one.cell === Number(number));
    place.replaceChildren(calibrationChart(cell.sampled.calibration, cellName(cell)));
  };
  draw(cells[0].cell);
  return [el("h3", {}, "Calibration"), cells.length > 1 ? el("div", {class: "controls"},
    choice("Policy", cells.map((cell) => [cell.cell, `${cell.cell}: ${cellName(cell)}`]), draw)) : null, place, table({
    caption: "How well policies knew what they knew",
    columns: [
      {title: "Policy", head: true, words: true, cell: (cell) => el("code", {}, `${cell.cell}: ${cellName(cell)}`)},
      {title: "Trials with a confidence", number: true, cell: (cell) => count(cell.sampled.calibration.named), value: (cell) => cell.sampled.calibration.named},
      {title: "Mean confidence", number: true, cell: (cell) => fine(cell.sampled.calibration.mean_confidence), value: (cell) => cell.sampled.calibration.mean_confidence},
      {title: "Share right", number: true, cell: (cell) => fine(cell.sampled.calibration.share_right), value: (cell) => cell.sampled.calibration.share_right},
      {title: "Expected calibration error", number: true, cell: (cell) => fine(cell.sampled.calibration.expected_error), value: (cell) => cell.sampled.calibration.expected_error},
    ],
    rows: cells,
  })];
}

/// Groups that differ in their noise alone, side by side.
function heatMaps(experiment) {
  const alike = new Map();
  for (const group of experiment.groups) {
    const key = JSON.stringify([group.graph, group.truth, group.budget]);
    alike.set(key, [...(alike.get(key) || []), group]);
  }
  const families = [...alike.values()].filter((groups) => groups.length > 1);
  if (families.length === 0) return null;
  const place = el("div", {});
  const draw = (at) => {
    const groups = families[at];
    const rows = new Map();
    groups.forEach((group, g) => group.cells.forEach((cell) => {
      const name = cellName(cell);
      if (!rows.has(name)) rows.set(name, {name, cells: new Array(groups.length).fill(null)});
      rows.get(name).cells[g] = figuresOf(cell);
    }));
    place.replaceChildren(table({
      caption: "Share right: policies as rows, noise as columns; the darker, the more often right",
      filter: rows.size > 15 ? "Filter policies" : null,
      text: (row) => row.name,
      columns: [
        {title: "Policy", head: true, words: true, cell: (row) => el("code", {}, row.name), value: (row) => row.name},
        ...groups.map((group, g) => ({
          title: noiseName(group.noise),
          value: (row) => (row.cells[g] ? row.cells[g].right : null),
          cell: (row) => (row.cells[g] ? fine(row.cells[g].right) : "\u2013"),
          attributes: (row) => ({class: "heat", style: row.cells[g] ? `background:rgba(var(--heat),${(row.cells[g].right * row.cells[g].right * 0.45).toFixed(3)})` : null}),
        })),
      ],
      rows: [...rows.values()],
    }));
  };
  draw(0);
  const name = (groups) => groupName(experiment, groups[0], `of ${groups.length} kinds`);
  return [el("h3", {}, "By noise"), families.length > 1 ? el("div", {class: "controls"},
    choice("Groups", families.map((groups, i) => [i, name(groups)]), (value) => draw(Number(value)))) : null, place];
}

function groupPart(experiment, group) {
  const rows = group.cells.map((cell) => ({group, cell, figures: figuresOf(cell)}));
  const quantities = ["tests", "cost_ms"].filter((name) => rows.some((row) => row.figures && row.figures[name]));
  const left = group.comparisons_left_out;
  return [
    facts([
      ["Group", `${group.group}: ${groupName(experiment, group)}`],
      ["Noise", el("code", {}, group.noise)],
      ["Truth", el("code", {}, group.truth)],
      group.budget !== "{}" && ["Budget", el("code", {}, group.budget)],
      ["Graph", `${group.graph}: ${experiment.graphs[group.graph - 1].source}`],
      ["Trials", `${count(group.trials.done)} of ${count(group.trials.of)}`],
    ]),
    el("h3", {}, "Accuracy against cost"),
    quantities.map((quantity) => accuracyChart(group, quantity)),
    table({caption: "The policies of the group", columns: cellColumns(rows, false, experiment), rows,
      filter: rows.length > 15 ? "Filter policies" : null, text: (row) => cellName(row.cell)}),
    group.comparisons.length > 0 ? el("h3", {}, "Paired differences") : null,
    left ? el("p", {class: "muted"}, `${countOf(left, "comparison")} of others than policy 1 left out of this page, for its size; the JSON has them.`) : null,
    comparisonTable(group),
    calibrationPart(group),
  ].flat(Infinity).filter((part) => part);
}

function viewExperiment(experiment) {
  const rows = rowsOf(experiment);
  const place = el("div", {});
  const draw = (at) => place.replaceChildren(...groupPart(experiment, experiment.groups[at]));
  if (experiment.groups.length > 0) draw(0);
  return [
    facts([
      ["Experiment", experiment.name],
      ["Complete", yesNo(experiment.complete, "yes", "no: blocks are missing")],
      ["Seed", String(experiment.seed)],
      ["Version", `rebisect ${experiment.version}`],
      ["Digest", el("code", {}, experiment.experiment)],
      ["Graphs", list(experiment.graphs.map((graph, i) => `${i + 1}: ${graph.source}, ${countOf(graph.commits, "commit")}`))],
      ["Size", `${countOf(experiment.groups.length, "group")}, ${countOf(rows.length, "cell")}`],
    ]),
    experiment.groups.length > 1 ? el("div", {class: "controls"}, choice("Group",
      experiment.groups.map((group, i) => [i, `${group.group}: ${groupName(experiment, group)}`]), (value) => draw(Number(value)))) : null,
    place,
    heatMaps(experiment),
    experiment.groups.length > 1 ? [el("h3", {}, "All cells"), table({
      caption: "Every cell of the experiment", filter: "Filter cells",
      text: (row) => `${groupName(experiment, row.group)} ${cellName(row.cell)}`,
      columns: cellColumns(rows, true, experiment), rows,
    })] : null,
  ];
}

// rebisect.replay/1

const OUTCOMES = {
  "same-culprit": ["the same culprit", "right"],
  "different-culprit": ["another culprit", "wrong"],
  "same-end": ["the same end, without a culprit", "right"],
  "different-end": ["another end", "wrong"],
  "needs-untested": ["open: it asks for a commit that the record did not test", "doubt"],
};

function outcomeTag(outcome) {
  const [words, kind] = OUTCOMES[outcome] || [outcome, "doubt"];
  return tag(words, kind);
}

function agreeing(result) {
  return result.steps.filter((step) => step.agrees).length;
}

function madeUp(graph) {
  return graph.source === "reconstructed" || graph.source === "mixed";
}

/// Runs

const RUN_WORDS = {
  "ok": "OK", "crashed": "crashed", "boot-failed": "boot failed", "test-failed": "test failed",
  "infra": "infrastructure failed", "ignored": "ignored", "build-failed": "build failed", "failed": "failed",
};

function runKind(run) {
  if (run.outcome === "ok") return "ok";
  if (run.outcome === "crashed") return run.searched ? "crash" : "other";
  return "unusable";
}

const RUN_SIGNS = {ok: "\u2713", crash: "C", other: "o", unusable: "?"};

function runWords(run, allAlike) {
  const kind = runKind(run);
  const what = kind === "other" ? "another crash" : RUN_WORDS[run.outcome] || run.outcome;
  return `${allAlike ? "all" : `${run.count} \u00d7`} ${what}${run.title ? `: ${run.title}` : ""}`;
}

const MOST_RUN_CELLS = 40;

function runCells(test) {
  const words = test.runs.map((run) => runWords(run, test.all_alike)).join("\n");
  const runs = test.runs.reduce((sum, run) => sum + run.count, 0);
  const folded = runs > MOST_RUN_CELLS;
  const cells = test.runs.flatMap((run) => {
    const kind = runKind(run);
    const sign = RUN_SIGNS[kind];
    const attributes = {class: `run ${kind}`, title: runWords(run, test.all_alike)};
    if (test.all_alike) return [el("span", attributes, `all ${sign}`)];
    if (folded) return [el("span", attributes, `${run.count} ${sign}`)];
    return Array.from({length: run.count}, () => el("span", attributes, sign));
  });
  const label = (test.all_alike ? "" : `${countOf(runs, "run")}: `) + words.replaceAll("\n", "; ");
  return withTip(el("span", {class: "runs", tabindex: "0", role: "img", "aria-label": label}, cells), words);
}

function runLegend() {
  const entry = (kind, words) => [el("span", {class: `run ${kind}`, "aria-hidden": "true"}, RUN_SIGNS[kind]), words];
  return legend([entry("ok", "OK"), entry("crash", "the crash searched for"), entry("other", "another crash"),
    entry("unusable", "says nothing (boot, build or infrastructure failed)")]);
}

/// Suspects left after each step, from 0; null without the graph.
function suspectsAfter(result) {
  const graph = result.search_graph;
  if (!graph || graph.classes.length === 0) return null;
  const left = new Array(result.steps.length + 1).fill(0);
  for (const part of graph.classes) {
    const last = part.left_at === null ? left.length : part.left_at;
    for (let step = 0; step < last && step < left.length; ++step) left[step] += part.size;
  }
  return left;
}

function timeline(result, left) {
  const steps = result.steps;
  const points = left ? left.map((suspects, step) => ({step, suspects})) :
    steps.filter((step) => step.revisions_left !== null)
      .map((step) => ({step: step.index, suspects: step.revisions_left + 1}));
  if (points.length < 2) return null;
  const most = d3.max(points, (point) => point.suspects);
  const x = d3.scaleLinear().domain([0, steps.length]);
  const y = d3.scaleLog().domain([1, Math.max(2, most)]).nice();
  const shown = left ? "suspects left" : "revisions left, and the one under test";
  const drawing = chart({
    label: `${shown} step by step: ${points.map((point) => `${point.step}: ${count(point.suspects)}`).join(", ")}`,
    x, y, xTitle: left ? "after step" : "at step", yTitle: `${shown} (logarithmic)`,
    xTicks: (axis) => axis.ticks(Math.min(steps.length, 12)).tickFormat(d3.format("d")),
    yTicks: (axis) => axis.ticks(6).tickFormat((value) => (Number.isInteger(Math.log10(value)) || most < 20 ? count(value) : "")),
    draw(plot) {
      const at = (point) => [x(point.step), y(Math.max(1, point.suspects))];
      plot.append(svg("path", {class: "line", d: d3.line().curve(d3.curveStepAfter)(points.map(at))}));
      for (const point of points) {
        const step = steps[point.step - 1];
        const [px, py] = at(point);
        const mark = shape(step ? step.verdict : null, px, py, 5);
        if (step && !step.agrees) plot.append(svg("circle", {class: "apart", cx: px, cy: py, r: 10}));
        mark.append(svg("title", {}, step ? `step ${step.index}: ${short(step.recorded_commit)} ${step.verdict || "not answered"}` +
          `${step.agrees ? "" : `; ${step.explanation}`}; ${left ? `${countOf(point.suspects, "suspect")} left` : `${countOf(point.suspects - 1, "revision")} left to test after it`}` : `${countOf(point.suspects, "suspect")} at the start`));
        plot.append(mark);
      }
    },
  });
  const entries = ["good", "bad", "skip"].filter((verdict) => steps.some((step) => step.verdict === verdict))
    .map((verdict) => [legendShape(verdict), verdict]);
  if (!steps.every((step) => step.agrees)) {
    entries.push([svg("svg", {width: 22, height: 22, viewBox: "0 0 22 22", "aria-hidden": "true"}, svg("circle", {class: "apart", cx: 11, cy: 11, r: 9})), "the replay parts from the record here"]);
  }
  return el("figure", {}, drawing, legend(entries));
}

/// Results of older versions have none.
function testsOf(result) {
  return result.tests || [];
}

function stepTable(result, left) {
  const byStep = new Map();
  for (const test of testsOf(result)) {
    if (test.step !== null) byStep.set(test.step, [...(byStep.get(test.step) || []), test]);
  }
  const subjects = subjectsOf(result);
  const both = (recorded, replayed) => (recorded === null && replayed === null ? el("span", {class: "muted"}, "\u2013") :
    [recorded === null ? "\u2013" : count(recorded), " / ", replayed === null ? "\u2013" : count(replayed)]);
  const columns = [
    {title: "Step", number: true, head: true, cell: (step) => step.index},
    {title: "Commit tested", cell: (step) => [
      step.recorded_commit.split(" ").map((name, i) => [i > 0 ? " " : "", commit(name)]),
      step.merge_base ? el("div", {class: "muted"}, "merge base") : null,
      subjects.has(step.recorded_commit) ? el("div", {class: "muted"}, subjects.get(step.recorded_commit)) : null]},
    {title: "Verdict", cell: (step) => [verdict(step.verdict),
      step.crash_verdict && step.crash_verdict !== step.verdict ? el("div", {class: "muted"}, `crash: ${step.crash_verdict}`) : null]},
    byStep.size > 0 && {title: "Runs", cell: (step) => (byStep.has(step.index) ? byStep.get(step.index).map(runCells) :
      el("span", {class: "muted"}, "none"))},
    left && {title: "Suspects left after", number: true, cell: (step) => count(left[step.index])},
    {title: "Revisions left: recorded / replayed", number: true, cell: (step) => both(step.recorded_revisions_left, step.revisions_left)},
    {title: "Steps left: recorded / replayed", number: true, cell: (step) => both(step.recorded_steps_left, step.steps_left)},
    {title: "Replay", words: true, cell: (step) => [yesNo(step.agrees, "agrees", "parts"),
      !step.agrees && step.commit !== step.recorded_commit ? [" proposes ", commit(step.commit)] : null,
      step.explanation ? el("div", {}, step.explanation) : null]},
    {title: "Line", number: true, cell: (step) => step.line || ""},
  ].filter((column) => column);
  return table({caption: "The steps of the search, as recorded and as replayed", columns, rows: result.steps, marked: (step) => !step.agrees});
}

function subjectsOf(result) {
  const classes = result.search_graph ? result.search_graph.classes : [];
  return new Map(classes.filter((part) => part.subject).map((part) => [part.commit, part.subject]));
}

function otherTests(result) {
  const tests = testsOf(result).filter((test) => test.step === null);
  if (tests.length === 0) return null;
  return [el("h3", {}, "Tests besides the search"), table({
    caption: "The start commit, releases and checks",
    columns: [
      {title: "Commit", head: true, cell: (test) => [commit(test.commit), test.release ? ` ${test.release}` : ""]},
      {title: "Why", cell: (test) => test.purpose},
      {title: "Runs", cell: runCells},
      {title: "Line", number: true, cell: (test) => test.line || ""},
    ],
    rows: tests,
  })];
}

function divergenceTable(result) {
  if (result.divergences.length === 0) return null;
  return [el("h3", {}, "Where record and replay part"), table({
    caption: "A divergence is explained when the record itself or a version of git accounts for it",
    columns: [
      {title: "Step", number: true, head: true, cell: (divergence) => divergence.step || "before"},
      {title: "What", cell: (divergence) => divergence.kind.replaceAll("-", " ")},
      {title: "Explained", cell: (divergence) => yesNo(divergence.explained, "yes", "no")},
      {title: "How", words: true, cell: (divergence) => divergence.explanation},
      {title: "Line", number: true, cell: (divergence) => divergence.line || ""},
    ],
    rows: result.divergences,
    marked: (divergence) => !divergence.explained,
  })];
}

/// The graph of the search

function classWords(part) {
  const head = part.commit ? `${short(part.commit)}${part.subject ? ` \u201c${part.subject}\u201d` : ""}` : "untested";
  const said = part.verdict ? `, ${part.verdict} ${part.step > 0 ? `at step ${part.step}` : "at the start"}` : "";
  const rest = part.commit ? part.size - 1 : part.size;
  const untested = rest > 0 ? `${part.commit ? ", and " : ": "}${countOf(rest, "untested commit")}` : "";
  const end = part.left_at === null ? "suspect to the end" : part.left_at === 0 ? "ruled out at the start" : `ruled out by step ${part.left_at}`;
  return `${head}${part.culprit ? ", the recorded culprit" : ""}${said}${untested}; ${end}`;
}

function slider(result, left, show) {
  const id = newId("slider");
  const output = el("output", {for: id});
  const last = result.steps.length;
  const input = el("input", {id, type: "range", min: 0, max: last, step: 1, value: last});
  const update = () => {
    const step = Number(input.value);
    const words = `${step === 0 ? "at the start" : `after step ${step}`}: ${countOf(left[step], "suspect")}`;
    input.setAttribute("aria-valuetext", words);
    output.textContent = words;
    show(step);
  };
  input.addEventListener("input", update);
  update();
  return el("div", {class: "slider"}, el("label", {for: id}, "Suspects after step"), input, output);
}

const MOST_DRAWN_CLASSES = 300;

function searchGraph(result, left, index) {
  const graph = result.search_graph;
  const heading = el("h3", {}, "The graph of the search");
  if (!graph) return null;
  if (graph.left_out) return [heading, el("p", {}, `Not drawn: ${graph.left_out}.`)];
  const parts = graph.classes;
  const drawing = document.getElementById(`drawing-${index}`);
  const content = [heading];
  if (madeUp(result.graph)) {
    content.push(el("p", {class: "notice"}, "This graph is made up: it was reconstructed from the counts in the log. ",
      "The commits tested, their order and the numbers of suspects are the record\u2019s; how commits hang together is a guess."));
  }
  if (drawing) {
    const picture = drawing.content.firstElementChild.cloneNode(true);
    const nodes = parts.map((part, i) => picture.querySelector(`[id="g${index}_c${i}"]`));
    parts.forEach((part, i) => nodes[i] && nodes[i].querySelector("title") && (nodes[i].querySelector("title").textContent = classWords(part)));
    picture.querySelectorAll(".edge > title, .graph > title").forEach((title) => title.remove());
    // It shrinks to the width there is, as long as its text can be read.
    picture.style.minWidth = `${picture.width.baseVal.value * 0.6}px`;
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `${countOf(parts.length, "class", "classes")} of commits, newest on top; the table below says the same`);
    content.push(el("p", {}, "Each box is a tested commit with the untested ones that no test tells apart from it, or such a stretch alone (dashed). ",
      "Newer commits are above their ancestors. Every verdict keeps or rules out whole boxes, so the counts are exact."));
    content.push(slider(result, left, (step) => parts.forEach((part, i) => {
      if (!nodes[i]) return;
      nodes[i].classList.toggle("out", part.left_at !== null && part.left_at <= step);
      nodes[i].classList.toggle("now", part.step === step && step > 0 && part.verdict !== null);
    })));
    content.push(el("div", {class: "scroll drawing", tabindex: "0", role: "group", "aria-label": "Drawing of the search"}, picture));
  } else {
    content.push(el("p", {}, parts.length > MOST_DRAWN_CLASSES ? `Not drawn: ${countOf(parts.length, "box", "boxes")} would be too many to read.` :
      data.undrawn ? `Not drawn: ${data.undrawn}.` : "Not drawn: the graphs of the first searches of a report are, this is a later one."));
    content.push(slider(result, left, () => {}));
  }
  content.push(more("The same as a table", () => table({
    caption: "Commits that no test tells apart",
    columns: [
      {title: "Box", number: true, head: true, cell: (part, i) => i + 1},
      {title: "Tested commit", cell: (part) => (part.commit ? [commit(part.commit), part.culprit ? " (culprit)" : ""] : el("span", {class: "muted"}, "none"))},
      {title: "Subject", words: true, cell: (part) => part.subject || ""},
      {title: "Verdict", cell: (part) => verdict(part.verdict)},
      {title: "Step", number: true, cell: (part) => (part.verdict && part.step > 0 ? part.step : part.verdict ? "start" : "")},
      {title: "Commits", number: true, cell: (part) => count(part.size)},
      {title: "Ruled out by step", number: true, cell: (part) => (part.left_at === null ? "never" : part.left_at)},
      {title: "Parents", cell: (part) => part.parents.map((parent) => parent + 1).join(", ")},
    ],
    rows: parts,
    marked: (part) => part.culprit,
  })));
  return content;
}

function viewReplay(result, index) {
  const left = suspectsAfter(result);
  const graph = result.graph;
  const notes = [...result.notes, ...graph.notes];
  if (graph.inexact) notes.push("the graph ended before a step did, so what is said may be inexact");
  if (graph.missing.length > 0) notes.push(`the graph lacks ${graph.missing.join(", ")}`);
  const versions = result.git_versions && result.git_versions !== result.git_version ? ` (${result.git_versions} choose alike)` : "";
  return [
    facts([
      ["Outcome", outcomeTag(result.outcome)],
      ["Steps", yesNo(result.agrees, `all ${count(result.steps.length)} agree`, `${count(agreeing(result))} of ${count(result.steps.length)} agree`)],
      ["Culprit recorded", result.recorded.culprit ? commit(result.recorded.culprit) : `none (${result.recorded.end.replaceAll("-", " ")})`],
      ["Culprit replayed", result.replayed.culprit ? commit(result.replayed.culprit) : `none (${result.replayed.end.replaceAll("-", " ")})`],
      result.truth && ["The truth, as known today", result.truth.judgement ? tag(result.truth.judgement.replaceAll("-", " "),
        {right: "right", wrong: "wrong"}[result.truth.judgement] || "doubt") : null,
        result.truth.culprit ? [" ", commit(result.truth.culprit)] : null, result.truth.note ? el("div", {}, result.truth.note) : null],
      result.untested && ["Asks for", commit(result.untested), ` with ${countOf(result.suspects_left, "suspect")} left`],
      ["Behaves as", `git ${result.git_version}${versions}${result.git_commit_graph ? ", with a commit-graph file" : ""}${result.git_run ? ", by one process of git bisect run" : ""}`,
        result.git_version_chosen_by_fit ? "; fits the record best" : ""],
      ["Graph", `${graph.source}, ${countOf(graph.commits, "commit")}`],
      ["Searches for", {cause: "the commit that brought the crash", fix: "the commit that fixed it (git\u2019s good and bad are swapped)", marks: "the first bad commit (marks alone, no runs)"}[result.kind] || result.kind],
    ]),
    list(notes),
    el("h3", {}, "Suspects left"),
    timeline(result, left),
    el("h3", {}, "Steps"),
    testsOf(result).length > 0 ? runLegend() : null,
    stepTable(result, left),
    divergenceTable(result),
    otherTests(result),
    searchGraph(result, left, index),
  ];
}

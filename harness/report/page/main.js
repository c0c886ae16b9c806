// The page: an index, and each result under its heading.

/// Objects were written as [shape, values...], with the names of each shape
/// once; lists as [-1, items...].
function unpack(packed) {
  const {shapes, results} = packed;
  const value = (part) => {
    if (!Array.isArray(part)) return part;
    const [shape, ...parts] = part;
    if (shape < 0) return parts.map(value);
    const object = {};
    shapes[shape].forEach((name, i) => {
      object[name] = value(parts[i]);
    });
    return object;
  };
  return results.map(value);
}

const VIEWS = {
  "rebisect.replay/1": {kind: "Replay", of: (result) => result.recording, view: viewReplay,
    sum: (result) => [outcomeTag(result.outcome), result.agrees ? null : `, ${agreeing(result)} of ${result.steps.length} steps agree`]},
  "rebisect.diagnose/1": {kind: "Diagnosis", of: (result) => result.recording, view: viewDiagnosis,
    sum: (result) => [conclusionTag(result.conclusion), result.recorded_culprit ? `, ${percent(result.recorded_culprit.posterior)}` : null]},
  "rebisect.whatif/1": {kind: "What-if", of: (result) => result.recording, view: viewWhatif,
    sum: (result) => `${result.policies.filter((policy) => policy.record.first_divergence).length} of ${countOf(result.policies.length, "policy", "policies")} part`},
  "rebisect.whatif-corpus/1": {kind: "What-if, all recordings", of: () => "", view: viewCorpus,
    sum: (result) => countOf(result.recordings, "recording")},
  "rebisect.results/1": {kind: "Experiment", of: (result) => result.name, view: viewExperiment,
    sum: (result) => (result.complete ? "complete" : tag("incomplete", "doubt"))},
  "rebisect.results-export/1": {kind: "Experiment", of: (result) => result.name, view: viewExperiment,
    sum: (result) => (result.complete ? "complete" : tag("incomplete", "doubt"))},
  "rebisect.test/1": {kind: "Tests of tools", of: (result) => result.tools.map((tool) => tool.name).join(", "), view: viewTests,
    sum: (result) => yesNo(result.counts.failed === 0, "none failed", `${count(result.counts.failed)} failed`)},
  "rows": {kind: "Recordings", of: () => "", view: viewRecordings, sum: rowsSum},
};

/// A result that lacks what its schema promises must not take the others with
/// it.
function guarded(make) {
  try {
    return make();
  } catch (error) {
    return el("p", {class: "notice"}, `This result cannot be shown: it is not what its schema promises (${error.message}).`);
  }
}

/// More results than that are opened one by one.
const MOST_OPEN = 12;

function section(entry, open) {
  const {index, view} = entry;
  const body = el("div", {});
  const details = el("details", {class: "result", id: `result-${index}`, open},
    el("summary", {}, el("h2", {}, view.of(entry.result) ? `${view.kind}: ${view.of(entry.result)}` : view.kind)), body);
  fillOnOpen(details, body, () => guarded(() => view.view(entry.result, index)));
  return details;
}

/// A row for each recording, with what there is on it, and for each other
/// result.
function contents(entries) {
  const rows = [];
  const byName = new Map();
  const ofRecordings = ["Replay", "Diagnosis", "What-if"];
  for (const entry of entries) {
    const {kind} = entry.view;
    const name = entry.view.of(entry.result) || kind;
    const known = ofRecordings.includes(kind) ? byName.get(name) : undefined;
    if (known && !known.cells[kind]) {
      known.cells[kind] = entry;
      continue;
    }
    const row = {name, cells: {[kind]: entry}};
    if (ofRecordings.includes(kind)) byName.set(name, row);
    rows.push(row);
  }
  const kinds = [...new Set(entries.map((entry) => entry.view.kind))];
  return el("nav", {"aria-label": "Contents"}, el("h2", {}, "Contents"), table({
    caption: countOf(entries.length, "result"),
    filter: rows.length > 12 ? "Filter" : null,
    text: (row) => row.name,
    columns: [{title: "Of", head: true, cell: (row) => row.name, value: (row) => row.name}, ...kinds.map((kind) => ({
      title: kind,
      cell: (row) => {
        const entry = row.cells[kind];
        return entry ? [guarded(() => entry.view.sum(entry.result)), el("div", {}, el("a", {href: `#result-${entry.index}`},
          "show", el("span", {class: "unseen"}, ` ${kind} of ${row.name}`)))] : "";
      },
    }))],
    rows,
  }));
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || target.tagName !== "DETAILS") return;
  target.open = true;
  if (unfilled.has(target)) unfilled.get(target)();
  target.scrollIntoView();
  target.querySelector("summary").focus({preventScroll: true});
}

function openAll() {
  // What is filled may hold more to be filled: it is visited, too.
  for (const fill of unfilled.values()) fill();
  for (const details of document.querySelectorAll("details")) details.open = true;
}

const data = JSON.parse(document.getElementById("results").textContent);
const entries = rowsTogether(unpack(data)).map(({result, index}) => ({result, index, view: VIEWS[result.schema]}));
const main = document.getElementById("main");
if (entries.length > 1) main.append(contents(entries));
main.append(...entries.map((entry) => section(entry, entries.length <= MOST_OPEN)));
window.addEventListener("hashchange", openTarget);
window.addEventListener("beforeprint", openAll);
if (location.hash) openTarget();

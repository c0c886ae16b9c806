// Reports as people meet them: made by the program, opened in Chromium, and
// compared, number by number, with the JSON that they were made of.
//
// usage: node report_test.mjs REBISECT SOURCE NODE_MODULES SCRATCH CHROMIUM

import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import fs from "node:fs";
import {createRequire} from "node:module";
import path from "node:path";
import {pathToFileURL} from "node:url";

const [rebisect, source, modules, scratch, chromiumPath] = process.argv.slice(2).map((part) => path.resolve(part));
const require = createRequire(path.join(modules, "x.js"));
const {chromium} = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const MB = 1024 * 1024;
const recorded = path.join(source, "scenarios/recorded");
const inScratch = (name) => path.join(scratch, name);
const put = (name, text) => {
  fs.writeFileSync(inScratch(name), text);
  return inScratch(name);
};
const jsonLines = (text) => text.split("\n").filter((line) => line).map((line) => JSON.parse(line));

/// Runs the program; exit codes 0 and 1 are results.
function run(...options) {
  const done = spawnSync(rebisect, options, {encoding: "utf8", maxBuffer: 1024 * MB, cwd: scratch});
  assert.ok(done.status === 0 || done.status === 1, `${options.join(" ")}: ${done.status} ${done.stderr}`);
  assert.doesNotMatch(done.stderr, /not drawn/);
  return done.stdout;
}

function report(name, text) {
  const page = inScratch(`${name}.html`);
  run("report", put(`${name}.jsonl`, text), "--html", page);
  return {name, page, results: jsonLines(text), bytes: fs.statSync(page).size};
}

let failures = 0;
async function test(name, body) {
  try {
    await body();
    console.log(`ok: ${name}`);
  } catch (error) {
    ++failures;
    console.log(`FAILED: ${name}\n${error.stack}`);
  }
}

/// A page that fails the test for any error, and any request but its own.
async function open(browser, file, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, colorScheme: "light", ...options});
  const page = await context.newPage();
  // The test's own limit is ctest's: a busy machine is no fault of the page.
  page.setDefaultTimeout(0);
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  page.on("pageerror", (error) => page.faults.push(error.message));
  page.on("dialog", (dialog) => page.faults.push(`a dialog: ${dialog.message()}`));
  const own = pathToFileURL(file).href;
  page.on("request", (request) => {
    const url = request.url().split("#")[0];
    if (url !== own && !url.startsWith("data:")) page.faults.push(`asks for ${url}`);
  });
  await page.goto(own);
  return page;
}

async function close(page) {
  const broken = await page.locator(".notice", {hasText: "cannot be shown"}).allTextContents();
  assert.deepEqual([...page.faults, ...broken], []);
  await page.context().close();
}

const text = async (locator) => (await locator.innerText()).replace(/\s+/g, " ").trim();
const texts = async (locator) => (await locator.allInnerTexts()).map((one) => one.replace(/\s+/g, " ").trim());
const grouped = (number) => number.toLocaleString("en-US");
const section = (page, index) => page.locator(`#result-${index}`);
const tableOf = (part, caption) => part.locator("table", {has: part.page().locator("caption", {hasText: caption})});
/// The cells of a column by the heading's first words.
async function column(table, title) {
  const heads = await texts(table.locator("thead th"));
  const at = heads.findIndex((head) => head.startsWith(title));
  assert.ok(at >= 0, `no column ${title} among ${heads}`);
  return texts(table.locator(`tbody tr > :nth-child(${at + 1})`));
}
async function fact(part, name) {
  return text(part.locator("dl.facts dt", {hasText: new RegExp(`^${name}$`)}).first().locator("xpath=following-sibling::dd[1]"));
}
function percent(share) {
  if (share === 0 || share === 1) return `${share * 100}%`;
  const value = share * 100;
  if (value < 0.01) return "<0.01%";
  if (value > 99.99) return ">99.99%";
  return `${value.toFixed(value < 1 || value > 99 ? 2 : 1)}%`;
}
const short = (id) => (/^[0-9a-f]{40}$/.test(id) ? id.slice(0, 12) : id);

/// Nothing serious by axe, nothing wider than the window, a picture.
async function looksRight(browser, {name, page: file}) {
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [360, "light"], [360, "dark"], [1920, "light"]]) {
    const page = await open(browser, file, {viewport: {width, height: 900}, colorScheme});
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} pixels too wide at ${width}`);
    await page.screenshot({path: inScratch(`${name}-${width}-${colorScheme}.png`), fullPage: true});
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, {resultTypes: ["violations"]}));
    const serious = found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
    assert.deepEqual(serious, [], `${name} at ${width}, ${colorScheme}`);
    await close(page);
  }
}

async function firstPaint(page) {
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0, null, {timeout: 0});
  return page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
}

/// Replays

function suspectsAfter(result, step) {
  return result.search_graph.classes.filter((part) => part.left_at === null || part.left_at > step)
    .reduce((sum, part) => sum + part.size, 0);
}

async function replayAgrees(page, index, result) {
  const part = section(page, index);
  assert.equal(await fact(part, "Culprit replayed"), result.replayed.culprit ? short(result.replayed.culprit) : `none (${result.replayed.end.replaceAll("-", " ")})`);
  const steps = tableOf(part, "The steps of the search");
  assert.equal(await steps.locator("tbody tr").count(), result.steps.length);
  const pair = (a, b) => (a === null && b === null ? "\u2013" : `${a === null ? "\u2013" : grouped(a)} / ${b === null ? "\u2013" : grouped(b)}`);
  assert.deepEqual(await column(steps, "Revisions left"), result.steps.map((step) => pair(step.recorded_revisions_left, step.revisions_left)));
  assert.deepEqual(await column(steps, "Steps left"), result.steps.map((step) => pair(step.recorded_steps_left, step.steps_left)));
  const verdicts = await column(steps, "Verdict");
  result.steps.forEach((step, i) => step.verdict && assert.ok(verdicts[i].includes(step.verdict)));
  const replay = await column(steps, "Replay");
  result.steps.forEach((step, i) => assert.ok(replay[i].includes(step.agrees ? "agrees" : "parts")));
  // A cell for each run.
  for (const [i, step] of result.steps.entries()) {
    const runs = result.tests.filter((one) => one.step === step.index).flatMap((one) => one.runs.map((run) => (one.all_alike ? 1 : run.count)));
    const cells = steps.locator("tbody tr").nth(i).locator(".run");
    assert.equal(await cells.count(), runs.reduce((sum, count) => sum + count, 0));
  }
  if (result.search_graph.left_out) return;
  assert.deepEqual(await column(steps, "Suspects left after"), result.steps.map((step) => grouped(suspectsAfter(result, step.index))));
  const slider = part.getByRole("slider", {name: "Suspects after step"});
  assert.equal(await slider.count(), 1);
  const last = result.steps.length;
  for (const step of [...new Set([0, 1, Math.floor(last / 2), last])]) {
    await slider.fill(String(step));
    const left = suspectsAfter(result, step);
    assert.equal(await slider.getAttribute("aria-valuetext"), `${step === 0 ? "at the start" : `after step ${step}`}: ${grouped(left)} ${left === 1 ? "suspect" : "suspects"}`);
    const greyed = part.locator(".drawing .node.out");
    assert.equal(await greyed.count(), result.search_graph.classes.filter((one) => one.left_at !== null && one.left_at <= step).length);
  }
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  assert.match(await slider.getAttribute("aria-valuetext"), last === 1 ? /^at the start/ : new RegExp(`^after step ${last - 1}:`));
}

async function runsHaveTips(page) {
  const runs = page.locator(".runs").first();
  await runs.focus();
  const tip = page.locator(".tip");
  assert.equal(await tip.count(), 1);
  assert.ok((await runs.getAttribute("aria-label")).endsWith((await tip.textContent()).replaceAll("\n", "; ")));
  await page.keyboard.press("Escape");
  assert.equal(await tip.count(), 0);
  await runs.hover();
  assert.equal(await tip.count(), 1);
}

/// Diagnoses

async function diagnosisAgrees(page, index, result) {
  const part = section(page, index);
  assert.ok((await fact(part, "Conclusion")).includes(result.conclusion));
  if (result.recorded_culprit) {
    const said = await fact(part, "Recorded culprit");
    assert.ok(said.startsWith(`${short(result.recorded_culprit.commit)} has ${percent(result.recorded_culprit.posterior)} of`), said);
  }
  assert.ok((await fact(part, "95% credible set")).startsWith(`${grouped(result.credible_set.size)} commit`));
  const verdicts = tableOf(part, "What each verdict carries");
  assert.deepEqual(await column(verdicts, "Chance that it is wrong"), result.verdicts.map((one) => percent(one.probability_wrong)));
  assert.deepEqual(await column(verdicts, "Crashed"), result.verdicts.map((one) => (one.runs ? String(one.runs.crashed) : "")));
  const changing = await part.locator("tr", {hasText: "changes the result"}).count();
  assert.equal(changing, result.verdicts.filter((one) => one.changes_result).length);
  await part.locator("summary", {hasText: "with their probability"}).click();
  const hypotheses = tableOf(part, "Where the culprit may be");
  await hypotheses.locator("tbody tr").first().waitFor();  // made when it is opened
  assert.deepEqual((await column(hypotheses, "Probability")).map((one) => one.trim()), result.hypotheses.map((one) => percent(one.mass)));
  if (result.next_tests.length > 0) {
    assert.deepEqual(await column(tableOf(part, "The tests that tell most"), "Bits expected"),
      result.next_tests.map((one) => one.expected_entropy_drop_bits.toFixed(3)));
  }
}

/// What-ifs

async function whatifAgrees(page, index, result) {
  const part = section(page, index);
  const record = tableOf(part, "What the recorded runs alone support");
  assert.deepEqual(await column(record, "Suspects left"), result.policies.map((policy) => grouped(policy.record.suspects_left)));
  const parts = await column(record, "Parts from the record");
  result.policies.forEach((policy, i) => assert.ok(parts[i].startsWith(policy.record.first_divergence ? `at step ${policy.record.first_divergence.step}: ` : "nowhere"), parts[i]));
  const steps = tableOf(part, "Steps as rows");
  assert.equal(await steps.locator("tbody tr").count(), Math.max(...result.policies.map((policy) => policy.record.steps.length)));
  for (const [p, policy] of result.policies.entries()) {
    const cells = await texts(steps.locator(`tbody tr > :nth-child(${p + 2})`));
    policy.record.steps.forEach((step, i) => assert.ok(cells[i].includes(step.verdict) && cells[i].includes(short(step.commit)), cells[i]));
  }
}

/// Experiments

const EXPERIMENT = `rebisect: experiment/1
name: of a report
seed: 1
trials: 200
graphs: {generate: kernel, commits: 200, seed: 3}
noise:
  - {name: low, false-bad: 0.004, false-good: 0.001}
  - {name: high, false-bad: 0.1, false-good: 0.05}
select: [git, best, "bayes-entropy:stop=.95", "pba:error=.05"]
`;

async function experimentAgrees(page, index, result) {
  const part = section(page, index);
  const cells = result.groups.flatMap((group) => group.cells);
  const fine = (share) => `${(share * 100).toFixed(2)}%`;
  const all = tableOf(part, "Every cell of the experiment");
  assert.deepEqual(await column(all, "Right"), cells.map((cell) => `${fine(cell.sampled.right.share)} ${signed(cell.sampled.right.low)} to ${signed(cell.sampled.right.high)}`));
  assert.deepEqual(await column(all, "Wrong"), cells.map((cell) => fine(cell.sampled.wrong.share)));
  function signed(share) {
    return fine(share);
  }
  const heat = tableOf(part, "Share right: policies as rows");
  for (const [g, group] of result.groups.entries()) {
    assert.deepEqual(await texts(heat.locator(`tbody tr > :nth-child(${g + 2})`)), group.cells.map((cell) => fine(cell.sampled.right.share)));
  }
  const group = part.getByLabel("Group", {exact: true});
  await group.selectOption("1");
  const policies = tableOf(part, "The policies of the group");
  assert.deepEqual(await column(policies, "Wrong"), result.groups[1].cells.map((cell) => fine(cell.sampled.wrong.share)));
  assert.equal(await tableOf(part, "Each two policies").locator("tbody tr").count(), result.groups[1].comparisons.length);
  const filter = part.getByLabel("Filter cells");
  await filter.fill("pba high");
  assert.equal(await all.locator("tbody tr").count(), 1);
  await filter.fill("");
  assert.equal(await all.locator("tbody tr").count(), cells.length);
  await all.locator("thead button", {hasText: "Wrong"}).click();
  const wrong = cells.map((cell) => cell.sampled.wrong.share).sort((a, b) => a - b);
  assert.deepEqual(await column(all, "Wrong"), wrong.map(fine));
}

/// An experiment of so many groups and cells, from the cells of a small one.
function enlarged(result, groups, cells) {
  const group = result.groups[0];
  const comparison = group.comparisons[0];
  const large = {...result, name: "large", groups: []};
  for (let g = 0; g < groups; ++g) {
    const pairs = [];
    for (let first = 1; first <= cells; ++first) {
      for (let second = first + 1; second <= cells; ++second) pairs.push({...comparison, first, second});
    }
    large.groups.push({...group, group: g + 1, noise: `{name: noise ${g + 1}, false-bad: 0.${g + 10}}`, comparisons: pairs,
      cells: Array.from({length: cells}, (_, c) => ({...group.cells[(g + c) % group.cells.length], cell: c + 1, select: `policy-${c + 1}`}))});
  }
  return large;
}

/// Tests of tools

const GUESSING_TOOL = `rebisect: tool/1
name: guess
about: asks once, and names the bad end
program: sh
run: |
  "$REBISECT_ORACLE" "$REBISECT_BAD"
  echo "$REBISECT_BAD is the first bad commit"
outcomes: {found: 'is the first bad commit$'}
culprit: '^([0-9a-f]{40}) is the first'
supports: [skip, merge-bases, several-goods]
`;

async function testsAgree(page, index, result) {
  const part = section(page, index);
  const matrix = tableOf(part, "Scenarios as rows, tools as columns");
  const shown = matrix.locator("tbody tr");
  assert.equal(await shown.count(), result.scenarios.length);
  for (const [t] of result.tools.entries()) {
    const cells = await texts(shown.locator(`:scope > :nth-child(${t + 3})`));
    result.scenarios.forEach((scenario, i) => assert.ok(cells[i].includes(scenario.results[t].status.replaceAll("-", " ")), cells[i]));
  }
  const failing = result.scenarios.filter((scenario) => scenario.results.some((one) => one.status === "failed"));
  assert.ok(failing.length > 0);
  await part.getByLabel("Show").selectOption("failed");
  assert.equal(await shown.count(), failing.length);
  await part.getByLabel("Show").selectOption("");
  await part.getByLabel("Filter scenarios").fill(failing[0].name);
  assert.equal(await shown.count(), result.scenarios.filter((scenario) => `${scenario.suite}/${scenario.name} ${scenario.about}`.toLowerCase().includes(failing[0].name)).length);
  await part.getByLabel("Filter scenarios").fill("");
  const failed = failing[0].results.find((one) => one.status === "failed");
  const details = part.locator("details.more", {hasText: `${failed.tool}: ${failing[0].suite}/${failing[0].name},`}).first();
  await details.locator("summary").click();
  await details.locator("tbody tr").first().waitFor();
  assert.equal(await details.locator("tbody tr").count(), failed.journal.length);
  for (const fault of failed.faults) assert.ok((await text(details)).includes(fault.replace(/\s+/g, " ")), fault);
}

/// Rows, all of them in one section.
async function rowsAgree(page, results) {
  const part = section(page, 0);
  const shown = tableOf(part, "Recordings");
  assert.deepEqual(await column(shown, "Recording"), results.map((row) => row.recording));
  assert.deepEqual(await column(shown, "Culprit"), results.map((row) => row.culprit ? short(row.culprit) : "none"));
  const trust = await column(shown, "Trust");
  results.forEach((row, i) => assert.ok(trust[i].endsWith(`${row.trust} ${percent(row.posterior)}`), trust[i]));
  const action = await column(shown, "Action");
  results.forEach((row, i) => assert.equal(action[i], [row.action, row.code, row.claim].filter((word) => word).join(" ")));
  const agrees = await column(shown, "Agrees");
  results.forEach((row, i) => assert.equal(agrees[i].includes("agrees"), row.agrees));
  await part.getByLabel("Filter").fill("retest");
  assert.equal(await shown.locator("tbody tr").count(), results.filter((row) => row.action === "retest").length);
  await part.getByLabel("Filter").fill("");
}

/// The pages

const browser = await chromium.launch({executablePath: chromiumPath, args: ["--no-sandbox"], timeout: 0});
console.log(`Chromium ${browser.version()}`);

const replays = report("replays", run("replay", "--format", "json", recorded));
const diagnoses = report("diagnoses", run("diagnose", "--format", "json", recorded));
const whatifs = report("whatifs", run("whatif", "--format", "json", "--model", "--trials", "20", "--verdict", "any-crash,same-title+threshold:k=2,syzkaller-2024", recorded));
const experiment = report("experiment", run("simulate", put("experiment.yaml", EXPERIMENT), "--format", "json"));
const tools = report("tools", run("test", path.join(source, "scenarios/suites/basics.yaml"), "--tool", "driver", "--tool", put("guess.yaml", GUESSING_TOOL), "--format", "json"));
const gate = path.join(source, "scenarios/gates/maintainers.yaml");
const rows = report("rows", run("diagnose", "--table", "jsonl", "--gate", gate, recorded));
const all = report("all", [replays, diagnoses, whatifs, experiment, tools].map((one) => fs.readFileSync(inScratch(`${one.name}.jsonl`), "utf8")).join(""));

for (const [made, agrees] of [[replays, replayAgrees], [diagnoses, diagnosisAgrees], [experiment, experimentAgrees], [tools, testsAgree]]) {
  await test(`the numbers of ${made.name} are those of the JSON`, async () => {
    const page = await open(browser, made.page);
    for (const [index, result] of made.results.entries()) await agrees(page, index, result);
    if (made === replays) await runsHaveTips(page);
    await close(page);
  });
}
await test("the numbers of whatifs are those of the JSON", async () => {
  const page = await open(browser, whatifs.page);
  for (const [index, result] of whatifs.results.entries()) {
    if (result.schema === "rebisect.whatif/1") await whatifAgrees(page, index, result);
  }
  await close(page);
});
await test("the rows of a table are those of the JSON", async () => {
  const page = await open(browser, rows.page);
  await rowsAgree(page, rows.results);
  await close(page);
});
for (const made of [replays, diagnoses, whatifs, experiment, tools, rows]) {
  await test(`${made.name} look right`, () => looksRight(browser, made));
}

await test("the recordings' report is small and is there at once", async () => {
  assert.ok(replays.bytes <= 3 * MB, `${replays.bytes} bytes`);
  const page = await open(browser, replays.page);
  console.log(`replays.html: ${(replays.bytes / MB).toFixed(2)} MB, first paint after ${(await firstPaint(page)).toFixed(0)} ms`);
  await close(page);
});

await test("many results open one by one, and from the contents", async () => {
  const page = await open(browser, all.page);
  assert.equal(await page.locator("details.result[open]").count(), 0);
  const last = all.results.length - 1;
  await page.locator(`a[href="#result-${last}"]`).click();
  await section(page, last).locator("table").first().waitFor();
  assert.equal(await page.locator("details.result[open]").count(), 1);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("details:not([open])").count(), 0);
  await close(page);
});

await test("a page can be printed", async () => {
  const page = await open(browser, replays.page);
  await page.emulateMedia({media: "print"});
  assert.equal(await page.locator(".slider").first().isVisible(), false);
  fs.writeFileSync(inScratch("replays.pdf"), await page.pdf({format: "A4"}));
  await close(page);
});

await test("text of others stays text", async () => {
  const hostile = "</script><img src=x onerror=alert(1)><b>";
  const result = structuredClone(replays.results[0]);
  result.recording = hostile;
  result.steps[0].explanation = hostile;
  result.search_graph.classes[0].subject = hostile;
  result.search_graph.classes[0].commit = `"]${hostile}`;
  result.tests[0].runs[0].title = hostile;
  result.notes.push(hostile);
  const made = report("hostile", `${JSON.stringify(result)}\n`);
  const page = await open(browser, made.page);
  assert.equal(await page.locator("img, main b").count(), 0);
  assert.ok((await text(page.locator("main"))).includes(hostile));
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("img, main b").count(), 0);
  await close(page);
});

await test("a damaged result does not take the others with it", async () => {
  const damaged = {schema: "rebisect.replay/1", recording: "damaged"};
  const made = report("damaged", `${JSON.stringify(damaged)}\n${JSON.stringify(diagnoses.results[0])}\n`);
  const page = await open(browser, made.page);
  assert.ok(await page.locator(".notice", {hasText: "cannot be shown"}).count() > 0);
  await diagnosisAgrees(page, 1, diagnoses.results[0]);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

await test("an experiment of 10,000 cells stays usable", async () => {
  const made = report("large", `${JSON.stringify(enlarged(experiment.results[0], 100, 100))}\n`);
  assert.ok(made.bytes <= 10 * MB, `${made.bytes} bytes`);
  const page = await open(browser, made.page);
  const paint = await firstPaint(page);
  const filter = page.getByLabel("Filter cells");
  const begin = Date.now();
  await filter.fill("policy-77 noise 50");
  const table = tableOf(section(page, 0), "Every cell of the experiment");
  assert.equal(await table.locator("tbody tr").count(), 1);
  console.log(`large.html: ${(made.bytes / MB).toFixed(2)} MB, first paint after ${paint.toFixed(0)} ms, filtered in ${Date.now() - begin} ms`);
  await filter.fill("");
  assert.equal(await table.locator("tbody tr").count(), 100);
  await page.getByLabel("Group", {exact: true}).selectOption("99");
  assert.equal(await fact(section(page, 0), "Group"), "100: noise noise 100");
  await close(page);
});

await test("--html is what report makes of the JSON", async () => {
  const direct = inScratch("direct.html");
  execFileSync(rebisect, ["simulate", inScratch("experiment.yaml"), "--html", direct], {stdio: "ignore"});
  assert.ok(fs.readFileSync(direct).equals(fs.readFileSync(experiment.page)));
  for (const [command, made] of [["replay", replays], ["diagnose", diagnoses]]) {
    execFileSync(rebisect, [command, "--html", direct, recorded], {stdio: "ignore"});
    assert.ok(fs.readFileSync(direct).equals(fs.readFileSync(made.page)), command);
  }
});

await browser.close();
console.log(failures === 0 ? `all passed; screenshots are in ${scratch}` : `${failures} failed`);
process.exit(failures === 0 ? 0 : 1);

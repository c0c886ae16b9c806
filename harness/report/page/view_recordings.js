// rebisect.recording/1: the rows of a table, all in one.

const ROW_SCHEMA = "rebisect.recording/1";

/// The results with their numbers, all rows put together where the first one
/// was.
function rowsTogether(results) {
  const rows = results.filter((result) => result.schema === ROW_SCHEMA);
  const at = results.findIndex((result) => result.schema === ROW_SCHEMA);
  return results.map((result, index) => ({result: index === at ? {schema: "rows", rows} : result, index}))
    .filter(({result}) => result.schema !== ROW_SCHEMA);
}

function rowsSum({rows}) {
  const failed = rows.filter((row) => row.error).length;
  const sums = [countOf(rows.length, "recording")];
  if (rows.some((row) => row.agrees !== null)) sums.push(`${count(rows.filter((row) => row.agrees).length)} agree`);
  for (const conclusion of Object.keys(CONCLUSIONS)) {
    const those = rows.filter((row) => row.trust === conclusion).length;
    if (those > 0) sums.push(`${count(those)} ${conclusion}`);
  }
  if (failed > 0) sums.push(`${count(failed)} could not be looked at`);
  return sums.join(", ");
}

function viewRecordings(result) {
  const {rows} = result;
  const has = (name) => rows.some((row) => row[name] !== null);
  const dash = () => el("span", {class: "muted"}, "\u2013");
  const columns = [
    {title: "Recording", head: true, words: true, value: (row) => row.recording || row.file,
      cell: (row) => el("span", {title: row.file}, row.recording || row.file)},
    has("agrees") && {title: "Agrees", value: (row) => row.agrees,
      cell: (row) => (row.agrees === null ? dash() : yesNo(row.agrees, "agrees", row.outcome ? String(row.outcome).replaceAll("-", " ") : "no"))},
    {title: "Culprit", cell: (row) => (row.error ? dash() : commit(row.culprit)), value: (row) => row.culprit},
    has("action") && {title: "Action", value: (row) => row.action,
      cell: (row) => (row.action === null ? dash() : [el("strong", {}, row.action), el("div", {class: "muted"}, row.code), row.claim ? el("div", {class: "muted"}, row.claim) : null])},
    has("trust") && {title: "Trust", value: (row) => row.posterior,
      cell: (row) => (row.trust === null ? dash() : [conclusionTag(row.trust), " ", percent(row.posterior)])},
    {title: "Reason", words: true, value: (row) => row.error || row.reason,
      cell: (row) => (row.error ? [tag("error", "wrong"), " ", row.error] : row.reason ? coded(row.reason) : "")},
  ].filter((column) => column);
  const words = (row) => [row.recording, row.file, row.error, row.culprit, row.trust, row.action, row.code, row.claim, row.outcome, row.reason]
    .filter((word) => word).join(" ");
  return [el("p", {}, rowsSum(result)), table({caption: "Recordings", columns, rows, filter: "Filter", text: words})];
}

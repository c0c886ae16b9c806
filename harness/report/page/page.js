// What all views are made of. Everything shown comes from records of others:
// it is put in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

function addTo(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
  return element;
}

function el(tag, attributes, ...children) {
  return addTo(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return addTo(document.createElementNS(SVG, tag), attributes, children);
}

let lastId = 0;
function newId(prefix) {
  return `${prefix}-${++lastId}`;
}

// Numbers as text

const wholeNumbers = new Intl.NumberFormat("en-US", {maximumFractionDigits: 0});

function count(number) {
  return number === null || number === undefined ? "" :
    wholeNumbers.format(number);
}

function countOf(number, one, many) {
  return `${count(number)} ${number === 1 ? one : many || `${one}s`}`;
}

/// As the program's own text says it; the exact figure is never rounded to 0
/// or 1.
function percent(share) {
  if (share === null || share === undefined) return "";
  if (share === 0 || share === 1) return `${share * 100}%`;
  const value = share * 100;
  if (value < 0.01) return "<0.01%";
  if (value > 99.99) return ">99.99%";
  return `${value.toFixed(value < 1 || value > 99 ? 2 : 1)}%`;
}

/// Two digits after the point, as the text of experiments has them.
function fine(share) {
  return share === null || share === undefined ? "" : `${(share * 100).toFixed(2)}%`;
}

/// Four digits that count.
function figure(number) {
  if (number === null || number === undefined) return "";
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1000) return wholeNumbers.format(number);
  if (size < 0.001) return number.toExponential(1);
  return String(Number(number.toPrecision(4)));
}

function signed(number, show) {
  return number > 0 ? `+${show(number)}` : show(number).replace("-", "\u2212");
}

function isId(name) {
  return /^[0-9a-f]{40}$/.test(name);
}

function short(name) {
  return isId(name) ? name.slice(0, 12) : name;
}

function commit(name) {
  if (name === null || name === undefined) return el("span", {class: "muted"}, "none");
  return el("code", isId(name) ? {title: name} : {}, short(name));
}

/// Words that others may not have colours for.
function verdict(word) {
  if (!word) return el("span", {class: "muted"}, "\u2013");
  const sign = {good: "\u25cf ", bad: "\u25a0 ", skip: "\u25b3 "}[word] || "";
  return el("span", {class: `verdict ${word}`}, sign, word);
}

function tag(word, kind) {
  return el("span", {class: `tag ${kind}`}, word);
}

function yesNo(holds, yes, no) {
  return tag(holds ? yes : no, holds ? "right" : "wrong");
}

/// Blocks

function facts(pairs) {
  return el("dl", {class: "facts"}, pairs.filter((pair) => pair)
    .map(([name, ...value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function list(items) {
  return items.length === 0 ? null :
    el("ul", {}, items.map((item) => el("li", {}, item)));
}

/// "code: sentence"
function coded(text) {
  const at = text.indexOf(": ");
  if (at < 0) return text;
  return [el("strong", {}, text.slice(0, at).replaceAll("-", " ")), text.slice(at)];
}

/// What is made only when it is looked at, or printed.
function more(summary, fill) {
  const body = el("div", {});
  const details = el("details", {class: "more"}, el("summary", {}, summary), body);
  fillOnOpen(details, body, fill);
  return details;
}

const unfilled = new Map();

function fillOnOpen(details, body, fill) {
  unfilled.set(details, () => {
    if (!unfilled.delete(details)) return;
    body.append(...[fill()].flat(Infinity).filter((part) => part));
  });
  if (details.open) unfilled.get(details)();
  details.addEventListener("toggle", () => {
    if (details.open && unfilled.has(details)) unfilled.get(details)();
  });
}

function scrollBox(label, ...children) {
  return el("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": label}, children);
}

const PAGE_ROWS = 100;

/// A table of `rows`. A column is {title, cell(row, i), number, words, head,
/// value(row)}: with `value` the table can be sorted by it. With `filter`, a
/// field filters by what `text(row)` says. More than PAGE_ROWS rows are shown
/// in pages.
function table({caption, columns, rows, filter, text, marked}) {
  const body = el("tbody", {});
  let shown = rows;
  let first = 0;
  let sorted = null;
  const status = el("span", {role: "status", class: "muted"});
  const back = el("button", {type: "button", class: "plain", onclick: () => turn(-PAGE_ROWS)}, "Previous");
  const forth = el("button", {type: "button", class: "plain", onclick: () => turn(PAGE_ROWS)}, "Next");

  const headOf = (column) => {
    const name = column.value ? el("button", {type: "button", onclick: () => sortBy(column)}, column.title) : column.title;
    column.th = el("th", {scope: "col", class: classOf(column)}, name);
    return column.th;
  };
  const classOf = (column) => (column.number ? "number" : column.words ? "words" : null);
  function draw() {
    const page = shown.slice(first, first + PAGE_ROWS);
    body.replaceChildren(...page.map((row, i) => el("tr", {class: marked && marked(row) ? "marked" : null},
      columns.map((column) => el(column.head ? "th" : "td",
        {scope: column.head ? "row" : null, class: classOf(column), ...(column.attributes ? column.attributes(row) : {})},
        column.cell(row, first + i))))));
    back.disabled = first === 0;
    forth.disabled = first + PAGE_ROWS >= shown.length;
    if (shown.length > PAGE_ROWS) {
      status.textContent = `rows ${count(first + 1)} to ${count(first + page.length)} of ${count(shown.length)}`;
    } else {
      status.textContent = filter ? `${count(shown.length)} of ${countOf(rows.length, "row")}` : "";
    }
  }
  function turn(by) {
    first = Math.max(0, first + by);
    draw();
  }
  function sortBy(column) {
    const rising = !(sorted && sorted.column === column && sorted.rising);
    sorted = {column, rising};
    for (const other of columns) other.th.removeAttribute("aria-sort");
    column.th.setAttribute("aria-sort", rising ? "ascending" : "descending");
    refresh();
  }
  let wanted = () => true;
  function refresh() {
    shown = rows.filter(wanted);
    if (sorted) {
      const {column, rising} = sorted;
      const order = new Map(shown.map((row) => [row, column.value(row)]));
      // What is not known comes last, whatever the direction.
      shown.sort((a, b) => {
        const x = order.get(a);
        const y = order.get(b);
        if (x === null || x === undefined) return y === null || y === undefined ? 0 : 1;
        if (y === null || y === undefined) return -1;
        return (x < y ? -1 : x > y ? 1 : 0) * (rising ? 1 : -1);
      });
    }
    first = 0;
    draw();
  }
  const head = el("thead", {}, el("tr", {}, columns.map(headOf)));
  const controls = [];
  if (filter) {
    controls.push(labelled(filter, el("input", {type: "search", oninput: (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter((word) => word);
      wanted = (row) => {
        const said = text(row).toLowerCase();
        return words.every((word) => said.includes(word));
      };
      refresh();
    }})));
  }
  const paged = rows.length > PAGE_ROWS ? [back, forth] : [];
  const box = scrollBox(caption, el("table", {}, el("caption", {}, caption), head, body));
  draw();
  const whole = el("div", {}, controls.length + paged.length > 0 ? el("div", {class: "controls"}, controls, paged, status) : null, box);
  whole.narrow = (accept) => {
    rows = accept;
    refresh();
  };
  return whole;
}

/// A choice among `options`, [value, text] each.
function choice(label, options, chosen) {
  const select = el("select", {onchange: () => chosen(select.value)},
    options.map(([value, text]) => el("option", {value}, text)));
  return labelled(label, select);
}

/// Side by side, so that the name of a field is its label alone.
function labelled(label, field) {
  field.id = newId("field");
  return el("div", {class: "field"}, el("label", {for: field.id}, label), field);
}

/// Text beside what is pointed at or focused.
function withTip(element, text) {
  let tip = null;
  const hide = () => {
    if (tip) tip.remove();
    tip = null;
  };
  const show = () => {
    hide();
    const box = element.getBoundingClientRect();
    tip = el("div", {class: "tip", "aria-hidden": "true"}, text);
    document.body.append(tip);
    const width = tip.offsetWidth;
    const height = tip.offsetHeight;
    const below = box.bottom + 4 + height <= window.innerHeight;
    tip.style.left = `${Math.max(4, Math.min(box.left, window.innerWidth - width - 4))}px`;
    tip.style.top = `${below ? box.bottom + 4 : Math.max(4, box.top - height - 4)}px`;
  };
  for (const event of ["mouseenter", "focus"]) element.addEventListener(event, show);
  for (const event of ["mouseleave", "blur"]) element.addEventListener(event, hide);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  return element;
}

/// Charts: a drawing with axes, `draw(plot, width, height)` for what is in it.

const CHART_MARGIN = {top: 28, right: 16, bottom: 40, left: 56};

/// As wide as there is room for: text keeps its size on a telephone.
function chartWidth() {
  return Math.max(300, Math.min(720, document.documentElement.clientWidth - 32));
}

function chart({label, width = chartWidth(), height = 280, x, y, xTitle, yTitle, xTicks, yTicks, draw}) {
  const margin = CHART_MARGIN;
  const plot = svg("g", {transform: `translate(${margin.left},${margin.top})`});
  const inner = {width: width - margin.left - margin.right, height: height - margin.top - margin.bottom};
  x.range([0, inner.width]);
  y.range([inner.height, 0]);
  const below = svg("g", {class: "axis", transform: `translate(0,${inner.height})`});
  const left = svg("g", {class: "axis"});
  const grid = svg("g", {class: "grid"});
  plot.append(grid, below, left);
  d3.select(below).call(xTicks(d3.axisBottom(x)));
  const leftAxis = yTicks(d3.axisLeft(y));
  d3.select(left).call(leftAxis);
  d3.select(grid).call(yTicks(d3.axisLeft(y)).tickSize(-inner.width).tickFormat("")).select(".domain").remove();
  plot.append(
    svg("text", {x: inner.width / 2, y: inner.height + 34, "text-anchor": "middle"}, xTitle),
    svg("text", {x: -margin.left + 2, y: -14, "text-anchor": "start"}, yTitle));
  draw(plot, inner);
  return svg("svg", {class: "chart", viewBox: `0 0 ${width} ${height}`, style: `max-width:${width}px`, role: "img", "aria-label": label}, plot);
}

/// The shapes of verdicts: a disc, a square, a triangle.
function shape(word, x, y, size = 6) {
  const attributes = {class: `mark ${word || "none"}`};
  if (word === "bad") {
    return svg("rect", {...attributes, x: x - size, y: y - size, width: 2 * size, height: 2 * size});
  }
  if (word === "skip") {
    return svg("path", {...attributes, d: `M${x},${y - size}L${x + size},${y + size}L${x - size},${y + size}Z`});
  }
  return svg("circle", {...attributes, cx: x, cy: y, r: size});
}

function legend(entries) {
  return el("ul", {class: "legend"}, entries.map(([mark, ...text]) => el("li", {}, mark, " ", text)));
}

function legendShape(word) {
  return svg("svg", {width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true"}, shape(word, 8, 8, 5));
}

function bars(share) {
  return el("span", {class: "bars", "aria-hidden": "true"}, el("span", {style: `width:${Math.max(0, Math.min(1, share)) * 100}%`}));
}

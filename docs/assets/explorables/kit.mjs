// What every explorable is built from: elements, controls with labels, a stage that is drawn anew, and plots.
// An explorable is a module with `export default function (block)`; it calls `explore` with controls and a drawing.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === undefined) continue;
    if (name === "style") for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** An HTML element with attributes, listeners (`onclick`) and children. */
export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** The same in SVG. */
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** A number with at most `digits` significant ones, thousands separated. */
export const show = (x, digits = 3) =>
  Number.isFinite(x) ? (Math.abs(x) < 1e-12 ? 0 : x).toLocaleString("en-GB", { maximumSignificantDigits: digits }) : "∞";

/** Bytes in the units of the site's pages. */
export function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let i = 0;
  while (Math.abs(n) >= 1024 && i < units.length - 1) [n, i] = [n / 1024, i + 1];
  return `${show(n, n < 100 ? 3 : 4)} ${units[i]}`;
}

/** Large counts as 7.24B, 13.0M. */
export function count(n) {
  for (const [size, unit] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]]) if (Math.abs(n) >= size) return `${show(n / size)}${unit}`;
  return show(n);
}

const SMALL = matchMedia("(max-width: 600px)");

/** The width to draw at: less on a phone, so that letters need not shrink. */
export const room = (wide, phone = 325) => (SMALL.matches ? Math.min(phone, wide) : wide);

let serial = 0;

function slider({ label, min = 0, max = 1, step = 1, value, format = (x) => show(x, 9), values }, changed) {
  // With `values` the slider walks along a list, so that powers of two are easy to reach.
  const range = values
    ? { min: 0, max: values.length - 1, step: 1, value: values.indexOf(value) }
    : { min, max, step, value };
  const id = `ex-${++serial}`;
  const read = () => (values ? values[Number(input.value)] : Number(input.value));
  const out = el("output", { for: id });
  const input = el("input", { type: "range", id, ...range, oninput: () => { tell(); changed(); } });
  const tell = () => {
    out.textContent = format(read());
    input.setAttribute("aria-valuetext", out.textContent);
  };
  tell();
  const set = (x) => { input.value = values ? values.indexOf(x) : x; tell(); };
  return { node: el("div", { class: "ex-control" }, el("label", { for: id }, label), input, out), read, set };
}

function choice({ label, options, value }, changed) {
  const id = `ex-${++serial}`;
  const select = el("select", { id, onchange: changed });
  for (const [key, text] of Object.entries(options)) select.add(new Option(text, key, key === value, key === value));
  return {
    node: el("div", { class: "ex-control" }, el("label", { for: id }, label), select),
    read: () => select.value,
    set: (key) => { select.value = key; },
  };
}

function text({ label, value, rows = 0, format }, changed) {
  const id = `ex-${++serial}`;
  const input = el(rows ? "textarea" : "input", { id, spellcheck: "false", oninput: changed, ...(rows ? { rows } : { type: "text" }) });
  input.value = value;
  const node = el("div", { class: `ex-control${rows ? " ex-wide" : ""}` }, el("label", { for: id }, label), input, format ? el("small", {}, format) : null);
  return { node, read: () => input.value, set: (x) => { input.value = x; } };
}

function tick({ label, value = false }, changed) {
  const id = `ex-${++serial}`;
  const input = el("input", { type: "checkbox", id, checked: value, onchange: changed });
  return {
    node: el("div", { class: "ex-control ex-tick" }, input, el("label", { for: id }, label)),
    read: () => input.checked,
    set: (x) => { input.checked = x; },
  };
}

const KINDS = { slider, choice, text, tick };

/**
 * Put controls and a stage into the block and draw once; every change draws again.
 *
 * controls: name → {kind, label, …} (see above); draw(values) returns nodes for the stage, and a sentence that says
 * the result in words: {picture: [nodes], words: "…"}. `actions`: label → function({values, set, update}) for buttons.
 * `when(values)`: whether a control changes anything, and is shown.
 * `address`: what their names in the page's address begin with; `null` keeps them out of it, `private: true` one of them.
 */
export function explore(block, controls, draw, actions = {}, { address = null } = {}) {
  const stage = el("div", { class: "ex-stage", role: "group", "aria-label": "Result" });
  const words = el("p", { class: "ex-words", role: "status" });
  const parts = {};
  let asked = 0;
  const values = () => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read()]));
  const render = () => {
    asked = 0;
    const { picture, words: said } = draw(values());
    for (const [name, { when }] of Object.entries(controls)) if (when) parts[name].node.hidden = !when(values());
    stage.replaceChildren(...[picture].flat(Infinity).filter(Boolean));
    // A picture that does not fit is scrolled, by keyboard too.
    stage.toggleAttribute("tabindex", false);
    if (stage.scrollWidth > stage.clientWidth + 1) stage.tabIndex = 0;
    if (words.textContent !== said) words.textContent = said;
  };
  const keep = () => { if (address !== null) store(values(), controls, address); };
  const update = () => { asked ||= requestAnimationFrame(render); };
  for (const [name, spec] of Object.entries(controls)) parts[name] = KINDS[spec.kind ?? "slider"](spec, () => { update(); keep(); });
  if (address !== null) recall(parts, controls, address);
  const set = (changes) => {
    for (const [name, value] of Object.entries(changes)) parts[name]?.set(value);
    update();
    keep();
  };
  const buttons = Object.entries(actions).map(([label, act]) =>
    el("button", { type: "button", class: "ex-button", onclick: () => act({ values: values(), set, update }) }, label));
  const form = el("form", { class: "ex-controls", onsubmit: (event) => event.preventDefault() },
    Object.values(parts).map((part) => part.node), buttons.length ? el("div", { class: "ex-actions" }, buttons) : null);
  const live = el("div", { class: "ex" }, form, stage, words);
  block.append(live);
  block.classList.add("ex-live");
  SMALL.addEventListener("change", update);
  render();
  return { values, set, update };
}

const store = (values, controls, start) => {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) if (!controls[name].private) url.searchParams.set(start + name, value);
  history.replaceState(null, "", url);
};

// Only values that the control itself could take are recalled.
function recall(parts, controls, start) {
  const asked = new URL(location.href).searchParams;
  for (const [name, spec] of Object.entries(controls)) {
    const given = asked.get(start + name);
    if (given === null || spec.private) continue;
    const value = spec.kind === undefined || spec.kind === "slider" ? Number(given) : given;
    const possible = spec.values ? spec.values.includes(value) : spec.options ? Object.hasOwn(spec.options, value) : Number.isFinite(value) && value >= spec.min && value <= spec.max;
    if (possible) parts[name].set(value);
  }
}

/** A picture that shrinks with the page; `label` is its name for screen readers. */
export const picture = (width, height, label, ...children) =>
  svg("svg", { class: "ad", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, style: { "max-width": `${width}px`, "flex-basis": `${0.8 * width}px`, "min-width": `${0.7 * width}px` } }, ...children);

/** Text in a picture. */
export const write = (x, y, words, { anchor = "middle", muted = false, bold = false, size = 12.5 } = {}) =>
  svg("text", { x, y, "text-anchor": anchor, "font-size": size, class: `ad-text${muted ? " ad-muted" : ""}${bold ? " ad-bold" : ""}` }, words);

/** Axes with ticks, and what places data on them; `log` is the base of a logarithmic axis. */
export function axes({ width = 640, height = 300, left = 56, right = 16, top = 16, bottom = 44, x, y }) {
  const scale = ({ min, max, log }, from, to) => {
    const f = log ? Math.log : (v) => v;
    return (v) => from + ((f(v) - f(min)) / (f(max) - f(min))) * (to - from);
  };
  const px = scale(x, left, width - right);
  const py = scale(y, height - bottom, top);
  const nodes = [];
  for (const v of ticks(y)) nodes.push(svg("path", { class: "ad-rule", d: `M${left} ${py(v)}H${width - right}` }), write(left - 7, py(v) + 4, (y.format ?? show)(v), { anchor: "end", muted: true, size: 11.5 }));
  for (const v of ticks(x)) nodes.push(write(px(v), height - bottom + 17, (x.format ?? show)(v), { muted: true, size: 11.5 }));
  nodes.push(svg("path", { class: "ad-axis", d: `M${left} ${top}V${height - bottom}H${width - right}` }));
  if (x.label) nodes.push(write((left + width - right) / 2, height - 7, x.label));
  if (y.label) nodes.push(svg("text", { class: "ad-text", "font-size": 12.5, "text-anchor": "middle", transform: `translate(13 ${(top + height - bottom) / 2}) rotate(-90)` }, y.label));
  return { px, py, nodes, width, height };
}

function ticks({ min, max, log, at }) {
  if (at) return at;
  if (log) {
    const out = [];
    for (let v = log ** Math.ceil(Math.log(min) / Math.log(log) - 1e-9); v <= max * 1.0001; v *= log) out.push(v);
    return out;
  }
  const raw = (max - min) / 5;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * size).find((s) => s >= raw * 0.999);
  const out = [];
  for (let v = Math.ceil(min / step - 1e-9) * step; v <= max + step * 1e-6; v += step) out.push(Math.abs(v) < step * 1e-6 ? 0 : v);
  return out;
}

/** A line through points, in a series colour (0–5). */
export const line = (points, series = 0, { dashed = false, thin = false } = {}) =>
  svg("path", { class: `${thin ? "ad-line" : "ad-series"} ad-s${series}${dashed ? " ad-dashed" : ""}`, d: points.map(([a, b], i) => `${i ? "L" : "M"}${a.toFixed(2)} ${b.toFixed(2)}`).join("") });

export const dot = (x, y, series = 0, r = 3.5) => svg("circle", { class: `ad-point ad-s${series}`, cx: x.toFixed(2), cy: y.toFixed(2), r });

export const bar = (x, y, width, height, series = 0, outlined = false) =>
  svg("rect", { class: `ad-bar ad-s${series}${outlined ? " ad-outlined" : ""}`, x, y, width: Math.max(width, 0), height: Math.max(height, 0), rx: 2 });

/** A cell shaded by a value between 0 and 1. */
export const cell = (x, y, side, value, role = "attention") =>
  svg("rect", { class: `ad-cell ad-${role}`, x, y, width: side - 1, height: side - 1, style: { "--v": Math.min(Math.max(value, 0), 1) } });

/** A table whose first column are row heads. */
export function table(head, rows, caption) {
  return el("table", { class: "ex-table" }, caption ? el("caption", {}, caption) : null,
    el("thead", {}, el("tr", {}, head.map((h) => (h ? el("th", { scope: "col" }, h) : el("td"))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((c, i) => (i ? el("td", {}, c) : el("th", { scope: "row" }, c)))))));
}

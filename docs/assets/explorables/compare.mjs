// Any two designs, and any two models, side by side. Designs are read from the tables of this page, whose formulas are
// set already; which designs there are, and the models, from the published data. The address holds the choice.
import { bytes, count, el, explore } from "./kit.mjs";

const DATA = new URL("../../data/", import.meta.url);
const FAMILIES = { llms: "language models", "mixture-of-experts": "mixture of experts", "visual-tokens": "visual and audio tokens", "scaling-inference": "scaling and inference" };
const family = (key) => FAMILIES[key] ?? key.replaceAll("-", " ");
const read = (name) => fetch(new URL(name, DATA)).then((answer) => answer.json());

export default async function (block) {
  const [designs, models] = await Promise.all([read("architectures.json"), read("models.json")]);
  const cells = designCells(document.querySelectorAll(".data-table table"));
  const names = Object.fromEntries(models.map((model) => [model.key, model.name]));
  const shown = designs.filter((design) => cells.has(design.key));
  const part = (title) => {
    const node = el("section", { "aria-label": title }, el("h2", {}, title));
    block.append(node);
    return node;
  };
  block.classList.add("ex-live");
  pair(part("Two designs"), ["a", "b"], options(shown, (d) => `${d.short} (${family(d.family)})`), ["mla", "mqa-gqa"],
    (key) => designRows(shown.find((d) => d.key === key), cells.get(key), names));
  pair(part("Two models"), ["x", "y"], options(models, (m) => m.name), ["llama-3.1-8b", "qwen3-8b"],
    (key) => modelRows(models.find((m) => m.key === key), designs));
}

const options = (entries, label) =>
  Object.fromEntries(entries.map((entry) => [entry.key, label(entry)]).sort((one, other) => one[1].localeCompare(other[1])));

/** Two choices, and the rows of both next to each other. `rowsOf` gives a Map from a row's name to nodes or text. */
function pair(node, [first, second], names, wanted, rowsOf) {
  const keys = Object.keys(names), value = (i) => (keys.includes(wanted[i]) ? wanted[i] : keys[i]);
  explore(node, {
    [first]: { kind: "choice", label: "First", options: names, value: value(0) },
    [second]: { kind: "choice", label: "Second", options: names, value: value(1) },
    [`${first}${second}`]: { kind: "tick", label: "Only what differs" },
  }, (chosen) => {
    const sides = [first, second].map((name) => rowsOf(chosen[name]));
    const rows = merged(...sides), differing = rows.filter((row) => row.differs);
    return {
      picture: el("div", { class: "ex-scroll", tabindex: 0, role: "group", "aria-label": "Side by side" },
        drawn([names[chosen[first]], names[chosen[second]]], chosen[`${first}${second}`] ? differing : rows)),
      words: `${differing.length} of ${rows.length} rows differ.`,
    };
  }, {
    Swap: ({ values, set }) => {
      set({ [first]: values[second], [second]: values[first] });
    },
    "Copy the address": () => navigator.clipboard.writeText(location.href),
  }, { address: "" });
}

/** Rows that either side has, in the order of the first; two dashes when neither says anything are left out. */
export function merged(one, other) {
  const rows = [...new Set([...one.keys(), ...other.keys()])].map((name) => {
    const pairOf = [one.get(name) ?? "–", other.get(name) ?? "–"];
    const [left, right] = pairOf.map(plain);
    return { name, pair: pairOf, differs: left !== right, empty: left === "–" && right === "–" };
  });
  return rows.filter((row) => !row.empty);
}

const plain = (cell) => (typeof cell === "string" ? cell : cell.map((node) => node.textContent).join("")).trim() || "–";

const drawn = (heads, rows) => el("table", { class: "ex-table ex-pair" },
  el("thead", {}, el("tr", {}, el("td"), heads.map((head) => el("th", { scope: "col" }, head)))),
  el("tbody", {}, rows.map(({ name, pair: cells, differs }) => el("tr", differs ? { class: "ex-differs" } : {},
    el("th", { scope: "row" }, name), cells.map((cell) => el("td", {}, typeof cell === "string" ? cell : cell.map((node) => node.cloneNode(true))))))));

/** Key of a design → Map from a column's head to the nodes of its cell, over all tables of the page. */
export function designCells(tables) {
  const found = new Map();
  for (const table of tables) {
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.replace("↕", "").trim());
    for (const row of table.tBodies[0].rows) {
      const key = row.querySelector("[data-row]")?.dataset.row;
      if (!key) continue;
      if (!found.has(key)) found.set(key, new Map());
      [...row.cells].slice(1).forEach((cell, i) => found.get(key).set(heads[i + 1], [...cell.childNodes]));
    }
  }
  return found;
}

const linked = (text, address) => el("a", { href: address }, text);
/** From this page, which stands one folder below the root, to another source's place. */
const placeOf = (source) => `../../${source.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "/")}`;

function designRows(design, cells, models) {
  const used = design.models.map((key) => models[key]);
  return new Map([
    ["Page", [linked(design.name, placeOf(design.page))]],
    ["Family", family(design.family)],
    ...cells,
    ["Also called", design.aliases.join(", ") || "–"],
    ["Models that use it", used.length > 8 ? `${used.slice(0, 8).join(", ")} and ${used.length - 8} more` : used.join(", ") || "–"],
  ]);
}

export function modelRows(model, designs) {
  const pages = Object.fromEntries(designs.map((design) => [design.key, design]));
  const uses = Object.keys(model.mechanisms).flatMap((key, i) => [i ? ", " : "", pages[key] ? linked(pages[key].short, placeOf(pages[key].page)) : key]);
  return new Map([
    ["By", model.organisation],
    ["Released", model.released],
    ["Family", family(model.family)],
    ["Licence", model.licence],
    ["Parameters", count(model.parameters)],
    ["Active per token", count(model.active_parameters)],
    ["Cache per token, bf16", model.cached_numbers_per_token === undefined ? "–" : bytes(2 * model.cached_numbers_per_token)],
    ["State per sequence, bf16", model.state_numbers ? bytes(2 * model.state_numbers) : "–"],
    ["Uses", uses.length ? uses.map((part) => (typeof part === "string" ? document.createTextNode(part) : part)) : "–"],
    ...Object.entries(model.layers ? { ...model.config, tied: model.config.tied ?? false } : model.config).map(([name, value]) => [name.replaceAll("_", " "), written(value)]),
  ]);
}

// A long list is shown by how often each of its parts occurs, a part of a model by its fields.
const sequence = (parts) => (parts.length <= 8 ? parts.join(" ") : [...new Set(parts)].map((part) => `${parts.filter((p) => p === part).length} × ${part}`).join(", "));
const written = (value) => (typeof value === "boolean" ? (value ? "yes" : "no")
  : Array.isArray(value) ? (typeof value[0] === "object" ? value.map(written).join("; ") : sequence(value))
  : value !== null && typeof value === "object" ? Object.entries(value).map(([name, inner]) => `${name.replaceAll("_", " ")} ${written(inner)}`).join(", ")
  : typeof value === "number" ? value.toLocaleString("en-GB", { maximumFractionDigits: 12 }) : String(value));

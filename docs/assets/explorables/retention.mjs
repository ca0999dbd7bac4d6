// Retention's three forms side by side on the reader's own numbers.
import { cell, el, explore, picture, show, table, write } from "./kit.mjs";
import { chunkwise, parallel, recurrent } from "./maths/retention.mjs";

const numbers = (text) => text.split(/[\s,;]+/).filter(Boolean).map(Number).filter(Number.isFinite).slice(0, 12);

export default function (block) {
  explore(block, {
    q: { kind: "text", label: "Queries", value: "1 0.5 2 1 1 -1" },
    k: { kind: "text", label: "Keys", value: "1 1 0 2 1 1" },
    v: { kind: "text", label: "Values", value: "3 1 4 1 5 9" },
    gamma: { label: "Decay γ", min: 0, max: 1, step: 0.01, value: 0.8, format: (x) => x.toFixed(2) },
    size: { label: "Chunk", min: 1, max: 6, value: 2 },
  }, ({ q, k, v, gamma, size }) => {
    [q, k, v] = [q, k, v].map(numbers);
    const length = Math.min(q.length, k.length, v.length);
    if (!length) return { picture: [], words: "Type at least one number into each of the three lines." };
    [q, k, v] = [q, k, v].map((x) => x.slice(0, length));
    const one = parallel(q, k, v, gamma), two = recurrent(q, k, v, gamma), three = chunkwise(q, k, v, gamma, size);
    const apart = Math.max(...one.map((y, t) => Math.max(Math.abs(y - two.out[t]), Math.abs(y - three.out[t]))));
    const head = ["position", ...one.map((_, t) => `${t + 1}`)];
    const rows = [
      ["parallel", ...one.map((y) => show(y, 4))],
      ["recurrent", ...two.out.map((y) => show(y, 4))],
      ["its state", ...two.states.map((s) => show(s, 4))],
      ["chunkwise", ...three.out.map((y) => show(y, 4))],
    ];
    const side = Math.min(30, 240 / length);
    const grid = one.flatMap((_, t) => one.map((__, s) => (s <= t ? cell(10 + s * side, 24 + t * side, side, gamma ** (t - s)) : null)));
    return {
      picture: [picture(260, 34 + side * length, `Decay of each position as seen from later ones, γ = ${gamma}`, write(10, 14, "decay matrix: row = query", { anchor: "start", muted: true, size: 11.5 }), grid), scroll(table(head, rows, "Output at each position"))],
      words: `${apart === 0 ? "The three forms agree exactly." : `The three forms differ by at most ${apart.toExponential(1)}, which is rounding.`} The recurrent form keeps one number, the chunkwise one passes ${three.states.length} state${three.states.length > 1 ? "s" : ""} on.`,
    };
  });
}

const scroll = (node) => el("div", { class: "ex-scroll", tabindex: 0, role: "group", "aria-label": "Outputs" }, node);

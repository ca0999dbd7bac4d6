// Writing key–value pairs into a recurrent state, and what is left of each of them.
import { bar, explore, line, picture, room, show, svg, write as say } from "./kit.mjs";
import { read, write } from "./maths/memory.mjs";

const RULES = { linear: "Add (linear attention)", gated: "Decay, then add (RetNet, GLA)", delta: "Erase, then write (delta rule)" };

export default function (block) {
  explore(block, {
    rule: { kind: "choice", label: "Update rule", options: RULES, value: "linear" },
    pairs: { label: "Pairs written", min: 1, max: 6, value: 3 },
    angle: { label: "Angle between keys", min: 0, max: 90, step: 5, value: 50, format: (x) => `${x}°` },
    gate: { label: "Gate", when: ({ rule }) => rule !== "linear", min: 0, max: 1, step: 0.05, value: 0.9, format: (x) => x.toFixed(2) },
    beta: { label: "β", when: ({ rule }) => rule === "delta", min: 0, max: 2, step: 0.05, value: 1, format: (x) => x.toFixed(2) },
  }, ({ rule, pairs, angle, gate, beta }) => {
    const turn = (angle * Math.PI) / 180;
    const keys = Array.from({ length: pairs }, (_, i) => [Math.cos(i * turn), Math.sin(i * turn)]);
    const values = keys.map((_, i) => keys.map((__, j) => Number(i === j)));
    const state = write(keys, values, { rule, gate, beta }).at(-1);
    const got = keys.map((k) => read(state, k));
    const error = got.map((row, i) => Math.hypot(...row.map((x, j) => x - values[i][j])));
    return {
      picture: draw(keys, got),
      words: `${RULES[rule]}: the last pair comes back with an error of ${show(error.at(-1), 2)}, the first with ${show(error[0], 2)} (0 is perfect recall). `
        + `The state has 2 × ${pairs} numbers, and two dimensions hold at most two keys without mixing.`,
    };
  });
}

function draw(keys, got) {
  const [cx, cy, r] = [105, 122, 74];
  const circle = [say(cx, 20, "keys"), svg("circle", { class: "ad-line ad-note", cx, cy, r })];
  keys.forEach(([x, y], i) => circle.push(line([[cx, cy], [cx + r * x, cy - r * y]], i), say(cx + (r + 13) * x, cy - (r + 13) * y + 4, `${i + 1}`)));
  const width = room(430), n = keys.length, high = 44 + 34 * n, span = (width - 32) / n, wide = Math.min(26, span - 28), unit = 13;
  const bars = [say(width / 2, 20, "read with key …: how much of each value comes back", { size: 11.5 })];
  got.forEach((row, i) => {
    const base = 52 + 34 * i;
    bars.push(say(10, base + 4, `${i + 1}`), svg("path", { class: "ad-rule", d: `M20 ${base}H${width - 8}` }));
    row.forEach((x, j) => {
      const height = Math.min(Math.abs(x), 1.3) * unit, at = 28 + j * span;
      bars.push(bar(at, x > 0 ? base - height : base, wide, height, j),
        say(at + wide + 4, base + (x < 0 ? 11 : -2), show(x, 2), { anchor: "start", size: 10.5, muted: true }));
    });
  });
  return [picture(210, 225, `${n} keys as arrows in the plane`, circle), picture(width, high, `What each of ${n} keys reads from the state`, bars)];
}

// A router with favourites: load of each expert, tokens dropped, and what each balancing method does about it.
import { bar, explore, picture, room as fit, show, svg, write } from "./kit.mjs";
import { auxiliaryGradient, dropped, load, topK, updateBias } from "./maths/router.mjs";
import { random } from "./maths/random.mjs";

const METHODS = { nothing: "Nothing", auxiliary: "Auxiliary loss", bias: "Bias, no loss" };
const TOKENS = 256;

export default function (block) {
  explore(block, {
    method: { kind: "choice", label: "Balancing", options: METHODS, value: "nothing" },
    steps: { label: "Training steps", values: [0, 10, 25, 50, 100, 200], value: 0 },
    favourites: { label: "Favouritism at the start", min: 0, max: 2, step: 0.1, value: 0.8, format: (x) => x.toFixed(1) },
    count: { label: "Experts", values: [4, 8, 16, 32], value: 8 },
    k: { label: "Chosen per token", min: 1, max: 4, value: 2 },
    factor: { label: "Capacity factor", min: 1, max: 4, step: 0.25, value: 1.25, format: (x) => `× ${x.toFixed(2)}` },
  }, ({ method, steps, favourites, count, k, factor }) => {
    const chosen = train({ method, steps, favourites, count, k: Math.min(k, count) });
    const shares = load(chosen, count), lost = dropped(chosen, count, factor);
    const worst = Math.max(...shares) * count, idle = shares.filter((s) => s < 0.25 / count).length;
    return {
      picture: draw(shares, factor / count),
      words: `The busiest expert gets ${show(worst)} times an even share; ${idle} of ${count} experts get less than a quarter of one. `
        + `With capacity × ${factor.toFixed(2)}, ${show(100 * lost, 2)}% of the assignments are dropped.`,
    };
  });
}

function train({ method, steps, favourites, count, k }) {
  const dice = random(7), width = 8, rate = 3;
  const router = Array.from({ length: width }, () => Array.from({ length: count }, () => dice.normal() / Math.sqrt(width)));
  const favour = Array.from({ length: count }, () => favourites * dice.normal());
  let bias = Array(count).fill(0), chosen = [];
  for (let step = 0; step <= steps; step++) {
    const x = Array.from({ length: TOKENS }, () => Array.from({ length: width }, dice.normal));
    const logits = x.map((row) => favour.map((f, e) => f + row.reduce((sum, v, i) => sum + v * router[i][e], 0)));
    chosen = logits.map((row) => topK(row.map((v, e) => v + bias[e]), k));
    if (step === steps) break;
    if (method === "auxiliary") {
      const gradient = auxiliaryGradient(logits, k);
      gradient.forEach((row, t) => row.forEach((g, e) => {
        favour[e] -= rate * g;
        for (let i = 0; i < width; i++) router[i][e] -= rate * x[t][i] * g;
      }));
    } else if (method === "bias") bias = updateBias(bias, chosen, 0.02);
  }
  return chosen;
}

function draw(shares, room) {
  const width = fit(640), height = 240, base = 205, left = 46, n = shares.length;
  const top = Math.max(...shares, room) * 1.08, scale = 175 / top, step = (width - left - 10) / n;
  const nodes = shares.map((s, e) => {
    const x = left + e * step + step * 0.12, w = step * 0.76;
    return [
      bar(x, base - Math.min(s, room) * scale, w, Math.min(s, room) * scale, 0),
      s > room ? bar(x, base - s * scale, w, (s - room) * scale, 1, true) : null,
      n <= 16 || e % 2 === 0 ? write(x + w / 2, base + 17, `${e + 1}`, { muted: true, size: 11.5 }) : null,
    ];
  });
  const level = (value, label) => [svg("path", { class: "ad-line ad-note ad-dashed", d: `M${left} ${base - value * scale}H${width}` }),
    write(left - 5, base - value * scale + 4, label, { anchor: "end", muted: true, size: 11 })];
  return picture(width, height, `Load of ${n} experts, largest ${show(Math.max(...shares) * n)} times the even share`, nodes,
    Math.abs(room - 1 / n) > 0.09 * top ? level(1 / n, "even") : null, level(room, "room"), svg("path", { class: "ad-axis", d: `M${left} ${base}H${width}` }), write(width / 2, height - 2, "expert; outlined: assignments beyond its capacity", { muted: true }));
}

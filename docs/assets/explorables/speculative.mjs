// Drafting ahead: how much of a draft is kept, what replaces the rest, and the draft length that pays.
import { axes, bar, dot, explore, line, picture, show, write } from "./kit.mjs";
import { acceptance, bestDraftLength, expectedTokens, residual, speedUp } from "./maths/speculative.mjs";
import { softmax } from "./maths/router.mjs";

const TARGET = [1.6, 0.9, 0.4, 0, -0.3, -0.8], OTHER = [0.2, 1.5, -0.6, 0.9, -1.2, 0.5];

export default function (block) {
  explore(block, {
    apart: { label: "Draft's distance from the target", min: 0, max: 1.5, step: 0.05, value: 0.5, format: (x) => x.toFixed(2) },
    k: { label: "Tokens drafted (k)", min: 0, max: 16, value: 4 },
    c: { label: "Cost of a draft step", min: 0, max: 0.5, step: 0.01, value: 0.05, format: (x) => `${x.toFixed(2)} target steps` },
  }, ({ apart, k, c }) => {
    const target = softmax(TARGET), draft = softmax(TARGET.map((x, i) => x + apart * OTHER[i] * 2));
    const alpha = Math.min(acceptance(draft, target), 1), best = bestDraftLength(alpha, c);
    return {
      picture: [distributions(draft, target), curve(alpha, k, c, best)],
      words: `A drafted token is kept with probability ${show(alpha)}; a rejected one is replaced by a draw from where the target is larger than the draft (outlined). `
        + `${k} drafted tokens give ${show(expectedTokens(alpha, k))} tokens per pass and a gain of ${show(speedUp(alpha, k, c))}; best here: k = ${best}, gain ${show(speedUp(alpha, best, c))}.`,
    };
  });
}

function distributions(draft, target) {
  const width = 300, base = 180, top = Math.max(...draft, ...target), nodes = [];
  const left = residual(draft, target);
  target.forEach((q, i) => {
    const x = 14 + i * 47, h = (p) => (140 * p) / top;
    nodes.push(bar(x, base - h(draft[i]), 17, h(draft[i]), 1), bar(x + 19, base - h(q), 17, h(q), 0), write(x + 18, base + 16, "abcdef"[i], { muted: true }));
    if (left[i] > 0) nodes.push(bar(x + 19, base - h(q), 17, h(q) - h(draft[i]), 2, true));
  });
  return picture(width, 225, "Draft and target distribution over six tokens", write(width / 2, 18, "draft (orange), target (blue)"), nodes, write(width / 2, 218, "next token", { muted: true }));
}

function curve(alpha, k, c, best) {
  const ks = Array.from({ length: 17 }, (_, i) => i), gains = ks.map((n) => speedUp(alpha, n, c));
  const plot = axes({ width: 320, height: 225, left: 46, x: { min: 0, max: 16, label: "drafted tokens k" }, y: { min: 0, max: Math.max(...gains, 1) * 1.1, label: "gain" } });
  return picture(320, 225, `Gain against draft length, best at ${best}`, plot.nodes, line(ks.map((n) => [plot.px(n), plot.py(gains[n])])), dot(plot.px(k), plot.py(speedUp(alpha, k, c)), 1, 5));
}

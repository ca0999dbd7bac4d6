// Rewards of a group of answers, their advantages, and the weight each token gets.
import { bar, explore, picture, show, svg, write } from "./kit.mjs";
import { advantages, tokenWeights } from "./maths/preferences.mjs";

const numbers = (text) => text.split(/[\s,;]+/).filter(Boolean).map(Number).filter(Number.isFinite).slice(0, 16);

export default function (block) {
  explore(block, {
    rewards: { kind: "text", label: "Rewards of the group", value: "1 0 0 0 1 0 0 0" },
    lengths: { kind: "text", label: "Tokens of each answer", value: "200 100 1000 300 250 800 150 400" },
    variant: { kind: "choice", label: "Method", options: { GRPO: "GRPO", DAPO: "DAPO", "Dr. GRPO": "Dr. GRPO" }, value: "GRPO" },
  }, ({ rewards, lengths, variant }) => {
    const r = numbers(rewards), n = numbers(lengths).filter((x) => x > 0);
    if (r.length < 2) return { picture: [], words: "A group needs at least two rewards." };
    while (n.length < r.length) n.push(n.at(-1) ?? 100);
    const a = advantages(r, variant !== "Dr. GRPO"), w = tokenWeights(n.slice(0, r.length), a, variant);
    const flat = a.every((x) => Math.abs(x) < 1e-6);
    return {
      picture: [bars("advantage", a, 0), bars("weight of one token × 1,000", w.map((x) => 1000 * x), 1)],
      words: flat ? "All answers got the same reward: every advantage is zero and the group teaches nothing."
        : `Largest advantage ${show(Math.max(...a))}, smallest ${show(Math.min(...a))}. One token of answer ${1 + w.indexOf(Math.min(...w))} is pushed down hardest, one of answer ${1 + w.indexOf(Math.max(...w))} pulled up hardest (${variant}).`,
    };
  });
}

function bars(label, values, series) {
  const width = 316, mid = 105, top = Math.max(...values.map(Math.abs), 1e-9), step = (width - 16) / values.length;
  return picture(width, 214, `${label}: ${values.map((v) => show(v)).join(", ")}`, write(width / 2, 15, label), write(width / 2, 211, "answer", { muted: true, size: 11.5 }),
    values.map((v, i) => {
      const h = (68 * Math.abs(v)) / top, x = 8 + i * step + step * 0.15;
      return [bar(x, v > 0 ? mid - h : mid, step * 0.7, h, series), values.length <= 10 ? write(x + step * 0.35, v > 0 ? mid - h - 4 : mid + h + 12, show(v, 2), { size: 10.5 }) : null, write(x + step * 0.35, 194, `${i + 1}`, { muted: true, size: 11 })];
    }), svg("path", { class: "ad-axis", d: `M8 ${mid}H${width - 8}` }));
}

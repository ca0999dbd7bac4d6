// Composing a hybrid: the strip of its layers, its memory against the length, and the work of mixing.
import { axes, bytes, count, dot, explore, line, picture, room, show, svg, write } from "./kit.mjs";
import { stack, unroll } from "./maths/strips.mjs";

const NAMES = { A: ["full attention", "attention"], W: ["attention in a window", "router"], M: ["Mamba-2", "state"], D: ["gated delta rule", "ffn"] };
const PRESETS = { "All attention": "A", "One in eight": "MMMAMMMM", "Three to one": "DDDA", "Five windows to one": "WWWWWA", "All recurrent": "M" };
const TOKENS = Array.from({ length: 21 }, (_, i) => 2 ** i);

export default function (block) {
  const size = { width: 4096, heads: 32, headSize: 128, stateSize: 128 };
  explore(block, {
    pattern: { kind: "text", label: "Pattern, repeated", value: "DDDA", format: "A attention, W window, M Mamba-2, D delta rule" },
    layers: { label: "Layers", min: 4, max: 96, value: 48 },
    groups: { label: "KV heads", when: ({ pattern }) => /[AW]/i.test(pattern), values: [1, 2, 4, 8, 16, 32], value: 8 },
    window: { label: "Window", when: ({ pattern }) => /W/i.test(pattern), values: [128, 512, 1024, 2048, 4096], value: 1024 },
    tokens: { label: "Tokens", values: TOKENS.slice(8), value: 131072, format: (n) => n.toLocaleString("en-GB") },
  }, ({ pattern, layers, groups, window: span, tokens }) => {
    const letters = unroll(pattern, layers), design = { ...size, groups, window: span };
    if (!letters.length) return { picture: [], words: "Type a pattern from the letters A, W, M and D." };
    const now = stack(letters, tokens, design), full = stack(unroll("A", layers), tokens, design);
    return {
      picture: [strip(letters), memory(letters, design, tokens)],
      words: `${bytes(2 * now.kept)} in 16 bits for ${tokens.toLocaleString("en-GB")} tokens, ${show((100 * now.kept) / full.kept)}% of attention in every layer; `
        + `mixing takes ${count(now.flops)} operations for the next token, ${show((100 * now.flops) / full.flops)}%. Width ${size.width}, ${size.heads} heads of ${size.headSize}.`,
    };
  }, Object.fromEntries(Object.entries(PRESETS).map(([name, pattern]) => [name, ({ set }) => set({ pattern })])));
}

function strip(letters) {
  const width = room(640), step = (width - 10) / letters.length, column = Math.floor(width / 160);
  const used = Object.keys(NAMES).filter((k) => letters.includes(k));
  return picture(width, 52 + 18 * Math.ceil(used.length / column), `Layers: ${used.map((k) => `${letters.filter((l) => l === k).length} ${NAMES[k][0]}`).join(", ")}`,
    letters.map((k, i) => svg("rect", { class: `ad-shape ad-${NAMES[k][1]}`, x: 5 + i * step, y: 8, width: Math.max(step - 1.5, 1), height: 26, rx: 2 })),
    used.map((k, i) => [svg("rect", { class: `ad-shape ad-${NAMES[k][1]}`, x: 8 + 160 * (i % column), y: 48 + 18 * Math.floor(i / column), width: 13, height: 13, rx: 2 }), write(26 + 160 * (i % column), 59 + 18 * Math.floor(i / column), `${k} ${NAMES[k][0]}`, { anchor: "start" })]));
}

const binary = (n) => (n < 1024 ? show(n) : n < 2 ** 20 ? `${n / 1024}K` : `${n / 2 ** 20}M`);

function memory(letters, design, tokens) {
  const full = unroll("A", letters.length);
  const gib = (l, n) => Math.max((2 * stack(l, n, design).kept) / 2 ** 20, 1e-3);
  const top = gib(full, TOKENS.at(-1)), low = Math.min(gib(letters, 256), gib(full, 256));
  const plot = axes({ width: room(640), height: 250, left: 74, x: { min: 256, max: TOKENS.at(-1), log: 4, label: "tokens (K: 1,024)", format: binary }, y: { min: low * 0.7, max: top * 1.3, log: 8, label: "memory", format: (m) => bytes(m * 2 ** 20) } });
  const curve = (l) => TOKENS.slice(8).map((n) => [plot.px(n), plot.py(gib(l, n))]);
  return picture(plot.width, plot.height, "Cache and state against the length of the text", plot.nodes, line(curve(full), 0, { dashed: true }), line(curve(letters), 1),
    dot(plot.px(tokens), plot.py(gib(letters, tokens)), 1, 5), write(plot.width - 24, plot.py(low * 0.7) - 9, "dashed: attention in every layer", { anchor: "end", muted: true }));
}

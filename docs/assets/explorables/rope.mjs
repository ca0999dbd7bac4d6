// Wavelengths of RoPE's pairs, and what each way of extending the context does to them.
import { axes, dot, explore, line, picture, room, show, svg, write } from "./kit.mjs";
import { frequencies, interpolation, llama3, ntkAware, unseen, yarn } from "./maths/rope.mjs";

const METHODS = { none: "None", pi: "Position interpolation", ntk: "NTK-aware base", yarn: "YaRN", llama3: "Llama 3.1's ramp" };
const tokens = (n) => n.toLocaleString("en-GB");

export default function (block) {
  explore(block, {
    method: { kind: "choice", label: "Extension", options: METHODS, value: "yarn" },
    base: { label: "Base", values: [10000, 100000, 500000, 1000000, 10000000], value: 10000, format: tokens },
    size: { label: "Head size", values: [32, 64, 128, 256], value: 128 },
    context: { label: "Trained at", values: [2048, 4096, 8192, 32768, 131072], value: 4096, format: tokens },
    scale: { label: "Read at × trained length", values: [1, 2, 4, 8, 16, 32], value: 8 },
  }, ({ method, base, size, context, scale }) => {
    const old = frequencies(size, base);
    const made = { none: () => old, pi: () => interpolation(size, base, scale), ntk: () => ntkAware(size, base, scale),
      yarn: () => yarn(size, base, scale, context), llama3: () => llama3(size, base, scale, context) }[method]();
    const longest = (2 * Math.PI) / Math.min(...made, ...old);
    const plot = axes({ width: room(640), x: { min: 0, max: size / 2 - 1, label: "pair, from the fastest" },
      y: { min: 5, max: Math.max(longest, context * scale) * 1.3, log: 10, label: "tokens for one turn", format: (v) => tokens(v) }, left: 66 });
    const at = (f, i) => [plot.px(i), plot.py((2 * Math.PI) / f)];
    const level = (n, label, series) => [
      svg("path", { class: `ad-line ad-s${series} ad-dashed`, d: `M${plot.px(0)} ${plot.py(n)}H${plot.width - 16}` }),
      write(plot.px(0) + 6, plot.py(n) - 5, `${label} ${tokens(n)}`, { anchor: "start", muted: true, size: 11.5 }),
    ];
    const bad = unseen(made, old, context, context * scale);
    const nodes = [plot.nodes, level(context, "trained at", 2), scale > 1 ? level(context * scale, "read at", 3) : null,
      line(old.map(at), 1, { dashed: true, thin: true }), line(made.map(at), 0), made.map((f, i) => (size <= 64 || i % 2 === 0 ? dot(...at(f, i), 0, 2.4) : null))];
    return {
      picture: picture(plot.width, plot.height, `Wavelengths of ${size / 2} pairs, from ${show(2 * Math.PI)} to ${tokens(Math.round((2 * Math.PI) / Math.min(...made)))} tokens`, nodes),
      words: `${METHODS[method]}: ${bad} of ${size / 2} pairs meet angles they were never trained on at ${tokens(context * scale)} tokens. `
        + `The fastest pair is slowed by ${show(old[0] / made[0])}, the slowest by ${show(old.at(-1) / made.at(-1))} (1: not at all).`,
    };
  });
}

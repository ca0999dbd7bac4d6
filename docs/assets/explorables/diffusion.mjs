// Sampling a two-dimensional distribution: data, schedule, sampler, steps and guidance, judged against the truth.
import { axes, dot, explore, line, picture, room, show, svg, write } from "./kit.mjs";
import { SCHEDULES, levels, noise, slicedDistance, step } from "./maths/diffusion.mjs";
import { random } from "./maths/random.mjs";

const around = (n, r, turn = 0) => Array.from({ length: n }, (_, i) => [r * Math.cos((2 * Math.PI * i) / n + turn), r * Math.sin((2 * Math.PI * i) / n + turn)]);
const DATA = {
  ring: { name: "Eight clusters on a ring", means: around(8, 1.5), spread: 0.12 },
  two: { name: "Two clusters", means: [[-1.2, 0], [1.2, 0]], spread: 0.35 },
  grid: { name: "Grid of nine", means: [-1.3, 0, 1.3].flatMap((x) => [-1.3, 0, 1.3].map((y) => [x, y])), spread: 0.12 },
  spiral: { name: "Spiral", means: Array.from({ length: 28 }, (_, i) => [(0.25 + i / 18) * Math.cos(i / 2.6), (0.25 + i / 18) * Math.sin(i / 2.6)]), spread: 0.07 },
};
for (const data of Object.values(DATA)) data.kinds = data.means.map((_, i) => i % 2);
const COUNT = 240;

export default function (block) {
  explore(block, {
    data: { kind: "choice", label: "Data", options: Object.fromEntries(Object.entries(DATA).map(([k, d]) => [k, d.name])), value: "ring" },
    schedule: { kind: "choice", label: "Schedule", options: { cosine: "Cosine", linear: "DDPM's linear β", flow: "Flow (straight paths)" }, value: "cosine" },
    sampler: { kind: "choice", label: "Sampler", options: { euler: "DDIM / Euler", heun: "Heun (two evaluations)", ancestral: "Ancestral (DDPM)" }, value: "euler" },
    steps: { label: "Steps", values: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64], value: 8 },
    kind: { kind: "choice", label: "Class wanted", options: { any: "None", 0: "First, third, … clusters", 1: "The others" }, value: "any" },
    w: { label: "Guidance scale (1: none)", when: ({ kind }) => kind !== "any", min: 1, max: 8, step: 0.5, value: 1, format: (x) => x.toFixed(1) },
    done: { label: "Shown at", min: 0, max: 1, step: 0.01, value: 1, format: (x) => `${Math.round(100 * x)}% of the way` },
  }, ({ data: key, schedule, sampler, steps, kind, w, done }) => {
    const data = DATA[key], dice = random(11), wanted = kind === "any" ? null : Number(kind);
    const ss = levels(schedule, steps);
    const eps = (y, s) => noise(y, s, data, wanted, w);
    const paths = Array.from({ length: COUNT }, () => {
      const path = [[dice.normal() * ss[0], dice.normal() * ss[0]]];
      for (let i = 0; i < steps; i++) path.push(step(path[i], ss[i], ss[i + 1], sampler, eps, dice.normal));
      return path;
    });
    const ends = paths.map((path) => path.at(-1)), truth = draws(data, wanted, COUNT);
    const far = slicedDistance(ends, truth), own = slicedDistance(draws(data, wanted, COUNT, 5), truth);
    const calls = sampler === "heun" ? 2 * steps - 1 : steps;
    return {
      picture: [plane(data, paths, ss, schedule, steps, done, wanted)],
      words: `After ${steps} steps (${calls} evaluations of the denoiser) the samples lie ${show(far, 2)} from the truth; two fresh sets of true samples lie ${show(own, 2)} apart. `
        + (wanted !== null && w > 1 ? "Guidance moves samples away from the other class and makes them vary less." : "The denoiser is exact, so all of the error comes from the steps."),
    };
  });
}

function draws(data, wanted, count, seed = 3) {
  const dice = random(seed), means = data.means.filter((_, i) => wanted === null || data.kinds[i] === wanted);
  return Array.from({ length: count }, (_, i) => means[i % means.length].map((m) => m + data.spread * dice.normal()));
}

function plane(data, paths, ss, schedule, steps, done, wanted) {
  const reach = 2.9, width = room(560), height = width * 0.7 + 38;
  const plot = axes({ width, height, left: 40, bottom: 34, x: { min: -reach * 1.3, max: reach * 1.3 }, y: { min: -reach, max: reach } });
  const at = Math.round(done * steps);
  // x_t = α y: drawn in the coordinates in which a model sees it, so that noise has unit size at the start.
  const alphas = ss.map((_, i) => SCHEDULES[schedule](0.99 * (1 - i / steps)).alpha);
  const place = ([x, y], i) => [plot.px(Math.max(-reach * 1.3, Math.min(reach * 1.3, alphas[i] * x))), plot.py(Math.max(-reach, Math.min(reach, alphas[i] * y)))];
  const unit = plot.px(1) - plot.px(0);
  return picture(width, height, `${paths.length} samples on their way from noise to data`, plot.nodes,
    data.means.map(([x, y], i) => svg("circle", { class: `ad-line ad-s${wanted === null || data.kinds[i] === wanted ? 2 : 5}`, cx: plot.px(x), cy: plot.py(y), r: 2 * data.spread * unit })),
    paths.slice(0, 26).map((path) => line(path.slice(0, at + 1).map(place), 0, { thin: true })),
    paths.map((path) => dot(...place(path[at], at), 1, 2)),
    write(width - 12, 26, `noise level σ = ${show(SCHEDULES[schedule](0.99 * (1 - at / steps)).sigma, 2)}`, { anchor: "end", muted: true }));
}

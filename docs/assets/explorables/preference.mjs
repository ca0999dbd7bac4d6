// Preference losses against the margin, and how hard each of them pulls.
import { axes, dot, explore, line, picture, show, write } from "./kit.mjs";
import { dpo, ipo, kto } from "./maths/preferences.mjs";

const LOSSES = { DPO: dpo, IPO: ipo, KTO: kto };
const slope = (f, m, beta) => (f(m + 1e-4, beta) - f(m - 1e-4, beta)) / 2e-4;

export default function (block) {
  explore(block, {
    beta: { label: "β", values: [0.01, 0.05, 0.1, 0.2, 0.5, 1], value: 0.1 },
    margin: { label: "Margin now", min: -20, max: 20, step: 0.5, value: 0, format: (x) => x.toFixed(1) },
  }, ({ beta, margin }) => {
    const at = Array.from({ length: 801 }, (_, i) => -20 + i / 20);
    const one = plotted("loss, each divided by its value at margin 0", at, margin, (f, m) => f(m, beta) / f(0, beta));
    const pull = plotted("pull: minus the slope, against that at 0", at, margin, (f, m) => slope(f, m, beta) / slope(f, 0, beta));
    return {
      picture: [one, pull],
      words: `At a margin of ${show(margin)}: DPO pulls with ${show(100 * slope(dpo, margin, beta) / slope(dpo, 0, beta))}% of its pull at the start, `
        + `IPO with ${show(100 * slope(ipo, margin, beta) / slope(ipo, 0, beta))}% (it stops at ${show(1 / (2 * beta))}), KTO with ${show(100 * slope(kto, margin, beta) / slope(kto, 0, beta))}%.`,
    };
  });
}

/** The stretches of a curve that lie within the picture. */
function runs(points, within) {
  const found = [[]];
  for (const point of points) {
    if (within(point[1])) found.at(-1).push(point);
    else if (found.at(-1).length) found.push([]);
  }
  return found.filter((run) => run.length > 1);
}

function plotted(label, at, margin, f) {
  const within = (v) => v >= -1 && v <= 3;
  const plot = axes({ width: 320, height: 230, left: 40, x: { min: -20, max: 20, label: "margin (log-ratio)" }, y: { min: -1, max: 3 }, top: 26 });
  return picture(320, 230, label, plot.nodes, write(180, 15, label, { size: 11.5 }), Object.values(LOSSES).map((loss, i) => [
    runs(at.map((m) => [m, f(loss, m)]), within).map((run) => line(run.map(([m, v]) => [plot.px(m), plot.py(v)]), i)),
    within(f(loss, margin)) ? dot(plot.px(margin), plot.py(f(loss, margin)), i, 4.5) : null]),
    Object.keys(LOSSES).map((name, i) => [dot(56, 146 + 15 * i, i), write(65, 150 + 15 * i, name, { anchor: "start", size: 11.5 })]));
}

// The game of a generator and a discriminator in two dimensions, and what makes it settle.
import { axes, dot, explore, line, picture, show, write } from "./kit.mjs";
import { play } from "./maths/gan.mjs";

export default function (block) {
  explore(block, {
    loss: { kind: "choice", label: "Generator's loss", options: { saturating: "Minimax (saturating)", "non-saturating": "Non-saturating" }, value: "saturating" },
    order: { kind: "choice", label: "Steps", options: { together: "At the same time", alternate: "In turns" }, value: "together" },
    penalty: { label: "Gradient penalty (R1)", min: 0, max: 1, step: 0.05, value: 0, format: (x) => x.toFixed(2) },
    rate: { label: "Step size", min: 0.02, max: 0.6, step: 0.02, value: 0.2, format: (x) => x.toFixed(2) },
    steps: { label: "Steps taken", min: 10, max: 600, step: 10, value: 300 },
  }, ({ loss, order, penalty, rate, steps }) => {
    const path = play({ loss, penalty, rate, steps, alternate: order === "alternate" });
    const away = path.map(([a, b]) => Math.hypot(a, b));
    const reach = Math.max(1.4, ...path.map(([a, b]) => Math.max(Math.abs(a), Math.abs(b)))) * 1.05;
    const plane = axes({ width: 330, height: 300, left: 52, x: { min: -reach, max: reach, label: "generated point θ" }, y: { min: -reach, max: reach, label: "discriminator's slope ψ" } });
    const time = axes({ width: 300, height: 300, left: 46, x: { min: 0, max: steps, label: "step" }, y: { min: 0, max: Math.max(...away) * 1.05, label: "distance from the solution" } });
    const end = away.at(-1);
    return {
      picture: [
        picture(330, 300, "Path of generator and discriminator", plane.nodes, line(path.map(([a, b]) => [plane.px(a), plane.py(b)]), 0, { thin: true }), dot(plane.px(0), plane.py(0), 2, 5), dot(plane.px(path[0][0]), plane.py(path[0][1]), 1, 4.5), write(plane.px(path[0][0]) + 8, plane.py(path[0][1]) - 6, "start", { anchor: "start", size: 11.5 })),
        picture(300, 300, "Distance from the solution over the steps", time.nodes, line(away.map((d, i) => [time.px(i), time.py(d)]), 0)),
      ],
      words: `Distance from the solution: ${show(away[0])} at the start, ${show(end)} after ${steps} steps: ${end < 0.05 ? "it settles" : end > 1.05 * away[0] ? "it spirals out" : "it circles or creeps"}.`,
    };
  });
}

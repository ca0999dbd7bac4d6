// Diffusion and flow on a mixture of Gaussians in the plane, where the best denoiser is known exactly.
// x_t = α x_0 + σ ε; in y = x_t / α with s = σ / α the probability-flow ODE is dy/ds = ε̂ for every schedule.

/** α and σ at time u, from 1 (noise) to 0 (data). */
export const SCHEDULES = {
  flow: (u) => ({ alpha: 1 - u, sigma: u }),
  cosine: (u) => ({ alpha: Math.cos((u * Math.PI) / 2), sigma: Math.sin((u * Math.PI) / 2) }),
  // DDPM's linear β from 0.1 to 20 in continuous time.
  linear: (u) => {
    const alpha = Math.exp(-0.25 * u * u * 19.9 - 0.5 * u * 0.1);
    return { alpha, sigma: Math.sqrt(1 - alpha * alpha) };
  },
};

/** E[x_0 | y] for y = x_0 + s ε; data: {means: [[x, y]], spread, kinds: [class of each]}, kind: only that class. */
export function denoise([x, y], s, { means, spread, kinds }, kind = null) {
  const variance = spread * spread + s * s;
  let best = Infinity;
  const gaps = [];
  means.forEach(([a, b], i) => {
    if (kind !== null && kinds[i] !== kind) return;
    const d = (x - a) ** 2 + (y - b) ** 2;
    best = Math.min(best, d);
    gaps.push([d, a, b]);
  });
  let [sum, mx, my] = [0, 0, 0];
  for (const [d, a, b] of gaps) {
    const w = Math.exp((best - d) / (2 * variance));
    sum += w;
    mx += w * a;
    my += w * b;
  }
  const keep = (spread * spread) / variance;
  return [(mx / sum) * (1 - keep) + keep * x, (my / sum) * (1 - keep) + keep * y];
}

/** Predicted noise at y, with classifier-free guidance of scale w towards a class (1: the class alone). */
export function noise(y, s, data, kind, w) {
  const eps = (k) => denoise(y, s, data, k).map((m, i) => (y[i] - m) / s);
  if (kind === null) return eps(null);
  const [free, bound] = [w === 1 ? null : eps(null), eps(kind)];
  return free ? bound.map((b, i) => free[i] + w * (b - free[i])) : bound;
}

/** Noise levels s of a schedule, from u = 0.99 to 0 in equal steps of u. */
export const levels = (schedule, steps) =>
  Array.from({ length: steps + 1 }, (_, i) => {
    const { alpha, sigma } = SCHEDULES[schedule](0.99 * (1 - i / steps));
    return sigma / alpha;
  });

/** One step from level s to level r; `normal` gives fresh noise to the ancestral sampler. Evaluations: 1, or 2 for Heun. */
export function step(y, s, r, sampler, eps, normal) {
  const d = eps(y, s);
  if (sampler === "ancestral" && r > 0) {
    const up = Math.sqrt((r * r * (s * s - r * r)) / (s * s)), down = Math.sqrt(r * r - up * up);
    return y.map((v, i) => v + (down - s) * d[i] + up * normal());
  }
  const euler = y.map((v, i) => v + (r - s) * d[i]);
  if (sampler !== "heun" || r === 0) return euler;
  const next = eps(euler, r);
  return y.map((v, i) => v + ((r - s) * (d[i] + next[i])) / 2);
}

/** Mean over directions of the Wasserstein-1 distance of the projections (both sets of one size). */
export function slicedDistance(a, b, directions = 16) {
  let sum = 0;
  for (let j = 0; j < directions; j++) {
    const [c, s] = [Math.cos((Math.PI * j) / directions), Math.sin((Math.PI * j) / directions)];
    const [p, q] = [a, b].map((set) => Float64Array.from(set, ([x, y]) => c * x + s * y).sort());
    for (let i = 0; i < p.length; i++) sum += Math.abs(p[i] - q[i]) / p.length;
  }
  return sum / directions;
}

// One head of retention with a key of size one: the three forms. Reference: architectures/recurrent/retnet.py.

export const parallel = (q, k, v, gamma) =>
  q.map((_, t) => k.slice(0, t + 1).reduce((sum, key, s) => sum + q[t] * key * gamma ** (t - s) * v[s], 0));

/** Outputs and the state after each step. */
export function recurrent(q, k, v, gamma) {
  let state = 0;
  const states = k.map((key, t) => (state = gamma * state + key * v[t]));
  return { out: states.map((s, t) => q[t] * s), states };
}

export function chunkwise(q, k, v, gamma, size) {
  let state = 0;
  const out = [], states = [];
  for (let start = 0; start < q.length; start += size) {
    const [qc, kc, vc] = [q, k, v].map((x) => x.slice(start, start + size));
    const inside = parallel(qc, kc, vc, gamma);
    const before = state;
    out.push(...inside.map((y, i) => y + gamma ** (i + 1) * qc[i] * before));
    state = kc.reduce((sum, key, i) => sum + gamma ** (kc.length - 1 - i) * key * vc[i], gamma ** kc.length * before);
    states.push(state);
  }
  return { out, states };
}

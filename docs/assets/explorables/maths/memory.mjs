// A matrix memory written token by token. Reference: architectures/recurrent/deltanet.py and retnet.py.

/** State (key size × value size) after writing each pair. rule: "linear", "gated" or "delta"; keys have unit length. */
export function write(keys, values, { rule, gate = 1, beta = 1 }) {
  let state = keys[0].map(() => values[0].map(() => 0));
  const states = [];
  keys.forEach((k, t) => {
    const decay = rule === "linear" ? 1 : gate;
    state = state.map((row) => row.map((x) => decay * x));
    const held = rule === "delta" ? read(state, k) : values[t].map(() => 0);
    const strength = rule === "delta" ? beta : 1;
    state = state.map((row, i) => row.map((x, j) => x + strength * k[i] * (values[t][j] - held[j])));
    states.push(state);
  });
  return states;
}

export const read = (state, q) => state[0].map((_, j) => state.reduce((sum, row, i) => sum + q[i] * row[j], 0));

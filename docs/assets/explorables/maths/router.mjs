// A router in training. Reference: architectures/mixture-of-experts/load-balancing.py.

export function softmax(x) {
  const top = Math.max(...x);
  const e = x.map((v) => Math.exp(v - top));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

/** Indices of the k largest, largest first; the earlier one first where two are equal. */
export const topK = (scores, k) => scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k);

/** Share of all assignments that each expert receives. */
export function load(chosen, count) {
  const shares = Array(count).fill(0);
  for (const row of chosen) for (const expert of row) shares[expert] += 1 / (chosen.length * row.length);
  return shares;
}

/** Derivative of the auxiliary loss E Σ f_e P_e by each token's logits, the shares f counting as constants. */
export function auxiliaryGradient(logits, k) {
  const count = logits[0].length;
  const f = load(logits.map((row) => topK(row, k)), count);
  return logits.map((row) => {
    const p = softmax(row);
    const mean = p.reduce((sum, x, e) => sum + x * f[e], 0);
    return p.map((x, e) => (count / logits.length) * x * (f[e] - mean));
  });
}

/** Lower the bias of overloaded experts, raise that of the others. */
export function updateBias(bias, chosen, rate) {
  const share = load(chosen, bias.length);
  return bias.map((b, e) => b - rate * Math.sign(share[e] - 1 / bias.length));
}

/** Share of assignments lost when an expert takes at most factor × its even share. */
export function dropped(chosen, count, factor) {
  const size = chosen.length * chosen[0].length;
  const room = Math.floor((factor * size) / count);
  const taken = Array(count).fill(0);
  for (const row of chosen) for (const expert of row) taken[expert]++;
  return 1 - taken.reduce((sum, n) => sum + Math.min(n, room), 0) / size;
}

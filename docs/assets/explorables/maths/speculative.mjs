// Speculative decoding: what is kept and what is gained. Reference: scaling-inference/speculative-decoding.py.

/** Probability that a token drawn from the draft is kept: the overlap of the two distributions. */
export const acceptance = (draft, target) => draft.reduce((sum, p, i) => sum + Math.min(p, target[i]), 0);

/** What a rejected token is replaced from. */
export function residual(draft, target) {
  const left = target.map((q, i) => Math.max(q - draft[i], 0));
  const sum = left.reduce((a, b) => a + b);
  return left.map((x) => (sum > 0 ? x / sum : 0));
}

/** Tokens gained from one pass of the target when each drafted token is kept with probability alpha. */
export const expectedTokens = (alpha, k) => (alpha === 1 ? k + 1 : (1 - alpha ** (k + 1)) / (1 - alpha));

/** Gain in time over plain decoding; a draft step costs c target steps. */
export const speedUp = (alpha, k, c) => expectedTokens(alpha, k) / (k * c + 1);

export const bestDraftLength = (alpha, c, longest = 32) =>
  Array.from({ length: longest + 1 }, (_, k) => k).reduce((best, k) => (speedUp(alpha, k, c) > speedUp(alpha, best, c) ? k : best), 0);

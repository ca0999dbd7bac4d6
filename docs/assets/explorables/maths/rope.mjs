// RoPE's frequencies, and four ways of slowing them down. Reference: architectures/transformers/context-extension.py.

export const frequencies = (d, base) => Array.from({ length: d / 2 }, (_, i) => base ** ((-2 * i) / d));

export const interpolation = (d, base, scale) => frequencies(d, base).map((f) => f / scale);

export const ntkAware = (d, base, scale) => frequencies(d, base * scale ** (d / (d - 2)));

export function yarn(d, base, scale, context, fast = 32, slow = 1) {
  const pairWith = (turns) => (d * Math.log(context / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const low = Math.max(Math.floor(pairWith(fast)), 0);
  const high = Math.min(Math.ceil(pairWith(slow)), d - 1);
  return frequencies(d, base).map((f, i) => {
    const slowed = Math.min(Math.max((i - low) / (high - low), 0), 1);
    return f * (1 - slowed + slowed / scale);
  });
}

export function llama3(d, base, scale, context, low = 1, high = 4) {
  return frequencies(d, base).map((f) => {
    const kept = Math.min(Math.max(((context * f) / (2 * Math.PI) - low) / (high - low), 0), 1);
    return f * (kept + (1 - kept) / scale);
  });
}

/** Pairs that within `length` meet angles they never met within `context` at their old speed. */
export const unseen = (made, old, context, length) =>
  made.filter((f, i) => Math.min(f * length, 2 * Math.PI) > Math.min(old[i] * context, 2 * Math.PI) * (1 + 1e-9)).length;

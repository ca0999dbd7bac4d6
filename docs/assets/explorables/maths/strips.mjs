// Cache, state and mixing cost of a stack of layers. Reference: hooks/archdata/formulas/layers.py.

/**
 * One layer's numbers kept for a sequence, and operations of mixing for the next token.
 * kinds: A full attention, W attention in a window, M Mamba-2 (inner width 2d), D gated delta rule (2d wide values).
 */
export function layer(kind, tokens, { width, heads, groups, headSize, window, stateSize }) {
  if (kind === "A" || kind === "W") {
    const seen = kind === "W" ? Math.min(tokens, window) : tokens;
    return { kept: 2 * groups * headSize * seen, grows: kind === "A" || tokens < window, flops: 4 * heads * headSize * seen };
  }
  const inner = 2 * width;
  if (kind === "M") return { kept: inner * stateSize, grows: false, flops: 6 * inner * stateSize };
  return { kept: inner * headSize, grows: false, flops: 8 * inner * headSize };
}

export const KINDS = "AWMD";

/** Letters of a pattern repeated to a number of layers; other characters are left out. */
export function unroll(pattern, layers) {
  const letters = [...pattern.toUpperCase()].filter((x) => KINDS.includes(x));
  return letters.length ? Array.from({ length: layers }, (_, i) => letters[i % letters.length]) : [];
}

export function stack(letters, tokens, design) {
  return letters.reduce((sum, kind) => {
    const { kept, flops } = layer(kind, tokens, design);
    return { kept: sum.kept + kept, flops: sum.flops + flops };
  }, { kept: 0, flops: 0 });
}

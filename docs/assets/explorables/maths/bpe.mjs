// Byte-pair encoding: training and encoding. Reference: architectures/transformers/tokenisation.py.

export const wordsOf = (text) => text.split(/\s+/).filter(Boolean).map((word) => ` ${word}`);

function merge(symbols, [a, b]) {
  const out = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === a && symbols[i + 1] === b) out.push(a + symbols[++i]);
    else out.push(symbols[i]);
  }
  return out;
}

// Python compares strings by code points; JavaScript by UTF-16 units, which differ beyond the basic plane.
function before(x, y) {
  const [a, b] = [[...x], [...y]];
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i].codePointAt(0) - b[i].codePointAt(0);
  return a.length - b.length;
}

/** Learn merges: again and again, join the most frequent pair inside words; among equals the last in order. */
export function train(text, merges) {
  const counts = new Map();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const pieces = new Map([...counts.keys()].map((word) => [word, [...word]]));
  const learnt = [];
  while (learnt.length < merges) {
    const pairs = new Map();
    for (const [word, symbols] of pieces)
      for (let i = 0; i + 1 < symbols.length; i++) {
        const key = `${symbols[i]}\u0000${symbols[i + 1]}`;
        pairs.set(key, (pairs.get(key) ?? 0) + counts.get(word));
      }
    let best = null;
    for (const [key, n] of pairs) {
      const pair = key.split("\u0000");
      if (!best || n > best.n || (n === best.n && (before(pair[0], best.pair[0]) || before(pair[1], best.pair[1])) > 0)) best = { n, pair };
    }
    if (!best) break;
    learnt.push(best.pair);
    for (const [word, symbols] of pieces) pieces.set(word, merge(symbols, best.pair));
  }
  return learnt;
}

/** Apply learnt merges in the order in which they were learnt. */
export function encode(word, merges) {
  const rank = new Map(merges.map(([a, b], i) => [`${a}\u0000${b}`, i]));
  let symbols = [...word];
  for (;;) {
    let best = Infinity, pair = null;
    for (let i = 0; i + 1 < symbols.length; i++) {
      const r = rank.get(`${symbols[i]}\u0000${symbols[i + 1]}`) ?? Infinity;
      if (r < best) [best, pair] = [r, [symbols[i], symbols[i + 1]]];
    }
    if (!pair) return symbols;
    symbols = merge(symbols, pair);
  }
}

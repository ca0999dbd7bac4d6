// Residual quantisation, and a pyramid of words. References: architectures/visual-tokens/vq-vae.py, architectures/multimodal/spae.py.

const distance = (a, b) => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);

export const nearest = (z, codebook) => {
  let best = 0;
  for (let k = 1; k < codebook.length; k++) if (distance(z, codebook[k]) < distance(z, codebook[best])) best = k;
  return best;
};

/** Quantise in stages, each coding what the stages before left over: indices per vector, and their sum. */
export function residualQuantise(vectors, codebooks) {
  const sums = vectors.map((z) => z.map(() => 0));
  const indices = vectors.map(() => []);
  for (const codebook of codebooks)
    vectors.forEach((z, n) => {
      const k = nearest(z.map((x, i) => x - sums[n][i]), codebook);
      indices[n].push(k);
      codebook[k].forEach((x, i) => { sums[n][i] += x; });
    });
  return { indices, sums };
}

/** A codebook fitted to the vectors by k-means, begun with evenly spread members. */
export function kMeans(vectors, size, steps = 20) {
  const order = [...vectors].sort((a, b) => a.reduce((x, y) => x + y) - b.reduce((x, y) => x + y));
  let codes = Array.from({ length: size }, (_, k) => [...order[Math.floor(((k + 0.5) * order.length) / size)]]);
  for (let step = 0; step < steps; step++) {
    const index = vectors.map((z) => nearest(z, codes));
    codes = codes.map((code, k) => {
      const own = vectors.filter((_, n) => index[n] === k);
      return own.length ? code.map((_, i) => own.reduce((sum, z) => sum + z[i], 0) / own.length) : code;
    });
  }
  return codes;
}

/** Rows (or columns) of a layer of the pyramid: dilated subsampling of the full grid. */
export const positions = (side, full) => Array.from({ length: side }, (_, i) => i * Math.floor(full / side) + Math.floor(full / side / 2));

/** Words of each layer for grey values (full × full), each word a grey level of the frozen vocabulary. */
export function encode(image, vocabulary, sides) {
  const full = image.length, zero = () => image.map((row) => row.map(() => 0));
  const [total, number] = [zero(), zero()];
  return sides.map((side) => {
    const at = positions(side, full);
    return at.map((r) => at.map((c) => {
      const wanted = (number[r][c] + 1) * image[r][c] - total[r][c];
      const word = nearest([wanted], vocabulary.map((v) => [v]));
      total[r][c] += vocabulary[word];
      number[r][c] += 1;
      return word;
    }));
  });
}

/** The streaming average of the words at each place, or of the nearest coarser place where there is none yet. */
export function decode(layers, vocabulary, full) {
  const zero = () => Array.from({ length: full }, () => Array(full).fill(0));
  const [total, number] = [zero(), zero()];
  let estimate = zero();
  for (const words of layers) {
    const side = words.length, at = positions(side, full);
    at.forEach((r, i) => at.forEach((c, j) => {
      total[r][c] += vocabulary[words[i][j]];
      number[r][c] += 1;
    }));
    estimate = estimate.map((row, r) => row.map((_, c) => {
      if (number[r][c]) return total[r][c] / number[r][c];
      const [a, b] = [at[Math.floor((r * side) / full)], at[Math.floor((c * side) / full)]];
      return total[a][b] / number[a][b];
    }));
  }
  return estimate;
}

// A small picture in discrete tokens: residual stages of a learned codebook, or a pyramid of words from a frozen one.
import { cell, explore, picture, show, write } from "./kit.mjs";
import { decode, encode, kMeans, residualQuantise } from "./maths/pyramid.mjs";

const FULL = 16, SIDES = [1, 2, 4, 8, 16, 16];
const near = (r, c, y, x, size) => Math.exp(-((r - y) ** 2 + (c - x) ** 2) / size);
const PICTURES = {
  face: (r, c) => 0.85 * (Math.hypot(r - 7.5, c - 7.5) < 7 ? 1 : 0.1) - 0.75 * near(r, c, 5, 5, 1.5) - 0.75 * near(r, c, 5, 10, 1.5) - (Math.abs(Math.hypot(r - 6, c - 7.5) - 5) < 0.8 && r > 8 ? 0.6 : 0),
  hills: (r, c) => (r > 9 + 2 * Math.sin(c / 2.2) ? 0.75 : 0.15 + 0.02 * r) + 0.7 * near(r, c, 3, 12, 4),
  letter: (r, c) => (Math.abs(c - 7.5 - (r < 13 ? 0 : 0)) < 1.4 && r > 2 && r < 14) || (r > 1 && r < 4 && c > 2 && c < 13) ? 0.95 : 0.05,
};

export default function (block) {
  explore(block, {
    image: { kind: "choice", label: "Picture", options: { face: "Face", hills: "Hills and sun", letter: "Letter T" }, value: "face" },
    way: { kind: "choice", label: "Tokens", options: { residual: "Residual stages, learned codebook", words: "Pyramid, frozen vocabulary" }, value: "residual" },
    stages: { label: "Stages or layers used", min: 1, max: 6, value: 2 },
    size: { label: "Codes or words", values: [2, 4, 8, 16, 32], value: 8 },
  }, ({ image, way, stages, size }) => {
    const pixels = Array.from({ length: FULL }, (_, r) => Array.from({ length: FULL }, (__, c) => Math.min(Math.max(PICTURES[image](r, c), 0), 1)));
    const made = way === "residual" ? residual(pixels, stages, size) : words(pixels, stages, size);
    const mean = pixels.flat().reduce((a, b) => a + b) / 256;
    const power = pixels.flat().reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const error = pixels.flat().reduce((sum, x, i) => sum + (x - made.pixels.flat()[i]) ** 2, 0) / power;
    return {
      picture: [picture(228, 262, "The picture", grid(pixels, 10, 28, 13), write(114, 18, "picture, 16 × 16")),
        picture(228, 262, `What ${made.tokens} tokens keep of the picture`, grid(made.pixels, 10, 28, 13), write(114, 18, `from ${made.tokens} tokens`),
          write(114, 254, `${show(100 * error, 2)}% of the variation left over`, { muted: true }))],
      words: `${made.tokens} tokens of ${show(Math.log2(size))} bits each, ${show(made.tokens * Math.log2(size), 5)} bits in all. ${made.note}`,
    };
  });
}

function residual(pixels, stages, size) {
  const blocks = [];
  for (let r = 0; r < FULL; r += 2) for (let c = 0; c < FULL; c += 2) blocks.push([pixels[r][c], pixels[r][c + 1], pixels[r + 1][c], pixels[r + 1][c + 1]]);
  const codebooks = [];
  for (let s = 0, left = blocks; s < stages; s++) {
    codebooks.push(kMeans(left, size));
    const { sums } = residualQuantise(blocks, codebooks);
    left = blocks.map((z, n) => z.map((x, i) => x - sums[n][i]));
  }
  const { sums } = residualQuantise(blocks, codebooks);
  const out = pixels.map((row) => row.map(() => 0));
  sums.forEach(([a, b, c, d], n) => {
    const r = 2 * Math.floor(n / 8), q = 2 * (n % 8);
    [out[r][q], out[r][q + 1], out[r + 1][q], out[r + 1][q + 1]] = [a, b, c, d];
  });
  return { pixels: out, tokens: 64 * stages, note: `Each of the 64 blocks of 2 × 2 has ${stages === 1 ? "one token" : `${stages} tokens, each encoding what the ones before left over`}.` };
}

function words(pixels, stages, size) {
  const vocabulary = Array.from({ length: size }, (_, i) => i / (size - 1));
  const layers = encode(pixels, vocabulary, SIDES.slice(0, stages));
  const tokens = SIDES.slice(0, stages).reduce((sum, side) => sum + side * side, 0);
  return { pixels: decode(layers, vocabulary, FULL), tokens, note: `Layers of ${SIDES.slice(0, stages).map((s) => s * s).join(" + ")} words, coarse to fine; each place shows the average of its words.` };
}

const grid = (pixels, x, y, side) => pixels.flatMap((row, r) => row.map((v, c) => cell(x + c * side, y + r * side, side + 1, v, "data")));

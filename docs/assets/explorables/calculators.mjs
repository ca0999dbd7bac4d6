// The calculators: one model and one setting at a time, every result with its formula and the numbers put in.
import { bytes, count, el, explore, show, table } from "./kit.mjs";
import { fromTransformers } from "./maths/config.mjs";
import { counted, decoder, expertsTouched, imageTokens, rooflineSeconds } from "./maths/decoder.mjs";
import { bestDraftLength, expectedTokens, speedUp } from "./maths/speculative.mjs";

const DATA = new URL("../../data/", import.meta.url);
const BYTES = { bf16: 2, fp8: 1, int4: 0.5 };
const FORMATS = { bf16: "16 bits (bf16)", fp8: "8 bits", int4: "4 bits" };
const LENGTHS = Array.from({ length: 21 }, (_, i) => 2 ** i), BATCHES = Array.from({ length: 11 }, (_, i) => 2 ** i);
const whole = (n) => n.toLocaleString("en-GB");
const texts = (n) => `${whole(n)} ${n === 1 ? "token" : "tokens"}`;
const time = (s) => (s < 1e-3 ? `${show(s * 1e6)} µs` : s < 1 ? `${show(s * 1e3)} ms` : `${show(s)} s`);

export default async function (block) {
  const [models, chips] = await Promise.all(["models.json", "accelerators.json"].map((name) => fetch(new URL(name, DATA)).then((r) => r.json())));
  const known = Object.fromEntries(models.filter((m) => m.cached_numbers_per_token !== undefined).map((m) => [m.key, m]));
  const part = (title) => {
    const node = el("section", { "aria-label": title }, el("h2", {}, title));
    block.append(node);
    return node;
  };
  block.classList.add("ex-live");
  model(part("A model in memory and in time"), known, chips);
  pasted(part("From a config.json"), chips);
  image(part("Tokens of an image"));
  experts(part("Experts read by a batch"));
  drafts(part("Speculative decoding"));
}

/** Rows of a result: name, formula with numbers, value. */
const results = (rows) => {
  const node = table(["", "how", "result"], rows);
  node.classList.add("ex-results");
  const told = el("span", { role: "status" });
  const copied = () => { told.textContent = "Copied as lines with tabs, for a spreadsheet."; };
  const copy = el("button", { type: "button", class: "ex-button",
    onclick: () => navigator.clipboard.writeText(rows.map((row) => row.join("\t")).join("\n")).then(copied, () => { told.textContent = "The browser did not allow it."; }) }, "Copy");
  return [el("div", { class: "ex-scroll", tabindex: 0, role: "group", "aria-label": "Results" }, node), el("p", { class: "ex-actions" }, copy, told)];
};

/** Settings of a model's run, in both calculators that have a model. */
const settings = (chips) => ({
  chip: { kind: "choice", label: "Accelerator", options: Object.fromEntries(Object.entries(chips).map(([key, c]) => [key, c.name])), value: "h100-sxm" },
  tokens: { label: "Tokens in the context", values: LENGTHS, value: 8192 },
  batch: { label: "Sequences at once", values: BATCHES, value: 1 },
  weights: { kind: "choice", label: "Weights in", options: FORMATS, value: "bf16" },
  cache: { kind: "choice", label: "Cache in", options: FORMATS, value: "bf16" },
});

/** Every result for what follows from a configuration: `d` is made by `counted` or `decoder`. */
export function rowsOf(d, config, { tokens, batch, weights, cache }, chip) {
  const w = BYTES[weights], k = BYTES[cache];
  const kept = d.cached(tokens), stored = d.parameters * w, all = batch * kept * k;
  const read = d.weightsRead(batch) * w + all, work = batch * d.flops(tokens);
  const step = rooflineSeconds(work, read, chip.flops, chip.bandwidth);
  const first = rooflineSeconds(d.prefillFlops(tokens), d.weightsRead(tokens) * w, chip.flops, chip.bandwidth);
  const rows = [
    ["Parameters", `${config.layers} layers of width ${config.width}, ${whole(config.vocabulary)} vocabulary entries`, `${whole(d.parameters)} (${count(d.parameters)})`],
  ];
  const chosen = config.experts ? `${config.experts_chosen} of ${config.experts} experts in each sparse layer` : "without the encoder, which only images or sound pass";
  if (d.active !== d.parameters) rows.push(["Active per token", chosen, `${whole(d.active)} (${count(d.active)})`]);
  rows.push(["Weights", `${whole(d.parameters)} × ${w} B`, bytes(stored)]);
  if (d.perToken) rows.push(["Cache per token", `${whole(d.perToken)} numbers × ${k} B`, bytes(d.perToken * k)]);
  if (d.state) rows.push(["State per sequence", `${whole(d.state)} numbers × ${k} B, whatever the length`, bytes(d.state * k)]);
  const fills = (used) => `on ${chip.name}: ${show((100 * used) / chip.memory)}% of ${show(chip.memory / 1e9)} GB${used > chip.memory ? `; at least ${whole(Math.ceil(used / chip.memory))} are needed` : ""}`;
  if (d.bothWays) rows.push(["Cache", "none: every token attends to all, so each step computes all of them again", "–"], ["Memory", fills(stored), bytes(stored)], ...passRows(d, tokens, batch, w, chip));
  else rows.push(
    ["Cache and state", `${batch} × ${whole(kept)} numbers × ${k} B for ${texts(tokens)}`, bytes(all)],
    ["Weights, cache and state", fills(stored + all), bytes(stored + all)],
    ["Operations for the next token", `2 × ${count(d.multiplied)} multiplied + ${count(d.flops(tokens) - 2 * d.multiplied)} of mixing`, count(d.flops(tokens))],
    ["Intensity of a decoding step", `${count(work)} operations / ${bytes(read)}; computing is the limit above ${show(chip.flops / chip.bandwidth)}`, `${show(work / read)} per byte`],
    ["Decoding step, at best", `max(${count(work)} / ${count(chip.flops)}/s, ${bytes(read)} / ${bytes(chip.bandwidth)}/s)`, `${time(step)}, ${show(batch / step)} tokens/s`],
    ["Prompt, at best", `${texts(tokens)}, ${count(d.prefillFlops(tokens))} operations`, `${time(first)}, ${show(tokens / first)} tokens/s`],
  );
  rows.push(["Training: weights and optimiser", `16 B × ${count(d.parameters)} (bf16 with Adam in fp32)`, bytes(16 * d.parameters)]);
  if (d.activations) rows.push(
    ["Training: activations", `${whole(d.activations)} numbers per token × 2 B × ${texts(batch * tokens)}`, bytes(2 * d.activations * batch * tokens)],
    ["… with checkpointing", `${whole(d.checkpointed)} numbers per token × 2 B × ${texts(batch * tokens)}`, bytes(2 * d.checkpointed * batch * tokens)]);
  else rows.push(["Training: activations", `counted only where every layer is ${d.bothWays ? "causal " : ""}softmax attention, without a latent, and a feed-forward part`, "–"]);
  return rows;
}

/** A model whose tokens all attend to all others does not write token after token: a step is a pass over the whole text. */
function passRows(d, tokens, batch, w, chip) {
  const work = batch * tokens * d.flops(tokens), read = d.weightsRead(batch * tokens) * w;
  return [
    ["Operations of a step", `${batch} × ${texts(tokens)} × (2 × ${count(d.multiplied)} multiplied + ${count(d.flops(tokens) - 2 * d.multiplied)} of mixing)`, count(work)],
    ["A step, at best", `max(${count(work)} / ${count(chip.flops)}/s, ${bytes(read)} / ${bytes(chip.bandwidth)}/s); the sampler chooses how many tokens it fixes`, time(rooflineSeconds(work, read, chip.flops, chip.bandwidth))],
  ];
}

function model(node, known, chips) {
  const names = Object.fromEntries(Object.values(known).sort((a, b) => a.name.localeCompare(b.name)).map((m) => [m.key, m.name]));
  explore(node, {
    model: { kind: "choice", label: "Model", options: names, value: "llama-3.1-8b" },
    ...settings(chips),
  }, (v) => ({
    picture: results(rowsOf(counted(known[v.model]), known[v.model].config, v, chips[v.chip])),
    words: `${known[v.model].name}, configuration from ${known[v.model].source}. Times are lower bounds that no real system beats; arithmetic is counted at the bf16 peak.`,
  }), {}, { address: "" });
}

function pasted(node, chips) {
  explore(node, {
    json: { kind: "text", rows: 5, private: true, label: "Paste a config.json of the transformers library", value: '{"model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256}' },
    ...settings(chips),
  }, ({ json, ...v }) => {
    try {
      const config = fromTransformers(JSON.parse(json));
      return { picture: results(rowsOf(decoder(config), config, v, chips[v.chip])), words: "Nothing you paste leaves the page, and the page’s address does not hold it." };
    } catch (error) {
      return { picture: [], words: error instanceof SyntaxError ? `This is not JSON: ${error.message}.` : `It cannot be counted: ${error.message}.` };
    }
  }, {}, { address: "pasted-" });
}

function image(node) {
  explore(node, {
    height: { label: "Height, px", min: 112, max: 2240, step: 28, value: 1008 },
    wide: { label: "Width, px", min: 112, max: 2240, step: 28, value: 1344 },
    patch: { label: "Patch, px", values: [8, 14, 16, 28, 32], value: 14 },
    merge: { label: "Patches merged per side", values: [1, 2, 4], value: 2 },
  }, ({ height, wide, patch, merge }) => {
    const n = imageTokens(height, wide, patch, merge), side = patch * merge;
    return { picture: results([["Tokens", `round(${height} / ${side}) × round(${wide} / ${side})`, whole(n)], ["Patches the encoder sees", `× ${merge}²`, whole(n * merge * merge)]]),
      words: `One token stands for ${side} × ${side} px. A second of video at 2 frames a second takes ${whole(2 * n)} tokens.` };
  }, {}, { address: "image-" });
}

function experts(node) {
  explore(node, {
    count: { label: "Experts", values: [8, 16, 32, 64, 128, 256, 384, 512], value: 256 },
    chosen: { label: "Chosen for a token", min: 1, max: 16, value: 8 },
    tokens: { label: "Tokens in the batch", values: BATCHES, value: 32 },
  }, ({ count: n, chosen, tokens }) => {
    const k = Math.min(chosen, n), touched = expertsTouched(n, k, tokens);
    return { picture: results([["Experts read in a layer", `${n} × (1 − (1 − ${k}/${n})^${tokens})`, show(touched)], ["of all", `${show(touched)} / ${n}`, `${show((100 * touched) / n)}%`],
      ["Tokens that share one", `${tokens} × ${k} / ${show(touched)}`, show((tokens * k) / touched)]]), words: "Routing is assumed to be even; if some experts are preferred, fewer are read, each by more tokens." };
  }, {}, { address: "experts-" });
}

function drafts(node) {
  explore(node, {
    alpha: { label: "Chance that a drafted token is kept", min: 0, max: 1, step: 0.01, value: 0.8, format: (x) => x.toFixed(2) },
    k: { label: "Tokens drafted (k)", min: 0, max: 16, value: 4 },
    c: { label: "Cost of a draft step", min: 0, max: 0.5, step: 0.01, value: 0.05, format: (x) => x.toFixed(2) },
  }, ({ alpha, k, c }) => ({
    picture: results([["Tokens per pass", alpha === 1 ? `${k} + 1: every one is kept` : `(1 − ${alpha}^${k + 1}) / (1 − ${alpha})`, show(expectedTokens(alpha, k))], ["Speed-up", `${show(expectedTokens(alpha, k))} / (${k} × ${c} + 1)`, show(speedUp(alpha, k, c))],
      ["Best draft length", "the k up to 32 with the largest speed-up", `${bestDraftLength(alpha, c)} (${show(speedUp(alpha, bestDraftLength(alpha, c), c))})`]]),
    words: "Each drafted token is assumed to be kept with the same probability, whatever came before.",
  }), {}, { address: "draft-" });
}

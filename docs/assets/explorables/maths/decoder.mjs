// A decoder: parameters, cache, state, operations. `counted` sums what data/models.json says of each layer of a model;
// `decoder` counts a pasted configuration (the twin of hooks/archdata/formulas for the designs that config.mjs reads).

const NORMS = { RMSNorm: 1, LayerNorm: 2, "LayerNorm without bias": 1, "LayerNorm without parameters": 0 };
const sum = (list, f) => list.reduce((total, x) => total + f(x), 0);

function attention(c, window) {
  const queries = c.heads * c.head_size, keys = c.kv_heads * c.head_size;
  const norms = { head: 2 * c.head_size, full: queries + keys }[c.qk_norm] ?? 0;
  const seen = (tokens) => (window ? Math.min(tokens, window) : tokens);
  return {
    parameters: c.width * (queries * (c.gate ? 2 : 1) + 2 * keys) + queries * c.width + (c.qkv_bias ? queries + 2 * keys : 0)
      + (c.out_bias ? c.width : 0) + norms + (c.sinks ? c.heads : 0),
    perToken: 2 * keys,
    state: 0,
    cached: (tokens) => 2 * keys * seen(tokens),
    flops: (context) => 4 * queries * seen(context),
    // Sum of `flops` over the contexts 1 … tokens.
    flopsUpTo: (tokens) => 4 * queries * ((seen(tokens) * (seen(tokens) + 1)) / 2 + (tokens - seen(tokens)) * (window ?? 0)),
    activations: 2 * (queries + keys),
  };
}

function latentAttention(c) {
  const key = c.nope_size + c.rope_size, flops = 2 * c.heads * (2 * c.latent + c.rope_size);
  const queries = c.query_latent ? c.width * c.query_latent + c.query_latent + c.query_latent * c.heads * key : c.width * c.heads * key;
  // The indexer of sparse attention: queries, one key with a norm that has a bias, a weight for each head; it scores every position.
  const indexer = c.index_heads ? (c.query_latent ?? c.width) * c.index_heads * c.index_size + c.width * (c.index_size + c.index_heads) + 2 * c.index_size : 0;
  const scoring = c.index_heads ? 2 * c.index_heads * (c.index_size + 1) : 0, most = c.index_chosen ?? Infinity;
  const each = c.latent + c.rope_size + (c.index_heads ? c.index_size : 0), pairs = (n) => (n * (n + 1)) / 2;
  return {
    parameters: queries + c.width * (c.latent + c.rope_size) + c.latent + c.latent * c.heads * (c.nope_size + c.value_size) + c.heads * c.value_size * c.width + indexer,
    perToken: each,
    state: 0,
    cached: (tokens) => each * tokens,
    flops: (context) => flops * Math.min(context, most) + scoring * context,
    // Where nothing is selected a prompt's latents are expanded once, for all queries, and heads work at their own sizes.
    flopsUpTo: (tokens) => (c.index_chosen
      ? flops * (pairs(Math.min(tokens, most)) + (tokens > most ? (tokens - most) * most : 0)) + scoring * pairs(tokens)
      : 2 * c.heads * (key + c.value_size) * pairs(tokens)),
  };
}

// Attention to the blocks that an indexer selects: a query for each of its heads and one key, both with a norm.
function selectedAttention(c) {
  const whole = attention(c), bounded = attention(c, c.index_chosen), scoring = 2 * c.index_heads * c.index_size, pairs = (n) => (n * (n + 1)) / 2;
  return {
    ...whole,
    parameters: whole.parameters + c.width * (c.index_heads + 1) * c.index_size + 2 * c.index_size,
    perToken: whole.perToken + c.index_size,
    cached: (tokens) => (whole.perToken + c.index_size) * tokens,
    flops: (context) => bounded.flops(context) + scoring * context,
    flopsUpTo: (tokens) => bounded.flopsUpTo(tokens) + scoring * pairs(tokens),
    activations: undefined,
  };
}

const recurrent = (parameters, state, flops) => ({ parameters, perToken: 0, state, cached: () => state, flops: () => flops, flopsUpTo: (tokens) => flops * tokens });

const MIXERS = {
  mamba: (c) => recurrent(
    3 * c.width * c.inner + c.inner * c.convolution + c.inner + c.inner * (c.step_rank + 2 * c.state_size) + c.step_rank * c.inner + c.inner
      + (c.inner_norms ? c.step_rank + 2 * c.state_size : 0) + c.inner * c.state_size + c.inner,
    c.inner * (c.state_size + c.convolution), 6 * c.inner * c.state_size),
  mamba2: (c) => {
    const mixed = c.inner + 2 * c.ssm_groups * c.state_size;
    return recurrent(c.width * (c.inner + mixed + c.ssm_heads) + mixed * c.convolution + mixed + 3 * c.ssm_heads + c.inner + c.inner * c.width,
      c.inner * c.state_size + mixed * c.convolution, 6 * c.inner * c.state_size);
  },
  delta: (c) => {
    const keys = c.delta_key_heads * c.delta_key_size, values = c.delta_value_heads * c.delta_value_size;
    const cells = c.delta_value_heads * c.delta_key_size * c.delta_value_size;
    return recurrent(c.width * (2 * keys + 2 * values) + c.width * 2 * c.delta_value_heads + (2 * keys + values) * c.convolution + 2 * c.delta_value_heads + c.delta_value_size + values * c.width,
      cells + (2 * keys + values) * c.convolution, 8 * cells);
  },
  full: (c) => (c.latent ? latentAttention(c) : attention(c)),
  selected: selectedAttention,
  reused: (c) => latentAttention({ ...c, index_heads: 0 }),
  window: (c) => (c.latent ? latentAttention(c) : attention(c, c.window)),
};

function feedForward(width, inner, matrices, bias) {
  return matrices * width * inner + (bias ? (matrices - 1) * inner + width : 0);
}

function ffn(index, c) {
  const matrices = c.ffn_matrices ?? 3;
  const sparse = c.experts && index >= (c.dense_layers ?? 0) && index % (c.experts_period ?? 1) === (c.experts_offset ?? 0);
  if (sparse) {
    const one = feedForward(c.width, c.expert_width, matrices, c.expert_bias);
    const always = c.experts * c.width + (c.router_bias ? c.experts : 0) + (c.shared_width ? feedForward(c.width, c.shared_width, matrices, false) : 0) + (c.shared_gate ? c.width : 0);
    return { total: always + c.experts * one, active: always + c.experts_chosen * one, one, experts: c.experts, chosen: c.experts_chosen,
      activations: matrices * (c.experts_chosen * c.expert_width + (c.shared_width ?? 0)) };
  }
  if (!c.ffn_width) return { total: 0, active: 0 };
  const n = feedForward(c.width, c.ffn_width, matrices, c.ffn_bias);
  return { total: n, active: n, activations: matrices * c.ffn_width };
}

/** What follows from a configuration. Throws when a field it needs is missing. */
export function decoder(c) {
  const pattern = c.pattern ?? ["full"];
  const layers = Array.from({ length: c.layers }, (_, i) => {
    const kind = pattern[i % pattern.length];
    return { kind, mixer: MIXERS[kind](c), ffn: ffn(i, c) };
  });
  const norm = NORMS[c.norm ?? "RMSNorm"] * c.width, norms = c.norms_per_layer ?? 2;
  const positions = (c.positions ?? 0) * c.width;
  const outside = c.vocabulary * c.width * (c.tied ? 1 : 2) + positions + norm + (c.extra ?? 0);
  const total = outside + sum(layers, (l) => l.mixer.parameters + l.ffn.total + norms * norm);
  const active = outside + sum(layers, (l) => l.mixer.parameters + l.ffn.active + norms * norm);
  if (!Number.isFinite(total)) throw new Error("the configuration lacks a field that its kind of layer needs");
  const multiplied = active - (c.tied ? 0 : c.vocabulary * c.width) - positions;
  const counted = layers.every((l) => l.mixer.activations !== undefined && l.ffn.activations !== undefined);
  const activations = counted ? sum(layers, (l) => 4 * c.width + l.mixer.activations + l.ffn.activations) : null;
  return {
    parameters: total,
    active,
    multiplied,
    perToken: sum(layers, (l) => l.mixer.perToken),
    state: sum(layers, (l) => l.mixer.state),
    cached: (tokens) => sum(layers, (l) => l.mixer.cached(tokens)),
    flops: (context) => 2 * multiplied + sum(layers, (l) => l.mixer.flops(context)),
    prefillFlops: (tokens) => 2 * multiplied * tokens + sum(layers, (l) => l.mixer.flopsUpTo(tokens)),
    weightsRead: (tokens) => multiplied + sum(layers, (l) => (l.ffn.experts ? (expertsTouched(l.ffn.experts, l.ffn.chosen, tokens) - l.ffn.chosen) * l.ffn.one : 0)),
    activations,
    checkpointed: counted ? c.width * c.layers + Math.floor(activations / c.layers) : null,
    kinds: layers.map((l) => l.kind),
  };
}

/** What follows from an entry of data/models.json, whose `layers` say of each what it stores, reads and works. */
export function counted(model) {
  const layers = model.layers, total = (f) => sum(layers, (l) => l.times * f(l));
  const at = ([each, limit, every]) => (positions) => each * Math.min(Math.floor(positions / every), limit ?? Infinity);
  const upTo = ([each, limit, every]) => (tokens) => {
    if (every > 1) return sum(Array.from({ length: tokens }, (_, i) => i + 1), at([each, limit, every]));
    const full = Math.min(tokens, limit ?? Infinity);
    return each * ((full * (full + 1)) / 2 + (limit === null ? 0 : (tokens - full) * full));
  };
  const number = sum(layers, (l) => l.times), keeps = layers.every((l) => l.activations !== null);
  const activations = keeps ? total((l) => l.activations) : null;
  return {
    parameters: model.parameters,
    active: model.active_parameters,
    multiplied: model.multiplied_parameters,
    perToken: model.cached_numbers_per_token,
    state: model.state_numbers,
    bothWays: layers.every((l) => l.kind === "both"),
    cached: (tokens) => total((l) => l.state + sum(l.memory, (m) => at(m)(tokens))),
    flops: (context) => 2 * model.multiplied_parameters + total((l) => l.steady + sum(l.work, (w) => at(w)(context))),
    prefillFlops: (tokens) => 2 * model.multiplied_parameters * tokens + total((l) => l.steady * tokens + sum(l.prompt_work ?? l.work, (w) => upTo(w)(tokens))),
    weightsRead: (tokens) => model.multiplied_parameters
      + total((l) => (l.experts ? (expertsTouched(l.experts.count, l.experts.chosen, tokens) - l.experts.chosen) * l.experts.one : 0)),
    activations,
    checkpointed: keeps ? model.config.width * number + Math.floor(activations / number) : null,
  };
}

/** Expected number of experts that at least one of `tokens` tokens uses, routing being even. */
export const expertsTouched = (experts, chosen, tokens) => experts * (1 - (1 - chosen / experts) ** tokens);

/** Shortest time with computing and reading overlapped. */
export const rooflineSeconds = (flops, bytes, peak, bandwidth) => Math.max(flops / peak, bytes / bandwidth);

/** Tokens of an image cut into patches, merge × merge of them joined; both sides are rounded to whole merged patches. */
export function imageTokens(height, width, patch, merge = 1, extra = 0) {
  const side = patch * merge, n = (x) => Math.max(Math.round(x / side), 1);
  return n(height) * n(width) + extra;
}

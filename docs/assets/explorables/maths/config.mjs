// A configuration file of the transformers library, in the fields of data/schema/model.json.

const M3 = { experts: true, router_bias: true, qk_norm: "head", selected: true };
const FAMILIES = {
  llama: {}, mistral: {}, phi3: {}, granite: {}, internlm3: {}, smollm3: {}, arcee: { ffn_matrices: 2 },
  mixtral: { experts: true }, qwen2: { qkv_bias: true }, qwen2_moe: { qkv_bias: true, experts: true, shared_gate: true },
  qwen3: { qk_norm: "head" }, qwen3_moe: { qk_norm: "head", experts: true },
  gemma: { tied: true }, gemma2: { tied: true, norms_per_layer: 4 }, gemma3_text: { tied: true, norms_per_layer: 4, qk_norm: "head" },
  olmo2: { qk_norm: "full" }, olmo3: { qk_norm: "full" }, olmoe: { qk_norm: "full", experts: true },
  deepseek_v2: { experts: true, latent: true }, deepseek_v3: { experts: true, latent: true, router_bias: true }, kimi_k2: { experts: true, latent: true, router_bias: true },
  deepseek_v32: { experts: true, latent: true, router_bias: true, indexer: true }, glm_moe_dsa: { experts: true, latent: true, router_bias: true, indexer: true },
  glm4_moe: { experts: true, router_bias: true }, minimax_m2: { experts: true, router_bias: true, qk_norm: "full" },
  minimax_m3: M3, minimax_m3_vl_text: M3, seed_oss: { qkv_bias: true },
  qwen3_next: { experts: true, qk_norm: "head", gate: true, shared_gate: true, delta: true },
  qwen3_5_text: { qk_norm: "head", gate: true, delta: true }, qwen3_5_moe_text: { experts: true, qk_norm: "head", gate: true, shared_gate: true, delta: true },
  gpt_oss: { experts: true, qkv_bias: true, out_bias: true, sinks: true, router_bias: true, expert_bias: true },
};

export const SUPPORTED = Object.keys(FAMILIES).sort();

/** The fields of a decoder; throws a sentence that says what is missing or not known. */
export function fromTransformers(json) {
  const c = json?.text_config ?? json, type = c?.model_type;
  const family = FAMILIES[type];
  if (!family) throw new Error(type ? `model type “${type}” is not known here; known are ${SUPPORTED.join(", ")}` : "this is not a config.json of the transformers library: it has no model_type");
  // A whole number, or nothing where the configuration has none.
  const maybe = (name) => {
    const value = c[name] ?? undefined;
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value < 1e9)) throw new Error(`${name} is not a whole number`);
    return value;
  };
  const need = (name) => {
    const value = maybe(name);
    if (value === undefined) throw new Error(`the configuration has no ${name}`);
    return value;
  };
  if (need("num_hidden_layers") > 10000) throw new Error("it has more than 10,000 layers");
  const out = { layers: need("num_hidden_layers"), width: need("hidden_size"), heads: need("num_attention_heads"), vocabulary: need("vocab_size"), norm: "RMSNorm",
    tied: c.tie_word_embeddings ?? family.tied ?? false, ffn_matrices: family.ffn_matrices ?? 3, norms_per_layer: family.norms_per_layer ?? 2, context: c.max_position_embeddings };
  if (family.latent) Object.assign(out, { latent: need("kv_lora_rank"), query_latent: maybe("q_lora_rank"), rope_size: need("qk_rope_head_dim"), nope_size: need("qk_nope_head_dim"), value_size: need("v_head_dim") });
  else Object.assign(out, { kv_heads: maybe("num_key_value_heads") ?? out.heads, head_size: maybe("head_dim") ?? out.width / out.heads });
  for (const name of ["qkv_bias", "out_bias", "qk_norm", "sinks", "gate"]) if (family[name]) out[name] = family[name];
  if (type === "llama" && c.attention_bias) Object.assign(out, { qkv_bias: true, out_bias: true });
  if (type === "glm4_moe") Object.assign(out, { qkv_bias: Boolean(c.attention_bias), ...(c.use_qk_norm ? { qk_norm: "head" } : {}) });
  if (family.indexer) Object.assign(out, { index_heads: need("index_n_heads"), index_size: need("index_head_dim"), index_chosen: need("index_topk") });
  if (family.delta) Object.assign(out, { delta_key_heads: need("linear_num_key_heads"), delta_value_heads: need("linear_num_value_heads"), delta_key_size: need("linear_key_head_dim"),
    delta_value_size: need("linear_value_head_dim"), convolution: need("linear_conv_kernel_dim"), pattern: c.layer_types ? undefined : ["delta", "delta", "delta", "full"] });
  if (family.experts) experts(out, c, family, need, maybe);
  if (family.selected) selected(out, c);
  if (maybe("intermediate_size") && !out.ffn_width && (!family.experts || out.dense_layers)) out.ffn_width = c.intermediate_size;
  windows(out, c, type);
  return out;
}

function experts(out, c, family, need, maybe) {
  Object.assign(out, {
    experts: maybe("n_routed_experts") ?? maybe("num_local_experts") ?? need("num_experts"),
    experts_chosen: need("num_experts_per_tok"),
    expert_width: maybe("moe_intermediate_size") ?? need("intermediate_size"),
    dense_layers: maybe("first_k_dense_replace") ?? c.mlp_layer_types?.filter((kind) => kind === "dense").length ?? 0,
  });
  const shared = maybe("shared_expert_intermediate_size") ?? (maybe("n_shared_experts") ?? 0) * (maybe("moe_intermediate_size") ?? 0);
  if (shared) out.shared_width = shared;
  for (const name of ["router_bias", "expert_bias", "shared_gate"]) if (family[name]) out[name] = true;
}

// MiniMax-M3: full attention and dense networks in the first layers, an indexer and experts in the others.
function selected(out, c) {
  const own = c.sparse_attention_config ?? {}, block = own.sparse_block_size ?? c.index_block_size, blocks = own.sparse_topk_blocks ?? c.index_topk_blocks;
  const kinds = own.sparse_attention_freq?.map((one) => (one ? "selected" : "full")) ?? c.layer_types?.map((kind) => (kind === "full_attention" ? "full" : "selected"));
  if (!kinds || !block || !blocks) throw new Error("the configuration has no sparse_attention_config");
  Object.assign(out, { pattern: kinds, index_heads: own.sparse_num_index_heads ?? c.index_n_heads, index_size: own.sparse_index_dim ?? c.index_head_dim, index_chosen: block * blocks,
    ffn_width: c.dense_intermediate_size, shared_width: c.shared_intermediate_size,
    dense_layers: c.moe_layer_freq?.filter((one) => !one).length ?? c.mlp_layer_types?.filter((kind) => kind === "dense").length ?? 0 });
}

function windows(out, c, type) {
  if (type === "glm_moe_dsa" && c.indexer_types) out.pattern = c.indexer_types.map((kind) => (kind === "shared" ? "reused" : "full"));
  if (out.pattern) return;
  const kinds = c.layer_types?.map((kind) => (kind.startsWith("sliding") ? "window" : { full_attention: "full", linear_attention: "delta" }[kind] ?? kind));
  if (kinds) out.pattern = kinds;
  else if (c.sliding_window && (type === "mistral" || type === "phi3")) out.pattern = ["window"];
  else if (c.sliding_window && type === "gemma2") out.pattern = ["window", "full"];
  else if (c.sliding_window && c.sliding_window_pattern) out.pattern = Array.from({ length: c.sliding_window_pattern }, (_, i) => (i === c.sliding_window_pattern - 1 ? "full" : "window"));
  if (out.pattern?.includes("window")) {
    if (!(c.sliding_window > 0)) throw new Error("it has layers with a window, and no sliding_window");
    out.window = c.sliding_window;
  }
  const strange = out.pattern?.find((kind) => !["window", "full", "delta"].includes(kind));
  if (strange) throw new Error(`layers of type “${strange}” are not known here`);
}

"""A published configuration file, read: parameters, those a token meets, and what the
layers keep.
"""

from __future__ import annotations

from typing import Any

Config = dict[str, Any]

FILES: dict[str, Config] = {
    "Llama 3.1 8B": {
        "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
        "intermediate_size": 14336, "vocab_size": 128256, "tie_word_embeddings": False,
    },
    "Mixtral 8x7B": {
        "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
        "intermediate_size": 14336, "num_local_experts": 8, "num_experts_per_tok": 2, "vocab_size": 32000,
        "tie_word_embeddings": False,
    },
    "Qwen3 32B": {
        "hidden_size": 5120, "num_hidden_layers": 64, "num_attention_heads": 64, "num_key_value_heads": 8,
        "head_dim": 128, "intermediate_size": 25600, "vocab_size": 151936, "tie_word_embeddings": False,
    },
    "DeepSeek-V3": {
        "hidden_size": 7168, "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128,
        "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128,
        "v_head_dim": 128, "intermediate_size": 18432, "moe_intermediate_size": 2048, "n_routed_experts": 256,
        "num_experts_per_tok": 8, "n_shared_experts": 1, "first_k_dense_replace": 3, "vocab_size": 129280,
        "tie_word_embeddings": False,
    },
    "gpt-oss-20b": {
        "hidden_size": 2880, "num_hidden_layers": 24, "num_attention_heads": 64, "num_key_value_heads": 8,
        "head_dim": 64, "intermediate_size": 2880, "num_local_experts": 32, "num_experts_per_tok": 4,
        "sliding_window": 128, "layer_types": ["sliding_attention", "full_attention"] * 12, "vocab_size": 201088,
        "tie_word_embeddings": False,
    },
}  # fmt: skip
"""Under the names the files use, the keys that decide sizes."""


# --8<-- [start:parts]
def attention(c: Config) -> tuple[int, int]:
    """Weights of one layer's attention, and the numbers it keeps for each token."""
    d, heads = c["hidden_size"], c["num_attention_heads"]
    # latent attention: num_key_value_heads says nothing about its cache
    if "kv_lora_rank" in c:
        latent, rope, nope = (
            c["kv_lora_rank"],
            c["qk_rope_head_dim"],
            c["qk_nope_head_dim"],
        )
        low, value = c["q_lora_rank"], c["v_head_dim"]
        queries = d * low + low + low * heads * (nope + rope)  # down, norm, up
        keys = d * (latent + rope) + latent + latent * heads * (nope + value)
        return queries + keys + heads * value * d, latent + rope
    size = c.get("head_dim") or d // heads
    groups = c.get("num_key_value_heads") or heads
    return 2 * d * size * (heads + groups), 2 * groups * size


def feed_forward(c: Config, layer: int) -> tuple[int, int]:
    """Weights of one layer's feed-forward part, and those that a token meets."""
    d = c["hidden_size"]
    experts = (
        c.get("num_local_experts") or c.get("num_experts") or c.get("n_routed_experts")
    )
    if not experts or layer < c.get("first_k_dense_replace", 0):
        return (3 * d * c["intermediate_size"],) * 2
    one = 3 * d * (c.get("moe_intermediate_size") or c["intermediate_size"])
    # the router, and the shared experts
    always = d * experts + c.get("n_shared_experts", 0) * one
    return always + experts * one, always + c["num_experts_per_tok"] * one


# --8<-- [end:parts]


# --8<-- [start:read]
def read(c: Config) -> tuple[int, int]:
    """Parameters, and those that a token meets, as far as the file tells."""
    d, layers = c["hidden_size"], range(c["num_hidden_layers"])
    # embeddings, last norm
    ends = c["vocab_size"] * d * (1 if c["tie_word_embeddings"] else 2) + d
    shared = ends + len(layers) * (attention(c)[0] + 2 * d)  # two norms in each block
    ffn = [feed_forward(c, layer) for layer in layers]
    return shared + sum(all_ for all_, _ in ffn), shared + sum(met for _, met in ffn)


def kept(c: Config, tokens: int) -> int:
    """Numbers in the cache of one text; a layer with a window keeps no more than the
    window.
    """
    types = c.get("layer_types") or ["full_attention"] * c["num_hidden_layers"]
    window = c.get("sliding_window") or tokens
    reach = [
        min(tokens, window) if kind == "sliding_attention" else tokens for kind in types
    ]
    return attention(c)[1] * sum(reach)


# --8<-- [end:read]


def main() -> None:
    """Print the sizes of five models."""
    print(
        "                 from the file         met by a token    cache of 131,072 tokens, bf16"
    )
    for name, config in FILES.items():
        total, active = read(config)
        print(
            f"{name:13}  {total:15,}  {active:15,}  {2 * kept(config, 131072) / 2**30:15.2f} GiB"
        )


if __name__ == "__main__":
    main()

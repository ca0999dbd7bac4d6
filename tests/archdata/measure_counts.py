"""Counts parameters of real implementations, instantiated without weights, into counts.json and classes.json here.

Needs `torch`, `transformers` (with `timm`) and `diffusers`, which the project does not install:
    python tests/archdata/measure_counts.py
Each model is built on the meta device: from its published configuration where published.json beside this file has it,
from the values in docs/_data/models where it does not.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "hooks"))

from archdata import networks  # noqa: E402
from archdata.models import Model, load  # noqa: E402
from measure_networks import measure_network  # noqa: E402

BALANCE = ("e_score_correction_bias", "balancing_biases", "expert_bias")
"""What the buffers are called in which routers keep a bias for balance."""

PUBLISHED: dict[str, dict[str, Any]] = json.loads((HERE / "published.json").read_text(encoding="utf-8"))
"""Published configurations by model, without what no count depends on: ids of tokens, rates of dropout."""


def _common(c: dict[str, Any]) -> dict[str, Any]:
    values = {
        "vocab_size": c["vocabulary"],
        "hidden_size": c["width"],
        "num_hidden_layers": c["layers"],
        "num_attention_heads": c.get("heads"),
        "num_key_value_heads": c.get("kv_heads"),
        "head_dim": c.get("head_size"),
        "intermediate_size": c.get("ffn_width"),
        "tie_word_embeddings": c.get("tied", False),
    }
    return {name: value for name, value in values.items() if value is not None}


def _mixtral(c: dict[str, Any]) -> dict[str, Any]:
    return {
        "num_local_experts": c["experts"],
        "num_experts_per_tok": c["experts_chosen"],
        "intermediate_size": c["expert_width"],
    }


def _qwen_moe(c: dict[str, Any]) -> dict[str, Any]:
    return {
        "num_experts": c["experts"],
        "num_experts_per_tok": c["experts_chosen"],
        "moe_intermediate_size": c["expert_width"],
    }


def _mamba(c: dict[str, Any]) -> dict[str, Any]:
    return {
        "state_size": c["state_size"],
        "expand": 2,
        "conv_kernel": c["convolution"],
        "time_step_rank": c["step_rank"],
    }


def _mamba2(c: dict[str, Any]) -> dict[str, Any]:
    shape = {"num_heads": c["ssm_heads"], "n_groups": c["ssm_groups"], "head_dim": c["inner"] // c["ssm_heads"]}
    return {"state_size": c["state_size"], "expand": 2, "conv_kernel": c["convolution"], **shape}


def _falcon_groups(c: dict[str, Any]) -> dict[str, Any]:
    return {"new_decoder_architecture": True, "num_kv_heads": c["kv_heads"], "bias": False}


def _deepseek(c: dict[str, Any]) -> dict[str, Any]:
    latent = {"kv_lora_rank": c["latent"], "q_lora_rank": c.get("query_latent"), "qk_rope_head_dim": c["rope_size"]}
    heads = {"qk_nope_head_dim": c["nope_size"], "v_head_dim": c["value_size"], "num_key_value_heads": c["heads"]}
    experts = {"n_routed_experts": c["experts"], "num_experts_per_tok": c["experts_chosen"]}
    widths = {"moe_intermediate_size": c["expert_width"], "first_k_dense_replace": c["dense_layers"]}
    return {**latent, **heads, **experts, **widths, "n_shared_experts": c["shared_width"] // c["expert_width"]}


def _layer_types(c: dict[str, Any]) -> dict[str, Any]:
    pattern = c["pattern"]
    kinds = [pattern[index % len(pattern)] for index in range(c["layers"])]
    return {"layer_types": ["full_attention" if kind == "full" else "linear_attention" for kind in kinds]}


def _minimax(c: dict[str, Any]) -> dict[str, Any]:
    return {**_mixtral(c), **_layer_types(c)}


def _recurrent_gemma(c: dict[str, Any]) -> dict[str, Any]:
    return {"intermediate_size": 2 * c["ffn_width"], "lru_width": c["inner"]}  # it halves the former


def _afmoe(c: dict[str, Any]) -> dict[str, Any]:
    shared = c["shared_width"] // c["expert_width"]
    return {**_qwen_moe(c), "num_dense_layers": c["dense_layers"], "num_shared_experts": shared}


def _laguna(c: dict[str, Any]) -> dict[str, Any]:
    pattern, by_kind = c["pattern"], c["by_kind"]
    kinds = [pattern[index % len(pattern)] for index in range(c["layers"])]
    heads = [by_kind.get(kind, c)["heads"] for kind in kinds]
    return {"num_attention_heads_per_layer": heads}  # the rest is the class's default


def _default(_: dict[str, Any]) -> dict[str, Any]:
    return {}


FAMILIES: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "llama": ("LlamaConfig", _default),
    "mistral": ("MistralConfig", _default),
    "mixtral": ("MixtralConfig", _mixtral),
    "qwen2.5": ("Qwen2Config", _default),
    "qwen3-next": ("Qwen3NextConfig", _qwen_moe),
    "qwen3-30b-a3b": ("Qwen3MoeConfig", _qwen_moe),
    "qwen3-235b-a22b": ("Qwen3MoeConfig", _qwen_moe),
    "qwen3": ("Qwen3Config", _default),
    "olmo-2": ("Olmo2Config", _default),
    "gemma-2-": ("Gemma2Config", _default),
    "gemma-3-": ("Gemma3TextConfig", _default),
    "smollm2": ("LlamaConfig", _default),
    "jamba": ("JambaConfig", _default),
    "kimi-linear": ("KimiLinearConfig", _layer_types),
    "qwen3.5-9b": ("Qwen3_5TextConfig", _default),
    "olmo-hybrid": ("OlmoHybridConfig", _default),
    "recurrentgemma": ("RecurrentGemmaConfig", _recurrent_gemma),
    "minimax-text-01": ("MiniMaxConfig", _minimax),
    "xlstm": ("xLSTMConfig", _default),
    "llada": ("LlamaConfig", _default),
    "dream": ("Qwen2Config", _default),
    "longcat-flash": ("LongcatFlashConfig", _default),
    "llava-1.5": ("LlavaConfig", _default),
    "llama-3.2-11b-vision": ("MllamaConfig", _default),
    "deepseek-v3": ("DeepseekV3Config", _default),
    "kimi-k2": ("DeepseekV3Config", _deepseek),
    "gpt-oss-120b": ("GptOssConfig", lambda c: {"intermediate_size": c["expert_width"]}),
    "mamba-": ("MambaConfig", _mamba),
    "gpt-2": ("GPT2Config", _default),
    "pythia": ("GPTNeoXConfig", lambda c: {"use_parallel_residual": True, "tie_word_embeddings": False}),
    "falcon-7b": ("FalconConfig", lambda c: {"multi_query": True, "parallel_attn": True, "bias": False}),
    "falcon-40b": ("FalconConfig", _falcon_groups),
    "phi-2": ("PhiConfig", _default),
    "olmo-": ("OlmoConfig", _default),
    "gemma-": ("GemmaConfig", _default),
    "open-llama": ("LlamaConfig", _default),
    "deepseek-v2": ("DeepseekV2Config", _deepseek),
    "mamba2": ("Mamba2Config", _mamba2),
    "chameleon": ("ChameleonConfig", _default),
    "emu3": ("Emu3Config", _default),
    "lfm3": ("Lfm3Config", _default),
    "zaya1": ("ZayaConfig", _default),
    "ling-3.0": ("BailingHybridConfig", _default),
    "glm-5.3": ("Glm5NextConfig", _default),
    "mistral-small-4": ("Mistral4Config", _default),
    "muse-glimmer": ("MuseGlimmerConfig", _default),
    "muse-spark": ("MuseSparkConfig", _default),
    "beam": ("BeamConfig", _default),
    "flexolmo": ("FlexOlmoConfig", _default),
    "unlimited-ocr": ("UnlimitedOcrConfig", _default),
    "a.x-k1": ("AXK1Config", _default),
    "solar-open": ("SolarOpenConfig", _default),
    "sarvam-105b": ("SarvamMLAConfig", _default),
    "hy3": ("HYV3Config", _default),
    "mellum2": ("MellumConfig", _default),
    "laguna-xs.2": ("LagunaConfig", _laguna),
    "trinity-large": ("AfmoeConfig", _afmoe),
}
"""Beginning of a model's key to the configuration class, longest first, and what the class calls differently."""

OWN_DEFAULTS = (
    "jamba-v0.1",
    "deepseek-v3",
    "gpt-2",
    "chameleon",
    "emu3",
    "qwen3.5-",
    "olmo-hybrid",
    "xlstm",
    "longcat-flash",
    "llava-1.5",
    "llama-3.2-11b-vision",
    "lfm3",
    "zaya1",
    "ling-3.0",
    "glm-5.3",
    "mistral-small-4",
    "muse-glimmer",
    "muse-spark",
    "beam",
    "flexolmo",
    "unlimited-ocr",
    "a.x-k1",
    "solar-open",
    "sarvam-105b",
    "hy3",
    "mellum2",
)
"""Models whose published configuration is the class's default: built from that, so that the data are checked too."""


GIVEN = {"rwkv7-0.4b": 450_767_872}
"""Counts that the authors give, where transformers has no class: BlinkDL/RWKV-LM README.md."""


def _kimi_k3() -> int:
    """Kimi K3's language model by the shapes of its tensors, for transformers has no class.

    Names and shapes: NVIDIA-NeMo/Megatron-Bridge models/kimi/kimi_k3_bridge.py and kimi_k3_layers.py; sizes: the
    published config.json.
    """
    d, inner, vocabulary = 7168, 96 * 128, 163_840
    kda = [
        (3, inner, d),
        (3, inner, 4),
        (128, d),
        (inner, 128),
        (96, d),
        (inner, d),
        (96,),
        (inner,),
        (128,),
        (d, inner),
    ]
    queries, latent = [(1536, d), (1536,), (96 * 192, 1536)], [(512 + 64, d), (512,), (96 * 256, 512)]
    mla = [*queries, *latent, (inner, d), (d, inner)]
    residuals = [(d,)] * 4
    experts = [(896, d), (896,), (3584, d), (3584,), (d, 3584), (896, 3, 3584, 3072), (3, d, 6144)]
    dense = [(3, d, 33_792)]
    layers = 69 * [kda] + 24 * [mla] + 92 * [experts] + [dense] + 93 * [[*residuals, (d,), (d,)]]
    outside = [(vocabulary, d), (vocabulary, d), (d,), (d,), (d,)]
    return sum(math.prod(shape) for part in [*layers, outside] for shape in part)


GIVEN["kimi-k3"] = _kimi_k3()


def _deepseek_v41() -> int:
    """DeepSeek-V4.1-Flash by the shapes of its tensors, for transformers has no class. Draft layers are left out.

    NeMo AutoModel 0.7.0: components/models/deepseek_v41 (attention.py, engram.py, layers.py, config.py) and
    deepseek_v4/vision.py.
    """
    d, heads, latent, vocabulary, seen, inner = 5120, 64 * 512, 1280, 129_280, 1024, 2816
    queries, keys = [(latent, d), (latent,), (heads, latent)], [(512, d), (512,)]
    attention = [*queries, *keys, (8 * 1024, heads // 8), (d, 8 * 1024), (64,)]
    streams = [(24, 4 * d), (24,), (3,)]
    experts = [(384, d), (384,), (384,), (384, 3, d, 2304), (3, d, 2304)]
    chooses, makes = [(32 * 128, latent), (32, d)], [(512, d), (512,), (128, 512), (128,)]
    layers = (
        40 * [[*attention, *streams, *streams, *experts, (d,), (d,)]] + 8 * [chooses] + 4 * [makes] + 3 * [[(512, d)]]
    )
    memories = [[(rows, 256), (5 * d, 24 * 256), (4, d), (4, d)] for rows in (384_006_168, 384_016_682)]
    block = [(3 * seen, seen), (3 * seen,), (seen, seen), (seen,), (2 * inner, seen), (seen, inner), (seen,), (seen,)]
    vision = 32 * [block] + [[(seen, 588), (seen,), (seen,), (d, 9 * seen), (d,), (d, d), (d,), (3, d)]]
    outside = [(vocabulary, d), (vocabulary, d), (d,)]
    return sum(math.prod(shape) for part in [*layers, *memories, *vision, outside] for shape in part)


GIVEN["deepseek-v4.1-flash"] = _deepseek_v41()


def measure(model: Model) -> int | None:
    """Parameters of the implementation, or None where no class is known."""
    import transformers

    if model.key in GIVEN:
        return GIVEN[model.key]
    published = PUBLISHED.get(model.key)
    if published:
        return _count(_published(published))
    start = next((s for s in sorted(FAMILIES, key=len, reverse=True) if model.key.startswith(s)), None)
    if start is None:
        return None
    name, translate = FAMILIES[start]
    values = {} if start in OWN_DEFAULTS else {**_common(model.config), **translate(model.config)}
    if name == "FalconConfig":  # it computes the size of a head
        values.pop("head_dim", None)
    if name in ("ChameleonConfig", "Emu3Config"):  # their vocabularies name a place for images
        values["vocabulary_map"] = {"<image>": 0}
    config = getattr(transformers, name)(**values)
    return _count(config)


def _published(values: dict[str, Any]) -> Any:
    """The configuration of a published config.json."""
    import transformers

    rest = {name: value for name, value in values.items() if name != "model_type"}
    return transformers.AutoConfig.for_model(values["model_type"], **rest)


def _count(config: Any) -> int:
    """Parameters of the model that a configuration describes: one that reads images too where there is one."""
    import torch
    import transformers

    sees = type(config) in transformers.AutoModelForImageTextToText._model_mapping
    auto = transformers.AutoModelForImageTextToText if sees else transformers.AutoModelForCausalLM
    with torch.device("meta"):
        network = auto.from_config(config)
    # A bias kept for balance is a buffer in some implementations and a weight of the checkpoint all the same.
    balance = sum(b.numel() for n, b in network.named_buffers() if n.endswith(BALANCE))
    # Experts that return their input have no weights; the class makes room for some of them all the same.
    if getattr(config, "zero_expert_num", 0):
        idle = config.num_layers * config.zero_expert_num
        balance -= idle * 2 * config.hidden_size * config.expert_ffn_hidden_size
    # An image tokeniser is no part of the decoder; an encoder of images is none where only the class's defaults are
    # known and they do not fit the language model.
    left_out = (".vqmodel.", ".visual.") if config.model_type == "glm5_next" else (".vqmodel.",)
    return sum(p.numel() for n, p in network.named_parameters() if not any(part in n for part in left_out)) + balance


def _measure_classes() -> None:
    """Count the classes of classes.json anew: each with its defaults and the arguments that stand beside it."""
    import torch
    import transformers

    path = HERE / "classes.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    for name, entry in stored["classes"].items():
        found = _count(getattr(transformers, name)(**entry["arguments"]).get_text_config())
        print(f"{name:24s} {found:>18,}" + ("" if found == entry["parameters"] else f"   was {entry['parameters']:,}"))
        entry["parameters"] = found
    stored["made with"] = f"torch {torch.__version__}, transformers {transformers.__version__}, meta device"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    import diffusers
    import torch
    import transformers

    counts = {}
    for key, model in load(HERE.parents[1] / "docs").items():
        if model.kind == "network":
            measured: int | None = measure_network(model.config)
            data = networks.parameters(model.config)
        else:
            measured = measure(model) if model.kind == "decoder" else None
            data = model.decoder.parameters if measured else 0
        if measured is None:
            continue
        counts[key] = measured
        mark = "" if measured == data else f"   data give {data:,}"
        print(f"{key:24s} {measured:>18,}{mark}")
    versions = ", ".join(f"{module.__name__} {module.__version__}" for module in (torch, transformers, diffusers))
    made = f"{versions}, meta device"
    text = json.dumps({"made with": made, "counts": counts}, indent=1) + "\n"
    (HERE / "counts.json").write_text(text, encoding="utf-8")
    _measure_classes()


if __name__ == "__main__":
    main()

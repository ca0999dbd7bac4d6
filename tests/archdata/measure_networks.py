"""How classes of `transformers` and `diffusers` are built for models that are no decoders; see measure_counts.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Config = dict[str, Any]


def _bert(c: Config) -> tuple[str, Config]:
    return "BertModel", {**_stack(c), "vocab_size": c["vocabulary"], "max_position_embeddings": c["context"]}


def _stack(c: Config) -> Config:
    return {
        "hidden_size": c["width"],
        "num_hidden_layers": c["layers"],
        "num_attention_heads": c["heads"],
        "intermediate_size": c["ffn_width"],
    }


def _modernbert(c: Config) -> tuple[str, Config]:
    return "ModernBertForMaskedLM", {**_stack(c), "vocab_size": c["vocabulary"]}


def _vit(c: Config) -> tuple[str, Config]:
    return "ViTModel", {**_stack(c), "patch_size": c["patch"], "image_size": c["image_size"]}


def _two_towers(name: str) -> Callable[[Config], tuple[str, Config]]:
    def build(c: Config) -> tuple[str, Config]:
        vision = c["vision"]
        tower = {
            "hidden_size": vision["width"],
            "num_hidden_layers": vision["layers"],
            "num_attention_heads": vision["width"] // (72 if vision["width"] % 64 else 64),
            "intermediate_size": vision["ffn_width"],
            "patch_size": vision["patch"],
            "image_size": c["image_size"],
        }
        text = {**_stack(c), "vocab_size": c["vocabulary"], "max_position_embeddings": c["context"]}
        shared = {"projection_dim": c["projection"]} if name == "CLIPModel" else {}
        text |= {"projection_size": c["projection"]} if name == "SiglipModel" else {}
        return name, {"text_config": text, "vision_config": tower, **shared}

    return build


def _t5(c: Config) -> tuple[str, Config]:
    return "T5ForConditionalGeneration", {
        "d_model": c["width"],
        "d_kv": c["head_size"],
        "d_ff": c["ffn_width"],
        "num_layers": c["layers"],
        "num_decoder_layers": c["decoder_layers"],
        "num_heads": c["heads"],
        "vocab_size": c["vocabulary"],
    }


def _whisper(c: Config) -> tuple[str, Config]:
    sides = {
        f"{side}_{name}": value
        for side in ("encoder", "decoder")
        for name, value in (("attention_heads", c["heads"]), ("ffn_dim", c["ffn_width"]))
    }
    return "WhisperForConditionalGeneration", {
        "d_model": c["width"],
        "encoder_layers": c["layers"],
        "decoder_layers": c["decoder_layers"],
        "vocab_size": c["vocabulary"],
        "num_mel_bins": c["mel_bands"],
        "max_source_positions": c["encoder_positions"],
        "max_target_positions": c["context"],
        **sides,
    }


def _wav2vec2(c: Config) -> tuple[str, Config]:
    return "Wav2Vec2Model", _stack(c)


def _heads(c: Config) -> Config:
    return {"num_attention_heads": c["heads"], "attention_head_dim": c["head_size"]}


def _dit(c: Config) -> tuple[str, Config]:
    return "DiTTransformer2DModel", {**_heads(c), "num_layers": c["layers"], "out_channels": 2 * c["latent_channels"]}


def _pixart(c: Config) -> tuple[str, Config]:
    values = {"num_layers": c["layers"], "caption_channels": c["text_width"], "sample_size": 128}
    return "PixArtTransformer2DModel", {**_heads(c), **values}


def _mmdit(c: Config) -> tuple[str, Config]:
    return "SD3Transformer2DModel", {
        **_heads(c),
        "num_layers": c["layers"],
        "caption_projection_dim": c["width"],
        "joint_attention_dim": c["text_width"],
        "pooled_projection_dim": c["pooled_width"],
        "qk_norm": "rms_norm" if "head_norm" in c else None,
        "dual_attention_layers": tuple(range(c.get("dual_layers", 0))),
    }


def _flux(c: Config) -> tuple[str, Config]:
    layers = {"num_layers": c["double_layers"], "num_single_layers": c["single_layers"]}
    text = {"joint_attention_dim": c["text_width"], "pooled_projection_dim": c["pooled_width"]}
    return "FluxTransformer2DModel", {**_heads(c), **layers, **text, "guidance_embeds": c["guided"]}


def _flux2(c: Config) -> tuple[str, Config]:
    layers = {"num_layers": c["double_layers"], "num_single_layers": c["single_layers"]}
    shape = {"in_channels": c["patch"] ** 2 * c["latent_channels"], "joint_attention_dim": c["text_width"]}
    return "Flux2Transformer2DModel", {**_heads(c), **layers, **shape, "guidance_embeds": c["guided"]}


def _z_image(c: Config) -> tuple[str, Config]:
    layers = {"n_layers": c["layers"], "n_refiner_layers": c["refiner_layers"]}
    shape = {"dim": c["width"], "n_heads": c["heads"], "n_kv_heads": c["heads"], "cap_feat_dim": c["text_width"]}
    return "ZImageTransformer2DModel", {**layers, **shape, "in_channels": c["latent_channels"]}


def _qwen_image(c: Config) -> tuple[str, Config]:
    values = {"num_layers": c["layers"], "joint_attention_dim": c["text_width"]}
    return "QwenImageTransformer2DModel", {**_heads(c), **values}


def _wan(c: Config) -> tuple[str, Config]:
    values = {"num_layers": c["layers"], "ffn_dim": c["ffn_width"], "text_dim": c["text_width"]}
    return "WanTransformer3DModel", {**_heads(c), **values}


def _cogvideox(c: Config) -> tuple[str, Config]:
    return "CogVideoXTransformer3DModel", {**_heads(c), "num_layers": c["layers"]}


def _hunyuan_video(c: Config) -> tuple[str, Config]:
    layers = {"num_layers": c["double_layers"], "num_single_layers": c["single_layers"]}
    return "HunyuanVideoTransformer3DModel", {**_heads(c), **layers, "num_refiner_layers": c["refiner_layers"]}


def _hunyuan_video_15(c: Config) -> tuple[str, Config]:
    widths = {
        "text_embed_dim": c["text_width"],
        "text_embed_2_dim": c["glyph_width"],
        "image_embed_dim": c["image_width"],
    }
    shape = {"in_channels": c["input_channels"], "out_channels": c["latent_channels"], "patch_size": c["patch"]}
    layers = {"num_layers": c["layers"], "num_refiner_layers": c["refiner_layers"]}
    return "HunyuanVideo15Transformer3DModel", {**_heads(c), **layers, **widths, **shape}


def _ltx2(c: Config) -> tuple[str, Config]:
    sound = {"audio_num_attention_heads": c["heads"], "audio_attention_head_dim": c["sound_width"] // c["heads"]}
    reads = {"cross_attention_dim": c["width"], "audio_cross_attention_dim": c["sound_width"]}
    shape = {"in_channels": c["latent_channels"], "audio_in_channels": c["sound_channels"]}
    return "LTX2VideoTransformer3DModel", {
        **_heads(c),
        **sound,
        **reads,
        **shape,
        "num_layers": c["layers"],
        "caption_channels": c["text_width"],
    }


def _unet(c: Config) -> tuple[str, Config]:
    depth = c["attention_depth"]
    down = ["CrossAttnDownBlock2D" if d else "DownBlock2D" for d in depth]
    up = ["CrossAttnUpBlock2D" if d else "UpBlock2D" for d in reversed(depth)]
    more = {}
    if "pooled_width" in c:
        more = {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256,
            "projection_class_embeddings_input_dim": c["pooled_width"],
            "use_linear_projection": True,
        }
    return "UNet2DConditionModel", {
        "block_out_channels": c["channels"],
        "down_block_types": down,
        "up_block_types": up,
        "transformer_layers_per_block": [max(d, 1) for d in depth],
        "cross_attention_dim": c["text_width"],
        "layers_per_block": c["blocks_per_level"],
        **more,
    }


BUILDERS: dict[str, Callable[[Config], tuple[str, Config]]] = {
    "bert": _bert,
    "modernbert": _modernbert,
    "vit": _vit,
    "clip": _two_towers("CLIPModel"),
    "siglip": _two_towers("SiglipModel"),
    "t5": _t5,
    "whisper": _whisper,
    "wav2vec2": _wav2vec2,
    "dit": _dit,
    "pixart": _pixart,
    "mmdit": _mmdit,
    "flux": _flux,
    "flux2": _flux2,
    "z-image": _z_image,
    "qwen-image": _qwen_image,
    "wan": _wan,
    "cogvideox": _cogvideox,
    "hunyuan-video": _hunyuan_video,
    "hunyuan-video-1.5": _hunyuan_video_15,
    "ltx2": _ltx2,
    "unet": _unet,
}
"""Design to the class that builds it and what the class calls the fields of a model's file."""


def measure_network(config: Config) -> int:
    """Parameters of one network of a model that is no decoder, instantiated on the meta device."""
    import diffusers
    import torch
    import transformers

    name, values = BUILDERS[config["design"]](config)
    with torch.device("meta"):
        if hasattr(transformers, name):
            class_ = getattr(transformers, name)
            more = {"add_pooling_layer": False} if name == "ViTModel" else {}
            network = class_(class_.config_class(**values), **more)
        else:
            network = getattr(diffusers, name)(**values)
    found = sum(p.numel() for p in network.parameters())
    if name != "DiTTransformer2DModel":
        return found
    # diffusers keeps the embeddings of time and class once for each layer, the published code once.
    copies = sum(p.numel() for n, p in network.named_parameters() if ".0.norm1.emb." in n)
    return found - (config["layers"] - 1) * copies

"""Networks that are not decoders: which formula counts a design, and what it takes from a model's configuration."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from archdata.formulas import denoisers, encoders

DESIGNS: dict[str, Callable[..., int]] = {
    "bert": encoders.bert,
    "modernbert": encoders.modernbert,
    "vit": encoders.vit,
    "clip": encoders.clip,
    "siglip": encoders.siglip,
    "t5": encoders.t5,
    "switch": encoders.switch,
    "whisper": encoders.whisper,
    "wav2vec2": encoders.wav2vec2,
    "dit": denoisers.dit,
    "pixart": denoisers.pixart,
    "mmdit": denoisers.mmdit,
    "flux": denoisers.flux,
    "flux2": denoisers.flux2,
    "z-image": denoisers.z_image,
    "qwen-image": denoisers.qwen_image,
    "wan": denoisers.wan,
    "cogvideox": denoisers.cogvideox,
    "hunyuan-video": denoisers.hunyuan_video,
    "hunyuan-video-1.5": denoisers.hunyuan_video_15,
    "ltx2": denoisers.ltx2,
    "unet": denoisers.unet,
}


def arguments(config: Mapping[str, Any]) -> dict[str, Any]:
    """What the formula of a configuration's design takes from it.

    Raises `KeyError` for a field that the formula needs and the configuration lacks.
    """
    wanted = inspect.signature(DESIGNS[config["design"]]).parameters
    needed = [name for name, parameter in wanted.items() if parameter.default is inspect.Parameter.empty]
    for name in needed:
        if name not in config:
            raise KeyError(name)
    return {name: config[name] for name in wanted if name in config}


def parameters(config: Mapping[str, Any]) -> int:
    """Parameters of one network of the design.

    Raises `KeyError` as `arguments` does.
    """
    return DESIGNS[config["design"]](**arguments(config))

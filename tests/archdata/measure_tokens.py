"""Counts tokens of images and sounds with the processors of `transformers`, into tokens.json beside this file.

    python tests/archdata/measure_tokens.py
Needs `torch`, `torchvision` and `transformers`, which the project does not install.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SIZES = 60
"""Images of random sizes for each rule."""
ANYRES = [(336, 672), (672, 336), (672, 672), (1008, 336), (336, 1008)]


def _native(height: int, width: int) -> list[int]:
    from transformers.models.qwen2_vl.image_processing_qwen2_vl import smart_resize

    return list(smart_resize(height, width, factor=28, min_pixels=56 * 56, max_pixels=1280 * 28 * 28))


def _tiles(height: int, width: int) -> list[int]:
    from transformers.models.got_ocr2.image_processing_got_ocr2 import get_optimal_tiled_canvas

    columns, rows = get_optimal_tiled_canvas((height, width), (448, 448), 1, 12)
    return [rows, columns]


def _fitted(height: int, width: int) -> int:
    import numpy as np
    from transformers.models.pixtral.image_processing_pixtral import get_resize_output_image_size
    from transformers.models.pixtral.processing_pixtral import PixtralProcessor

    assert PixtralProcessor
    image = np.empty((height, width, 3), dtype=np.uint8)
    tall, wide = get_resize_output_image_size(image, (1540, 1540), (28, 28))
    return (tall // 28) * (wide // 28 + 1)


def _anyres(height: int, width: int) -> int:
    from types import SimpleNamespace

    from transformers.models.llava_next.processing_llava_next import LlavaNextProcessor

    self = SimpleNamespace(
        image_processor=SimpleNamespace(image_grid_pinpoints=[list(size) for size in ANYRES]),
        patch_size=14,
        num_additional_image_tokens=0,
        _get_unpadded_features=lambda *values: LlavaNextProcessor._get_unpadded_features(None, *values),
    )
    return int(LlavaNextProcessor._get_number_of_features(self, height, width, 336, 336))


def _wav2vec2(samples: int) -> int:
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2Model

    with torch.device("meta"):
        model = Wav2Vec2Model(Wav2Vec2Config(num_hidden_layers=1)).eval()
        return int(model(torch.empty(1, samples)).last_hidden_state.shape[1])


def _whisper(seconds: int) -> int:
    import torch
    from transformers import WhisperConfig
    from transformers.models.whisper.modeling_whisper import WhisperEncoder

    with torch.device("meta"):
        encoder = WhisperEncoder(WhisperConfig(encoder_layers=1))
        return int(encoder(torch.empty(1, 80, 100 * seconds)).last_hidden_state.shape[1])


def main() -> None:
    import transformers

    dice = random.Random(4)
    sizes = [(dice.randint(30, 3000), dice.randint(30, 3000)) for _ in range(SIZES)]
    found: dict[str, Any] = {"made with": f"transformers {transformers.__version__}"}
    for name, rule in (("native", _native), ("tiles", _tiles), ("fitted", _fitted), ("anyres", _anyres)):
        found[name] = [[height, width, rule(height, width)] for height, width in sizes]
    found["wav2vec2"] = [[n, _wav2vec2(n)] for n in (400, 16000, 16001, 47999, 160000)]
    found["whisper"] = [[seconds, _whisper(seconds)] for seconds in (30,)]
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in found.items())
    (HERE / "tokens.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

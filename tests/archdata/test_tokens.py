"""Tokens of images and sounds equal those of the processors of `transformers`, stored by measure_tokens.py."""

import json
from pathlib import Path
from typing import Any

import pytest
from archdata import formulas

MEASURED: dict[str, Any] = json.loads(Path(__file__).with_name("tokens.json").read_text(encoding="utf-8"))
ANYRES = [(336, 672), (672, 336), (672, 672), (1008, 336), (336, 1008)]


def test_sizes_of_the_qwen_vl_line() -> None:
    for height, width, size in MEASURED["native"]:
        tall, wide = formulas.native_size(height, width, 28, least=56 * 56, most=1280 * 28 * 28)
        tokens = formulas.native_image_tokens(height, width, 14, merge=2, least=56 * 56, most=1280 * 28 * 28)

        assert [tall, wide] == size, (height, width)
        assert tokens == (size[0] // 28) * (size[1] // 28) <= 1280


def test_an_image_that_is_too_narrow_is_refused() -> None:
    with pytest.raises(ValueError, match="too narrow"):
        formulas.native_size(10, 3000, 28, least=3136, most=10**6)


def test_tiles_of_internvl() -> None:
    for height, width, grid in MEASURED["tiles"]:
        assert list(formulas.best_tiles(height, width, 448, most=12)) == grid, (height, width)

    assert formulas.tiled_image_tokens(448, 448, 448, 256, most=12) == 256
    assert formulas.tiled_image_tokens(896, 448, 448, 256, most=12) == 3 * 256
    assert formulas.tiled_image_tokens(896, 448, 448, 256, most=12, overview=False) == 2 * 256


def test_rows_of_pixtral() -> None:
    for height, width, tokens in MEASURED["fitted"]:
        assert formulas.fitted_image_tokens(height, width, 14, longest=1540, merge=2) == tokens, (height, width)


def test_any_resolution_of_llava() -> None:
    for height, width, tokens in MEASURED["anyres"]:
        assert formulas.anyres_image_tokens(height, width, 336, 14, ANYRES) == tokens, (height, width)

    assert formulas.anyres_image_tokens(672, 672, 336, 14, ANYRES) == 48 * 48 + 48 + 576


def test_positions_of_sound() -> None:
    kernels, strides = (10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)
    for samples, positions in MEASURED["wav2vec2"]:
        assert formulas.convolved_positions(samples, kernels, strides) == positions
    for seconds, positions in MEASURED["whisper"]:
        assert formulas.audio_positions(seconds, 100, stride=2) == positions


def test_codes_of_a_codec() -> None:
    assert formulas.codec_tokens(10, 12.5, 8) == 1000  # Mimi: 12.5 frames a second, 8 books
    assert formulas.codec_tokens(1, 75, 8) == 600  # EnCodec at 6 kbit/s


def test_a_film_has_the_tokens_of_its_patches() -> None:
    # Qwen2-VL: two frames a patch, 28 px a token. Wan: 81 frames of 480 × 832 px, time shrunk four times, 2 × 2 joined.
    assert formulas.video_tokens(8, 448, 448, 14, merge=2, patch_frames=2) == 4 * 256
    assert formulas.video_tokens(7, 448, 448, 14, merge=2, patch_frames=2) == 4 * 256
    assert formulas.latent_video_tokens(81, 480, 832, shrink=8, shrink_time=4, patch=2) == 21 * 30 * 52 == 32_760
    assert formulas.latent_video_tokens(1, 512, 512, shrink=8, shrink_time=4, patch=2) == 1024

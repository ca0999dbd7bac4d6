"""Blocks agree with those of FLUX in diffusers; joint attention is attention; sizes are counted exactly."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import counted
from examples import DOCS, load

mmdit = load("architectures/diffusion/mmdit")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["mmdit"]


def inputs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.normal(size=(3, 16)), rng.normal(size=(5, 16)), rng.normal(size=16)


def stream(seed: int) -> dict[str, np.ndarray]:
    return mmdit.weights(mmdit.stream_shapes(16), np.random.default_rng(seed))  # type: ignore[no-any-return]


def test_the_double_block_agrees_with_diffusers() -> None:
    text, image = mmdit.double_block(*inputs(), stream(6), stream(5), heads=4)

    np.testing.assert_allclose(text.ravel(), REFERENCE["text"], atol=1e-7)
    np.testing.assert_allclose(image.ravel(), REFERENCE["image"], atol=1e-7)


def test_the_single_block_agrees_with_diffusers() -> None:
    text, image, condition = inputs()
    w = mmdit.weights(mmdit.single_shapes(16), np.random.default_rng(7))
    out = mmdit.single_block(np.concatenate([text, image]), condition, w, heads=4)

    np.testing.assert_allclose(out.ravel(), REFERENCE["single"], atol=1e-7)


def test_with_equal_weights_the_two_streams_are_one() -> None:
    text, image, condition = inputs()
    w = stream(5)
    apart = np.concatenate(mmdit.double_block(text, image, condition, w, w, heads=4))
    moved = np.concatenate(mmdit.double_block(image[:3], np.concatenate([image[3:], text]), condition, w, w, heads=4))

    np.testing.assert_allclose(moved, np.concatenate([apart[3:], apart[:3]]))


def test_each_stream_sees_the_other() -> None:
    text, image, condition = inputs()
    before = mmdit.double_block(text, image, condition, stream(6), stream(5), 4)
    text[0, 0] += 1
    after = mmdit.double_block(text, image, condition, stream(6), stream(5), 4)

    assert (np.abs(after[1] - before[1]).max(1) > 1e-6).all()


def test_qk_norm_bounds_the_scores() -> None:
    q, k, _ = mmdit.project(1e4 * inputs()[1], stream(5), 4)

    assert np.abs(q @ k.transpose(0, 2, 1)).max() / np.sqrt(4) <= np.sqrt(4) + 1e-9


@pytest.mark.parametrize("name", list(mmdit.MODELS))
def test_sizes_are_those_of_the_library_s_models(name: str) -> None:
    assert mmdit.parameters(3072, **mmdit.MODELS[name]) == REFERENCE["sizes"][name]


def test_designs_derived_from_flux_have_their_published_sizes() -> None:
    """Chroma's README: 12B to 8.9B, 3.3B of modulation become 250M. Ovis-Image: 7B."""
    chroma, flux = mmdit.chroma_parameters(), mmdit.parameters(3072, **mmdit.MODELS["FLUX.1 [dev]"])

    assert round(chroma / 1e9, 1) == 8.9
    assert 2.9e9 < flux - chroma < 3.3e9 - 250e6 + 1e8
    assert round(mmdit.ovis_image_parameters() / 1e9) == 7


def test_without_blocks_chroma_s_rest_is_its_matrices() -> None:
    """Weights and biases in the order of the class: approximator, text, picture, output."""
    network = [(64, 5120), *[(5120, 5120)] * 10, (5120, 3072)]
    ends = [(4096, 3072), (64, 3072), (3072, 64)]

    assert mmdit.chroma_parameters(doubles=0, singles=0) == sum(a * b + b for a, b in network + ends) + 5 * 5120


def test_the_counted_sizes_are_those_of_the_formulas() -> None:
    page = (DOCS / "architectures/diffusion/mmdit.md").read_text(encoding="utf-8")
    vectors = 19 * 2 * 6 + 38 * 3  # of FLUX.1's blocks; the last layer has two more
    longcat, joyimage = longcat_sizes(), joyimage_sizes()

    assert vectors + 2 == 344
    for key, size in {
        "chroma": mmdit.chroma_parameters(),
        "ovis-image": mmdit.ovis_image_parameters(),
        "flux-modulation": vectors * (3072**2 + 3072),
        "longcat-image-released": longcat[0],
        "longcat-image": longcat[1],
        "joyimage-edit-released": joyimage[0],
        "joyimage-edit": joyimage[1],
        "ernie-image": mmdit.ernie_image_parameters(),
    }.items():
        assert counted.parameters(DOCS, key) == size, key
        assert f'n_counted("{key}")' in page


def longcat_sizes() -> tuple[int, int]:
    """As released and by default: FLUX.1's blocks, without pooled text and guidance, for Qwen2.5-VL."""
    released, default = (mmdit.parameters(3072, *blocks, text_width=3584) for blocks in ((10, 20), (19, 38)))
    return released, default


def joyimage_sizes() -> tuple[int, int]:
    """As released and by default."""
    return mmdit.joyimage_parameters(4096, 40), mmdit.joyimage_parameters(3072, 20)


def test_released_models_have_their_documented_sizes_and_the_defaults_have_not() -> None:
    """The library's documentation: LongCat-Image 6B, JoyImage-Edit 16B, ERNIE-Image 8B."""
    assert [round(size / 1e9) for size in longcat_sizes()] == [6, 12]
    assert [round(size / 1e9) for size in joyimage_sizes()] == [16, 5]
    assert round(mmdit.ernie_image_parameters() / 1e9) == 3


def test_without_blocks_the_rest_of_two_designs_is_its_matrices() -> None:
    """In the order of the classes."""
    d = 8
    joyimage = [(64, d), (256, d), (d, d), (d, 6 * d), (5, d), (d, d), (d, 64)]
    ernie = [(128, d), (d, d), (d, d), (d, 6 * d), (d, 2 * d), (d, 128)]

    assert mmdit.joyimage_parameters(d, 0, text_width=5) == sum(a * b + b for a, b in joyimage)
    assert mmdit.ernie_image_parameters(d, 0, text_width=5) == sum(a * b + b for a, b in ernie) + 5 * d


def test_the_stored_attention_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/mmdit.json").read_text(encoding="utf-8"))

    np.testing.assert_array_equal(stored["attention"], mmdit.attention_shares().round(3))
    np.testing.assert_allclose(mmdit.attention_shares().sum(1), 1)

"""Falcon-H1's layer against the library and piece by piece; Hymba's mask, merge and sizes against published ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import models
from archdata.formulas import bytes_of
from archfigures.hybrids import parallel_heads as figures
from examples import load

heads = load("architectures/hybrids/parallel-heads")
MODELS = models.load(Path(__file__).parents[4] / "docs")
LAYERS = [heads.make(seed=seed) for seed in range(3)]
X = np.random.default_rng(1).normal(size=(30, 12))

# Last output of transformers 5.24's FalconH1Model, one layer, with the weights and multipliers of make().
LAST = [-0.40123069, 0.08953168, 0.273375, -2.31370544, 0.88807106, 0.14783156]
LAST += [-0.12444862, -0.23950684, 1.5487951, 0.13810346, 1.75779426, 0.10892278]


def empty() -> list[tuple[np.ndarray, ...]]:
    return [heads.empty()] * 3


def test_a_layer_is_that_of_the_library() -> None:
    out, _ = heads.layer(X, LAYERS[0], heads.empty())

    np.testing.assert_allclose(heads.norm(out)[-1], LAST, atol=1e-5)


@pytest.mark.parametrize("pieces", [[1] * 30, [2, 28], [13, 1, 16]])
def test_any_way_of_cutting_the_text_gives_the_same(pieces: list[int]) -> None:
    whole, _ = heads.read(X, LAYERS, empty())
    memories, out, at = empty(), [], 0
    for piece in pieces:
        y, memories = heads.read(X[at : at + piece], LAYERS, memories)
        out.append(y)
        at += piece

    np.testing.assert_allclose(np.concatenate(out), whole, atol=1e-11)


def test_multipliers_are_part_of_the_weights() -> None:
    whole, _ = heads.read(X, LAYERS, empty())
    folded = [heads.fold(p) for p in LAYERS]
    assert all(p["key_scale"] == p["down_scale"] == 1 for p in folded)

    np.testing.assert_allclose(heads.read(X, folded, empty())[0], whole, atol=1e-12)


def test_meta_tokens_can_be_read_once() -> None:
    meta = np.random.default_rng(3).normal(size=(4, 12))
    together, _ = heads.read(np.concatenate([meta, X]), LAYERS, empty())
    _, start = heads.read(meta, LAYERS, empty())
    without, _ = heads.read(X, LAYERS, empty())

    np.testing.assert_allclose(heads.read(X, LAYERS, start)[0], together[4:], atol=1e-12)
    assert np.abs(without - together[4:]).max() > 1e-2


def test_concatenating_before_a_projection_is_adding_after_two() -> None:
    rng = np.random.default_rng(4)
    a, r, w_a, w_r = rng.normal(size=(5, 8)), rng.normal(size=(5, 6)), rng.normal(size=(8, 7)), rng.normal(size=(6, 7))

    np.testing.assert_allclose(np.hstack([a, r]) @ np.vstack([w_a, w_r]), a @ w_a + r @ w_r, atol=1e-12)


def test_the_merge_does_not_care_how_large_a_branch_is() -> None:
    rng = np.random.default_rng(5)
    a, r = rng.normal(size=(5, 8)), rng.normal(size=(5, 8))
    p = {"b1": rng.normal(size=8), "b2": rng.normal(size=8), "out": rng.normal(size=(8, 3))}

    np.testing.assert_allclose(heads.merge(100 * a, r, p), heads.merge(a, r, p), atol=1e-3)


def test_the_mask_is_that_of_the_reference() -> None:
    # The example in a comment of NVlabs/hymba barebones_hymba_block.py, for a window of "3" and two meta tokens.
    rows = ["1", "11", "111", "1111", "11111", "110111", "1100111", "11000111"]
    expected = [[row.ljust(8, "0")[j] == "1" for j in range(8)] for row in rows]

    assert heads.sees(8, 2, 2).tolist() == expected


def test_the_size_of_hymba_is_the_published_one() -> None:
    assert round(heads.hymba_parameters() / 1e9, 2) == 1.52


def test_its_cache_is_near_the_ratio_the_authors_report() -> None:
    llama = bytes_of(MODELS["llama-3.2-3b"].decoder.cached(8000), "bf16")
    assert llama / (2 * sum(heads.hymba_memory(8000))) == pytest.approx(11.67, rel=0.05)


def test_groups_cover_all_windowed_layers_once() -> None:
    grouped = sorted(layer for group in heads.GROUPS for layer in group)
    assert grouped == [layer for layer in range(32) if layer not in (0, 15, 31)]
    assert len(heads.GROUPS) + 3 == 17
    assert heads.GROUPS == figures.GROUPS


def test_the_figure_and_the_code_count_the_same() -> None:
    for tokens in (100, 1024, 50_000):
        assert figures._hymba(tokens) == 2 * sum(heads.hymba_memory(tokens))


def test_falcon_keeps_what_the_table_says() -> None:
    model = MODELS["falcon-h1-7b"]
    assert model.kinds == ["parallel"] * 44
    held = [bytes_of(model.decoder.cached(tokens), "bf16") for tokens in (1000, 1001)]
    assert held[1] - held[0] == 44 * 2 * 2 * 128 * 2
    convolution = 4 * (3072 + 2 * 256)
    assert held[0] - 1000 * (held[1] - held[0]) == 44 * 2 * (24 * 128 * 256 + convolution)


def test_the_stored_numbers_are_those_of_the_code() -> None:
    stored = Path(__file__).parents[4] / "docs/architectures/hybrids/parallel-heads.json"
    assert json.loads(stored.read_text("utf-8")) == heads.experiment()

"""The block agrees with diffusers and starts as the identity; sizes and costs are those that were published."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

dit = load("architectures/diffusion/dit")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["dit"]


def inputs() -> tuple[np.ndarray, np.ndarray]:
    return np.random.default_rng(1).normal(size=(6, 16)), np.random.default_rng(2).normal(size=16)


def test_the_block_agrees_with_diffusers() -> None:
    x, condition = inputs()
    out = dit.block(x, condition, dit.weights(16, np.random.default_rng(0), modulation=1.0), heads=4)

    np.testing.assert_allclose(out.ravel(), REFERENCE["block"], atol=1e-7)


def test_a_fresh_block_is_the_identity_whatever_the_condition() -> None:
    x, condition = inputs()
    w = dit.weights(16, np.random.default_rng(0))

    np.testing.assert_array_equal(dit.block(x, condition, w, 4), x)
    np.testing.assert_array_equal(dit.block(x, 5 * condition, w, 4), x)


def test_every_patch_sees_every_other_and_order_does_not_matter_without_positions() -> None:
    x, condition = inputs()
    w = dit.weights(16, np.random.default_rng(0), modulation=1.0)
    out, order = dit.block(x, condition, w, 4), np.array([3, 0, 5, 1, 4, 2])

    np.testing.assert_allclose(dit.block(x[order], condition, w, 4), out[order])
    changed = x.copy()
    changed[5, 0] += 1
    assert (np.abs(dit.block(changed, condition, w, 4) - out).max(1) > 1e-6).all()


def test_patches_and_back() -> None:
    image = np.random.default_rng(0).normal(size=(8, 12, 4))
    tokens = dit.patchify(image, 2)

    assert tokens.shape == (24, 16)
    np.testing.assert_array_equal(tokens[0].reshape(2, 2, 4), image[:2, :2])
    np.testing.assert_array_equal(dit.unpatchify(tokens, 2, 8), image)


def test_embeddings_of_time_begin_with_the_fastest_frequency() -> None:
    early, late = dit.embed_time(0.0), dit.embed_time(1.0)

    np.testing.assert_array_equal(early[:128], 1.0)
    np.testing.assert_array_equal(early[128:], 0.0)
    assert late[0] == pytest.approx(np.cos(1.0))


def test_the_size_is_that_of_the_library_s_model() -> None:
    assert sum(dit.parameters("XL").values()) == REFERENCE["DiT-XL/2"]


@pytest.mark.parametrize(("size", "millions"), [("S", 33), ("B", 130), ("L", 458), ("XL", 675)])
def test_sizes_are_the_published_ones(size: str, millions: int) -> None:
    assert round(sum(dit.parameters(size).values()) / 1e6) == millions


def test_the_published_cost_counts_multiply_adds() -> None:
    assert dit.multiply_adds("XL") / 1e9 == pytest.approx(118.6, abs=0.1)


def test_the_stored_costs_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/dit.json").read_text(encoding="utf-8"))

    for size, row in stored.items():
        assert row["cost"] == [round(dit.multiply_adds(size, p) / 1e9, 3) for p in row["patch"]]


@pytest.mark.parametrize("moved", [0.0, 0.5, 1.0])
def test_without_rounding_moving_outliers_changes_nothing(moved: float) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(20, 8)), rng.normal(size=(8, 8))

    np.testing.assert_allclose(dit.product(x, w, moved, rank=8), x @ w.T, atol=1e-12)


def test_four_bits_are_fifteen_levels_a_row() -> None:
    x = dit.rounded(np.linspace([-1.0, -3.0], [1.0, 3.0], 1000, axis=1))

    assert [len(np.unique(row.round(9))) for row in x] == [15, 15]


def test_outliers_in_the_weights_need_the_branch_and_the_branch_needs_them() -> None:
    errors = dit.four_bits(ranks=(0, 4))

    assert errors[1.0][0] == pytest.approx(errors[0.0][0], rel=0.1)
    assert errors[1.0][1] < errors[0.5][1] < errors[0.5][0] < errors[0.0][1]
    assert errors[0.0][1] > 0.9 * errors[0.0][0]

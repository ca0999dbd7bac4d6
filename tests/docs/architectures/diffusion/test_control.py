"""Zero convolutions by their gradients, attention and sizes against diffusers, editing against Bayes' rule."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

control = load("architectures/diffusion/control")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text("utf-8"))["control"]


def parts(seed: int = 0, zero: bool = False):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    frozen = [rng.normal(size=(4, 4)) for _ in range(2)]
    copy = [rng.normal(size=(4, 4)) for _ in range(2)]
    into, out = (np.zeros((4, 4)) if zero else rng.normal(size=(4, 4)) for _ in range(2))
    x, condition, wanted = rng.normal(size=(3, 6, 4))
    return frozen, copy, into, out, x, condition, wanted


def test_a_controlled_block_starts_as_the_frozen_one() -> None:
    frozen, copy, into, out, x, condition, _ = parts(zero=True)

    np.testing.assert_array_equal(control.controlled(x, condition, frozen, copy, into, out), control.block(x, frozen))


@pytest.mark.parametrize("zero", [True, False])
def test_the_gradients_are_those_of_small_differences(zero: bool) -> None:
    frozen, copy, into, out, x, condition, wanted = parts(zero=zero)

    def loss() -> float:
        return float(((control.controlled(x, condition, frozen, copy, into, out) - wanted) ** 2).sum())

    slope = 2 * (control.controlled(x, condition, frozen, copy, into, out) - wanted)
    grads = control.control_gradients(x, condition, copy, into, out, slope)
    trained = [(out, grads["out"]), (into, grads["into"]), *zip(copy, grads["copy"], strict=True)]
    for matrix, grad in trained:
        for place in ((0, 1), (3, 2)):
            losses = []
            for change in (1e-6, -1e-6):
                matrix[place] += change
                losses.append(loss())
                matrix[place] -= change
            assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(grad[place], rel=1e-4, abs=1e-6)


def test_at_zero_only_the_outer_layer_learns_and_one_step_later_all_do() -> None:
    moved, rows, _ = control.first_steps()

    assert moved == 0
    assert rows[0]["out"] > 0.1
    assert rows[0]["copy"] == rows[0]["into"] == 0
    assert min(rows[1].values()) > 0.01


def test_decoupled_attention_is_that_of_diffusers() -> None:
    rng = np.random.default_rng(12)
    x, text, image = rng.normal(size=(5, 8)), rng.normal(size=(7, 6)), rng.normal(size=(4, 6))
    names = ("q", "k", "v", "k image", "v image")
    weights = {name: rng.normal(size=(6 if name[0] in "kv" else 8, 8)) for name in names}
    weights |= {"o": rng.normal(size=(8, 8)), "o bias": rng.normal(size=8)}

    ours = control.decoupled(x, text, image, weights, heads=2, scale=0.7)
    np.testing.assert_allclose(ours.ravel(), REFERENCE["attention"], atol=1e-7)


def test_decoupled_attention_adds_while_one_softmax_would_take_away() -> None:
    rng = np.random.default_rng(1)
    q, text, image = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(2, 4))
    alone = control.attend(q, text, np.ones((5, 4)), 1)
    both = np.concatenate([text, image])
    together = control.attend(q, both, np.concatenate([np.ones((5, 4)), np.zeros((2, 4))]), 1)

    np.testing.assert_allclose(alone, 1)
    assert (together < 0.99).all(), "in one softmax the picture takes weight from the words"


def test_a_low_rank_change_can_be_merged() -> None:
    rng = np.random.default_rng(2)
    matrix, down, up, x = (rng.normal(size=shape) for shape in ((6, 5), (6, 2), (2, 5), (7, 6)))

    np.testing.assert_allclose(
        control.lora(x, matrix, down, up, 4.0), x @ control.merged(matrix, down, up, 4.0), atol=1e-12
    )
    np.testing.assert_array_equal(control.merged(matrix, down, 0 * up, 4.0), matrix)
    assert np.linalg.matrix_rank(control.merged(matrix, down, up, 4.0) - matrix) == 2


@pytest.mark.parametrize(
    ("name", "widths", "text"), [("Stable Diffusion 1", control.SD1, 768), ("SDXL", control.SDXL, 2048)]
)
def test_sizes_are_those_counted_in_diffusers(name: str, widths: list[int], text: int) -> None:
    shapes = control.attention_shapes(widths, text)

    assert control.lora_size(shapes, 1) == REFERENCE[name]["LoRA, rank 1"]
    assert sum(2 * width * text for width in widths) == REFERENCE[name]["new keys and values"]


def test_editing_draws_from_the_posterior() -> None:
    rng = np.random.default_rng(0)
    alpha, sigma, x = 0.6, 0.4, np.array([0.5, 0.1])
    data = control.CENTRES[rng.integers(5, size=2_000_000)] + control.SPREAD * rng.normal(size=(2_000_000, 2))
    noised = alpha * data + sigma * rng.normal(size=data.shape)
    near = data[((noised - x) ** 2).sum(1) < 0.05**2]
    drawn = control.denoised(np.tile(x, (200_000, 1)), alpha, sigma, rng)

    np.testing.assert_allclose(drawn.mean(0), near.mean(0), atol=0.03)
    np.testing.assert_allclose(drawn.std(0), near.std(0), atol=0.03)


def test_strength_trades_the_guide_for_the_data() -> None:
    rows = control.editing()

    assert [far for _, far, _ in rows] == sorted(far for _, far, _ in rows)
    assert rows[0][2] > 0.99
    assert rows[-1][2] == pytest.approx(0.2, abs=0.03), "at full strength the guide is forgotten"


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/control.json").read_text("utf-8"))

    assert {key: stored[key] for key in ("first steps", "editing")} == control.experiment()


def test_a_reference_can_be_computed_once_only_if_it_sees_itself_and_its_level_stays() -> None:
    assert control.stale() == 0.0
    assert control.stale(told_t=True) > 0.1
    assert control.stale(sees_picture=True) > 0.1


def test_a_step_with_a_reference_is_attention_over_both() -> None:
    rng = np.random.default_rng(0)
    layers, reference, picture = rng.normal(size=(1, 3, 8, 8)), rng.normal(size=(6, 8)), rng.normal(size=(5, 8))
    wq, wk, wv = layers[0]
    tokens = np.concatenate([reference, picture * 1.5])
    expected = picture + control.attend(picture * 1.5 @ wq, tokens @ wk, tokens @ wv, 2)

    np.testing.assert_allclose(control.edit_step(picture, reference, 0.5, layers)[0], expected)

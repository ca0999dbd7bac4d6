"""Adapters merge exactly, learn from zero, reach the bound of their rank, and count what the models' data say."""

import json

import numpy as np
import pytest
import yaml
from archdata import formulas, models
from examples import DOCS, load

p = load("alignment/adapters")
RNG = np.random.default_rng(0)


def _layer(rank: int = 3) -> tuple[np.ndarray, ...]:
    w, a, b = (RNG.normal(size=s) for s in ((8, 6), (8, rank), (rank, 6)))
    return RNG.normal(size=(5, 8)), w, a, b


def test_an_adapter_beside_the_matrix_gives_what_the_merged_matrix_gives() -> None:
    x, w, a, b = _layer()

    np.testing.assert_allclose(p.lora(x, w, a, b, 0.7), x @ p.merged(w, a, b, 0.7), atol=1e-12)
    np.testing.assert_allclose(p.merged(p.merged(w, a, b, 0.7), a, b, -0.7), w, atol=1e-12)


def test_a_new_adapter_changes_nothing_and_only_b_has_a_gradient() -> None:
    x, w, *_ = _layer()
    a, b = p.start(8, 3, 6, RNG)
    of_a, of_b, _ = p.gradients(x, RNG.normal(size=(5, 6)), w, a, b, 2.0)

    np.testing.assert_array_equal(p.lora(x, w, a, b, 2.0), x @ w)
    assert not of_a.any()
    assert np.abs(of_b).min() > 0
    assert np.abs(a).max() <= 8**-0.5, "PyTorch's default range for a linear layer of 8 inputs"


@pytest.mark.parametrize("which", [0, 1, 2])
def test_gradients_are_those_of_finite_differences(which: int) -> None:
    x, w, a, b = _layer()
    target = RNG.normal(size=(5, 6))

    def loss(a: np.ndarray, b: np.ndarray, x: np.ndarray) -> float:
        return float(((p.lora(x, w, a, b, 0.7) - target) ** 2).sum() / 2)

    found = p.gradients(x, p.lora(x, w, a, b, 0.7) - target, w, a, b, 0.7)[which]
    slopes = np.zeros_like(found)
    for place in np.ndindex(*found.shape):
        sides = []
        for step in (1e-5, -1e-5):
            parts = [a.copy(), b.copy(), x.copy()]
            parts[which][place] += step
            sides.append(loss(*parts))
        slopes[place] = (sides[0] - sides[1]) / 2e-5

    np.testing.assert_allclose(found, slopes, atol=1e-6)


def test_dora_sets_the_length_of_every_column() -> None:
    x, w, a, b = _layer()
    at_start = p.dora(x, w, a, 0 * b, 1.0, np.linalg.norm(w, axis=0))
    magnitude = RNG.uniform(1, 2, 6)
    whole = p.dora(np.eye(8), w, a, b, 0.5, magnitude)

    np.testing.assert_allclose(at_start, x @ w, atol=1e-12)
    for column in range(6):
        turned = w[:, column] + 0.5 * a @ b[:, column]
        np.testing.assert_allclose(whole[:, column], magnitude[column] * turned / np.sqrt((turned**2).sum()))


def test_pissa_starts_as_the_matrix_and_freezes_what_the_largest_directions_leave() -> None:
    _, w, *_ = _layer()
    rest, a, b = p.pissa(w, 2)

    np.testing.assert_allclose(rest + a @ b, w, atol=1e-12)
    assert np.linalg.matrix_rank(a @ b) == 2
    np.testing.assert_allclose(np.linalg.norm(rest), p.tail(w, 2))
    np.testing.assert_allclose(np.linalg.norm(a), np.linalg.norm(b))


def test_a_bottleneck_whose_second_matrix_is_zero_changes_nothing() -> None:
    h = RNG.normal(size=(5, 8))

    np.testing.assert_array_equal(p.bottleneck(h, RNG.normal(size=(8, 2)), np.zeros((2, 8))), h)
    np.testing.assert_allclose(p.bottleneck(h, np.eye(8), np.eye(8)), np.where(h > 0, 2 * h, h))


def test_no_matrix_of_the_rank_is_nearer_than_the_bound_and_training_comes_close() -> None:
    target = p.change([3, 2, 1], 6, 5, np.random.default_rng(1))
    tries = [p.merged(0 * target, RNG.normal(size=(6, 2)), RNG.normal(size=(2, 5)), 0.1) for _ in range(200)]

    assert p.tail(target, 2) == pytest.approx(1 / 14**0.5)
    assert min(np.linalg.norm(t - target) for t in tries) > p.tail(target, 2)
    assert p.fit(target, 2, np.random.default_rng(2)) == pytest.approx(p.tail(target, 2), abs=1e-3)
    assert p.fit(target, 3, np.random.default_rng(2)) < 1e-3


def test_the_stored_distances_are_on_the_bound_and_end_where_the_rank_suffices() -> None:
    for row in _stored()["ranks"].values():
        np.testing.assert_allclose(row["trained"], row["smallest"], atol=0.005)
    assert _stored()["ranks"]["four directions"]["trained"][2:] == [0, 0, 0]


@pytest.mark.parametrize(
    ("case", "power"),
    [
        ("gradient step, alpha/r", -1.0),
        ("gradient step, alpha/sqrt(r)", 0.0),
        ("Adam, alpha/r", 0.0),
        ("Adam, alpha/sqrt(r)", 0.5),
    ],
)
def test_the_first_gain_follows_the_rank_as_derived(case: str, power: float) -> None:
    slope = np.polyfit(np.log(p.WIDE), np.log(_stored()["scales"][case]), 1)[0]

    assert slope == pytest.approx(power, abs=0.06)


def test_rounding_to_four_bits_twice_changes_nothing_and_removes_a_small_change() -> None:
    w = RNG.normal(size=(16, 64))
    once = p.four_bits(w)
    steps = np.abs(w).max(axis=1, keepdims=True) / 7

    np.testing.assert_allclose(p.four_bits(once), once, atol=1e-12)
    assert len(np.unique((once / steps).round(6))) <= 16
    assert (np.abs(once - w) <= steps / 2 + 1e-12).all()
    errors = list(_stored()["merge"].values())
    assert errors == sorted(errors, reverse=True) or errors[0] >= 1
    assert errors[0] > 0.9
    assert errors[-1] < 0.5


@pytest.mark.parametrize("size", ["8B", "70B"])
def test_counts_are_those_of_the_models_in_the_data(size: str) -> None:
    model = yaml.safe_load((DOCS / f"_data/models/llama-3.1-{size.lower()}.yml").read_text(encoding="utf-8"))
    config = {key: model["config"][key] for key in p.LLAMA[size]}

    assert p.LLAMA[size] == config
    # The sums that the page's tables are computed with, each in another way.
    assert formulas.adapter(model["config"], 16) == p.adapter_size(p.LLAMA[size], 16)
    assert formulas.adapter(model["config"], 16) == 16 * {"8B": 32 * 81920, "70B": 80 * 161792}[size]
    found = models.get(DOCS, f"llama-3.1-{size.lower()}")
    outside = 2 * config["width"] * model["config"]["vocabulary"] + (2 * config["layers"] + 1) * config["width"]
    assert formulas.adaptable(model["config"]) == found.parameters - outside


def test_a_published_count_comes_out() -> None:
    # 4.7M for DeBERTa XXL in microsoft/LoRA README.md: rank 16 on queries and values of 48 layers of width 1,536.
    deberta = {"layers": 48, "width": 1536, "heads": 24, "kv_heads": 24, "head_size": 64, "ffn_width": 6144}

    assert p.adapter_size(deberta, 16, "q v") == pytest.approx(4.7e6, rel=0.01)


def _stored() -> dict:
    return json.loads((DOCS / "alignment/adapters.json").read_text(encoding="utf-8"))


def test_the_stored_measurements_are_what_the_code_gives() -> None:
    assert p.experiments() == _stored()

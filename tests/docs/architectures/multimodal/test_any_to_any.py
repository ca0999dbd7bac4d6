"""Binding to a hub aligns the rest as far as the hub sees, and inputs and targets never overlap."""

import json

import numpy as np
import pytest
from examples import DOCS, load

anyto = load("architectures/multimodal/any-to-any")
RNG = np.random.default_rng(0)


def test_unpaired_modalities_meet_through_the_hub() -> None:
    through, direct = anyto.emergent(16)

    assert through > 0.8
    assert direct > 0.9


def test_what_the_hub_does_not_show_is_lost_on_the_way() -> None:
    blind, seeing = anyto.emergent(2), anyto.emergent(16)

    assert blind[0] < 0.2
    assert blind[1] == pytest.approx(seeing[1], abs=0.1)


def test_a_hub_that_shows_nothing_leaves_chance() -> None:
    assert anyto.emergent(0)[0] < 0.05


def test_retrieval_finds_itself() -> None:
    x = RNG.normal(size=(20, 5))

    assert anyto.retrieval(x, 3 * x).all()


@pytest.mark.parametrize("alpha", [0.1, 1.0, 10.0])
def test_budgets_are_kept(alpha: float) -> None:
    for _ in range(50):
        marks = anyto.any_to_any(anyto.SIZES, 40, 30, np.full(7, alpha), RNG)

        assert [len(m) for m in marks] == list(anyto.SIZES)
        assert sum((m == 1).sum() for m in marks) <= 40
        assert sum((m == 2).sum() for m in marks) <= 30


def test_a_small_alpha_concentrates_on_few_modalities() -> None:
    def used(alpha: float) -> float:
        draws = [anyto.any_to_any(anyto.SIZES, 20, 20, np.full(7, alpha), RNG) for _ in range(100)]
        return float(np.mean([sum((m == 1).any() for m in marks) for marks in draws]))

    assert used(0.1) < 4 < used(10.0)


def test_the_stored_data_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/any-to-any.json").read_text(encoding="utf-8"))

    np.testing.assert_allclose(stored["curve"], anyto.curve(), atol=0.006)
    assert stored["pictures"] == anyto.pictures()

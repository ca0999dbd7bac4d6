"""The parts add up to the model's counted size, and grouping by expert changes nothing."""

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

mixtral = load("architectures/mixture-of-experts/mixtral")
layer = load("architectures/mixture-of-experts/index")


def test_the_parts_add_up_to_the_counted_sizes() -> None:
    found = models.get(DOCS, "mixtral-8x7b")

    assert sum(mixtral.split(mixtral.CONFIG, 8).values()) == found.parameters == 46_702_792_704
    assert sum(mixtral.split(mixtral.CONFIG, 2).values()) == found.active_parameters


def test_the_configuration_is_that_of_the_data() -> None:
    found = models.get(DOCS, "mixtral-8x7b")
    fields = {"chosen": "experts_chosen", "inner": "expert_width"}

    for name, value in mixtral.CONFIG.items():
        assert found.value(fields.get(name, name)) == value


@pytest.mark.parametrize("k", [1, 2, 5])
def test_grouping_equals_expert_by_expert(k: int) -> None:
    x, router, experts = layer.example()

    np.testing.assert_allclose(mixtral.grouped(x, router, experts, k), layer.mixture(x, router, experts, k), atol=1e-10)


def test_an_expert_without_tokens_does_no_harm() -> None:
    x, router, experts = layer.example(tokens=2)

    np.testing.assert_allclose(mixtral.grouped(x, router, experts, 1), layer.mixture(x, router, experts, 1), atol=1e-10)


def test_repeats_by_chance_agree_with_a_simulation() -> None:
    rng = np.random.default_rng(0)
    pairs = [(rng.choice(8, 2, replace=False), rng.choice(8, 2, replace=False)) for _ in range(20000)]
    first = np.mean([a[0] == b[0] for a, b in pairs])
    shared = np.mean([len(set(a) & set(b)) > 0 for a, b in pairs])

    assert mixtral.chance_of_repeats(8, 2) == pytest.approx((first, shared), abs=0.01)

"""Spreading experts changes no output, copies even out the devices, and the counts agree with simulations."""

import json

import numpy as np
import pytest
from archdata import models
from archfigures.mixture_of_experts import inference as figures
from examples import DOCS, load

serving = load("architectures/mixture-of-experts/inference")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(24, 5))
CHOSEN = np.stack([RNG.choice(8, 3, replace=False) for _ in range(24)])
GATES = RNG.random((24, 3))
MATRICES = RNG.normal(size=(8, 5, 5))
EXPERTS = [m.T.__matmul__ for m in MATRICES]


def run(devices: int) -> tuple[np.ndarray, int]:
    out: tuple[np.ndarray, int] = serving.expert_parallel(X, CHOSEN, GATES, EXPERTS, devices)
    return out


@pytest.mark.parametrize("devices", [2, 4, 8])
def test_spreading_experts_over_devices_changes_nothing(devices: int) -> None:
    np.testing.assert_allclose(run(devices)[0], run(1)[0], atol=1e-12)


def test_outputs_are_the_experts_results_times_the_gates() -> None:
    expected = [
        sum(g * EXPERTS[e](x) for e, g in zip(row, gates, strict=True))
        for x, row, gates in zip(X, CHOSEN, GATES, strict=True)
    ]
    np.testing.assert_allclose(run(4)[0], expected, atol=1e-12)


def test_one_device_sends_nothing_and_more_devices_send_more() -> None:
    sent = [run(devices)[1] for devices in (1, 2, 4, 8)]

    assert sent[0] == 0
    assert sent == sorted(sent)


def test_with_an_expert_a_device_nearly_every_choice_is_a_message() -> None:
    assert run(8)[1] == sum(int(e != token * 8 // 24) for token, row in enumerate(CHOSEN) for e in row)


def test_reading_for_one_token_is_the_active_size_and_for_many_the_whole() -> None:
    found = models.get(DOCS, "mixtral-8x7b")
    size = (found.parameters, found.active_parameters, 8, 2)

    assert serving.read_per_token(*size, tokens=1) == pytest.approx(2 * found.active_parameters)
    assert serving.read_per_token(*size, tokens=1000) * 1000 == pytest.approx(2 * found.parameters)


def test_copies_lower_the_busiest_device_and_lose_no_load() -> None:
    load_ = serving.skewed_load()
    worst = [serving.place_with_replicas(load_, 32, extra).max() for extra in (0, 16, 64)]

    assert worst == sorted(worst, reverse=True)
    assert serving.place_with_replicas(load_, 32, 32).sum() == pytest.approx(1)


def test_a_cache_of_everything_always_hits_and_chance_gives_the_share() -> None:
    assert serving.hits(8, 2, 8, stay=0.0) > 0.99
    assert serving.hits(8, 2, 4, stay=0.0) == pytest.approx(0.5, abs=0.03)
    assert serving.hits(8, 2, 4, stay=0.5) > serving.hits(8, 2, 4, stay=0.0)


def test_the_stored_imbalance_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/mixture-of-experts/inference.json").read_text(encoding="utf-8"))
    naive, rows = serving.imbalance()

    assert stored["as numbered"] == pytest.approx(naive, abs=1e-3)
    np.testing.assert_allclose(stored["rows"], rows, atol=1e-3)


@pytest.mark.parametrize(("model", "sizes"), figures.SIZES.items())
def test_the_figure_shows_the_models_sizes(model: str, sizes: tuple[int, int, int, int, str]) -> None:
    found = models.get(DOCS, model)

    assert (found.parameters, found.active_parameters) == sizes[:2]
    if sizes[2] > 1:
        assert (found.value("experts"), found.value("experts_chosen")) == sizes[2:4]


@pytest.mark.parametrize(("batches", "travel"), [(1, 0.0), (1, 0.5), (2, 0.0), (2, 0.5), (3, 0.5), (3, 1.0), (5, 1.5)])
def test_attention_is_busy_as_long_as_enough_micro_batches_take_turns(batches: int, travel: float) -> None:
    _, busy = serving.taking_turns(batches, 2000, 1.0, 1.0, travel)

    assert busy == pytest.approx(min(1, batches / (2 * (1 + travel))), abs=2e-3)


def test_the_slower_side_sets_the_pace() -> None:
    _, busy = serving.taking_turns(4, 2000, 1.0, 2.0, 0.1)

    assert busy == pytest.approx(0.5, abs=2e-3)


@pytest.mark.parametrize("batches", [2, 3])
def test_the_figure_of_turns_shows_what_the_code_computes(batches: int) -> None:
    drawn = [(batch, first, second) for batch, _, first, second in figures._turns(batches, 9.5)]

    assert drawn == serving.taking_turns(batches, len(drawn) // batches, 1.0, 1.0, figures.TRAVEL)[0]

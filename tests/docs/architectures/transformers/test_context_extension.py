"""Each way of slowing rotations slows the pairs the page says it slows."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/context-extension")
OLD = page.frequencies(128)


def slowed(new: np.ndarray) -> np.ndarray:
    return OLD / new


def test_interpolation_is_division_of_positions() -> None:
    angle = page.interpolation(128, 10_000.0, 8.0) * 4000
    np.testing.assert_allclose(angle, OLD * 500)


def test_ntk_keeps_the_fastest_pair_and_slows_the_last_by_the_scale() -> None:
    s = slowed(page.ntk_aware(128, 10_000.0, 8.0))
    assert s[0] == 1
    assert s[-1] == pytest.approx(8)
    assert (np.diff(s) > 0).all()


@pytest.mark.parametrize("method", [page.yarn, page.llama3])
def test_ramps_leave_fast_pairs_alone_and_slow_the_others_in_full(method) -> None:
    s = slowed(method(128, 10_000.0, 8.0, 4096))
    turns = 4096 * OLD / (2 * np.pi)
    assert (s[turns > 33] == 1).all()
    assert s[turns < 0.9] == pytest.approx(8)
    assert (np.diff(s) >= -1e-12).all()


def test_yarns_ramp_begins_and_ends_where_transformers_begins_and_ends_it() -> None:
    # floor and ceiling of 128 · ln(4096 / (turns · 2π)) / (2 · ln 10000) at 32 and at 1 turns
    s = slowed(page.yarn(128, 10_000.0, 8.0, 4096))
    assert np.flatnonzero(s > 1)[0] == 21
    assert np.flatnonzero(s < 8 - 1e-9)[-1] == 45


def test_scale_one_changes_nothing() -> None:
    for new in (
        page.interpolation(128, 10_000.0, 1.0),
        page.ntk_aware(128, 10_000.0, 1.0),
        page.yarn(128, 10_000.0, 1.0, 4096),
        page.llama3(128, 10_000.0, 1.0, 4096),
    ):
        np.testing.assert_allclose(new, OLD)
    assert page.yarn_temperature(1) == 1


def test_only_methods_that_slow_unfinished_pairs_in_full_stay_on_known_angles() -> None:
    found = {name: page.unseen(new, OLD, 4096, 8 * 4096) for name, new in page.methods().items()}
    assert found["unchanged"] == 18
    assert found["interpolation"] == found["YaRN"] == found["Llama 3.1's"] == 0
    assert found["NTK-aware"] == 17


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/context-extension.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


@pytest.mark.parametrize("factor", [1.0, 1.7])
def test_the_weight_is_the_softmaxes(factor: float) -> None:
    scores = np.zeros(50)
    scores[17] = 2.5
    e = np.exp(factor * scores)
    assert page.weight(2.5, 50, factor) == pytest.approx(e[17] / e.sum())


def test_llama_4s_stair_rises_every_8192_tokens() -> None:
    # By its implementation: log1p(floor((position + 1) / 8192)) * 0.1 + 1
    assert page.llama4_sharpens(8191) == 1
    assert page.llama4_sharpens(8192) == pytest.approx(1 + 0.1 * np.log(2))
    assert page.llama4_sharpens(3 * 8192 + 5) == pytest.approx(1 + 0.1 * np.log(4))


@pytest.mark.parametrize(("scaled_margin", "limit"), [(1.2, 1.0), (1.0, 0.5), (0.8, 0.0)])
def test_with_scalable_softmax_a_margin_above_one_over_s_wins_at_any_length(scaled_margin: float, limit: float) -> None:
    tokens = 1e40
    assert page.weight(scaled_margin / 0.3, tokens, page.ssmax(tokens, 0.3)) == pytest.approx(limit, abs=1e-6)


def test_rules_agree_where_training_ended_and_differ_as_the_page_says() -> None:
    at_training, at_a_million = page.sharpened(4096), page.sharpened(2**20)
    assert list(at_training.values()) == pytest.approx([0.9] * 5)
    assert at_a_million["plain"] < 0.05
    assert 0.8 < at_a_million["Llama 4's"] < 0.9 < at_a_million["SSMax"] < at_a_million["YaRN's"]


def test_beams_power_of_the_length_stays_close_to_its_logarithm() -> None:
    # By its implementation: exp(0.1 * log1p((position + 1) / 2048)), with the position from 0.
    assert page.beam_sharpens(8) == pytest.approx(np.exp(0.1 * np.log1p(8 / 2048)))
    tokens = 2.0 ** np.arange(12, 21)
    power = page.beam_sharpens(tokens) / page.beam_sharpens(4096)
    np.testing.assert_allclose(power, page.ssmax(tokens, 1 / np.log(4096)), rtol=0.06)

"""Windows, units and averages change a model's perplexity, and none of them changes the model."""

from __future__ import annotations

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/perplexity")
STORED = json.loads((DOCS / "learning/perplexity.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("length", "window", "stride"), [(16, 8, 8), (16, 8, 4), (17, 8, 3), (5, 8, 2), (40, 7, 1)])
def test_every_token_is_scored_once_with_the_context_that_a_stride_promises(
    length: int, window: int, stride: int
) -> None:
    scored = [0] * length
    for begin, first, end in page.windows(length, window, stride):
        assert end - begin <= window
        for place in range(first, end):
            scored[place] += 1
            assert place - begin >= min(place, window - stride)
    assert scored == [1] * length


def test_second_halves_leave_half_of_the_tokens_out() -> None:
    scored = [place for _, first, end in page.second_halves(32, 8) for place in range(first, end)]
    assert len(scored) == len(set(scored)) == 16


def test_the_urn_gives_probabilities_that_add_up_to_one() -> None:
    text = np.array([3, 3, 1, 0, 3])
    for last in range(page.LETTERS):
        text[4] = last
        losses = page.urn(text)(1, 1, 5)
        assert losses[0] == pytest.approx(np.log(page.LETTERS))
    total = sum(np.exp(-page.urn(np.append(text[:4], last))(0, 4, 5)[0]) for last in range(page.LETTERS))
    assert total == pytest.approx(1)


def test_a_smaller_stride_lowers_the_perplexity_and_costs_in_proportion() -> None:
    ways = [STORED["ways"][f"stride {stride}"] for stride in (256, 128, 64, 32, 16)]
    perplexities = [perplexity for perplexity, _ in ways]
    assert perplexities == sorted(perplexities, reverse=True)
    assert (perplexities[0] - perplexities[1]) > 0.85 * (perplexities[0] - perplexities[-1])
    assert ways[1][1] == pytest.approx(2, abs=0.15)


def test_a_token_of_two_letters_squares_the_perplexity_and_leaves_the_bits_per_byte() -> None:
    one, two = page.units(1000.0, 400, 400), page.units(1000.0, 200, 400)
    assert two["perplexity of a token"] == pytest.approx(one["perplexity of a token"] ** 2)
    assert two["bits per byte"] == one["bits per byte"]
    assert 2 ** one["bits per byte"] == pytest.approx(one["perplexity of a byte"])


def test_the_mean_of_perplexities_is_never_smaller_for_texts_of_one_length() -> None:
    nats = np.random.default_rng(1).uniform(50, 200, 30)
    pooled, mean = page.two_averages(nats, np.full(30, 60))
    assert mean > pooled


def test_on_a_models_own_text_the_rise_of_the_loss_is_the_divergence() -> None:
    _, p, q = page.a_changed_model(np.random.default_rng(2), places=50)
    before, after, kl, _ = page.compare(p, p, q)
    assert np.log(after / before) == pytest.approx(kl)
    assert kl > 0


def test_a_changed_model_can_have_the_lower_perplexity() -> None:
    before, after, kl, same = page.compare(*page.a_changed_model(np.random.default_rng(5)))
    assert after < before
    assert kl > 0.01
    assert same < 0.95


def test_the_expected_loss_is_the_mean_of_what_texts_have() -> None:
    assert STORED["by place"][0] == pytest.approx(np.log(page.LETTERS), abs=1e-3)
    assert STORED["by place"] == sorted(STORED["by place"], reverse=True)
    readers = [page.urn(text) for text in page.texts(3000, 9, np.random.default_rng(4))]
    assert np.mean([reader(0, 8, 9) for reader in readers]) == pytest.approx(page.expected(8), abs=0.05)

"""Each objective hides and shows what the page says it does."""

import numpy as np
import pytest
from examples import load

page = load("learning/self-supervised")


def test_next_token_targets_are_the_input_shifted_by_one() -> None:
    shown, target = page.next_token(np.array([5, 6, 7, 8]))
    assert shown.tolist() == [5, 6, 7]
    assert target.tolist() == [6, 7, 8]


def test_masking_has_the_shares_of_bert() -> None:
    tokens = np.random.default_rng(1).integers(500, size=200_000)
    shown, target = page.masked(tokens, 500, 500, np.random.default_rng(0))
    chosen = target != page.IGNORED

    assert chosen.mean() == pytest.approx(0.15, abs=0.003)
    assert (shown[chosen] == 500).mean() == pytest.approx(0.8, abs=0.01)
    assert (shown[chosen] == tokens[chosen]).mean() == pytest.approx(0.1, abs=0.01)
    assert (target[chosen] == tokens[chosen]).all()
    assert (shown[~chosen] == tokens[~chosen]).all()


@pytest.mark.parametrize("spans", [[(0, 2)], [(3, 1), (5, 4)], [(1, 2), (3, 2), (9, 3)]])
def test_a_span_corruption_pair_holds_the_whole_text(spans: list) -> None:
    tokens = np.arange(12)
    shown, target = page.span_corruption(tokens, spans, 100)

    assert page.restore(shown, target, 100).tolist() == tokens.tolist()
    hidden = sum(length for _, length in spans)
    assert len(shown) == 12 - hidden + len(spans)
    assert len(target) == hidden + len(spans) + 1


def test_masked_patches_are_shown_or_hidden_never_both() -> None:
    patches = np.arange(32.0).reshape(16, 2)
    shown, kept, hidden = page.masked_patches(patches, np.random.default_rng(3))
    assert len(shown) == 4
    assert hidden.sum() == 12
    assert not hidden[kept].any()
    np.testing.assert_array_equal(shown, patches[kept])


def test_the_noise_is_what_was_added() -> None:
    x = np.linspace(-1, 1, 50)
    shown, noise = page.noised(x, 0.8, 0.6, np.random.default_rng(0))
    np.testing.assert_allclose((shown - 0.6 * noise) / 0.8, x, atol=1e-12)


def test_causal_prediction_uses_every_position() -> None:
    counted = page.signal(length=20_000)
    assert counted["next token"] == 1
    assert counted["masked token"] == pytest.approx(0.15, abs=0.01)
    assert counted["masked patches"] == pytest.approx(0.75, abs=0.01)

"""Each objective is a rearrangement from which the text can be had back, and a rule for where loss is taken."""

import numpy as np
import pytest
from examples import load

page = load("learning/language-objectives")
TEXT = np.arange(12)


@pytest.mark.parametrize(("start", "stop"), [(0, 4), (3, 7), (5, 12), (6, 6)])
def test_the_text_can_be_put_back(start: int, stop: int) -> None:
    moved = page.fill_in_the_middle(TEXT, start, stop)
    assert page.put_back(moved).tolist() == TEXT.tolist()
    assert len(moved) == len(TEXT) + 4


def test_suffix_first_keeps_prefix_and_middle_together() -> None:
    moved = page.fill_in_the_middle(TEXT, 3, 7, "SPM").tolist()
    assert moved[moved.index(page.MID) + 1 : -1] == TEXT[:7].tolist()
    assert sorted(moved) == sorted([*TEXT.tolist(), page.PRE, page.SUF, page.MID, page.END])


@pytest.mark.parametrize("cut", [1, 4, 12])
def test_a_prefix_reads_itself_in_full_and_what_follows_reads_the_past(cut: int) -> None:
    mask, loss = page.prefix_objective(TEXT, cut)
    assert mask[:cut, :cut].all()
    assert not np.triu(mask, 1)[cut:].any()
    assert loss[:-1].sum() == 12 - cut


def test_a_lucky_guess_counts_as_original() -> None:
    shown, original = page.replaced(np.array([4, 5, 6]), np.array([9, 5, 9]), np.array([True, True, False]))
    assert shown.tolist() == [9, 5, 6]
    assert original.tolist() == [False, True, True]


def test_several_ahead_lists_the_next_tokens_of_each_position() -> None:
    rows = page.several_ahead(TEXT, 3)
    assert rows[0].tolist() == [1, 2, 3]
    assert rows[-1].tolist() == [9, 10, 11]
    assert len(rows) == 9


@pytest.mark.parametrize(("kind", "share"), [("regular", 0.15), ("extreme", 0.5), ("sequential", 0.5)])
def test_denoisers_hide_their_share_without_overlap(kind: str, share: float) -> None:
    spans = page.denoiser(np.arange(400), kind, np.random.default_rng(1))
    hidden = np.zeros(400, dtype=int)
    for start, length in spans:
        hidden[start : start + length] += 1
    assert hidden.max() == 1
    assert hidden.mean() == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("size", [1, 7, 40])
def test_the_loss_in_pieces_has_the_loss_and_gradients_of_the_whole(size: int) -> None:
    rng = np.random.default_rng(0)
    hidden, weight, targets = rng.normal(size=(40, 5)), rng.normal(size=(30, 5)), rng.integers(30, size=40)

    def loss(h: np.ndarray, w: np.ndarray) -> float:
        logits = h @ w.T
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(40), targets]))

    found, to_hidden, to_weight = page.loss_in_pieces(hidden, weight, targets, size)
    assert found == pytest.approx(loss(hidden, weight))
    step = 1e-6
    for gradient, which in ((to_hidden, 0), (to_weight, 1)):
        for place in ((0, 0), (17, 3), (29, 4)):
            moved = [hidden.copy(), weight.copy()]
            moved[which][place] += step
            slope = (loss(*moved) - loss(hidden, weight)) / step
            assert gradient[place] == pytest.approx(slope, abs=1e-6)

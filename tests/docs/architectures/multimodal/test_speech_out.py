"""Delays can be undone, orders respect their rules, and independence costs the mutual information."""

import numpy as np
import pytest
from examples import load

speech = load("architectures/multimodal/speech-out")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("delays", [[0, 1, 2], [0, 0, 0], [0, 2, 1]])
def test_a_delay_can_be_undone(delays: list[int]) -> None:
    codes = RNG.integers(100, size=(3, 7))

    np.testing.assert_array_equal(speech.undelay(speech.delay(codes, delays), delays), codes)


def test_a_delayed_book_comes_later() -> None:
    rows = speech.delay(np.arange(6).reshape(2, 3), [0, 1])

    assert rows.tolist() == [[0, 1, 2, speech.EMPTY], [speech.EMPTY, 3, 4, 5]]


@pytest.mark.parametrize("order", ["flat", "parallel", "delay", "depth"])
def test_time_goes_forwards_in_every_order(order: str) -> None:
    assert (np.diff(speech.step_of(4, 9, order), axis=1) > 0).all()


def test_no_two_codes_share_a_step_when_flat_and_all_of_a_frame_do_in_parallel() -> None:
    assert speech.step_of(2, 3, "flat").tolist() == [[1, 3, 5], [2, 4, 6]]
    assert len(np.unique(speech.step_of(4, 9, "flat"))) == 36
    assert (speech.step_of(4, 9, "parallel") == np.arange(1, 10)).all()


def test_delays_let_a_book_see_the_one_before_it() -> None:
    steps = speech.step_of(4, 9, "delay")

    assert (np.diff(steps, axis=0) == 1).all()
    assert steps.max() == 9 + 3


def test_independent_codes_lose_nothing_and_equal_codes_lose_all() -> None:
    half = np.full((2, 2), 0.25)

    assert speech.lost_bits(half)[2] == pytest.approx(0)
    assert speech.lost_bits(np.eye(4) / 4) == pytest.approx((4, 2, 2))


def test_measured_codes_of_a_frame_depend_on_each_other() -> None:
    independent, in_turn, lost = speech.measured()

    assert lost > 0.5
    assert independent - in_turn == pytest.approx(lost)


def test_each_book_leaves_less() -> None:
    x = speech.sounds()
    books = speech.residual_books(x)
    left = [(speech.encode(x, books[:n])[1] ** 2).sum() for n in range(1, 5)]

    assert left == sorted(left, reverse=True)
    codes, rest = speech.encode(x, books)
    rebuilt = sum(book[code] for book, code in zip(books, codes, strict=True))
    np.testing.assert_allclose(rebuilt + rest, x)


def test_late_text_is_the_same_text_later() -> None:
    words = [(0.1, ["I"]), (0.4, ["hear", "d"])]
    now, late = speech.text_stream(words, 9), speech.text_stream(words, 9, delay=3)

    assert now == [".", "|", "I", ".", ".", "|", "hear", "d", "."]
    assert late == [speech.PAD] * 3 + now


def test_words_that_start_together_wait_for_each_other() -> None:
    assert speech.text_stream([(0.0, ["a", "b"]), (0.08, ["c"])], 6) == ["|", "a", "b", "|", "c", "."]


def test_a_voice_gets_the_next_word_when_it_asks_and_cannot_ask_within_a_word() -> None:
    row = speech.fed_text([["I"], ["hear", "d"]], [0, 1, 1, 0, 0, 1, 1, 1, 1, 1])

    assert row == [".", "|", "I", ".", ".", "|", "hear", "d", ".", "."]


def test_text_gets_better_with_delay_and_then_no_more() -> None:
    share = [speech.right_after(lag) for lag in (0, 1, 2, 4, 8, 16)]

    assert share[0] < share[1] < share[2] < share[4]
    assert share[5] - share[4] < 0.005 < share[1] - share[0]


def test_a_label_that_never_turns_needs_only_the_past() -> None:
    assert speech.right_after(0, turn=1e-9) > 0.999

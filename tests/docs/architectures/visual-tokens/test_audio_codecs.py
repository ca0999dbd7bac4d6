"""Rates are the published ones, the ladder nests, gradients and balance are exact, delays are the libraries'."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

codecs = load("architectures/visual-tokens/audio-codecs")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3))
BOOKS = [rng.normal(size=(8, 3)) / 2**n for n in range(4)]


def test_rates_are_those_the_makers_state() -> None:
    encodec, stereo, mimi = (codecs.CODECS[name] for name in ("EnCodec 24 kHz", "EnCodec 48 kHz", "Mimi"))
    assert [encodec.books_for(1000 * k) for k in (1.5, 3.0, 6.0, 12.0, 24.0)] == [2, 4, 8, 16, 32]
    assert [stereo.books_for(1000 * k) for k in (3.0, 6.0, 12.0, 24.0)] == [2, 4, 8, 16]
    assert mimi.frames == 12.5
    assert mimi.bits(8) == 1100
    assert codecs.CODECS["SoundStream"].bits() == 18_000
    dac = codecs.CODECS["DAC 44.1 kHz"]
    assert dac.bits() == pytest.approx(8000, rel=0.05)  # "8 kbps"
    assert dac.rate * 16 / dac.bits() == pytest.approx(90, rel=0.02)  # "approximately 90x"


def test_the_ladder_codes_what_is_left_and_nests() -> None:
    codes = codecs.encode(X, BOOKS)
    left = X
    for book, row in zip(BOOKS, codes, strict=True):
        np.testing.assert_array_equal(row, np.linalg.norm(left[:, None] - book, axis=-1).argmin(1))
        left = left - book[row]
    np.testing.assert_allclose(X - codecs.decode(codes, BOOKS), left)
    for n in range(1, 4):
        np.testing.assert_array_equal(codecs.encode(X, BOOKS[:n]), codes[:n])


def test_the_split_ladder_does_not_see_the_first_book() -> None:
    a = codecs.split_encode(X, BOOKS[0], BOOKS[1:])
    b = codecs.split_encode(X, 5 * BOOKS[0], BOOKS[1:])

    np.testing.assert_array_equal(a[1:], b[1:])
    np.testing.assert_array_equal(a[1:], codecs.encode(X, BOOKS[1:]))
    assert (codecs.encode(X, [5 * BOOKS[0], *BOOKS[1:]])[1:] != a[1:]).any()


@pytest.mark.parametrize("detached", [True, False])
def test_commitment_gradients_are_those_of_the_loss_with_constants_held(detached: bool) -> None:
    codes, (loss, gradient) = codecs.encode(X, BOOKS), codecs.commitment(X, BOOKS, detached)
    sums = np.cumsum([book[row] for book, row in zip(BOOKS, codes, strict=True)], axis=0)

    def held(x: np.ndarray) -> float:
        # a straight-through value minus itself is constant: after the first stage nothing moves with x
        moving = [x - s if detached or i == 0 else X - s for i, s in enumerate(sums)]
        return float(sum((gap**2).sum(1).mean() for gap in moving))

    assert loss == pytest.approx(held(X))
    for row, column in ((0, 0), (17, 2), (59, 1)):
        step = np.zeros_like(X)
        step[row, column] = 1e-6
        assert gradient[row, column] == pytest.approx((held(X + step) - held(X - step)) / 2e-6, abs=1e-7)


def test_balanced_gradients_have_their_shares_whatever_the_scale_of_the_losses() -> None:
    gradients = {"sound": rng.normal(size=(4, 10)), "judge": 1000 * rng.normal(size=(4, 10))}
    weights = {"sound": 1.0, "judge": 3.0}
    balanced, _ = codecs.balance(gradients, weights)
    scaled, _ = codecs.balance({**gradients, "sound": 77 * gradients["sound"]}, weights)
    alone, _ = codecs.balance({"judge": gradients["judge"]}, {"judge": 3.0})

    np.testing.assert_allclose(balanced, scaled)
    assert np.linalg.norm(alone, axis=1).mean() == pytest.approx(1)
    share = balanced - gradients["sound"] / np.linalg.norm(gradients["sound"], axis=1).mean() * 0.25
    np.testing.assert_allclose(share, 0.75 * alone)


def test_the_reference_code_s_own_example_is_balanced_to_zero() -> None:
    # |x - 1| and 100 |x + 1| at x = 0: gradients -1 and 100, equal weights.
    gradients = {"1": np.array([[-1.0]]), "2": np.array([[100.0]])}

    assert codecs.balance(gradients, {"1": 1, "2": 1})[0].item() == pytest.approx(0)


def test_norms_are_averaged_over_steps() -> None:
    one = {"a": np.array([[2.0]])}
    _, averages = codecs.balance(one, {"a": 1.0}, decay=0.5)
    out, _ = codecs.balance({"a": np.array([[8.0]])}, {"a": 1.0}, averages, decay=0.5)

    assert out.item() == pytest.approx(8 / ((0.5 * 2 + 8) / 1.5))


def test_delays_are_those_of_the_music_generator_s_library() -> None:
    p, a, b, c, d, e, f, g, h = "Pabcdefgh"
    prompt = np.array([[a, b], [c, d], [e, f], [g, h]])
    shown = codecs.apply_delay(prompt, [0, 1, 2, 3], p)
    expected = [
        [a, b, p, p, p],
        [p, c, d, p, p],
        [p, p, e, f, p],
        [p, p, p, g, h],
    ]
    assert shown.tolist() == expected


def test_ladders_are_those_of_encodec_and_mimi_in_transformers() -> None:
    x, books = np.array(REFERENCE["x"]), [np.array(book) for book in REFERENCE["books"]]
    plain, split = codecs.encode(x, books), codecs.split_encode(x, books[0], books[1:])

    assert plain.tolist() == REFERENCE["EnCodec"]["codes"]
    assert split.tolist() == REFERENCE["Mimi"]["codes"]
    np.testing.assert_allclose(codecs.decode(plain, books), REFERENCE["EnCodec"]["decoded"], atol=1e-4)
    np.testing.assert_allclose(codecs.decode(split, books), REFERENCE["Mimi"]["decoded"], atol=1e-4)


def test_a_delayed_prompt_is_that_of_musicgen_in_transformers() -> None:
    run = REFERENCE["MusicGen"]
    # The first column stands for the start token; -1 marks the frame that is to be drawn next.
    frames = np.column_stack([np.array(run["prompt"])[:, 1:], np.full(4, -1)])
    shown = codecs.apply_delay(frames, [0, 1, 2, 3], run["pad"])

    np.testing.assert_array_equal(np.column_stack([np.full(4, run["pad"]), shown]), run["mask"])


def test_every_code_is_drawn_once_and_after_those_it_may_depend_on() -> None:
    for delays in ([0, 1, 2, 3], [0, *range(8, 16)], [0, *[1] * 7]):
        pattern = codecs.delay_pattern(delays, 6)
        for row, delay in zip(pattern, delays, strict=True):
            assert [x for x in row if x >= 0] == list(range(6))
            assert (row >= 0).argmax() == delay


def test_no_code_beats_the_limit_and_residual_stages_fall_behind_single_books() -> None:
    run = json.loads((DOCS / "architectures/visual-tokens/audio-codecs.json").read_text(encoding="utf-8"))
    residual = dict(map(tuple, run["residual"]))
    for name in ("residual", "single"):
        for bits, left in run[name]:
            assert left > -20 * bits / run["dimensions"] * np.log10(2)
    assert residual[8] > dict(map(tuple, run["single"]))[8]


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/visual-tokens/audio-codecs.json").read_text(encoding="utf-8"))

    assert codecs.experiment() == stored


def test_frames_of_one_sound_are_merged_and_no_others() -> None:
    a, b = np.eye(4)[:2]

    assert codecs.merge(np.array([a, a, a, b, b, a]), 0.9) == [3, 2, 1]
    assert codecs.merge(np.array([a, b, a]), -1.0) == [3]


def test_merging_by_likeness_loses_less_than_merging_evenly() -> None:
    frames = codecs.sounds(count=200, seed=1)
    for each in (2, 3, 4):
        evenly = [each] * (len(frames) // each) + [1] * (len(frames) % each)
        groups = codecs.merge(frames, codecs.threshold(frames, len(evenly)))
        assert sum(groups) == len(frames)
        assert len(groups) <= len(evenly)
        assert codecs.left_over(frames, groups) < codecs.left_over(frames, evenly) - 3

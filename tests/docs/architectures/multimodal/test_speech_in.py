"""Features find tones where they are, lengths follow the convolutions, CTC equals the sum over all paths."""

import itertools
import json
import math
from itertools import product

import numpy as np
import pytest
from examples import DOCS, load

speech = load("architectures/multimodal/speech-in")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("hertz", [300, 1000, 4000])
def test_a_tone_lights_the_band_around_it(hertz: int) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(speech.RATE) / speech.RATE)
    band = speech.log_mel(tone).mean(1).argmax()
    filters = speech.mel_filters()

    centre = (filters[band] * np.linspace(0, 8000, 201)).sum() / filters[band].sum()
    assert centre == pytest.approx(hertz, rel=0.08)


def test_features_span_eight_decades_at_most() -> None:
    mel = speech.log_mel(RNG.normal(size=speech.RATE))

    assert mel.shape == (80, 100)
    assert mel.max() - mel.min() <= 2


def test_louder_is_a_shift() -> None:
    wave = RNG.normal(size=speech.RATE)

    np.testing.assert_allclose(speech.log_mel(10 * wave) - speech.log_mel(wave), 0.5, atol=1e-9)


@pytest.mark.parametrize(("seconds", "whisper", "wav2vec"), [(30, 1500, 1499), (1, 50, 49), (10, 500, 499)])
def test_positions(seconds: int, whisper: int, wav2vec: int) -> None:
    assert speech.after(100 * seconds, speech.WHISPER) == whisper
    assert speech.after(speech.RATE * seconds, speech.WAV2VEC) == wav2vec


def test_collapsing_merges_then_drops() -> None:
    assert speech.collapse([0, 1, 1, 0, 1, 2, 2, 0]) == [1, 1, 2]


@pytest.mark.parametrize("text", [[1], [1, 2], [1, 1], [2, 1, 2]])
def test_ctc_equals_the_sum_over_all_paths(text: list[int]) -> None:
    p = RNG.dirichlet(np.ones(3), size=5)
    every = sum(
        np.prod([p[t, label] for t, label in enumerate(path)])
        for path in product(range(3), repeat=5)
        if speech.collapse(list(path)) == text
    )

    assert speech.ctc_probability(p, text) == pytest.approx(every)


def test_a_repeated_label_needs_a_blank_between() -> None:
    p = RNG.dirichlet(np.ones(3), size=2)

    assert speech.ctc_probability(p, [1, 1]) == 0


def test_the_contrast_is_small_for_a_right_guess_and_chance_for_none() -> None:
    target, others = RNG.normal(size=16), RNG.normal(size=(100, 16))

    assert speech.contrast(target, target, others) < 0.1
    blind = [speech.contrast(RNG.normal(size=16), target, others) for _ in range(200)]
    assert np.mean(blind) > np.log(101)


def test_the_stored_picture_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/speech-in.json").read_text(encoding="utf-8"))

    np.testing.assert_allclose(stored, speech.picture()[::-1], atol=0.006)


def walks(frames: int, labels: int, write: np.ndarray, wait: np.ndarray) -> float:
    """The probability of a text, by following every way of writing it to its end."""

    def follow(t: int, u: int) -> float:
        if t == frames:
            return float(u == labels)
        total = 0.0
        for d in range(write.shape[2]):
            if t + d <= frames:
                total += wait[t, u, d] * follow(t + d, u) if d else 0.0
                total += write[t, u, d] * follow(t + d, u + 1) if u < labels else 0.0
        return total

    return follow(0, 0)


@pytest.mark.parametrize("spans", [2, 4])
def test_the_transducer_sums_over_all_ways(spans: int) -> None:
    rng = np.random.default_rng(0)
    write, wait = rng.uniform(size=(2, 4, 4, spans))

    assert speech.transducer_probability(write, wait) == pytest.approx(walks(4, 3, write, wait))


def test_the_plain_transducer_has_a_grid_of_alignments_and_its_texts_share_all_probability() -> None:
    write, wait = np.zeros((6, 4, 2)), np.zeros((6, 4, 2))
    write[..., 0], wait[..., 1] = 1, 1

    assert speech.transducer_probability(write, wait) == math.comb(6 - 1 + 3, 3)
    write[..., 0], wait[..., 1] = 0.3, 0.7  # one label, so texts differ in their length alone
    written = [
        speech.transducer_probability(*(np.repeat(x[:, :1], n + 1, 1) for x in (write, wait))) for n in range(60)
    ]

    assert sum(written) == pytest.approx(1)


def test_coarse_levels_are_the_nearest_ones_and_none_is_farther_than_half_a_step() -> None:
    logs = np.random.default_rng(0).uniform(-7, 2, size=(80, 50))
    levels = speech.coarse(logs)

    assert np.abs(np.linspace(-7, 2, 16)[levels] - logs).max() <= 0.3
    assert speech.coarse(np.array([-20.0, 20.0])).tolist() == [0, 15]


def test_a_frame_is_the_sum_of_its_bands_and_sees_no_other_frame() -> None:
    rng = np.random.default_rng(1)
    levels, table = rng.integers(0, 16, size=(80, 5)), rng.normal(size=(80, 16, 4))
    inputs = speech.add_up(levels, table)

    np.testing.assert_allclose(inputs[2], sum(table[band, levels[band, 2]] for band in range(80)))
    levels[3, 4] = (levels[3, 4] + 1) % 16
    changed = np.abs(speech.add_up(levels, table) - inputs).max(1) > 0
    assert changed.tolist() == [False] * 4 + [True]


@pytest.mark.parametrize("text", [[1], [1, 2], [1, 1], [2, 1, 2]])
def test_times_are_those_of_the_likeliest_path(text: list[int]) -> None:
    rng = np.random.default_rng(sum(text))
    for _ in range(5):
        p = rng.dirichlet(np.ones(3), size=5)
        paths = [path for path in itertools.product(range(3), repeat=5) if speech.collapse(path) == text]
        best = max(paths, key=lambda path: math.prod(p[frame, label] for frame, label in enumerate(path)))
        begins = [f for f, label in enumerate(best) if label and (f == 0 or label != best[f - 1])]

        assert speech.ctc_times(p, text) == begins

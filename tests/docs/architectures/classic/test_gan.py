"""The optimal discriminator and the value are as theory says, gradients are right, the game circles or converges."""

import json

import numpy as np
import pytest
from examples import DOCS, load

gan = load("architectures/classic/gan")
GRID = np.linspace(-6, 6, 400)


def density(mean: float) -> np.ndarray:
    p = np.exp(-((GRID - mean) ** 2) / 2)
    return p / p.sum()


def test_no_discriminator_beats_the_optimal_one() -> None:
    p, q = density(-1), density(1)
    best = gan.optimal_discriminator(p, q)
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = np.clip(best + 0.05 * rng.normal(size=best.shape), 1e-6, 1 - 1e-6)
        value = np.sum(p * np.log(other)) + np.sum(q * np.log(1 - other))
        assert value < gan.game_value(p, q)


def test_the_value_is_the_jensen_shannon_divergence() -> None:
    p, q = density(-1), density(1)
    middle = (p + q) / 2
    js = 0.5 * np.sum(p * np.log(p / middle)) + 0.5 * np.sum(q * np.log(q / middle))

    assert gan.game_value(p, q) == pytest.approx(-np.log(4) + 2 * js)
    assert gan.game_value(p, p) == pytest.approx(-np.log(4))


def test_the_discriminators_loss_is_the_cross_entropy_of_both_kinds() -> None:
    real, fake = np.array([2.0, -1.0]), np.array([0.5, -3.0, 0.0])
    right = 1 / (1 + np.exp(-real)), 1 - 1 / (1 + np.exp(-fake))

    expected = -np.log(right[0]).sum() / 2 - np.log(right[1]).sum() / 3
    assert gan.discriminator_loss(real, fake) == pytest.approx(expected)
    assert gan.discriminator_loss(np.zeros(4), np.zeros(2)) == pytest.approx(2 * np.log(2))


@pytest.mark.parametrize("loss", [gan.saturating, gan.non_saturating])
def test_derivatives_are_those_of_the_losses(loss) -> None:  # type: ignore[no-untyped-def]
    scores, step = np.linspace(-5, 5, 11), 1e-6

    numeric = (loss(scores + step)[0] - loss(scores - step)[0]) / (2 * step)

    np.testing.assert_allclose(loss(scores)[1], numeric, atol=1e-7)


def test_only_the_saturating_loss_loses_its_gradient_on_clear_fakes() -> None:
    assert abs(gan.saturating(np.array(-8.0))[1]) < 1e-3
    assert abs(gan.non_saturating(np.array(-8.0))[1]) > 0.99


def test_the_game_runs_away_circles_or_converges() -> None:
    radius = {name: np.linalg.norm(gan.play(**settings), axis=1) for name, settings in gan.CASES.items()}

    assert radius["minimax, simultaneous"][-1] > 2 * radius["minimax, simultaneous"][0]
    circling = radius["minimax, alternating"]
    assert 0.8 * circling[0] < circling[-200:].min() <= circling[-200:].max() < 1.3 * circling[0]
    assert radius["with gradient penalty"][-1] < 1e-3


def test_the_penalty_pulls_the_discriminator_towards_flatness() -> None:
    assert abs(gan.play(penalty=0.3)[-1][1]) < abs(gan.play(penalty=0.0)[-1][1])


def test_the_stored_paths_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/classic/gan.json").read_text(encoding="utf-8"))

    assert gan.experiment() == stored


def test_the_loss_of_any_discriminator_bounds_the_divergence_from_below() -> None:
    p, q = density(-0.7), density(0.9)
    middle = (p + q) / 2
    divergence = (np.sum(p * np.log(p / middle)) + np.sum(q * np.log(q / middle))) / 2
    best = gan.optimal_discriminator(p, q)
    rng = np.random.default_rng(1)
    for spread in (0, 0.01, 0.1, 0.5):
        d = np.clip(best + spread * rng.normal(size=best.shape), 1e-6, 1 - 1e-6)
        loss = -np.sum(p * np.log(d)) - np.sum(q * np.log(1 - d))
        assert gan.apart_at_least(loss) <= divergence + 1e-12
    assert gan.apart_at_least(-gan.game_value(p, q)) == pytest.approx(divergence)
    text = (DOCS / "architectures/classic/gan.md").read_text(encoding="utf-8")
    assert f"A loss of 0.5 shows that the two still differ by {gan.apart_at_least(0.5) / np.log(2):.0%} of the" in text

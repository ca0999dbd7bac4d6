"""Scale one is the conditional model, scale zero the unconditional one; larger scales leave the tilted density."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

guidance = load("architectures/diffusion/guidance")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["guidance"]
PAIR = np.array(REFERENCE["with"]), np.array(REFERENCE["without"])


def test_scale_one_samples_the_class_and_scale_zero_the_mixture() -> None:
    of_class, of_all = guidance.sample(1.0), guidance.sample(0.0)

    assert of_class.mean() == pytest.approx(1.0, abs=0.03)
    assert of_class.std() == pytest.approx(0.8, abs=0.03)
    assert of_all.mean() == pytest.approx(0.0, abs=0.05)
    assert of_all.std() == pytest.approx(np.sqrt(1 + 0.64), abs=0.05)


def test_the_unconditional_prediction_is_the_mean_of_the_conditional_ones() -> None:
    x, alpha, sigma = np.array([0.3]), 0.8, 0.6
    variance = (alpha * guidance.SPREAD) ** 2 + sigma**2
    weight = np.exp(-0.5 * (x - alpha * guidance.MEANS) ** 2 / variance)
    mean = sum(w * guidance.predict(x, alpha, sigma, c) for c, w in enumerate(weight)) / weight.sum()

    np.testing.assert_allclose(guidance.predict(x, alpha, sigma), mean)


def test_guidance_moves_away_from_the_other_class_and_sharpens() -> None:
    samples = [guidance.sample(w) for w in (1.0, 2.0, 4.0)]

    assert samples[0].mean() < samples[1].mean() < samples[2].mean()
    assert (samples[2] < 0).mean() < (samples[0] < 0).mean()


def test_guided_samples_do_not_follow_the_tilted_density() -> None:
    grid = np.linspace(-6, 30, 4001)
    mean, _ = guidance.moments(grid, guidance.tilted(4.0, grid))

    assert abs(guidance.sample(4.0).mean() - mean) > 0.1


def test_guidance_in_an_interval_stays_nearer_to_the_data() -> None:
    everywhere, inside = guidance.sample(8.0), guidance.sample(8.0, interval=(0.2, 0.8))

    assert abs(inside.mean() - 1) < abs(everywhere.mean() - 1)


def test_in_the_plane_scale_one_is_the_class_and_zero_all_classes() -> None:
    nearest = []
    for w in (0.0, 1.0):
        points = guidance.sample_plane(w, count=1500)
        gaps = ((points[:, None, None] - guidance.CENTRES) ** 2).sum(-1)
        nearest.append(np.bincount(gaps.reshape(len(points), -1).argmin(1), minlength=6) / len(points))

    np.testing.assert_allclose(nearest[0], 1 / 6, atol=0.05)
    np.testing.assert_allclose(nearest[1][:2], 0.5, atol=0.1)
    outside = [np.abs(guidance.sample_plane(w)).max() for w in (1.0, 8.0)]
    assert outside[1] > outside[0]


def test_the_amended_forms_are_the_librarys() -> None:
    w = REFERENCE["scale"]

    np.testing.assert_allclose(guidance.rescaled(*PAIR, w, 0.6), REFERENCE["rescaled by 0.6"], atol=1e-6)
    np.testing.assert_allclose(guidance.projected(*PAIR, w, 0.3), REFERENCE["projected, 0.3 kept"], atol=1e-6)
    np.testing.assert_allclose(guidance.fitted(*PAIR, w), REFERENCE["fitted"], atol=1e-5)


def test_what_the_amended_forms_promise() -> None:
    with_condition, without = PAIR
    plain = without + 6 * (with_condition - without)

    assert guidance.rescaled(*PAIR, 6, 1.0).std() == pytest.approx(with_condition.std())
    assert (guidance.projected(*PAIR, 6) - with_condition) @ with_condition == pytest.approx(0, abs=1e-9)
    for unchanged in (guidance.rescaled(*PAIR, 6, 0.0), guidance.projected(*PAIR, 6, 1.0)):
        np.testing.assert_allclose(unchanged, plain)
    stretched = guidance.fitted(*PAIR, 0.0)
    assert (with_condition - stretched) @ stretched == pytest.approx(0, abs=1e-9)


def test_the_tangential_form_keeps_the_main_direction_of_the_pair() -> None:
    with_condition, without = PAIR
    kept = guidance.tangential(*PAIR, 0.0)
    angles = np.linspace(0, np.pi, 20_001)
    basis = np.linalg.qr(np.array(PAIR).T)[0]
    directions = np.cos(angles)[:, None] * basis[:, 0] + np.sin(angles)[:, None] * basis[:, 1]
    best = directions[((directions @ with_condition) ** 2 + (directions @ without) ** 2).argmax()]

    np.testing.assert_allclose(kept, (without @ best) * best, atol=1e-3)
    np.testing.assert_allclose(guidance.tangential(*PAIR, 5.0), kept + 5 * (with_condition - kept))


def test_the_damped_form_lies_between_no_guidance_and_the_plain_one() -> None:
    with_condition, without = PAIR

    np.testing.assert_allclose(guidance.damped(*PAIR, 6, alpha=0.0), without + 6 * (with_condition - without))
    np.testing.assert_allclose(guidance.damped(*PAIR, 6, alpha=1e3), with_condition)


@pytest.mark.parametrize("kind", guidance.FORMS)
def test_every_form_at_scale_one_is_the_conditional_model(kind: str) -> None:
    plain = guidance.sample_plane(1.0, count=60)

    np.testing.assert_allclose(guidance.sample_amended(kind, 1.0, count=60), plain, atol=1e-9)


def test_the_plain_form_is_guidance_as_it_was() -> None:
    np.testing.assert_allclose(guidance.sample_amended("plain", 4.0, 50), guidance.sample_plane(4.0, 50), atol=1e-9)


def test_the_figures_centres_are_those_of_the_code() -> None:
    from archfigures.diffusion.guidance import OTHERS, OWN

    np.testing.assert_array_equal(guidance.CENTRES[0], OWN)
    np.testing.assert_array_equal(guidance.CENTRES[1:].reshape(-1, 2), OTHERS)


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/guidance.json").read_text(encoding="utf-8"))

    assert guidance.experiment() == stored


def test_a_network_whose_mixture_is_the_conditional_prediction_is_the_guided_one() -> None:
    x = np.linspace(-2, 2, 9)
    for w in (1.0, 2.5, 7.0):
        network = guidance.guided(x, 0.6, 0.8, 0, w)
        np.testing.assert_allclose(
            guidance.mixture(network, guidance.predict(x, 0.6, 0.8), w), guidance.predict(x, 0.6, 0.8, 0)
        )

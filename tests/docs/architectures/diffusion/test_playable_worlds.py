"""Rays name lines; the choice by view is that of the published code; overlaps agree with random points."""

import json

import numpy as np
import pytest
from examples import DOCS, load

worlds = load("architectures/diffusion/playable-worlds")


def test_a_ray_is_the_same_from_each_of_its_points() -> None:
    rng = np.random.default_rng(4)
    origin, directions = rng.normal(size=3), rng.normal(size=(5, 3))
    rays = worlds.plucker(origin, directions)

    for pixel in range(5):
        along = origin + 2.5 * directions[pixel]
        np.testing.assert_allclose(worlds.plucker(along, directions)[pixel], rays[pixel], atol=1e-12)
    assert np.abs(worlds.plucker(origin + 1, directions) - rays).max() > 0.1
    np.testing.assert_allclose((rays[:, :3] * rays[:, 3:]).sum(1), 0, atol=1e-12)


def test_an_overlap_is_the_share_of_random_points() -> None:
    rng = np.random.default_rng(0)
    points = rng.uniform(-8, 8, 200_000) + 1j * rng.uniform(-8, 8, 200_000)
    for heading, place in ((0.3, 0j), (0.0, 3 + 0j), (2.0, 1 + 2j), (np.pi, 6 + 0j)):
        now, then = (0j, 0.0), (place, heading)
        inside = points[worlds.sees(now, points)]

        assert worlds.overlap(now, then) == pytest.approx(worlds.sees(then, inside).mean(), abs=0.03)
    assert worlds.overlap((0j, 0.0), (0j, np.radians(30))) == pytest.approx(0.5, abs=0.01)
    assert worlds.overlap((0j, 0.0), (0j, np.radians(61))) == 0


def test_every_view_has_the_area_of_its_slice() -> None:
    points = worlds.spread()

    assert worlds.sees((0j, 0.0), points).all()
    assert (np.abs(points) ** 2).mean() == pytest.approx(worlds.REACH**2 / 2, rel=1e-6)


def test_the_context_is_that_of_the_published_code() -> None:
    """Sections that WorldPlay's own selection, with 20,000 random points in space, reads on this walk."""
    published = {24: (0, 1, 3, 4, 5), 44: (0, 7, 8, 9, 10), 72: (0, 6, 15, 16, 17), 88: (0, 4, 19, 20, 21)}
    for start, sections in published.items():
        assert worlds.choose(worlds.walk(), start) == [4 * i + j for i in sections for j in range(4)]
    assert worlds.choose(worlds.walk(), 20) == list(range(20))


def test_the_choice_needs_no_more_latents_and_sees_more() -> None:
    shares = worlds.experiment()["share"]

    assert all(len(worlds.choose(worlds.walk(), start)) <= 20 for start in range(4, 108, 4))
    assert min(shares["chosen"][20:]) > 0.99
    assert max(shares["last"][21:25]) < 0.6
    assert min(shares["cover"][13:]) > 0.95
    assert sum(shares["cover"]) > sum(shares["chosen"])
    assert all(chosen <= most + 1e-9 for chosen, most in zip(shares["chosen"], shares["everything"], strict=True))


def test_a_longer_section_answers_later() -> None:
    assert worlds.reaction(16, 24) == pytest.approx((2 / 3, 4 / 3))
    assert worlds.reaction(16, 24, making=0.5) == pytest.approx((1 / 3, 1))
    assert worlds.reaction(1, 24) < worlds.reaction(16, 24)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/playable-worlds.json").read_text("utf-8"))

    assert stored == worlds.experiment()


def test_a_choice_by_what_is_missing_has_the_size_of_the_other_and_the_latest_latents() -> None:
    cameras = worlds.walk()
    for start in range(24, len(cameras), 4):
        kept = worlds.cover(cameras, start)

        assert len(set(kept)) == len(worlds.choose(cameras, start)) == 20
        assert set(range(start - 12, start)) <= set(kept) <= set(range(start))

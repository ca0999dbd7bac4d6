"""Surfaces cross few voxels, places on them carry a field well, and score distillation finds a mode, not a sample."""

import json

import numpy as np
import pytest
from examples import DOCS, load

shapes = load("architectures/diffusion/three-d")
STORED = json.loads((DOCS / "architectures/diffusion/three-d.json").read_text(encoding="utf-8"))


def test_a_flat_surface_crosses_one_layer_of_voxels() -> None:
    assert shapes.crossed(lambda p: p[..., 2] - 0.01, 8) == 64
    assert shapes.crossed(lambda p: p[..., 2] + 2, 8) == 0


@pytest.mark.parametrize("name", shapes.SHAPES)
def test_twice_the_resolution_means_four_times_the_voxels(name: str) -> None:
    counts = [shapes.crossed(shapes.SHAPES[name], n) for n in shapes.RESOLUTIONS[:3]]

    assert counts == STORED["crossed"][name][:3]
    np.testing.assert_allclose(np.divide(STORED["crossed"][name][1:], STORED["crossed"][name][:-1]), 4, rtol=0.1)


def test_a_sphere_is_crossed_in_proportion_to_its_surface() -> None:
    small, large = (shapes.crossed(lambda p, r=r: shapes.sphere(p, r), 64) for r in (0.35, 0.7))

    assert large / small == pytest.approx(4, rel=0.05)


def test_the_points_chosen_lie_far_apart() -> None:
    points = np.random.default_rng(0).normal(size=(300, 3))
    chosen = points[shapes.farthest(points, 20)]
    apart = np.linalg.norm(chosen[:, None] - chosen, axis=2)[np.triu_indices(20, 1)]
    random = np.linalg.norm(points[:20, None] - points[:20], axis=2)[np.triu_indices(20, 1)]

    assert apart.min() > 2 * random.min()
    gaps = np.linalg.norm(points[:, None] - chosen, axis=2).min(1)
    assert gaps.max() <= apart.min()  # every other point is nearer to a chosen one than these are to each other


def test_attention_over_places_is_a_mean_and_nearest_counts_most() -> None:
    places, queries = np.eye(3), np.array([[1.0, 0.1, 0.0], [0.0, 0.0, 2.0]])
    weight = shapes.attended(queries, places, 0.5)

    np.testing.assert_allclose(weight.sum(1), 1)
    assert weight.argmax(1).tolist() == [0, 2]


def test_a_set_describes_the_surface_better_than_a_grid_of_as_many_numbers() -> None:
    rng = np.random.default_rng(1)
    for name, rows in STORED["field"].items():
        assert all(of_grid > 10 * of_set for of_set, of_grid in rows)
        again = shapes.set_error(shapes.SHAPES[name], 32, rng), shapes.grid_error(shapes.SHAPES[name], 6, rng)
        np.testing.assert_allclose(again, rows[0], rtol=0.4)
    assert all(7 * places <= 1.15 * side**3 for places, side in shapes.SETS.items())


def test_the_model_of_noise_is_right() -> None:
    rng, t = np.random.default_rng(2), 0.4
    x = np.where(rng.random(400_000) < 0.5, 1.0, -1.0) + 0.3 * rng.normal(size=400_000)
    noise = rng.normal(size=x.size)
    z = np.cos(np.pi * t / 2) * x + np.sin(np.pi * t / 2) * noise
    for low in (-1.0, 0.0, 0.8):
        near = (z > low) & (z < low + 0.05)
        assert noise[near].mean() == pytest.approx(shapes.noise_guess(z[near], t, 0.0).mean(), abs=0.05)


def test_distilling_gives_one_result_and_sampling_the_data() -> None:
    rng = np.random.default_rng(3)
    ends = shapes.distil(np.array([-2.0, 0.0, 3.0]), 1.0, rng)

    np.testing.assert_allclose(ends, shapes.PROMPT, atol=0.05)
    drawn = shapes.sample(rng.normal(size=2000), 1.0)
    assert drawn.std() == pytest.approx(shapes.SPREAD, rel=0.1)


def test_strong_guidance_leaves_the_data() -> None:
    means = [row[0] for row in STORED["distilled"].values()]

    assert means == sorted(means)
    assert means[1] > shapes.PROMPT + 3 * shapes.SPREAD
    assert all(row[1] < 0.05 for row in STORED["distilled"].values())
    assert all(row[0] > row[2] for row in list(STORED["distilled"].values())[1:])


def test_the_page_quotes_what_is_stored() -> None:
    page = (DOCS / "architectures/diffusion/three-d.md").read_text(encoding="utf-8")

    assert f"a sphere alone crosses {STORED['crossed']['sphere'][2]:,} voxels" in page
    assert f"1/{shapes.SPREAD / STORED['distilled']['1'][1]:.0f} of the data's spread" in page

"""Positions as added vectors, as buckets and as penalties: what each knows of distance."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/position-absolute-relative")


def test_products_of_sinusoids_depend_on_the_distance_only() -> None:
    table = page.sinusoids(600, 32)
    np.testing.assert_allclose(table[10] @ table[40], table[510] @ table[540])
    np.testing.assert_allclose((table**2).sum(1), 16)


def test_a_shift_is_one_linear_map_for_all_positions() -> None:
    table = page.sinusoids(50, 8)
    shift, *_ = np.linalg.lstsq(table[:40], table[7:47], rcond=None)
    np.testing.assert_allclose(table[:43] @ shift, table[7:50], atol=1e-8)


def test_clipping_merges_what_is_far() -> None:
    numbers = page.clipped(page.distances(10), 3)
    assert numbers[9].tolist() == [6, 6, 6, 6, 6, 6, 6, 5, 4, 3]
    assert numbers.min() == 0


def test_buckets_are_exact_near_and_logarithmic_far() -> None:
    buckets = page.t5_bucket(np.arange(200))
    assert buckets[:16].tolist() == list(range(16))
    assert (np.diff(buckets) >= 0).all()
    assert (buckets[128:] == 31).all()
    assert (buckets[64] - buckets[32]) == pytest.approx(buckets[127] - buckets[64], abs=1)


def test_alibis_slopes_fall_geometrically_to_two_to_the_minus_eight() -> None:
    slopes = page.alibi_slopes(16)
    np.testing.assert_allclose(slopes[1:] / slopes[:-1], slopes[0])
    assert slopes[-1] == 2.0**-8


def test_alibi_sees_distance_not_place() -> None:
    bias = page.alibi(9, 4)
    np.testing.assert_allclose(bias[:, 5, 2], bias[:, 8, 5])


def test_alibis_window_does_not_grow_and_a_flat_one_does() -> None:
    run = page.experiment()
    assert run["ALiBi 2"][-1] == pytest.approx(run["ALiBi 2"][-4], rel=1e-3)
    assert run["none"][-1] == pytest.approx(4096)
    assert run["T5"][-1] > 2 * run["T5"][-2]


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/position-absolute-relative.json").read_text("utf-8"))
    assert {key: stored[key] for key in stored if key not in ("tried", "found", "back", "scores")} == page.experiment()


@pytest.mark.parametrize("kind", page.KINDS)
@pytest.mark.parametrize("task", ["match", "back"])
def test_the_gradient_is_the_slope_of_the_loss(kind: str, task: str) -> None:
    rng = np.random.default_rng(3)
    p = page.start(rng, kind)
    x, where = page.texts(rng, 3, 9, task)
    if "lag" in p:
        p["lag"] = p["lag"] - 1  # away from the bound, where the slope jumps

    def loss() -> float:
        return float(-np.log(page.look(p, x, kind)[0][np.arange(3), where]).mean())

    for name, slope in page.gradient(p, x, where, kind).items():
        direction = rng.normal(size=np.shape(p[name]))
        kept, step = p[name], 1e-6
        p[name] = kept + step * direction
        above = loss()
        p[name] = kept - step * direction
        below = loss()
        p[name] = kept
        assert (above - below) / (2 * step) == pytest.approx(np.sum(slope * direction), rel=1e-5, abs=1e-8)


def test_a_turned_score_depends_on_the_distance_only() -> None:
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(2, 1, page.D))

    def score(i: int, j: int) -> float:
        return float((page.turned(q, np.array([i]), 1.0) @ page.turned(k, np.array([j]), 1.0).T)[0, 0])

    assert score(9, 4) == pytest.approx(score(205, 200))
    assert score(9, 4) != pytest.approx(score(9, 5))
    half = page.turned(q, np.array([7]), 0.5)
    np.testing.assert_array_equal(half[:, 16:], q[:, 16:])


def test_a_polar_score_is_that_of_the_formula_and_depends_on_the_distance_only() -> None:
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(2, 1, page.D))
    lag = rng.normal(size=page.D)
    omega = 10_000.0 ** (-np.arange(page.D) / page.D)

    def score(i: int, j: int) -> float:
        return float((page.polar(q, np.array([i])) @ page.polar(k, np.array([j]), lag).T)[0, 0])

    lengths = np.log1p(np.exp(q[0])) * np.log1p(np.exp(k[0]))
    assert score(9, 4) == pytest.approx((lengths * np.cos(-5 * omega + lag)).sum())
    assert score(9, 4) == pytest.approx(score(205, 200))


@pytest.mark.slow
def test_a_training_run_of_the_stored_figures_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/position-absolute-relative.json").read_text("utf-8"))
    assert tuple(stored["tried"]) == page.TRIED
    row = [np.mean([page.found(page.train("T5", "back", s), "T5", "back", t) for s in (0,)]) for t in (32, 512)]
    wanted = [stored["found"]["back T5"][stored["tried"].index(t)] for t in (32, 512)]
    np.testing.assert_allclose(row, wanted, atol=0.03)


def test_what_the_page_says_of_the_stored_run() -> None:
    found = json.loads((DOCS / "architectures/transformers/position-absolute-relative.json").read_text("utf-8"))[
        "found"
    ]
    assert all(
        row[1] >= 0.97
        for name, row in found.items()
        if name not in ("back none", "back ALiBi", "back PoPE", "back PoPE at rest")
    )
    assert found["match RoPE"][-1] < found["match ALiBi"][-1] < found["match half RoPE"][-1] < found["match none"][-1]
    assert found["back PoPE free"] == [1.0] * 6
    assert found["back PoPE"][-1] < found["back PoPE random"][-1] < found["back RoPE"][-1]
    assert all(found[f"match PoPE{kind}"][-1] < found["match RoPE"][-1] for kind in ("", " random", " free"))
    assert found["match RoPE"][-1] < found["match PoPE at rest"][-1]
    assert found["back RoPE"][-1] > 2 * found["back T5"][-1]
    assert found["back table"][2] == 0


def test_polar_scores_fall_for_every_key_and_turned_ones_only_for_matches() -> None:
    stored = json.loads((DOCS / "architectures/transformers/position-absolute-relative.json").read_text("utf-8"))
    scores, far = stored["scores"], stored["back"].index(256)
    text = (DOCS / "architectures/transformers/position-absolute-relative.md").read_text("utf-8")

    assert max(map(abs, scores["RoPE other"])) < 2
    assert scores["RoPE same"][far] > 15
    assert scores["PoPE same"][far] < scores["PoPE other"][1] < scores["PoPE other"][0]
    near = f"({scores['PoPE other'][1]:.0f} to {scores['PoPE other'][0]:.0f})"
    assert f"a match 256 back ({scores['PoPE same'][far]:.0f}) is\nbelow what any near token gets {near}" in text

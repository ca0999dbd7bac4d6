"""Losses, penalties and normalised weights have exact gradients; the game's eigenvalues are those of runs."""

import json

import numpy as np
import pytest
from examples import DOCS, load

gs = load("architectures/classic/gan-stability")
rng = np.random.default_rng(0)
REAL, FAKE = rng.normal(size=9), rng.normal(size=9)
WEIGHTS = (rng.normal(size=(3, 5)), rng.normal(size=5), rng.normal(size=5))
X = rng.normal(size=(7, 3))
D_KINDS = ("logistic", "hinge", "least squares", "Wasserstein", "relativistic")
G_KINDS = ("minimax", "non-saturating", "least squares", "Wasserstein", "hinge", "relativistic")


def numeric(f, x: np.ndarray, step: float = 1e-6) -> np.ndarray:  # type: ignore[no-untyped-def]
    out = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        moved = np.zeros_like(x)
        moved[place] = step
        out[place] = (f(x + moved) - f(x - moved)) / (2 * step)
    return out


@pytest.mark.parametrize("kind", D_KINDS)
def test_discriminator_gradients(kind: str) -> None:
    _, on_real, on_fake = gs.discriminator_loss(kind, REAL, FAKE)

    np.testing.assert_allclose(on_real, numeric(lambda r: gs.discriminator_loss(kind, r, FAKE)[0], REAL), atol=1e-8)
    np.testing.assert_allclose(on_fake, numeric(lambda f: gs.discriminator_loss(kind, REAL, f)[0], FAKE), atol=1e-8)


@pytest.mark.parametrize("kind", G_KINDS)
def test_generator_gradients(kind: str) -> None:
    _, gradient = gs.generator_loss(kind, REAL, FAKE)

    np.testing.assert_allclose(gradient, numeric(lambda f: gs.generator_loss(kind, REAL, f)[0], FAKE), atol=1e-8)


def test_the_losses_are_the_textbook_ones() -> None:
    p_real, p_fake = 1 / (1 + np.exp(-REAL)), 1 / (1 + np.exp(-FAKE))
    cross_entropy = -np.mean(np.log(p_real)) - np.mean(np.log(1 - p_fake))
    assert gs.discriminator_loss("logistic", REAL, FAKE)[0] == pytest.approx(cross_entropy)
    assert gs.generator_loss("minimax", REAL, FAKE)[0] == pytest.approx(np.mean(np.log(1 - p_fake)))
    assert gs.generator_loss("non-saturating", REAL, FAKE)[0] == pytest.approx(-np.mean(np.log(p_fake)))
    paired = -np.mean(np.log(1 / (1 + np.exp(-(REAL - FAKE)))))
    assert gs.discriminator_loss("relativistic", REAL, FAKE)[0] == pytest.approx(paired)
    swapped = -np.mean(np.log(1 / (1 + np.exp(-(FAKE - REAL)))))
    assert gs.generator_loss("relativistic", REAL, FAKE)[0] == pytest.approx(swapped)
    hinge = gs.discriminator_loss("hinge", np.array([0.5, 2.0]), np.array([-3.0, 0.0]))
    assert hinge[0] == pytest.approx((0.5 + 0 + 0 + 1) / 2)


def test_only_relativistic_and_wasserstein_losses_ignore_a_shift_of_all_scores() -> None:
    for kind in D_KINDS:
        same = gs.discriminator_loss(kind, REAL + 3, FAKE + 3)[0] == pytest.approx(
            gs.discriminator_loss(kind, REAL, FAKE)[0]
        )
        assert same == (kind in ("Wasserstein", "relativistic"))


def test_the_input_gradient_is_the_score_s_slope() -> None:
    slopes = numeric(lambda x: gs.critic(x, WEIGHTS)[0].sum(), X)

    np.testing.assert_allclose(gs.input_gradient(X, WEIGHTS), slopes, atol=1e-8)


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_penalty_and_its_gradients(target: float) -> None:
    value, gradients = gs.penalty(X, WEIGHTS, target)
    norms = np.linalg.norm(numeric(lambda x: gs.critic(x, WEIGHTS)[0].sum(), X), axis=1)

    assert value == pytest.approx(((norms - target) ** 2).mean())
    for index, gradient in enumerate(gradients):

        def moved(w: np.ndarray, index: int = index) -> float:
            return gs.penalty(X, tuple(w if i == index else old for i, old in enumerate(WEIGHTS)), target)[0]

        np.testing.assert_allclose(gradient, numeric(moved, WEIGHTS[index]), atol=1e-7)


def test_points_between_lie_on_the_lines() -> None:
    real, fake = X, X + rng.normal(size=X.shape)
    share = (gs.between(real, fake, rng) - fake) / (real - fake)

    assert np.ptp(share, axis=1).max() < 1e-9
    assert (share >= 0).all()
    assert (share <= 1).all()


def test_power_iteration_finds_the_largest_singular_value_at_the_known_speed() -> None:
    orthogonal = [np.linalg.qr(rng.normal(size=(n, n)))[0] for n in (6, 4)]
    weight, u = orthogonal[0][:, :4] @ np.diag([2.0, 1.7, 0.3, 0.1]) @ orthogonal[1], rng.normal(size=6)
    left, values, right = np.linalg.svd(weight)
    sigma, u200, v200 = gs.power_iteration(weight, u, 200)

    assert sigma == pytest.approx(values[0])
    assert abs(u200 @ left[:, 0]) == pytest.approx(1)
    assert abs(v200 @ right[0]) == pytest.approx(1)
    off = [1 - gs.power_iteration(weight, u, rounds)[0] / values[0] for rounds in (8, 9)]
    assert off[1] / off[0] == pytest.approx((values[1] / values[0]) ** 4, rel=0.05)


def test_one_round_a_step_follows_a_slowly_changing_weight() -> None:
    weight, u = rng.normal(size=(6, 4)), rng.normal(size=6)
    for _ in range(200):
        weight = weight + 1e-3 * rng.normal(size=weight.shape)
        sigma, u, _ = gs.power_iteration(weight, u)

    assert sigma == pytest.approx(np.linalg.norm(weight, 2), rel=1e-2)


def test_the_gradient_through_the_normalisation() -> None:
    weight, probe = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    _, u, v = gs.power_iteration(weight, rng.normal(size=4), 300)
    gradient = gs.normalised_gradient(weight, probe, u, v)

    np.testing.assert_allclose(gradient, numeric(lambda w: (probe * w / np.linalg.norm(w, 2)).sum(), weight), atol=1e-7)
    assert (gradient * weight).sum() == pytest.approx(0, abs=1e-8)  # the scale of W does not matter


def test_the_norm_of_a_convolution_is_that_of_its_matrix_and_not_of_the_flat_kernel() -> None:
    size, kernel = 5, rng.normal(size=(2, 3, 3, 3))
    matrix = np.zeros((2 * size**2, 3 * size**2))
    for o, i, dy, dx in np.ndindex(kernel.shape):
        for y, x in np.ndindex(size, size):
            row = o * size**2 + y * size + x
            matrix[row, i * size**2 + (y - dy) % size * size + (x - dx) % size] += kernel[o, i, dy, dx]
    norm, flat = np.linalg.norm(matrix, 2), np.linalg.norm(kernel.reshape(2, -1), 2)

    assert gs.convolution_norm(kernel, size) == pytest.approx(norm)
    assert flat < norm <= 3 * flat


@pytest.mark.parametrize(
    ("rule", "strength"),
    [*gs.GAMES, ("R1", 2.0), ("R1, non-saturating", 0.7), ("R1 and R2", 0.5), ("R1 and R2", 0.2)],
)
def test_exact_eigenvalues_are_those_of_the_field_and_of_integrated_runs(rule: str, strength: float) -> None:
    exact = gs.exact_eigenvalues(rule, strength)
    matrix = np.stack([numeric(lambda s, k=k: gs.field(rule, *s, strength)[k], np.zeros(2)) for k in range(2)])

    assert np.trace(matrix) == pytest.approx(exact.sum().real, abs=1e-8)
    assert np.linalg.det(matrix) == pytest.approx(exact.prod().real, abs=1e-8)
    assert gs.measured_eigenvalue(rule, strength) == pytest.approx(exact[0], abs=2e-4)


@pytest.mark.parametrize("how", ["together", "in turns", "look ahead"])
def test_one_step_stretches_as_computed(how: str) -> None:
    columns = [gs.update("minimax", 1e-7 * e, 0.2, how) / 1e-7 for e in np.eye(2)]
    radius = np.abs(np.linalg.eigvals(np.stack(columns, 1))).max()

    assert radius == pytest.approx(gs.exact_multiplier(0.5j, 0.2, how), abs=1e-6)


def test_steps_together_run_away_in_turns_circle_and_looking_ahead_converges() -> None:
    distance = {}
    for how in ("together", "in turns", "look ahead"):
        state = np.array([0.02, 0.01])
        for _ in range(400):
            state = gs.update("minimax", state, 0.2, how)
        distance[how] = np.linalg.norm(state) / np.hypot(0.02, 0.01)

    assert distance["together"] > 3
    assert 0.7 < distance["in turns"] < 1.4
    assert distance["look ahead"] < 0.3


def test_the_gradient_penalty_to_one_circles_and_the_one_to_zero_converges() -> None:
    circling = np.linalg.norm(gs.integrate("WGAN-GP", (1.0, 0.5), 300, 0.3), axis=1)
    converging = np.linalg.norm(gs.integrate("R1", (1.0, 0.5), 60, 0.3), axis=1)

    assert circling[-2000:].min() > 0.3
    assert converging[-1] < 1e-3


def test_on_one_point_the_relativistic_loss_is_the_non_saturating_one() -> None:
    theta, psi = 0.7, -1.3
    real, fake = np.array([0.0]), np.array([psi * theta])
    on_fake = gs.discriminator_loss("relativistic", real, fake)[2].item()
    push = gs.generator_loss("relativistic", real, fake)[1].item()

    np.testing.assert_allclose(gs.field("non-saturating", theta, psi), [-push * psi, -on_fake * theta])


@pytest.mark.parametrize("distance", [0.5, 2.0, 5.0])
def test_gradients_over_a_distance_are_those_of_the_divergences(distance: float) -> None:
    x = np.linspace(-12, 18, 60_001)

    def twice_js(d: float) -> float:
        p, q = (np.exp(-0.5 * (x - m) ** 2) / np.sqrt(2 * np.pi) for m in (0.0, d))
        middle = (p + q) / 2 + 1e-300
        return float((p * np.log(p / middle + 1e-300) + q * np.log(q / middle + 1e-300)).sum() * (x[1] - x[0]))

    slopes = gs.shift_gradients(distance)
    js = (twice_js(distance + 1e-4) - twice_js(distance - 1e-4)) / 2e-4

    assert slopes["minimax"] == pytest.approx(js, abs=1e-6)
    assert slopes["non-saturating"] == pytest.approx(distance - js, abs=1e-6)  # of KL(q‖p) - 2 JS


@pytest.mark.parametrize("kind", ["non-saturating", "relativistic"])
def test_the_two_point_game_follows_the_gradients_of_its_losses(kind: str) -> None:
    points, weights, r1, r2, rate = np.array([0.3, 0.9]), np.zeros(8), 0.4, 0.7, 0.05

    def scores(w: np.ndarray, x: np.ndarray) -> np.ndarray:
        return gs.bumps(x)[0] @ w[:7] + w[7]

    def critic_loss(w: np.ndarray, x: np.ndarray) -> float:
        real, fake = scores(w, gs.DATA), scores(w, x)
        if kind == "relativistic":
            loss = np.mean([np.logaddexp(0, f - r) for f in fake for r in real])
        else:
            loss = np.logaddexp(0, -real).mean() + np.logaddexp(0, fake).mean()
        slopes = [(scores(w, at + 1e-5) - scores(w, at - 1e-5)) / 2e-5 for at in (gs.DATA, x)]
        return float(loss + r1 / 2 * (slopes[0] ** 2).mean() + r2 / 2 * (slopes[1] ** 2).mean())

    def generator_loss(w: np.ndarray, x: np.ndarray) -> float:  # the sum: each point moves at full speed
        real, fake = scores(w, gs.DATA), scores(w, x)
        if kind == "relativistic":
            return float(np.sum([np.logaddexp(0, r - f) for f in fake for r in real]) / 2)
        return float(np.logaddexp(0, -fake).sum())

    for _ in range(12):
        moved = points - 2.0 * rate * numeric(lambda x: generator_loss(weights, x), points)  # noqa: B023
        weights = weights - rate * numeric(lambda w: critic_loss(w, points), weights)  # noqa: B023
        points = moved
    path = gs.two_modes(np.array([[0.3, 0.9]]), 2.0, r1, r2, kind, steps=12, rate=rate)

    np.testing.assert_allclose(path[-1, 0], points, atol=1e-5)


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/classic/gan-stability.json").read_text(encoding="utf-8"))
    fresh = gs.experiment()

    for name, row in stored["covering"].items():
        np.testing.assert_allclose(fresh["covering"][name], row, atol=0.07)  # two of 31 starts may tip over
    assert fresh["slopes"] == stored["slopes"]
    assert min(stored["covering"]["R1 and R2"]) == 1.0 > max(stored["covering"]["no penalty"])


def test_gradients_of_the_penalty_by_differences() -> None:
    def value(weights: tuple[np.ndarray, ...]) -> float:
        return float(gs.difference_penalty(X, weights, 0.3, np.random.default_rng(1))[0])

    _, gradients = gs.difference_penalty(X, WEIGHTS, 0.3, np.random.default_rng(1))
    for place, gradient in enumerate(gradients):

        def moved(w: np.ndarray, place: int = place) -> float:
            return value(tuple(w if i == place else old for i, old in enumerate(WEIGHTS)))

        np.testing.assert_allclose(gradient, numeric(moved, WEIGHTS[place]), atol=1e-7)


def test_differences_over_a_small_width_are_r1_on_average() -> None:
    noise = np.random.default_rng(2)
    many = [gs.difference_penalty(X, WEIGHTS, 1e-3, noise)[0] / 1e-6 for _ in range(4000)]

    assert np.mean(many) == pytest.approx(gs.penalty(X, WEIGHTS)[0], rel=0.05)

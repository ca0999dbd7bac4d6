"""Every log-determinant is that of a numerical Jacobian, every map is inverted, two ways of inverting agree."""

import json
from itertools import pairwise

import numpy as np
import pytest
from examples import DOCS, load

nf = load("architectures/classic/normalizing-flows")
rng = np.random.default_rng(0)


def jacobian(f, x: np.ndarray, step: float = 1e-6) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Of a map of flat vectors."""
    columns = [(f(x + step * e) - f(x - step * e)) / (2 * step) for e in np.eye(len(x))]
    return np.stack(columns, 1)


def coupling_weights(d: int, width: int = 7) -> list[np.ndarray]:
    return [rng.normal(size=s) for s in ((d, width), (width,), (width, 2 * d), (2 * d,))]


@pytest.mark.parametrize("d", [2, 3, 6])
def test_coupling_has_the_log_determinant_of_its_jacobian_and_is_inverted(d: int) -> None:
    mask, weights, x = (np.arange(d) % 2).astype(float), coupling_weights(d), rng.normal(size=(4, d))
    y, change = nf.coupling(x, mask, weights)

    np.testing.assert_allclose(nf.coupling_inverse(y, mask, weights), x, atol=1e-12)
    for row, logdet in zip(x, change, strict=True):
        numeric = jacobian(lambda v: nf.coupling(v[None], mask, weights)[0][0], row)
        assert logdet == pytest.approx(np.linalg.slogdet(numeric)[1], abs=1e-7)


def test_a_stack_is_a_density_that_integrates_to_one_and_samples_go_back() -> None:
    layers = [(np.array([1.0, 0.0]), coupling_weights(2)), (np.array([0.0, 1.0]), coupling_weights(2))]
    layers = [(mask, [0.4 * w for w in weights]) for mask, weights in layers]
    axis = np.linspace(-14, 14, 561)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)

    assert np.exp(nf.log_density(grid, layers)).sum() * (axis[1] - axis[0]) ** 2 == pytest.approx(1, abs=1e-3)
    z = rng.normal(size=(5, 2))
    back = nf.sample(z, layers)
    for mask, weights in layers:
        back, _ = nf.coupling(back, mask, weights)
    np.testing.assert_allclose(back, z, atol=1e-12)


def test_channel_mixing_and_its_factored_form() -> None:
    x, matrix = rng.normal(size=(2, 3, 4)), rng.normal(size=(4, 4))
    _, change = nf.mix_channels(x, matrix)
    numeric = jacobian(lambda v: nf.mix_channels(v.reshape(2, 3, 4), matrix)[0].ravel(), x.ravel())
    assert change == pytest.approx(np.linalg.slogdet(numeric)[1], abs=1e-6)

    log_size, sign = rng.normal(size=4), np.array([1.0, -1.0, 1.0, -1.0])
    factored = nf.lu_matrix(np.eye(4)[[2, 0, 3, 1]], rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), log_size, sign)
    assert np.linalg.slogdet(factored)[1] == pytest.approx(log_size.sum())


def test_actnorm_standardises_the_first_batch_and_squeezing_loses_nothing() -> None:
    x = 3 + 5 * rng.normal(size=(8, 6, 6, 3))
    scale, shift = nf.actnorm(x)
    np.testing.assert_allclose((x * scale + shift).mean((0, 1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose((x * scale + shift).std((0, 1, 2)), 1)

    squeezed = nf.squeeze(x[0])
    assert squeezed.shape == (3, 3, 12)
    assert sorted(squeezed.ravel()) == sorted(x[0].ravel())
    np.testing.assert_array_equal(squeezed[1, 2, :3], x[0][2, 4])


FIELD = (rng.normal(size=(4, 9)), rng.normal(size=9), rng.normal(size=(9, 4)) / 3)


def test_the_divergence_is_the_trace_of_the_jacobian() -> None:
    x = rng.normal(size=(3, 4))
    for row, exact in zip(x, nf.divergence(x, FIELD), strict=True):
        assert exact == pytest.approx(np.trace(jacobian(lambda v: nf.velocity(v[None], FIELD)[0], row)), abs=1e-7)


@pytest.mark.parametrize("kind", ["signs", "Gaussian"])
def test_hutchinson_has_the_right_mean_and_the_known_variance(kind: str) -> None:
    x = rng.normal(size=(1, 4))
    matrix = jacobian(lambda v: nf.velocity(v[None], FIELD)[0], x[0])
    symmetric = (matrix + matrix.T) / 2
    n = 400_000
    probe = rng.choice([-1.0, 1.0], size=(n, 4)) if kind == "signs" else rng.normal(size=(n, 4))
    seen = nf.hutchinson(np.repeat(x, n, 0), FIELD, probe)
    square = symmetric**2
    variance = 2 * (square.sum() - (np.trace(square) if kind == "signs" else 0))

    assert seen.mean() == pytest.approx(np.trace(matrix), abs=5 * np.sqrt(variance / n))
    assert seen.var() == pytest.approx(variance, rel=0.02)


def test_the_continuous_flow_has_the_log_determinant_of_its_map_and_runs_back() -> None:
    x = rng.normal(size=(2, 4))
    y, change = nf.integrate(x, FIELD)
    for row, logp in zip(x, change, strict=True):
        numeric = jacobian(lambda v: nf.integrate(v[None], FIELD)[0][0], row)
        assert -logp == pytest.approx(np.linalg.slogdet(numeric)[1], abs=1e-5)
    back, undone = nf.integrate(y, FIELD, backward=True)
    np.testing.assert_allclose(back, x, atol=1e-6)
    np.testing.assert_allclose(undone, -change, atol=1e-6)


def test_one_probe_for_a_whole_path_gives_the_change_on_average() -> None:
    x = np.repeat(rng.normal(size=(1, 4)), 20_000, 0)
    _, exact = nf.integrate(x[:1], FIELD, steps=8)
    _, noisy = nf.integrate(x, FIELD, steps=8, probe=rng.choice([-1.0, 1.0], size=x.shape))

    assert noisy.mean() == pytest.approx(exact[0], abs=5 * noisy.std() / np.sqrt(20_000))
    assert noisy.std() > 0


BLOCK = [0.4 * rng.normal(size=s) for s in ((3, 5), (3, 5), (3, 3), (3, 6))]


def test_the_autoregressive_block_has_the_log_determinant_of_its_jacobian() -> None:
    x = rng.normal(size=(5, 3))
    z, logdet = nf.tarflow(x, BLOCK)
    numeric = jacobian(lambda v: nf.tarflow(v.reshape(5, 3), BLOCK)[0].ravel(), x.ravel())

    assert logdet == pytest.approx(np.linalg.slogdet(numeric)[1], abs=1e-7)
    blocks = np.abs(numeric.reshape(5, 3, 5, 3)).max((1, 3))
    assert np.triu(blocks, 1).max() < 1e-12  # a patch depends on itself and on those before it
    np.testing.assert_allclose(nf.tarflow_inverse(z, BLOCK), x, atol=1e-10)
    np.testing.assert_array_equal(z[0], x[0])


def test_inverting_in_parallel_rounds_agrees_with_inverting_patch_by_patch() -> None:
    z = rng.normal(size=(9, 3))
    exact = nf.tarflow_inverse(z, BLOCK)

    np.testing.assert_allclose(nf.tarflow_inverse_parallel(z, BLOCK, 8), exact, atol=1e-12)
    for rounds in range(1, 8):  # after n rounds the first n + 1 patches are right
        near = nf.tarflow_inverse_parallel(z, BLOCK, rounds)
        np.testing.assert_allclose(near[: rounds + 1], exact[: rounds + 1], atol=1e-10)


def test_training_gradients() -> None:
    layers = [(np.array([1.0, 0.0]), coupling_weights(2, 4)), (np.array([0.0, 1.0]), coupling_weights(2, 4))]
    x = rng.normal(size=(6, 2))
    _, gradient = nf.gradients(x, layers)
    for (_, weights), slopes in zip(layers, gradient, strict=True):
        for w, slope in zip(weights, slopes, strict=True):
            place = tuple(rng.integers(s) for s in w.shape)
            w[place] += 1e-6
            up = nf.gradients(x, layers)[0]
            w[place] -= 2e-6
            down = nf.gradients(x, layers)[0]
            w[place] += 1e-6
            assert slope[place] == pytest.approx((up - down) / 2e-6, abs=1e-6)


def test_the_true_density_of_the_moons_is_one() -> None:
    axis = np.linspace(-4, 4, 321)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    density = np.exp(np.concatenate([nf.moons_log_density(part, 300) for part in np.array_split(grid, 40)]))

    assert density.sum() * (axis[1] - axis[0]) ** 2 == pytest.approx(1, abs=1e-3)


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/classic/normalizing-flows.json").read_text(encoding="utf-8"))
    likelihood = dict(map(tuple, stored["likelihood"]))
    data, held = nf.two_draws()

    assert -nf.log_density(held, nf.train(data, 4)).mean() == pytest.approx(likelihood[4], abs=0.02)
    best = -nf.moons_log_density(nf.two_draws()[1]).mean()
    assert likelihood[2] > likelihood[4] > likelihood[8] > best
    assert likelihood[8] < best + 0.1
    assert f"take {best:.2f} nats" in (DOCS / "architectures/classic/normalizing-flows.md").read_text(encoding="utf-8")


def test_gaussian_steps_lose_nothing_on_gaussian_data_and_a_known_amount_in_one_step() -> None:
    assert nf.gaussian_gap(4, wells=(0.0,)) == pytest.approx(0, abs=1e-4)
    apart = 0.5 * np.log((1 + 0.1**2) / 0.1**2) - np.log(2)  # entropies, for wells that do not overlap
    assert nf.gaussian_gap(1) == pytest.approx(apart, abs=1e-3)


def test_what_gaussian_steps_lose_does_not_depend_on_the_grid_and_falls_with_their_number() -> None:
    assert nf.gaussian_gap(4, points=801) == pytest.approx(nf.gaussian_gap(4), rel=1e-3)
    lost = {n: nf.gaussian_gap(n, points=801) for n in (1, 2, 4, 8, 32)}
    assert all(a > b for a, b in pairwise(lost.values()))
    text = (DOCS / "architectures/classic/normalizing-flows.md").read_text(encoding="utf-8")
    assert f"the best four Gaussian steps lose {lost[4]:.2f} nats, the best 32 lose {lost[32]:.2f} " in text

"""The matrices do what they are derived for, the three views agree, and the fast kernels are exact."""

import json

import numpy as np
import pytest
from examples import DOCS, load

s4 = load("architectures/recurrent/s4")
RNG = np.random.default_rng(11)


def test_legendre_polynomials_are_orthonormal_on_the_unit_interval() -> None:
    places, weights = np.polynomial.legendre.leggauss(40)
    values = s4.legendre(12, (places + 1) / 2)

    np.testing.assert_allclose(values.T @ (values * weights[:, None]) / 2, np.eye(12), atol=1e-12)


@pytest.mark.parametrize("degree", [0, 1, 3, 5])
def test_the_matrices_move_the_coefficients_of_the_past(degree: int) -> None:
    """For u = t^degree the coefficients up to t are known integrals; their derivative is (A x + B u) / t."""
    n = 8
    places, weights = np.polynomial.legendre.leggauss(30)
    share, weights = (places + 1) / 2, weights / 2

    def coefficients(t: float) -> np.ndarray:
        return s4.legendre(n, share).T @ (weights * (share * t) ** degree)

    a, b = s4.legs(n)
    t, small = 1.7, 1e-5
    slope = (coefficients(t + small) - coefficients(t - small)) / (2 * small)

    np.testing.assert_allclose(slope, (a @ coefficients(t) + b * t**degree) / t, atol=1e-8)


def test_memory_is_nearly_as_good_as_the_best_polynomials() -> None:
    u = s4.signal()
    for n in (8, 16):
        found, bound = s4.relative(s4.recall(s4.remember(u, n), len(u)), u), s4.relative(s4.best(u, n), u)
        assert bound <= found < 1.01 * bound


@pytest.mark.parametrize("time", [0.0, 0.3, 1.0, 2.5])
def test_without_the_factor_the_response_is_legendre_in_an_exponential(time: float) -> None:
    a, b = s4.legs(9)
    closed = np.exp(-time) * s4.legendre(9, [np.exp(-time)])[0]

    np.testing.assert_allclose(s4.expm(time * a) @ b, closed, atol=1e-10)


def test_the_exponential_agrees_with_eigenvalues_and_with_a_rotation() -> None:
    m = RNG.normal(size=(6, 6))
    values, vectors = np.linalg.eig(m)
    np.testing.assert_allclose(s4.expm(m), (vectors * np.exp(values) @ np.linalg.inv(vectors)).real, atol=1e-9)

    turn = s4.expm(np.array([[0.0, -2.0], [2.0, 0.0]]))
    np.testing.assert_allclose(turn, [[np.cos(2), -np.sin(2)], [np.sin(2), np.cos(2)]], atol=1e-12)


def test_the_hold_is_exact_for_a_constant_input() -> None:
    """Against many tiny Euler steps, with Richardson's extrapolation."""
    a, b = s4.legs(4)
    decay, written = s4.hold(a, b, 0.2)

    def small_steps(count: int) -> np.ndarray:
        x = np.ones(4)
        for _ in range(count):
            x = x + 0.2 / count * (a @ x + 3.0 * b)
        return x

    np.testing.assert_allclose(
        2 * small_steps(20_000) - small_steps(10_000), decay @ np.ones(4) + 3.0 * written, atol=1e-7
    )


@pytest.mark.parametrize(("method", "order"), [("bilinear", 3), ("euler", 2)])
def test_the_orders_of_the_rules(method: str, order: int) -> None:
    a, b = s4.legs(4)

    def error(step: float) -> float:
        exact, got = s4.hold(a, b, step)[0], getattr(s4, method)(a, b, step)[0]
        return float(np.abs(got - exact).max())

    assert np.log2(error(0.002) / error(0.001)) == pytest.approx(order, abs=0.05)


@pytest.mark.parametrize("step", [0.1, 10.0, 1000.0])
def test_the_bilinear_rule_is_stable_for_every_step_and_eulers_is_not(step: float) -> None:
    a, b = s4.legs(6)

    assert np.abs(np.linalg.eigvals(s4.bilinear(a, b, step)[0])).max() < 1
    if step > 1:
        assert np.abs(np.linalg.eigvals(s4.euler(a, b, step)[0])).max() > 1


def test_the_three_views_agree_and_the_padding_is_needed() -> None:
    u, c = RNG.normal(size=60), RNG.normal(size=6)
    decay, written = s4.hold(*s4.legs(6), 0.05)
    k = s4.kernel(decay, written, c, 60)
    step_by_step = s4.recurrence(decay, written, c, u)

    np.testing.assert_allclose(s4.convolve(k, u), step_by_step, atol=1e-11)
    np.testing.assert_allclose(np.convolve(k, u)[:60], step_by_step, atol=1e-11)
    wrapped = np.fft.irfft(np.fft.rfft(k) * np.fft.rfft(u), 60)
    assert np.abs(wrapped - step_by_step).max() > 0.1


@pytest.mark.parametrize(("n", "length"), [(8, 64), (16, 101), (32, 256)])
def test_the_fast_kernel_is_the_powers_of_the_bilinear_matrix(n: int, length: int) -> None:
    c = RNG.normal(size=n)
    plain = s4.kernel(*s4.bilinear(*s4.legs(n), 0.02), c, length)

    np.testing.assert_allclose(s4.s4_kernel(c, 0.02, length), plain, atol=1e-9 * np.abs(plain).max())


def test_the_normal_part_has_real_parts_of_minus_a_half_and_the_rank_is_one() -> None:
    poles, p, b, basis = s4.normal_plus_low_rank(10)
    rebuilt = basis @ (np.diag(poles) - np.outer(p, p.conj())) @ basis.conj().T

    np.testing.assert_allclose(poles.real, -0.5, atol=1e-12)
    np.testing.assert_allclose(rebuilt, s4.legs(10)[0], atol=1e-10)
    np.testing.assert_allclose(b, np.sqrt(2) * p, atol=1e-12)


def test_the_diagonal_kernel_is_that_of_a_real_system() -> None:
    """Each complex pole with its conjugate is a 2 × 2 rotation with decay."""
    poles, coefficients = np.array([-0.5 + 2j, -0.3 + 5j]), np.array([0.7 - 0.2j, -0.4 + 0.9j])
    a, b, c = np.zeros((4, 4)), np.zeros(4), np.zeros(4)
    for i, (pole, weight) in enumerate(zip(poles, coefficients, strict=True)):
        s = slice(2 * i, 2 * i + 2)
        a[s, s] = [[pole.real, -pole.imag], [pole.imag, pole.real]]
        b[s], c[s] = (1, 0), (2 * weight.real, -2 * weight.imag)

    plain = s4.kernel(*s4.hold(a, b, 0.1), c, 50)
    np.testing.assert_allclose(s4.s4d_kernel(poles, coefficients, 0.1, 50), plain, atol=1e-12)


def test_dropping_the_low_rank_only_scales_each_frequency_and_vanishes_with_size() -> None:
    poles, p, b, _ = s4.normal_plus_low_rank(32)
    a, b_real = s4.legs(32)
    for omega in (0.5, 2.0):
        g = (p.conj() * p / (1j * omega - poles)).sum()
        _, _, _, basis = s4.normal_plus_low_rank(32)
        exact = np.linalg.solve(1j * omega * np.eye(32) - a, b_real)
        np.testing.assert_allclose(basis @ (b / (1j * omega - poles)) / (1 + g), exact, atol=1e-9)

    gaps = [s4.diagonal_gap(n) for n in (32, 64, 128)]
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=0.2)
    assert gaps[1] / gaps[2] == pytest.approx(2, rel=0.2)


def test_one_system_with_many_inputs_is_many_systems_when_its_maps_are_blocks() -> None:
    """S5 contains S4D: block-diagonal B and C keep the channels apart."""
    poles = -0.5 + 1j * np.array([1.0, 3.0])
    c, u = RNG.normal(size=(2, 2)) + 1j * RNG.normal(size=(2, 2)), RNG.normal(size=(40, 2))
    decay, written = np.exp(0.1 * poles), np.expm1(0.1 * poles) / poles
    apart = np.stack([s4.convolve(s4.s4d_kernel(poles, c[i], 0.1, 40), u[:, i]) for i in range(2)], axis=1)

    x, out = np.zeros(4, complex), []
    b_all, c_all = np.zeros((4, 2), complex), np.zeros((2, 4), complex)
    for i in range(2):
        b_all[2 * i : 2 * i + 2, i], c_all[i, 2 * i : 2 * i + 2] = written, c[i]
    for row in u:
        x = np.tile(decay, 2) * x + b_all @ row
        out.append(2 * (c_all @ x).real)
    np.testing.assert_allclose(np.stack(out), apart, atol=1e-12)


def test_hyena_is_a_gated_sum_over_the_past() -> None:
    w, u = s4.hyena_weights(), RNG.normal(size=(25, 4))
    found = s4.hyena(u, w)

    projected, h = u @ w["in"], s4.long_filter(w, 25)
    expected = np.zeros((25, 4))
    for t in range(25):

        def short(s: int) -> np.ndarray:
            return sum(w["short"][2 - lag] * projected[s - lag] for lag in range(3) if s >= lag)

        gate, key, value = np.split(short(t), 3)
        mixed = w["skip"] * key * value
        for s in range(t + 1):
            _, k_s, v_s = np.split(short(s), 3)
            mixed = mixed + h[t - s] * k_s * v_s
        expected[t] = (gate * mixed) @ w["out"]

    np.testing.assert_allclose(found, expected, atol=1e-11)


def test_hyena_does_not_look_ahead() -> None:
    w, u = s4.hyena_weights(), RNG.normal(size=(25, 4))
    changed = u.copy()
    changed[15:] = 0

    np.testing.assert_allclose(s4.hyena(changed, w)[:15], s4.hyena(u, w)[:15], atol=1e-11)


def test_the_caption_has_the_errors_of_the_run() -> None:
    page = (DOCS / "architectures/recurrent/s4.md").read_text(encoding="utf-8")
    u = s4.signal()

    found = s4.relative(s4.recall(s4.remember(u, 32), len(u)), u), s4.relative(s4.best(u, 32), u)
    assert "{:.3f} of the signal's size, against {:.3f}".format(*found) in " ".join(page.split())


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored, again = json.loads((DOCS / "architectures/recurrent/s4.json").read_text(encoding="utf-8")), s4.experiment()

    for key in ("signal", "time_invariant", "filter"):
        np.testing.assert_allclose(stored[key], again[key], atol=2e-4)
    for group in ("recalled", "errors"):
        for name, values in again[group].items():
            np.testing.assert_allclose(stored[group][name], values, atol=2e-4)
    for name, values in again["discretisation"].items():
        np.testing.assert_allclose(stored["discretisation"][name], values, rtol=0.01)

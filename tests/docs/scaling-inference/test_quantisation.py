"""Decoders against fp16 and fp32 bit patterns, rounding against exact search, GPTQ against its formula."""

import json
from fractions import Fraction

import numpy as np
import pytest
from examples import DOCS, load

q = load("scaling-inference/quantisation")


def test_e5m2_is_the_upper_byte_of_fp16() -> None:
    halves = (np.arange(256, dtype=np.uint16) << 8).view(np.float16).astype(float)

    np.testing.assert_array_equal(q.FORMATS["E5M2"], halves)


@pytest.mark.parametrize(
    ("name", "exponent", "mantissa"), [("E4M3", 4, 3), ("E3M2", 3, 2), ("E2M3", 2, 3), ("E2M1", 2, 1)]
)
def test_normal_codes_are_fp32_with_another_bias(name: str, exponent: int, mantissa: int) -> None:
    codes = np.arange(2**mantissa, 2 ** (exponent + mantissa), dtype=np.uint32)
    shift = 127 - (2 ** (exponent - 1) - 1)
    wide = ((codes + (shift << mantissa)) << (23 - mantissa)).astype(np.uint32).view(np.float32).astype(float)
    if name == "E4M3":
        wide[-1] = np.nan

    np.testing.assert_array_equal(q.FORMATS[name][codes], wide)


def test_published_ranges() -> None:
    assert q.FORMATS["E2M1"][:8].tolist() == [0, 0.5, 1, 1.5, 2, 3, 4, 6]
    assert q.FORMATS["E2M3"][:16].tolist() == [i / 8 for i in range(16)]
    largest = {name: np.nanmax(table[np.isfinite(table)]) for name, table in q.FORMATS.items()}
    assert largest == {"E5M2": 57344, "E4M3": 448, "E3M2": 28, "E2M3": 7.5, "E2M1": 6}
    assert int(np.isfinite(q.FORMATS["E4M3"]).sum()) == 254  # 253 values: zero has two codes
    assert q.facts() == json.loads((DOCS / "scaling-inference/quantisation.json").read_text())["formats"]


@pytest.mark.parametrize("name", list(q.FORMATS))
def test_rounding_is_nearest_with_ties_to_even_codes(name: str) -> None:
    table = q.FORMATS[name]
    positive = table[: len(table) // 2]
    finite = positive[np.isfinite(positive)]
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.uniform(0, finite[-1], 200), (finite[1:] + finite[:-1]) / 2, [finite[-1] * 3, 0.0]])
    exact = [Fraction(float(v)) for v in finite]
    for value, code in zip(x, q.encode(x, name), strict=True):
        held = min(Fraction(float(value)), exact[-1])
        distances = [abs(v - held) for v in exact]
        least = min(distances)
        best = [i for i, d in enumerate(distances) if d == least]
        assert code == (best[0] if len(best) == 1 else next(i for i in best if i % 2 == 0))
    np.testing.assert_array_equal(q.to(name, -x), -q.to(name, x))


def test_microscaling_uses_powers_of_two_and_cuts_off_above_the_largest() -> None:
    x = np.array([7.9, 0.3, -5.2, 2.6] * 8)
    out = q.microscaled(x, "E2M1")

    assert out[:4].tolist() == [6, 0.5, -6, 3]
    np.testing.assert_array_equal(q.microscaled(x * 1024, "E2M1"), 1024 * out)
    values = q.FORMATS["E2M1"].tolist() * 2
    np.testing.assert_array_equal(q.microscaled(np.array(values) * 2.0**-20, "E2M1"), np.array(values) * 2.0**-20)


def test_a_scale_rounded_up_cuts_nothing_off_and_suits_eight_bits_but_not_four() -> None:
    x = np.random.default_rng(7).standard_t(4, size=2**14)
    for name, largest in (("E4M3", 448.0), ("E2M1", 6.0)):
        blocks = q.microscaled(x, name, up=True).reshape(-1, 32)
        most = np.abs(x.reshape(-1, 32)).max(1)
        scale = 2.0 ** np.ceil(np.log2(most / largest))
        np.testing.assert_allclose(blocks, q.to(name, x.reshape(-1, 32) / scale[:, None]) * scale[:, None])
    eight, four = ([q.relative(x, q.microscaled(x, name, up=up)) for up in (False, True)] for name in ("E4M3", "E2M1"))
    assert eight[1] < 0.9 * eight[0]
    assert four[0] < four[1] < 1.1 * four[0]


def test_nvfp4_meets_the_maximum_of_each_block() -> None:
    x = np.random.default_rng(0).normal(size=16 * 200)
    out = q.nvfp4(x).reshape(-1, 16)
    at = np.abs(x.reshape(-1, 16)).argmax(1)
    rows = np.arange(200)
    error = np.abs(out[rows, at] / x.reshape(-1, 16)[rows, at] - 1)

    assert error.max() < 1 / 15  # half a step of E4M3; MXFP4 may be a quarter off
    assert q.nvfp4(np.zeros(32) + np.eye(32)[0]).tolist()[1:] == [0.0] * 31


def test_a_choice_of_maximum_never_errs_more_and_helps_some_blocks() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2000, 16)).clip(-3, 3)
    x[:, 0] = 3.0  # every block has the same maximum, so that the scales are exact
    wrong = [((rule(x.ravel()).reshape(x.shape) - x) ** 2).sum(1) for rule in (q.nvfp4, q.four_over_six)]
    assert np.all(wrong[1] <= wrong[0] + 1e-5)
    assert 0.1 < (wrong[1] < wrong[0] - 1e-5).mean() < 0.9
    six = np.tile([6.0, 3.0, 1.5, 0.5], 4)
    np.testing.assert_allclose(q.four_over_six(six), six)
    four = np.tile([6.0, 4.5, 3.0, 0.75], 4)  # 4, 3, 2 and a half, times 1.5
    np.testing.assert_allclose(q.four_over_six(four), four)
    assert np.abs(q.nvfp4(four) - four).max() > 0.4
    stored = json.loads((DOCS / "scaling-inference/quantisation.json").read_text(encoding="utf-8"))["errors"]
    assert (stored["NVFP4"][0], stored["4 over 6"][0]) == pytest.approx((0.0950, 0.0868), abs=5e-5)


def test_nf4_has_the_published_levels() -> None:
    published = [-1.0, -0.6961928, -0.5250731, -0.3949175, -0.2844414, -0.1847734, -0.0910500, 0.0]
    published += [0.0795803, 0.1609302, 0.2461123, 0.3379152, 0.4407098, 0.5626170, 0.7229568, 1.0]

    np.testing.assert_allclose(q.nf4(), published, atol=2e-6)


def test_a_ternary_product_needs_only_additions() -> None:
    rng = np.random.default_rng(0)
    w, x = rng.normal(size=(40, 8)), rng.normal(size=40)
    rounded = q.ternary(w)
    mean = np.abs(w).mean()
    added = np.array([x[column > 0].sum() - x[column < 0].sum() for column in rounded.T])

    assert set(np.round(np.unique(rounded / mean)).tolist()) == {-1, 0, 1}
    np.testing.assert_allclose(mean * added, x @ rounded)


def test_gptq_is_the_formula_with_every_inverse_computed_anew() -> None:
    weights, x, _ = q.layer(3, inputs=12, outputs=7, samples=100)
    hessian = x.T @ x
    hessian = hessian + 0.01 * np.diag(hessian).mean() * np.eye(12)
    left, quantise = weights.copy(), q.rows(weights, 4)
    for i in range(12):
        inverse = np.linalg.inv(hessian[i:, i:])
        rounded = quantise(left[i])
        left[i:] -= np.outer(inverse[:, 0], (left[i] - rounded) / inverse[0, 0])
        np.testing.assert_allclose(left[i], rounded, atol=1e-12)

    np.testing.assert_allclose(q.gptq(weights, x, 4), left, atol=1e-9)


def test_gptq_without_correlation_is_plain_rounding() -> None:
    weights = np.random.default_rng(0).normal(size=(8, 5))

    np.testing.assert_allclose(q.gptq(weights, np.eye(8), 4), q.rows(weights, 4)(weights))


def test_awq_without_scaling_is_plain_rounding_and_scaling_cancels_in_exact_arithmetic() -> None:
    weights, x, _ = q.layer(1)

    np.testing.assert_array_equal(q.awq(weights, x, 4, 0.0), q.rows(weights, 4)(weights))
    np.testing.assert_allclose(q.awq(weights, x, 24, 0.5), weights, atol=1e-4)


def test_the_charts_numbers_are_the_codes() -> None:
    stored = json.loads((DOCS / "scaling-inference/quantisation.json").read_text(encoding="utf-8"))
    again = q.errors()
    for name, values in stored["errors"].items():
        np.testing.assert_allclose(values, again[name], atol=2e-4)
    for bits in (3, 4):
        found = q.rounding(bits)
        np.testing.assert_allclose(stored["rounding"][str(bits)]["awq"], found["awq"], atol=2e-3)
        assert found["gptq"] < min(found["awq"]) < found["plain"]


def test_the_size_of_gpt_oss_is_the_cards() -> None:
    """Model card, table 1: 116.83B parameters and a checkpoint of 60.8 GiB."""
    experts = 36 * 128 * 3 * 2880 * 2880
    size = experts * 4.25 / 8 + (116.83e9 - experts) * 2

    assert round(size / 2**30, 1) == 60.8


def test_the_ends_of_fp16_and_a_row_without_any_score() -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.float16(65_519) == (2 - 2**-10) * 2**15 == 65_504
        assert np.isinf(np.float16(65_520))
        assert np.float16(2**-25) == 0 < np.float16(2**-24)
        row = np.full(3, -np.inf)
        assert np.isnan(np.exp(row - row.max())).all()

"""The forms of the matrix cell agree, both cells give the authors' numbers, and one scalar cell does parity."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import load

xlstm = load("architectures/recurrent/xlstm")
E = xlstm.example()


def test_the_stabiliser_changes_nothing() -> None:
    np.testing.assert_allclose(xlstm.mlstm(**E), xlstm.mlstm_plain(**E), atol=1e-12)


@pytest.mark.parametrize("shift", [0.0, 50.0, 2000.0, -50.0])
def test_parallel_and_recurrent_agree_for_any_size_of_gate(shift: float) -> None:
    settings = E | {"i": E["i"] + shift}

    np.testing.assert_allclose(xlstm.mlstm_parallel(**settings), xlstm.mlstm(**settings), rtol=1e-9, atol=1e-12)


def test_leaving_the_one_unscaled_would_change_the_function() -> None:
    faded = np.cumsum(xlstm.log_sigmoid(E["f"]))
    gates = np.where(np.tri(24, dtype=bool), faded[:, None] - faded + E["i"], -np.inf)
    m = gates.max(1, keepdims=True)
    pairs = E["q"] @ E["k"].T / np.sqrt(6) * np.exp(gates - m)
    wrong = pairs @ E["v"] / np.maximum(np.abs(pairs.sum(1, keepdims=True)), 1)

    assert np.abs(wrong - xlstm.mlstm(**E)).max() > 0.1


def test_with_open_gates_and_no_input_gate_it_is_linear_attention_with_a_bounded_normaliser() -> None:
    settings = E | {"i": np.zeros(24), "f": np.full(24, 800.0)}
    pairs = np.tril(E["q"] @ E["k"].T / np.sqrt(6))
    expected = pairs @ E["v"] / np.maximum(np.abs(pairs.sum(1, keepdims=True)), 1)

    np.testing.assert_allclose(xlstm.mlstm(**settings), expected, atol=1e-12)


def test_a_scalar_cell_that_forgets_nothing_is_a_running_softmax_average() -> None:
    rng = np.random.default_rng(1)
    i, z = rng.normal(0, 3, size=(2, 20, 4))
    R = np.zeros((4, 4, 4))
    out = xlstm.slstm(i, np.full_like(i, 800.0), z, np.full_like(i, 800.0), R)
    for t in range(20):
        weights = np.exp(i[: t + 1] - i[: t + 1].max(0))
        np.testing.assert_allclose(out[t], (weights * np.tanh(z[: t + 1])).sum(0) / weights.sum(0), atol=1e-12)


# Last outputs of NX-AI/xlstm (commit 032a6fb) on the inputs below: `parallel_stabilized_simple` with eps 0 in
# xlstm/blocks/mlstm/backends.py, and `slstm_forward_pointwise` in xlstm/blocks/slstm/src/vanilla/slstm.py.
MATRIX = [0.4078736814, -0.6269586367, -0.1692965224, 0.1134477075, -0.1695244208]
SCALAR = [0.028589219, -0.1389736192, 0.0690165923]


def test_both_cells_give_the_numbers_of_the_authors_code() -> None:
    np.testing.assert_allclose(xlstm.mlstm_parallel(**E)[-1], MATRIX, atol=1e-9)
    rng = np.random.default_rng(5)
    i, f, z, o = rng.normal(0, 2, size=(4, 7, 3))
    R = rng.normal(size=(4, 3, 3))
    np.testing.assert_allclose(xlstm.slstm(i, f, z, o, R)[-1], SCALAR, atol=1e-9)


def test_one_scalar_cell_follows_parity_and_does_not_drift() -> None:
    bits = np.random.default_rng(9).integers(2, size=3000)
    out = xlstm.parity(bits)

    assert ((out > 0) == (np.cumsum(bits) % 2 == 0)).all()
    assert np.abs(np.abs(out[100:]) - np.abs(out[-1])).max() < 1e-6


def test_parameters_and_state_follow_from_the_shapes() -> None:
    assert xlstm.parameters() == 6_865_424_896
    small = {"width": 128, "blocks": 1, "heads": 2, "vocabulary": 10}
    shapes = [(10, 128), (10, 128), (128,), (128, 64), (128, 64), (128, 128), (128, 128), (128, 128)]
    shapes += [(128, 2), (2,), (128, 2), (2,), (128,)]  # input and forget gates with bias, the heads' norm
    shapes += [(128, 384)] * 2 + [(384, 128), (128,), (128,)]  # 128 times 2.667 rounded up to a multiple of 64
    assert xlstm.parameters(**small) == sum(int(np.prod(shape)) for shape in shapes)
    assert xlstm.state_numbers() == 32 * 8 * (256 * 512 + 257)


def test_the_stored_shares_are_softmax_and_sigmoid_ratios() -> None:
    docs = Path(__file__).parents[4] / "docs"
    stored = json.loads((docs / "architectures/recurrent/xlstm.json").read_text(encoding="utf-8"))
    for t, exponential, sigmoid in zip(
        stored["tokens"], stored["share"]["exponential"], stored["share"]["sigmoid"], strict=True
    ):
        assert exponential == pytest.approx(np.exp(6) / (np.exp(6) + t - 1), abs=1e-4)
        strong = 1 / (1 + np.exp(-6))
        assert sigmoid == pytest.approx(strong / (strong + (t - 1) / 2), abs=1e-4)

"""The three forms of retention agree; the published ones agree only after the norm of the heads."""

import numpy as np
import pytest
from examples import load

retnet = load("architectures/recurrent/retnet")
Q, K, V = retnet.example()


@pytest.mark.parametrize("gamma", [*retnet.decays(4), 0.0, 1.0])
def test_recurrent_equals_parallel(gamma: float) -> None:
    np.testing.assert_allclose(
        retnet.recurrent(Q, K, V, gamma), retnet.parallel(Q, K, V, gamma), atol=1e-12 if gamma else 1e-9
    )


@pytest.mark.parametrize("size", [1, 7, 16, 48, 100])
def test_chunkwise_equals_parallel_for_any_chunk(size: int) -> None:
    gamma = retnet.decays(1)[0]

    np.testing.assert_allclose(retnet.chunkwise(Q, K, V, gamma, size), retnet.parallel(Q, K, V, gamma), atol=1e-12)


def test_without_decay_it_is_linear_attention() -> None:
    by_hand = np.stack([sum((Q[t] @ K[s]) * V[s] for s in range(t + 1)) for t in range(len(Q))])

    np.testing.assert_allclose(retnet.parallel(Q, K, V, 1.0), by_hand, atol=1e-12)


def test_published_forms_differ_by_one_positive_factor_a_row() -> None:
    gamma = retnet.decays(1)[0]
    one = retnet.parallel_published(Q, K, V, gamma)
    other = retnet.recurrent_published(Q, K, V, gamma)
    ratio = one / other

    assert np.abs(one - other).max() > 0.1
    np.testing.assert_allclose(ratio, ratio[:, :1].repeat(V.shape[1], 1), rtol=1e-6)
    assert (ratio > 0).all()


@pytest.mark.parametrize("gamma", [*retnet.decays(3)])
def test_the_running_scale_of_the_recurrent_form_is_the_first_divisor_of_the_parallel_one(gamma: float) -> None:
    n = np.arange(len(Q))
    decay = np.tril(gamma ** np.abs(n[:, None] - n))
    first_alone = Q @ K.T * decay / np.sqrt(decay.sum(1, keepdims=True)) @ V

    np.testing.assert_allclose(retnet.recurrent_published(Q, K, V, gamma), first_alone, atol=1e-12)


def test_the_norm_of_the_heads_makes_them_agree() -> None:
    gamma = retnet.decays(1)[0]
    one = retnet.head_norm(retnet.parallel_published(Q, K, V, gamma), 0.0)
    other = retnet.head_norm(retnet.recurrent_published(Q, K, V, gamma), 0.0)
    plain = retnet.head_norm(retnet.parallel(Q, K, V, gamma), 0.0)

    np.testing.assert_allclose(one, other, atol=1e-12)
    np.testing.assert_allclose(one, plain, atol=1e-12)


def test_each_head_remembers_about_twice_as_long_as_the_one_before() -> None:
    half_life = np.log(0.5) / np.log(retnet.decays(6))

    np.testing.assert_allclose(half_life[1:] / half_life[:-1], 2, rtol=0.03)

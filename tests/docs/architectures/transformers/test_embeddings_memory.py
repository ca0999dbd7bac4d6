"""Look-ups read single rows; n-gram slots depend on n tokens and nothing else; several hashes tell n-grams apart."""

from math import erf, sqrt

import numpy as np
import pytest
from examples import load

page = load("architectures/transformers/embeddings-memory")


def test_an_embedding_is_a_product_with_a_one_hot_row() -> None:
    table = np.random.default_rng(0).normal(size=(6, 3))
    np.testing.assert_allclose(page.embed(np.array([4, 1]), table), np.eye(6)[[4, 1]] @ table)


def test_with_tied_rows_of_equal_length_a_token_scores_itself_highest() -> None:
    table = np.random.default_rng(1).normal(size=(20, 8))
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    np.testing.assert_array_equal(page.logits(table, table).argmax(1), np.arange(20))


def test_a_closed_gate_leaves_the_stream_alone() -> None:
    rng = np.random.default_rng(2)
    x, table, out = rng.normal(size=(4, 6)), rng.normal(size=(9, 3)), rng.normal(size=(3, 6))
    np.testing.assert_allclose(page.per_layer_input(x, np.arange(4), table, np.zeros((6, 3)), out), x)


def test_what_a_layer_adds_has_size_one_and_the_direction_of_the_gated_row() -> None:
    rng = np.random.default_rng(3)
    x, table = rng.normal(size=(5, 6)), rng.normal(size=(9, 3))
    gate, out = rng.normal(size=(6, 3)), rng.normal(size=(3, 6))
    tokens = np.array([8, 0, 3, 3, 1])
    added = page.per_layer_input(x, tokens, table, gate, out) - x
    np.testing.assert_allclose((added**2).mean(1), 1, rtol=1e-3)
    for row, token, found in zip(x, tokens, added, strict=True):
        wanted = sum(page.gelu(row @ gate[:, i]) * table[token, i] * out[i] for i in range(3))
        np.testing.assert_allclose(found / np.linalg.norm(found), wanted / np.linalg.norm(wanted), atol=1e-9)


def test_gelu_is_near_the_exact_form() -> None:
    at = np.linspace(-4, 4, 81)
    np.testing.assert_allclose(page.gelu(at), [x * (1 + erf(x / sqrt(2))) / 2 for x in at], atol=1e-3)


@pytest.mark.parametrize("n", [2, 3])
def test_a_slot_depends_on_the_last_n_tokens_only(n: int) -> None:
    tokens = np.array([5, 7, 9, 11, 5, 7, 9])
    found = page.slots(tokens, n, 2, 1000)
    assert (found[:, 6] == found[:, 2]).all() == (n <= 3)
    other = tokens.copy()
    other[0] = 8
    changed = (page.slots(other, n, 2, 1000) != found).any(0)
    assert changed[:n].all()
    assert not changed[n:].any()


def test_order_within_an_n_gram_matters() -> None:
    one, other = (page.slots(np.array(pair), 2, 4, 10**6)[:, 1] for pair in ([3, 8], [8, 3]))
    assert (one != other).any()


def test_memory_is_added_by_at_most_its_own_size() -> None:
    rng = np.random.default_rng(3)
    x, tables = rng.normal(size=(5, 8)), rng.normal(size=(2, 50, 4))
    added = page.look_up(x, np.arange(5), tables, 2, np.eye(8)) - x
    rows = tables[np.arange(2)[:, None], page.slots(np.arange(5), 2, 2, 50)].swapaxes(0, 1).reshape(5, 8)
    share = added / rows
    np.testing.assert_allclose(share, share[:, :1].repeat(8, axis=1))
    assert ((share > 0) & (share < 1)).all()


def test_one_table_confuses_what_birthdays_say_and_two_tell_apart() -> None:
    assert page.collisions(5_000, 8_192, 1) == pytest.approx(1 - np.exp(-5_000 / 8_192), abs=0.03)
    assert page.collisions(5_000, 8_192, 2) < 0.002


def test_a_token_with_the_mean_row_takes_at_most_its_even_share() -> None:
    rng = np.random.default_rng(5)
    for scale in (0.1, 1.0, 30.0):
        x, table = rng.normal(size=(50, 8)), rng.normal(loc=1.0, scale=scale, size=(40, 8))
        assert (page.share_of_added(x, table, table.mean(0)) <= 1 / 41 + 1e-12).all()


def test_a_token_with_a_row_of_zeros_takes_nearly_everything_where_other_scores_are_low() -> None:
    x, table = np.full((1, 4), 2.0), np.full((100, 4), -3.0)
    assert page.share_of_added(x, table, np.zeros(4))[0] > 0.999


@pytest.mark.parametrize("d", [128, 1024])
def test_the_root_of_the_width_brings_a_row_to_the_size_of_the_stream(d: int) -> None:
    row, position, scaled, spread = page.lengths(d, np.random.default_rng(d))
    assert row == pytest.approx(1, rel=0.02)
    assert spread == pytest.approx(1, rel=0.15)
    assert position == pytest.approx(np.sqrt(d / 2))
    assert scaled == pytest.approx(np.sqrt(d), rel=0.02)

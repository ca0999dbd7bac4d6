"""Rows of a table are treated alike, and training on made-up tables teaches Bayes' rule."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/tabular")
PAGE = DOCS / "architectures/transformers/tabular.md"
STORED = json.loads(PAGE.with_suffix(".json").read_text(encoding="utf-8"))
TEXT = PAGE.read_text(encoding="utf-8")
RNG = np.random.default_rng(0)


def test_made_up_tables_teach_bayes_rule() -> None:
    for name, (a, b) in {"even": (1, 1), "rare": (0.5, 9.5)}.items():
        stored = STORED["learnt"][name]
        np.testing.assert_allclose(stored, [page.bayes(k, a, b) for k in range(9)], atol=0.006)
        np.testing.assert_allclose(page.learnt(a, b, tables=200_000)[:6], stored[:6], atol=0.02)
    assert (
        f"mean {100 * page.bayes(0, 1, 1):.1f}% under the first prior and {100 * page.bayes(0, 0.5, 9.5):.1f}%" in TEXT
    )


def block(rows: int = 7, columns: int = 3, width: int = 8):
    w = [RNG.normal(size=(width, width)) / 3 for _ in range(6)]
    w += [RNG.normal(size=(width, 16)) / 3, RNG.normal(size=(16, width)) / 3]
    return RNG.normal(size=(rows, columns, width)), w


def test_new_rows_asked_together_or_alone_get_the_same_answers() -> None:
    x, w = block()
    whole = page.grid_block(x, 5, w)
    alone = page.grid_block(np.concatenate([x[:5], x[6:]]), 5, w)

    np.testing.assert_allclose(alone[5], whole[6], atol=1e-12)
    np.testing.assert_allclose(alone[:5], whole[:5], atol=1e-12)


def test_the_order_of_rows_and_of_columns_does_not_matter() -> None:
    x, w = block()
    whole, order, sides = page.grid_block(x, 5, w), RNG.permutation(5), RNG.permutation(3)
    shuffled = np.concatenate([x[:5][order], x[5:]])[:, sides]

    np.testing.assert_allclose(page.grid_block(shuffled, 5, w)[5:], whole[5:, sides], atol=1e-12)


def test_operations_are_those_that_the_page_tells() -> None:
    assert page.cells(10_000, 100) / page.row_tokens(10_000, 100) == pytest.approx(9, abs=0.5)
    assert page.cells(10**6, 100) / page.row_tokens(10**6, 100) == pytest.approx(13, abs=0.5)
    assert f"{page.row_tokens(10**6, 100):.1e}" == "4.9e+16"
    assert page.row_tokens(10**6, 100) / 400e12 == pytest.approx(120, abs=10)


def test_what_is_stored_is_what_the_code_computes() -> None:
    found = page.results()

    assert STORED["sizes"] == found["sizes"]
    assert STORED["operations"] == found["operations"]

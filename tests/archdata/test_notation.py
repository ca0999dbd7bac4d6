"""What counts as a symbol, and that one on many pages has to be explained."""

from pathlib import Path

import pytest
from archdata import notation_checks
from examples import DOCS


def test_our_own_notation_has_every_symbol_of_many_pages() -> None:
    assert [str(error) for error in notation_checks.check(DOCS)] == []
    assert len(notation_checks.used(DOCS)["d"]) > 20, "it looks at pages at all"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"$x_t = \alpha_t x_0$", {"x", "t", r"\alpha"}),
        (r"$\mathcal L = \mathbb{E}_{p}[r]$", {r"\mathcal L", r"\mathbb E", "p", "r"}),
        (r"$d_\text{ff}$ and $\operatorname{KL}(p\,\Vert\,q)$", {"d", "p", "q"}),
        ("$$\n\\hat A_i =\n\\frac{r}{\\bar\\sigma}\n$$", {"A", "i", "r", r"\sigma"}),
        ("`$y$` costs 5 \\$ a day, and $z$ more", {"z"}),
        ('$[= value("a", "b") =] \\cdot N$', {"N"}),
        ("plain words", set()),
    ],
)
def test_the_symbols_of_a_text(source: str, expected: set[str]) -> None:
    assert set(notation_checks.symbols(source)) == expected


def test_a_symbol_on_five_pages_needs_an_explanation(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / notation_checks.NOTATION).write_text("| $x$ | a prompt |\n", encoding="utf-8")
    for index in range(5):
        (tmp_path / f"page{index}.md").write_text(r"$\xi(x)$" if index else r"$\xi(x) + y$", encoding="utf-8")
    [error] = notation_checks.check(tmp_path)

    assert r"the symbol `\xi` is used on 5 pages" in error.message
    (tmp_path / "page4.md").unlink()
    assert list(notation_checks.check(tmp_path)) == []

"""Symbols that many pages use stand in the page of notation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from archdata.citing import read_pages, without_code
from archdata.errors import DataError

NOTATION = "reference/notation.md"

_PAGES = 5
"""A symbol on so many pages is one that readers will look up."""

_MATHS = re.compile(r"\$\$(.*?)\$\$|(?<!\\)\$([^$\n]+?)\$", re.DOTALL)
_MACRO = re.compile(r"\[=.*?=\]", re.DOTALL)
_GREEK = frozenset(
    """alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi varphi
    chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell""".split()  # noqa: SIM905 (a list of 33 lines)
)
# Words are passed over; what is left is a letter, a Greek one, or a letter in another alphabet (\mathcal L).
_SYMBOL = re.compile(
    r"\\(?:text|operatorname|mathrm|begin|end|tag)\*?\{[^}]*\}|\\(?P<script>mathcal|mathbb)\s*\{?(?P<letter>[A-Z])\}?"
    r"|\\(?P<name>[A-Za-z]+)|(?P<plain>[A-Za-z])"
)


def check(docs: Path) -> Iterator[DataError]:
    """Yield each symbol that many pages use and the page of notation does not have."""
    page = docs / NOTATION
    if not page.is_file():
        return
    explained = set(symbols(page.read_text("utf-8")))
    for symbol, places in sorted(used(docs).items()):
        if len(places) >= _PAGES and symbol not in explained:
            pages = ", ".join(sorted(places)[:3])
            message = f"the symbol `{symbol}` is used on {len(places)} pages and not explained: {pages}, …"
            yield DataError(
                page, None, None, message, "give it a row, or a reading among the letters that each page sets"
            )


def used(docs: Path) -> dict[str, set[str]]:
    """Each symbol with the pages whose formulas have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for file, source in read_pages(docs):
        if file != NOTATION and not file.startswith("contribute/"):
            for symbol in symbols(source):
                found[symbol].add(file)
    return found


def symbols(source: str) -> Iterator[str]:
    """Every symbol in the formulas of a page, without indices' places or decorations: x, \\pi, \\mathcal L."""
    text = _MACRO.sub("", without_code(source))
    for formula in _MATHS.finditer(text):
        for match in _SYMBOL.finditer(formula[1] or formula[2]):
            if match["script"]:
                yield rf"\{match['script']} {match['letter']}"
            elif match["name"] in _GREEK:
                yield rf"\{match['name']}"
            elif match["plain"]:
                yield match["plain"]

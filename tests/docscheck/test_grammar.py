"""The parse against Python-Markdown's own, on documents made at random; and no text is too odd to be checked."""

from __future__ import annotations

import time
from random import Random

import pytest
from differential import INDENTS, NAMES, SITES, STARTS, compared, disagreements, document
from docscheck import check_page
from docscheck.parse.blocks import boxes
from hypothesis import example, given, settings
from hypothesis import strategies as st

PIECES = ("[", "](", "`", "``a` ", "*a ", "**", "!!! ", "> ", "<a ", "{", "{{ ", "$$", "|", "#", "<!--", ":a", "++a",
          "\n>", "\n- a", "\n```", "\n<div>", '\n!!! note "x', "\n|a|b|", "\n[^a]: b", "\n[a]: b", "\n    a",
          "\n:   a", "&", "\t", "\n---\n", "[x][y]", " ", "(", "\n*[a]: b", "[x](y)) ", "[ ] [a](b) ",
          "<a_b> ", "^[a b", "[a|", "| ** a** ", "\n<!-- <!-- --> ", "\n- [^a]: b", "\n=== \"*a b\"", "\\( ",
          "\n\n# a", "\\begin{a} ", "[a](#b) ", "recieve",
          "!!! note Title\n    Text\n", "\n!!! note\n\n        Text of it.\n")  # fmt: skip
"""Repeated a thousand times, each of these has made some Markdown tool slow."""


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_structure_is_the_one_python_markdown_renders(site: str, rng: Random) -> None:
    assert disagreements(document(rng, SITES[site].starts), site) == {}


BOX = '!!! note "Words"\n    - alpha\n\n        beta\n\ngamma\n\n    delta\n'


def test_the_comparison_compares_something() -> None:
    assert compared(BOX) == 4
    assert disagreements(BOX) == {}


def test_a_wrong_parse_disagrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "_inside", lambda *_: None)
    assert disagreements(BOX) != {}


ONCE_DIFFERENT = (
    ("raw", "<div markdown>\n            <div>\n      </div>\n </div>\n         - alpha omega\n"),
    ("raw", "<div markdown>\n\n- alpha\n\n    <div>\n    beta\n    </div>\n\n- gamma\n\n</div>\n\ndelta\n"),
    ("raw", "<div markdown>\n<div markdown><p>alpha</p></div>\nbeta <div>gamma</div>\n\n</div>\n\ndelta\n"),
    ("definitions", "!!! note\n     : alpha\n     [x]: https://example.org\n         delta beta\n"),
    ("definitions", "***\n    alpha\n-beta\n[^2]: gamma\n         ~~~\n         ~~~\n        delta\n    omega\n"),
    ("maths", "    alpha\n> beta\n    gamma\n        ~~~\n        ~~~\n            delta\n"),
    ("definitions", "    : alpha\n# beta\n    gamma\n        ~~~\n\n        ~~~\n    ~~~\n    ~~~\n     - delta\n"),
    ("blocks", "    alpha\n[x]:\n        ~~~\n        ~~~\n     omega\n    - delta\n"),
)
"""Documents on which parse and rendering differed once."""


@pytest.mark.parametrize(("site", "text"), ONCE_DIFFERENT)
def test_documents_that_differed_once(site: str, text: str) -> None:
    assert disagreements(text, site) == {}


LINE = st.builds(
    lambda indent, start, words: " " * indent + start + words,
    st.sampled_from(INDENTS),
    st.sampled_from([*STARTS, "<div markdown>", "</div>", "<!--", "-->", "/// note", "///", "{{ x", "--8<-- ", ":   "]),
    st.text(max_size=12),
)


@given(st.lists(LINE, max_size=25))
@settings(max_examples=100)
def test_any_page_is_checked_and_each_finding_lies_inside_it(lines: list[str]) -> None:
    text = "\n".join(lines)
    for diagnostic in check_page(text):
        assert 1 <= diagnostic.line <= text.count("\n") + 1
        assert diagnostic.column >= 1
        assert (diagnostic.end_line, diagnostic.end_column) >= (diagnostic.line, diagnostic.column)


@given(st.binary(max_size=300))
@example(b"\t\x0b")
@settings(max_examples=150)
def test_no_bytes_make_it_crash(data: bytes) -> None:
    check_page(data.decode("utf-8", errors="replace"))


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length_of_hostile_text(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        check_page(f"Words.\n\n{piece * count}\n")
        return time.process_time() - start

    seconds(10)
    # Eight times the text may take twenty-four times as long; quadratic time would take sixty-four times. Other
    # processes can make one measurement longer, not three.
    measured = ((seconds(250), seconds(2000)) for _ in range(3))
    assert any(long < max(24 * short, 0.5) for short, long in measured)

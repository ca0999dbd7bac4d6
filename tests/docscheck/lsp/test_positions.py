"""Places as the protocol counts them, held against UTF-16 itself."""

from __future__ import annotations

import re

import pytest
from docscheck.lsp.positions import Positions, normalised
from hypothesis import given, settings
from hypothesis import strategies as st

LETTERS = st.sampled_from(
    ["a", "é", "🙂", "𝔸", "\n", "\r", "\r\n", "\t", "\u2028", "\x0b", "\x85", "\ufeff", "e\u0301"]
)
ODD = st.sampled_from(["\ud83d", "\udc00", "\r", "\n", "\ufeff"])
"""Halves of pairs, line ends and byte-order marks: among all characters, each is too rare to be met."""
TEXTS = st.lists(LETTERS, max_size=40).map("".join)
ENCODINGS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def protocol_lines(raw: str) -> list[str]:
    """The lines of a text: the protocol knows three line ends, Python's `splitlines` many more."""
    return re.split(r"\r\n|\n|\r", raw)


@settings(max_examples=300)
@given(TEXTS, st.sampled_from(sorted(ENCODINGS)))
def test_every_place_is_found_and_found_again(raw: str, encoding: str) -> None:
    positions = Positions(raw, encoding)
    lines = protocol_lines(raw)
    codec, width = ENCODINGS[encoding]
    for offset in range(len(positions.text) + 1):
        point = positions.point(offset)
        before = lines[point.line].encode(codec)[: point.character * width].decode(codec)
        ours = positions.text[:offset].rpartition("\n")[2]
        assert before == ("\ufeff" if raw.startswith("\ufeff") and not point.line else "") + ours
        assert positions.offset(*point) == offset


@pytest.mark.parametrize(
    ("line", "character", "expected"),
    [(0, 2, 2), (0, 3, 2), (0, 4, 3), (0, 5, 4), (0, 99, 4), (1, 0, 5), (1, 2, 7), (9, 9, 7), (-1, 0, 0)],
)
def test_a_place_that_is_none_is_the_nearest(line: int, character: int, expected: int) -> None:
    text = "a\u0301🙂b\nxy"  # 4 characters in 5 code units, a line end, 2 more; 3 is half a character
    assert Positions(text).offset(line, character) == expected


@given(st.lists(st.sampled_from(["a" * 200, "é" * 90, "🙂", "b🙂" * 130]), min_size=3, max_size=9).map("".join))
@settings(max_examples=25)
def test_places_far_into_a_line(text: str) -> None:
    positions = Positions(f"🙂\n{text}\nx")
    for offset in range(len(text) + 1):
        assert positions.point(2 + offset) == (1, len(text[:offset].encode("utf-16-le")) // 2)


def test_half_a_surrogate_pair_is_as_wide_as_what_stands_for_it() -> None:
    positions = Positions("a\ud83db\udc00c\ud83d")
    assert positions.text == "a\ufffdb\ufffdc\ufffd"
    assert positions.point(4) == (0, 4)


@given(st.lists(st.one_of(st.characters(codec=None, exclude_categories=()), ODD)).map("".join))
def test_any_text_can_be_normalised(raw: str) -> None:
    text = normalised(raw)
    text.encode("utf-8")
    lines = protocol_lines(raw.removeprefix("\ufeff"))
    assert [_width(line) for line in text.split("\n")] == [_width(line) for line in lines]


def _width(line: str) -> int:
    """How many code units the protocol counts."""
    return len(line.encode("utf-16-le", "surrogatepass")) // 2

"""Places in a text as the Language Server Protocol counts them: lines from 0, columns in code units of an encoding.

The protocol's columns are UTF-16 code units unless client and server agree on another encoding, so a character beyond
U+FFFF counts as two. Everything else in docscheck counts characters; this is the one place where the two meet.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

BOM = "\ufeff"
_STEP = 256
"""So many characters of a long line are counted at once: the thousandth finding on it is placed like the first."""
_WIDTHS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Point(NamedTuple):
    """A place in a client's text, both counted from 0."""

    line: int
    character: int


def normalised(text: str) -> str:
    """The text as a `Source` holds it: no byte-order mark, line ends of one kind.

    Half a surrogate pair, which JSON can carry and no file can, becomes the replacement character: as wide as it was.
    """
    text = text.removeprefix(BOM)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


class Positions:
    """Turns offsets into a text into places of the client's, and back."""

    def __init__(self, raw: str, encoding: str = "utf-16") -> None:
        self.text = normalised(raw)
        self.encoding, self.width = _WIDTHS.get(encoding, _WIDTHS["utf-16"])
        self.indent = self._units(BOM) if raw.startswith(BOM) else 0
        """Code units on the first line that the text here does not hold."""
        self._is_ascii = self.text.isascii()
        self._counted: dict[int, list[int]] = {}
        """The code units before every `_STEP`th character of a line that is longer than that."""
        self.starts = [0]
        place = self.text.find("\n")
        while place >= 0:
            self.starts.append(place + 1)
            place = self.text.find("\n", place + 1)

    def point(self, offset: int) -> Point:
        """The place of a character, or of the end of the text."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.starts, offset) - 1
        return Point(line, self._units_before(line, offset) + (0 if line else self.indent))

    def offset(self, line: int, character: int) -> int:
        """The offset of a place; beyond the end of a line or the text, of that end."""
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        start = self.starts[line]
        end = self.starts[line + 1] - 1 if line + 1 < len(self.starts) else len(self.text)
        content = self.text[start:end]
        units = max(character - (0 if line else self.indent), 0)
        if content.isascii():
            return start + min(units, len(content))
        before = content.encode(self.encoding)[: units * self.width]
        # Within a pair of surrogates the place is that of the character.
        return start + len(before.decode(self.encoding, "ignore"))

    def _units_before(self, line: int, offset: int) -> int:
        start = self.starts[line]
        if self._is_ascii:
            return offset - start
        steps = (offset - start) // _STEP
        before = self._counts(line)[steps] if steps else 0
        return before + self._units(self.text[start + steps * _STEP : offset])

    def _counts(self, line: int) -> list[int]:
        known = self._counted.get(line)
        if known is None:
            start = self.starts[line]
            end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
            parts = (self.text[at : at + _STEP] for at in range(start, end, _STEP))
            known = self._counted[line] = list(accumulate(map(self._units, parts), initial=0))
        return known

    def _units(self, text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(self.encoding)) // self.width

"""SVG files that may be published: shapes, text and paint, read by Expat and held against an allow-list.

A browser that opens such a file by itself runs what is in it, whatever the policy of the pages says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import NoReturn
from xml.parsers import expat

_NAMES = """circle clipPath defs desc ellipse g line linearGradient marker mask metadata path pattern polygon polyline
    radialGradient rect stop svg symbol text title tspan use"""
ELEMENTS = frozenset(_NAMES.split())
_MORE = """aria-describedby aria-hidden aria-label aria-labelledby class clip-path clip-rule clipPathUnits color cx cy d
    dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size font-style font-weight fx fy
    gradientTransform gradientUnits height href id letter-spacing marker-end marker-mid marker-start markerHeight
    markerUnits markerWidth mask offset opacity orient overflow patternContentUnits patternTransform patternUnits points
    preserveAspectRatio r refX refY role rotate rx ry spreadMethod stop-color stop-opacity stroke stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor
    textLength transform vector-effect version viewBox width x x1 x2 y y1 y2"""
_ATTRIBUTES = frozenset(_MORE.split())
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_MOST_DEEP = 60
_MOST_ELEMENTS = 50_000
_CALLS = "rgba?|hsla?|var|matrix|translate|scale|rotate|skewX|skewY"
_BRACKETS = re.compile(rf"(?:url\(#[\w.:-]+\)|(?:{_CALLS})\([^()]*\)|[^()])*")
"""Values whose brackets hold a part of the drawing, a colour or a movement."""
_PART = re.compile(r"url\(#([\w.:-]+)\)|^\s*#(\S+)$")
_POINT = 4
"""Characters that a point of a line takes at least, where a marker may stand."""


class _StopError(Exception):
    pass


@dataclass
class _Open:
    """An element that is being read: how many it holds so far, and the parts of the drawing that these show again."""

    id: str
    size: int = 1
    shown: Counter[str] = field(default_factory=Counter)


class _Parts:
    """What a browser draws: every part as often as it is shown, for parts may show others, and these others again."""

    def __init__(self) -> None:
        self._open = [_Open("")]
        self._named: dict[str, _Open] = {}

    def start(self, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._open.append(_Open(attributes.get("id", "")))
        points = len(attributes.get("d", attributes.get("points", ""))) // _POINT + 1
        for name, value in attributes.items():
            for match in _PART.finditer(value) if "#" in value else ():
                often = points if name.startswith("marker") else 1
                self._open[-1].shown[match[1] or match[2]] += often

    def end(self) -> None:
        """Leave an element."""
        left = self._open.pop()
        if left.id:
            self._named.setdefault(left.id, left)
        self._open[-1].size += left.size
        self._open[-1].shown.update(left.shown)

    def drawn(self) -> float:
        """How many elements are drawn in all; infinitely many where a part shows itself."""
        known: dict[str, float] = {}
        return self._cost(self._open[0], known, 0)

    def _cost(self, part: _Open, known: dict[str, float], depth: int) -> float:
        if depth > _MOST_DEEP:
            return inf
        total: float = part.size
        for name, often in part.shown.items():
            if name not in known and name in self._named:
                known[name] = inf  # for as long as it is looked at: it would hold itself
                known[name] = self._cost(self._named[name], known, depth + 1)
            total += often * known.get(name, 0)
        return total


def faults(content: bytes) -> Iterator[tuple[int, str]]:
    """Yield (line, what is wrong) for everything that a drawing may not hold; after some, reading stops."""
    yield from _Reading().faults(content)[:_MOST_FAULTS]


class _Reading:
    """One reading of a drawing, with what has been found so far."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []
        self._depth = 0
        self._count = 0
        self._parts = _Parts()
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.XmlDeclHandler = self._declared
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._document_type
        parser.EntityDeclHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction

    def faults(self, content: bytes) -> list[tuple[int, str]]:
        """Read a drawing to its end, or to where nothing more can be told."""
        try:
            self._parser.Parse(content, True)
            if self._parts.drawn() > _MOST_ELEMENTS:
                message = "parts that are shown again, within parts that are shown again, make too many elements"
                self._found.append((1, message))
        except _StopError:
            pass
        except expat.ExpatError as error:
            self._found.append((error.lineno, f"not XML: {expat.ErrorString(error.code)}"))
        return self._found

    def _refuse(self, message: str) -> None:
        self._found.append((self._parser.CurrentLineNumber, message))

    def _stop(self, message: str) -> NoReturn:
        self._refuse(message)
        raise _StopError

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").casefold() not in ("utf-8", "utf8", "us-ascii"):
            self._stop(f"the encoding {encoding} is not allowed in a drawing")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth, self._count = self._depth + 1, self._count + 1
        if self._depth > _MOST_DEEP:
            self._stop("nested too deeply")
        if self._count > _MOST_ELEMENTS:
            self._stop("too many elements")
        space, _, local = name.rpartition(" ")
        if space != _SVG or local not in ELEMENTS:
            self._refuse(f"`<{local}>` is not allowed in a drawing")
        for attribute, value in attributes.items():
            _look(local, attribute, value, self._refuse)
        self._parts.start(attributes)

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self._parts.end()

    def _document_type(self, *_: object) -> None:
        self._stop("a document type, which can define entities, is not allowed")

    def _entity(self, *_: object) -> None:
        self._stop("an entity is not allowed")

    def _instruction(self, target: str, _: str) -> None:
        self._refuse(f"`<?{target} …?>` is not allowed in a drawing")


_MOST_FAULTS = 20
"""So many tell that a file is no drawing of ours; more would fill the screen."""


def _look(element: str, name: str, value: str, refuse: Callable[[str], None]) -> None:
    space, _, local = name.rpartition(" ")
    if space == _XML:
        return
    if space not in ("", _XLINK) or local not in _ATTRIBUTES or (space == _XLINK and local != "href"):
        refuse(f"`{local}` of `<{element}>` is not allowed in a drawing")
    elif local == "href" and not value.strip().startswith("#"):
        refuse(f"`<{element}>` leads out of the drawing")
    elif "\\" in value or not _BRACKETS.fullmatch(value):
        refuse(f"the value of `{local}` of `<{element}>` may load something")

"""SVG files that may be published: shapes, text and paint, read by Expat and held against an allow-list.

A browser that opens such a file by itself runs what is in it, whatever the policy of the pages says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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


class _StopError(Exception):
    pass


def faults(content: bytes) -> Iterator[tuple[int, str]]:
    """Yield (line, what is wrong) for everything that a drawing may not hold; after some, reading stops."""
    found: list[tuple[int, str]] = []
    parser = expat.ParserCreate("utf-8", " ")
    depth = 0
    count = 0

    def refuse(message: str) -> None:
        found.append((parser.CurrentLineNumber, message))

    def stop(message: str) -> None:
        refuse(message)
        raise _StopError

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _MOST_DEEP or count > _MOST_ELEMENTS:
            stop("nested too deeply" if depth > _MOST_DEEP else "too many elements")
        space, _, local = name.rpartition(" ")
        if space != _SVG or local not in ELEMENTS:
            refuse(f"`<{local}>` is not allowed in a drawing")
        for attribute, value in attributes.items():
            _look(local, attribute, value, refuse)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").casefold() not in ("utf-8", "utf8", "us-ascii"):
            stop(f"the encoding {encoding} is not allowed in a drawing")

    parser.XmlDeclHandler = declared
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = lambda *_: stop("a document type, which can define entities, is not allowed")
    parser.EntityDeclHandler = lambda *_: stop("an entity is not allowed")
    parser.ProcessingInstructionHandler = lambda target, _: refuse(f"`<?{target} …?>` is not allowed in a drawing")
    try:
        parser.Parse(content, True)
    except _StopError:
        pass
    except expat.ExpatError as error:
        found.append((error.lineno, f"not XML: {expat.ErrorString(error.code)}"))
    yield from found[:20]


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

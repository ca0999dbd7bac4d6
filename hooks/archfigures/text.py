"""Text in figures: how wide it is, and its small mathematical mark-up."""

from __future__ import annotations

import re
from html import escape
from math import fsum

FONT_SIZE = 13.0

_NARROW, _WIDE = set("iljtfrI.,'|:;()[]!· "), set("mwMW@%—")
_MATHS = re.compile(r"\$([^$]+)\$")
_SCRIPT = re.compile(r"([_^])(?:\{([^}]*)\}|(\S))")
_UPRIGHT = re.compile(r"(?:[^A-Za-z\u00c0-\u03ff]|[×÷]|\b(?:log|exp|max|min|tanh|softmax|KL|JS)\b)+")


def width(text: str, size: float = FONT_SIZE) -> float:
    """Estimated width in px of `text` set in a usual sans-serif, a little on the safe side."""
    plain = _MATHS.sub(lambda match: _SCRIPT.sub(lambda s: s[2] or s[3], match[1]), text)
    return fsum(map(_em, plain)) * size * 1.04  # `sum` rounds in another way from Python 3.12 on


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.33
    if char in _WIDE:
        return 0.90
    return 0.70 if char.isupper() else 0.57


def tspans(text: str) -> str:
    """SVG content for `text`; what stands between dollar signs is italic, with `_{…}` and `^{…}` as scripts."""
    parts = _MATHS.split(text)
    return "".join(_maths(part) if index % 2 else escape(part) for index, part in enumerate(parts))


def _maths(source: str) -> str:
    out, last = [], 0
    for match in _SCRIPT.finditer(source):
        out.append(_italic(source[last : match.start()]))
        # In em of the script's own size, three quarters of the text's, and back in em of the text's.
        shift, back = ("0.4em", "-0.3em") if match[1] == "_" else ("-0.6em", "0.45em")
        script = (match[2] or match[3]).replace("-", "−")
        word = script == "up" or (len(script) > 2 and script.isalpha())
        upright = " ad-upright" if word or _UPRIGHT.fullmatch(script) else ""
        # The shift is undone by an empty span, because dy holds for everything that follows.
        out.append(f'<tspan class="ad-script{upright}" dy="{shift}">{escape(script)}</tspan>')
        out.append(f'<tspan dy="{back}">\u200b</tspan>')
        last = match.end()
    return "".join([*out, _italic(source[last:])])


def _italic(source: str) -> str:
    """Letters in italics; digits, signs, brackets and the names of functions upright; a hyphen is a minus."""
    source = source.replace("-", "−")
    out, last = [], 0
    for match in _UPRIGHT.finditer(source):
        out += [("", source[last : match.start()]), (" ad-upright", match[0])]
        last = match.end()
    out.append(("", source[last:]))
    return "".join(f'<tspan class="ad-maths{kind}">{escape(part)}</tspan>' for kind, part in out if part)

"""The report for people in the colours of a terminal: what is worst stands out, and pages can be told apart."""

from __future__ import annotations

import os
import re
from typing import TextIO

_BOLD, _RED, _YELLOW, _CYAN, _PLAIN = (f"\x1b[{number}m" for number in (1, 31, 33, 36, 0))
_HEAD = re.compile(r"^(.+?:\d+:\d+): (error|warning) ([A-Z]{3}\d{3}) ", re.M)
_MARK = re.compile(r"^( +\| +)(\^.*)$", re.M)
_HELP = re.compile(r"^( *)= help:", re.M)


def has_colours(stream: TextIO) -> bool:
    """Whether who reads this wants colours: a terminal that has some, and no wish against them (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(report: str) -> str:
    """A report with its places, severities, marks and remedies in colour; other formats have none of these."""
    report = _HEAD.sub(_painted_head, report)
    report = _MARK.sub(rf"\1{_RED}\2{_PLAIN}", report)
    return _HELP.sub(rf"\1{_CYAN}= help:{_PLAIN}", report)


def _painted_head(match: re.Match[str]) -> str:
    place, severity, code = match.groups()
    colour = _RED if severity == "error" else _YELLOW
    return f"{_BOLD}{place}{_PLAIN}: {colour}{severity}{_PLAIN} {_BOLD}{code}{_PLAIN} "

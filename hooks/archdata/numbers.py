"""How numbers are written on pages."""

from __future__ import annotations

_COUNT = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
_BYTES = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))
_SPACE = "\u00a0"

_MOST_DIGITS = 15
"""A number holds no more, and a page that asks for a billion would be built for ever."""


def count(value: float, digits: int = 3) -> str:
    """A number of parameters or operations: 46702792704 is 46.7B."""
    for unit, name in _COUNT:
        if abs(value) >= unit * 0.9995:
            return _significant(value / unit, digits) + name
    return _significant(value, digits)


def size_in_bytes(value: float, digits: int = 3) -> str:
    """A number of bytes in powers of 1024: 327680 is 320 KiB."""
    for unit, name in _BYTES:
        if abs(value) >= unit:
            return f"{_significant(value / unit, digits)}{_SPACE}{name}"
    return f"{_significant(value, digits)}{_SPACE}bytes"


def number(value: float) -> str:
    """A whole number with separators, others with up to four significant digits."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return _significant(value, 4)


def percent(part: float, whole: float) -> str:
    """A share in whole hundredths: 3 of 4 is 75 %."""
    return f"{100 * part / whole:.0f}{_SPACE}%"


def _significant(value: float, digits: int) -> str:
    """`digits` significant digits, more where the whole part has more, without trailing zeros."""
    if not 1 <= digits <= _MOST_DIGITS:
        raise ValueError(f"{digits} digits were asked for; between 1 and {_MOST_DIGITS} can be shown")
    whole = len(str(int(abs(value))))
    text = f"{value:.{max(digits - whole, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

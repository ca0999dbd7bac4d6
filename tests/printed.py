"""Printed numbers, compared as far as they are the same on every processor.

NumPy adds up in another order where a processor has other vector instructions, and its BLAS has a kernel for each
family of processors. So the last printed digit may differ by one, and an error that is nothing but rounding may be
any number of that size.
"""

from __future__ import annotations

import re

ROUNDING = 1e-11
"""What is smaller is an error of rounding, in numbers of 64 bits."""

_NUMBER = re.compile(r"[-+]?\b\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def differences(printed: str, stored: str) -> list[str]:
    """The lines that say something else, as `printed` and `stored`; none if only rounding tells them apart."""
    new, old = printed.splitlines(), stored.splitlines()
    if len(new) != len(old):
        return [f"{len(new)} lines instead of {len(old)}"]
    pairs = enumerate(zip(new, old, strict=True), 1)
    return [f"{number}: {a!r} instead of {b!r}" for number, (a, b) in pairs if not _says_the_same(a, b)]


def _says_the_same(a: str, b: str) -> bool:
    if a == b:
        return True
    if [part.split() for part in _NUMBER.split(a)] != [part.split() for part in _NUMBER.split(b)]:
        return False
    return all(map(_is_the_same, _NUMBER.findall(a), _NUMBER.findall(b)))


def _is_the_same(a: str, b: str) -> bool:
    x, y = (float(text.replace(",", "")) for text in (a, b))
    if x == y or max(abs(x), abs(y)) < ROUNDING:
        return True
    return abs(x - y) < 1.01 * max(_last_digit(a), _last_digit(b))


def _last_digit(text: str) -> float:
    """The size of one in the last digit that is printed; nothing for a whole number, which is counted, not measured."""
    digits, _, power = text.partition("e")
    _, dot, decimals = digits.partition(".")
    return 10.0 ** (int(power or 0) - len(decimals)) if dot or power else 0.0

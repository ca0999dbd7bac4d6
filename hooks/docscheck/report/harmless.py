"""Text of strangers as it is printed: nothing in it that a terminal obeys."""

from __future__ import annotations

_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HALVES = range(0xD800, 0xE000)
_SIGNS = (
    {number: 0x2400 + number for number in range(32) if chr(number) not in "\t\n"}
    | {127: 0x2421}
    | dict.fromkeys([*range(128, 160), *_TURNING, *_HALVES], 0xFFFD)
)
"""Signs that begin a terminal's commands or turn a line around, and halves of characters, which cannot be printed."""


def harmless(text: str) -> str:
    """A text of lines, each of which shows what stands in it and does nothing."""
    return text if text.isprintable() else text.translate(_SIGNS)


def in_json(text: str) -> str:
    """JSON in which such signs are written as escapes; outside of its strings there are none."""
    if text.isascii() and "\x7f" not in text:
        return text
    return text.translate({number: f"\\u{number:04x}" for number in (127, *range(128, 160), *_TURNING, *_HALVES)})

"""What a block shows of itself, as bits: most show too little for most processors, which are then not tried."""

from __future__ import annotations

# What a block shows of itself before anything is tried on it: the first characters of its rows, each a bit, …
_HEADS = {head: 1 << bit for bit, head in enumerate("!?=/#-_*:>[")}
BANG, QUERY, EQUALS, SLASH, HASH, DASH, LOW_LINE, STAR, COLON, ANGLE, BRACKET = _HEADS.values()
# … whether one is neither of these nor a letter, what its first row and the open blocks say, and, where that row is
# indented, which kind of box stands above.
ODD, INDENTED, TEX, PIPE, MARKER, OPEN, SPACE, BELOW_ADMONITION, BELOW_DETAILS, BELOW_TABS = (
    1 << bit for bit in range(len(_HEADS), len(_HEADS) + 10)
)
OF_FIRST = {**dict.fromkeys("-+*0123456789", MARKER), "$": TEX, "\\": TEX}
OF_BOX = {"admonition": BELOW_ADMONITION, "details": BELOW_DETAILS, "tabs": BELOW_TABS}


class _Bits(dict[str, int]):
    """The bit of each first character; none for a letter."""

    def __missing__(self, head: str) -> int:
        self[head] = 0 if head.isalpha() else ODD
        return self[head]


OF_HEAD = _Bits({**_HEADS, " ": SPACE})

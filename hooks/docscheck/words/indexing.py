"""Makes of the rows of wordings the index by which `wordings.py` finds them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from operator import sub

from docscheck.words.codes import SIDE
from docscheck.words.kinds import kinds
from docscheck.words.wordings import Element, Elements, Index, Row, Words

_GROUPS = 8 * SIDE
_RARE = 0.1
"""How often any word is met for each time that a common one is."""
_Pair = tuple[Words, Words, list[tuple[int, int]]]
"""What may be left and what right, and the rows that are known by it, with the place of the left word in each."""
_Side = tuple[int, float, int, float]
"""The common words on the left of pairs, each a bit, a measure of the others, and both on the right."""


def rows(wording: str, elements: Elements) -> Iterator[Row]:
    """The rows that a wording stands for: with and without each word that may be missing."""
    row: list[Element] = []
    is_wrong = False
    for word in wording.split():
        is_wrong = is_wrong or word.startswith("[")
        row.append(elements[word.replace("[", "").replace("]", ""), is_wrong])
        is_wrong = is_wrong and "]" not in word
    if not any(element.is_optional for element in row):
        yield tuple(row)
        return
    for taken in product(*((element, None) if element.is_optional else (element,) for element in row)):
        yield tuple(filter(None, taken))


def index_of(rows: Iterable[Row], common: Words = frozenset()) -> Index:
    """The index of some rows; words that stand on every page are told."""
    alone: dict[str, list[tuple[int, int]]] = {}
    neighbours: list[_Pair] = []
    for number, row in enumerate(rows):
        place = _anchor(row)
        if row[place].is_alone:
            for word in row[place].words:
                alone.setdefault(word, []).append((number, place))
        else:
            known = [element.is_known for element in row[place : place + 2]]
            assert known == [True, True], f"row {number} is not known by two words"
            neighbours.append((row[place].words, row[place + 1].words, [(number, place)]))
    pairs = _joined(neighbours)
    return Index(
        alone,
        pairs=[known for _, _, known in pairs],
        begins=_bits(left for left, _, _ in pairs),
        ends=_bits(right for _, right, _ in pairs),
        groups=_groups(pairs, common),
    )


def _anchor(row: Row) -> int:
    """The first of the two neighbours by which a row is known, or the one word."""
    for place, element in enumerate(row):
        if element.is_anchor or element.is_alone:
            return place
    wrong = next(place for place, element in enumerate(row) if element.is_wrong)
    return wrong - 1 if wrong and row[wrong - 1].is_known else wrong


def _joined(neighbours: Sequence[_Pair]) -> list[_Pair]:
    """Pairs with the same words on the right as one, and so the others with the same on the left."""
    often = Counter(right for _, right, _ in neighbours)
    together: dict[tuple[bool, Words], list[_Pair]] = {}
    for pair in neighbours:
        left, right, _ = pair
        together.setdefault((True, right) if often[right] > 1 else (False, left), []).append(pair)
    return [
        (
            frozenset().union(*(left for left, _, _ in group)),
            frozenset().union(*(right for _, right, _ in group)),
            [known for _, _, rows in group for known in rows],
        )
        for group in together.values()
    ]


def _bits(sides: Iterable[Words]) -> dict[str, int]:
    """For each word on one side of pairs a bit for each of these."""
    bits: dict[str, int] = defaultdict(int)
    for number, words in enumerate(sides):
        bit = 1 << number
        for word in words:
            bits[word] |= bit
    return dict(bits)


def _groups(pairs: Iterable[_Pair], common: Words) -> list[int]:
    """The group of each pair: those with words that stand on every page are spread, so that these meet seldom."""
    bits = {word: 1 << at for at, word in enumerate(common)}
    sides = [(*_side(left, bits), *_side(right, bits)) for left, right, _ in pairs]
    groups = [0] * len(sides)
    held: list[_Side] = [(0, 0, 0, 0)] * _GROUPS
    often = [0.0] * _GROUPS
    for number in sorted(range(len(sides)), key=lambda number: -_often(sides[number])):
        left, rare_left, right, rare_right = sides[number]
        after = [  # as `_often` says; not called, as this is done for each pair and each group
            ((a | left).bit_count() + b + rare_left) * ((c | right).bit_count() + d + rare_right) for a, b, c, d in held
        ]
        more = [*map(sub, after, often)]
        groups[number] = group = more.index(min(more))
        a, b, c, d = held[group]
        held[group], often[group] = (a | left, b + rare_left, c | right, d + rare_right), after[group]
    return groups


def _side(words: Words, bits: Mapping[str, int]) -> tuple[int, float]:
    """The common ones of these words, and a measure of all: some of them stand for a kind."""
    many = many_of_kind()
    size = len(words) + sum(many[kind] - 1 for kind in many.keys() & words)
    return sum(bits[word] for word in bits.keys() & words), size * _RARE


@lru_cache(maxsize=1)
def many_of_kind() -> Counter[str]:
    """How many words are of each kind."""
    return Counter(kinds().values())


def _often(side: _Side) -> float:
    """A measure of how often words of two sides stand side by side by chance."""
    left, rare_left, right, rare_right = side
    return (left.bit_count() + rare_left) * (right.bit_count() + rare_right)

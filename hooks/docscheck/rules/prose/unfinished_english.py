"""Whether an English paragraph breaks off, by its last sign or word."""

from __future__ import annotations

from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.rules.prose.unfinished_forms import (
    CLAUSE_DUE,
    CUT_OFF,
    LEAST,
    NEVER_LAST,
    OPEN_ENDED,
    PLACE_DUE,
    TAIL,
    goes_on,
    has_next,
    is_complete,
    is_heading,
    is_verse,
)

_EXAMPLES = (" e.g.", " i.e.", "(e.g.", "(i.e.")
_DASHES = (" -", " –", " —")
_EXAMPLE_DUE = lazy(
    r"(?:\b(?:for example|for instance|such as|namely)[,]?|[a-z]{3}, (?:please )?see"
    r"|\b[Ff]or (?:the|an?) (?:[\w-]+ )?[\w-]+, (?:please )?see)[*_]*$"
)
"""What leads to an example or to a place, and ends nothing."""
_CONSEQUENCE_DUE = lazy(r"^(?:Please )?[Nn]ote that$|^The following are$|(?:^|[.;:] )(?:If|When|Once) [^.;:?]+, then$")
_NOUN_DUE = lazy(
    r"\b(?:instead of|consists? of|depending on|according to|as (?:shown|described|explained|listed) in"
    r"|in addition to|compared (?:to|with)|(?<!in )between)$"
)
"""What takes a noun, even in a short sentence."""
_FOLLOWING_DUE = lazy(r"\b(?:for|by|of|in|with|as|are|is|see|use|do|has|have) the following$")
_SHORTEST_DUE = 4
_NEXT_CLAUSE = ("; and", "; or", ", and", ", or")
_CLAUSE = lazy(r"[ ]*\(?(?:[A-Za-z]|[ivx]{1,4}|\d{1,2})[.)]")
"""The next of the clauses of a law or a licence."""
_GREETING = lazy(r"(?:Dear|Hi|Hello|Hey)\b")
"""With what a letter begins."""
_LAST_WORD = lazy(r"(?<![\w.-])([A-Za-z]+)[,]?[*_]*$")


def _is_deeper(page: Page, following: Node) -> bool:
    """Whether what follows is a heading below that of its section, which the text above announces."""
    levels = {id(heading.node): heading.level for heading in page.headings if heading.line <= following.line}
    own = levels.pop(id(following), 0)
    return own > next(reversed(levels.values()), 0)


def _is_clause(node: Node) -> bool:
    return node.kind == "p" and _CLAUSE.match(node.rows[0].text) is not None


def breaks_off_in_english(page: Page, node: Node, following: Node | None) -> bool:
    """Whether an English paragraph breaks off, by its last sign or word, with what follows it."""
    if following is not None and goes_on(node.rows[-1].text.rstrip(), following):
        return False
    last = page.prose_lines[node.rows[-1].line].rstrip()
    if following is not None and _is_clause_before(node, last, following):
        return False
    if last.endswith("."):
        return _stops_early(last, following)
    if last.endswith(_DASHES):
        is_long = last[-3:-2].islower() and len(node.rows[-1].text.split()) > LEAST
        return is_long and not (following is not None and _is_deeper(page, following))
    if last.endswith(" on") and len(node.rows) == 1 and PLACE_DUE.match(last):
        return True
    if _EXAMPLE_DUE.search(last[-TAIL:]) and len(node.rows[-1].text.split()) > 3:
        return True
    words = sum(len(row.text.split()) for row in node.rows)
    if _CONSEQUENCE_DUE.search(last) or (words >= _SHORTEST_DUE and _NOUN_DUE.search(last[-TAIL:])):
        return not is_complete(last)
    if CLAUSE_DUE.search(last[-TAIL:]):
        return True
    if (following is None or is_heading(following)) and words > LEAST and _FOLLOWING_DUE.search(last[-TAIL:]):
        return following is None or not _is_deeper(page, following)
    if last.endswith(";"):
        return words > LEAST and _ends_with_semicolon(page, node, last, following)
    if _ends_with_comma(node, last, words, following):
        is_cut = not _is_greeting(node)
    else:
        is_cut = _ends_with_open_word(node, last, words)
    return is_cut and not is_verse(node) and _ends_block(page, node)


def _is_clause_before(node: Node, last: str, following: Node) -> bool:
    """Whether a paragraph is one of several clauses, each of which is a paragraph."""
    if last.endswith(_NEXT_CLAUSE) and _CLAUSE.match(following.rows[0].text):
        return True
    return last.endswith((",", ";")) and _is_clause(node) and _is_clause(following)


def _stops_early(last: str, following: Node | None) -> bool:
    """Whether a full stop stands behind words that need another one, or belongs to an abbreviation."""
    if last.endswith(_EXAMPLES):
        return following is None or is_heading(following)
    return CUT_OFF.search(last[-TAIL:]) is not None


def _item_around(node: Node) -> Node | None:
    return next((above for above in node.ancestors() if above.tag == "li"), None)


def _begins_item(node: Node) -> bool:
    """Whether a paragraph is the first of an item, which may end with a comma; a later text may not."""
    item = _item_around(node)
    return item is not None and item.children[:1] in ([], [node])


def _ends_with_semicolon(page: Page, node: Node, last: str, following: Node | None) -> bool:
    """Whether the only semicolon of a line, no part of a character's name, ends a section."""
    is_word = last.count(";") == 1 and last[-2:-1].isalnum() and "&" not in last.rpartition(" ")[2]
    is_lead = following is not None and _is_deeper(page, following)
    is_last = is_heading(following) and _item_around(node) is None  # nobody signs a section
    return is_word and is_last and not is_lead and not is_verse(node)


def _ends_with_comma(node: Node, last: str, words: int, following: Node | None) -> bool:
    """Whether a comma ends several words, which may be fewer where nothing but a heading follows."""
    least = 3 if is_heading(following) else 4
    return last.endswith(",") and last[-2:-1].isalpha() and words > least and not _begins_item(node)


def _is_greeting(node: Node) -> bool:
    """Whether a line is the address of a letter."""
    return len(node.rows) == 1 and _GREETING.match(node.rows[0].text) is not None


def _ends_with_open_word(node: Node, last: str, words: int) -> bool:
    """Whether the last word wants another one, and none went before."""
    match = _LAST_WORD.search(last[-TAIL:])
    if not match or match[1] not in OPEN_ENDED or is_complete(last):
        return False
    item = _item_around(node)
    if match[1] in ("and", "or") and _begins_item(node) and item is not None and has_next(item):
        return False  # the next item is the other one
    return words >= (3 if match[1] in NEVER_LAST else 5)


def _ends_block(page: Page, node: Node) -> bool:
    """Whether an empty line follows, or nothing."""
    line = node.rows[-1].line + 1
    return line >= len(page.lines) or not page.lines[line].strip(" \t>")

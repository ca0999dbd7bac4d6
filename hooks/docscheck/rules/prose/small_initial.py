"""A sentence or a paragraph that begins with a small letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("PRO115", "small-initial", Severity.WARNING)
_INITIAL = lazy(
    r"\.(?=[ \n]+[abefghimnprstuwy])(?<=[a-z]{4}\.)(?:[ ]{1,2}|[ ]*\n)"
    r"(the|this|these|those|it|we|they|there|you|she|if|when|however|also|but|then|please|each|all|in|to|for|and|go|run"
    r"|make|so|once|after|now|see|use|note|because)(?='s|[ ][a-z]+[ ,'\n])"
)
"""A word that begins sentences, behind a full stop that no short word has."""
_FIRST = lazy(
    r"[ ]*(the|this|these|those|it|we|they|there|you|she|if|when|however)(?='s[ ]|[ ][a-z]+[ ,])"
    r"[^\n]*[a-z]{3}[ ][^\n]*[a-z]{3}"
)
"""The same at the head of a paragraph that has some more words."""
_CUT = lazy(r"(?:[^\W\d_]+,? ){4,}[a-z]{2,}[ ]*$")
"""The end of a paragraph in the middle of a sentence, as far as words tell."""
_TAIL = 120
"""So much of it is looked at."""
_REST = lazy(r"[ ]*[a-z]{2,}(?![ ]?[=:]|[ ][-–—][ ])(?:[ ,][^\n]*)?[a-z]\.[ ]*$")
"""The rest of a sentence, with its full stop: not what a name stands for, as in "description = what is shown."."""
_WHOLE = lazy(r"[a-z)]{3}\.[ ]*$")
"""The end of a paragraph that is no announcement."""
_ENDED = lazy(r"[.!?:][*_)]*[ ]*$")
_SHORTENED = lazy(
    r"\b(?:approx|assoc|chap|conf|corp|dept|eqns|esp|excl|figs|govt|incl|mgmt|mins|misc|orig|para|prob|proc|refs|resp|secs"
    r"|sect|spec|temp|univ|vers|vols)\Z",
    re.I,
)
_LONGEST = 8


def check(page: Page) -> Iterator[Finding]:
    """Look at running text in English; what is quoted is somebody else's."""
    if not page.language.startswith("en"):
        return
    yield from _paragraphs(page)
    if " i " in page.prose or " i'" in page.prose or " i’" in page.prose:
        yield from _pronouns(page)
    for match in _INITIAL.finditer(page.prose):
        leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
        if leaf is None or leaf is not page.leaf_by_line.get(page.source.line_of(match.start(1))):
            continue
        is_text = leaf.kind == "p" or leaf.tag in ("p", "li", "dd")
        if not is_text or any(above.tag == "blockquote" for above in leaf.ancestors()):
            continue
        if not _SHORTENED.search(page.prose[max(match.start() - _LONGEST, 0) : match.start()]):
            message = f"this sentence begins with a small letter, or the full stop before `{match[1]}` is wrong"
            yield RULE.at(
                Span(*match.span(1)), message, help=f"write `{match[1].capitalize()}`, or remove the full stop"
            )


_PRONOUN = lazy(
    r"(?<=[a-z,;:.!?)] )(?<!index )(?<!step )(?<!row )(?<!variable )(?<!letter )(?<!integer )(?<!number )(?<!counter )"
    r"i(?=['’](?:m|ve|ll|d)[ ,.]|[ ](?:have|am|think|know|believe|guess|hope|want|wanted|wish|love|prefer|tried|wrote"
    r"|don['’]t|didn['’]t|can['’]t|couldn['’]t|won['’]t|suppose|suggest|recommend)[ ,.])"
)
"""The pronoun, before what no index does."""


def _pronouns(page: Page) -> Iterator[Finding]:
    """`so i think`: the pronoun in a small letter."""
    for match in _PRONOUN.finditer(page.prose):
        leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
        is_text = leaf is not None and (leaf.kind == "p" or leaf.tag in ("p", "li", "dd"))
        if is_text and leaf is not None and not any(above.tag == "blockquote" for above in leaf.ancestors()):
            yield RULE.at(
                Span(*match.span()),
                "the pronoun is written with a capital",
                help="write `I`",
                fix=Edit(Span(*match.span()), "I"),
            )


def _is_rest(page: Page, node: Node) -> bool:
    """Whether a paragraph is the rest of a sentence that the one above breaks off."""
    above = page.before(node)
    return (
        above is not None
        and above.kind == "p"
        and above.parent is node.parent
        and not above.rows[0].text[:1].islower()  # a page that begins whatever it explains with the name of it
        and _REST.match(page.prose_lines[node.rows[-1].line]) is not None
        and _CUT.search(page.prose_lines[above.rows[-1].line][-_TAIL:]) is not None
    )


def _paragraphs(page: Page) -> Iterator[Finding]:
    """Paragraphs below a heading or a whole sentence: behind code or a formula the sentence may go on."""
    for node in page.kinds.get("p", ()):
        row = node.rows[0]
        if not row.text[:1].islower():
            continue
        match = _FIRST.match(page.prose_lines[row.line])
        if match is None and _is_rest(page, node):
            span = page.source.content_span(row.line)
            yield RULE.at(span, "an empty line parts this from the beginning of its sentence", help="remove it")
        above = page.before(node) if match and node.parent is page.tree else None
        if match is None or above is None or not _ENDED.search(page.prose_lines[node.rows[-1].line]):
            continue  # without an end it may be a remark, such as what a function returns
        if above.kind == "heading" or (above.kind == "p" and _WHOLE.search(page.prose_lines[above.rows[-1].line])):
            start = page.source.starts[row.line]
            span = Span(start + match.start(1), start + match.end(1))
            yield RULE.at(span, "this paragraph begins with a small letter", help=f"write `{match[1].capitalize()}`")

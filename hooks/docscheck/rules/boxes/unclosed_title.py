"""A title whose quote is opened and never closed, or closed and never opened."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.boxes import NOUN, shows_marks, until_then, with_fault
from docscheck.source import Span

RULE = Rule("BOX101", "unclosed-title", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "unclosed-title"):
        end = opener.span.end
        yield RULE.at(
            opener.part,
            f"the title of this {NOUN[opener.kind]} is never closed",
            help=f'add `"` at the end of the line; {until_then(opener)}',
            label="the quote opens here",
            proof=shows_marks(opener),
            fix=Edit(Span(end, end), '"') if _is_certain(page.source.text[opener.part.start : end]) else None,
        )
    for opener in with_fault(page, "unopened-title"):
        start = opener.part.start
        yield RULE.at(
            opener.part,
            f"the title of this {NOUN[opener.kind]} has no opening quote",
            help=f'put `"` before the title; {until_then(opener)}',
            label="the title begins here",
            proof=shows_marks(opener),
            fix=Edit(Span(start, start), '"') if _is_certain(page.source.text[start : opener.part.end]) else None,
        )
    for opener in page.openers:
        title = opener.node.title if opener.node is not None and opener.kind != "block" else None
        if not title or '"' not in title or "„" in title:  # which such a quote may close
            continue
        title = _LOW.sub("", title)
        begins, ends = title.lstrip().startswith('"'), title.rstrip(" .,;:!?").endswith('"')
        is_doubled = title.strip().startswith('""') or title.strip().endswith('""')
        if is_doubled or ((begins and ends) if title.count('"') == 2 else title.count('"') % 2 and (begins or ends)):
            yield RULE.at(
                Span(opener.span.end - 1, opener.span.end),
                "the title has one quote too many, which is printed",
                help='remove one `"`',
            )


_LOW = lazy(r"[„‚][^„‚\"“”]*\"")
"""What begins with a low quote, which a straight one may end."""
_OTHER_QUOTES = "'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a`"


def _is_certain(title: str) -> bool:
    """Whether a quote at the open end is what was meant: not where another kind of quote stands there already."""
    bare = title.strip().strip('"').strip()
    return bool(bare) and bare[0] not in _OTHER_QUOTES and bare[-1] not in _OTHER_QUOTES

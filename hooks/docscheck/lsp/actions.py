"""Quick fixes: edits that are certain, choices that are likely, and a comment that lets a finding stand.

Whatever is offered was tried first: the page with the edit is checked and rendered, and the edit is dropped if the
finding is still there, if another has come, or if anything but the part in question is rendered differently.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from docscheck.diagnostics import Edit, Finding
from docscheck.fixes import fixed, tried
from docscheck.known_types import page_types
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rewriting import applied, line_edits
from docscheck.running import page_findings
from docscheck.source import Source, Span
from docscheck.suppress import apply_suppressions
from docscheck.targets import files_of, relative

_MEANT = lazy(r"did you mean `([^`]+)`")
_CHOICES = 3
_MOST = 8
"""Findings for which something is offered at once: each edit is tried, and a selection may hold a whole page."""


class Action(NamedTuple):
    """An edit that is offered."""

    title: str
    code: str
    """The code of the finding it mends."""
    line: int
    """The line, from 0, of that finding."""
    edit: Edit
    is_certain: bool = False


def actions(page: Page, span: Span, more: Iterable[Finding] = ()) -> Iterator[Action]:
    """What can be done about findings on the lines of a span; `more` are those that the page alone does not show."""
    own = page_findings(page)
    first, last = page.source.line_of(span.start), page.source.line_of(span.end)
    lines = ((one, page.source.line_of(one.span.start), page.source.line_of(one.span.end)) for one in (*own, *more))
    touched = [finding for finding, start, end in lines if start <= last and end >= first]
    for finding in touched[:_MOST]:
        line = page.source.line_of(finding.span.start)
        for title, edit, certain in _edits(page, finding):
            # What only a comparison of pages finds is taken to be mended by what is chosen instead.
            if finding not in own or tried(page, finding, edit, own):
                yield Action(title, finding.rule.code, line, edit, certain)
        comment = _comment(page, finding, line)
        if _lets_stand(page, finding, comment, own):
            yield Action(f"Ignore {finding.rule.code} on this line", finding.rule.code, line, comment)


def _edits(page: Page, finding: Finding) -> Iterator[tuple[str, Edit, bool]]:
    if finding.fix:
        yield f"Fix: {finding.message}", finding.fix, True
    seen = {finding.fix.replacement} if finding.fix else set()
    for meant in _meant(page, finding):
        if meant not in seen:
            seen.add(meant)
            yield f"Change to `{meant}`", Edit(finding.span, meant), False


def _comment(page: Page, finding: Finding, line: int) -> Edit:
    end = page.source.span(line).end
    return Edit(Span(end, end), f" <!-- docscheck: ignore {finding.rule.code} -->")


def _lets_stand(page: Page, finding: Finding, comment: Edit, own: list[Finding]) -> bool:
    """Whether the comment hides the finding and changes nothing else that is seen."""
    text = applied(page.source.text, comment)
    after = Page(Source(page.path, text), page.config, page.uri, page.site)
    found = page_findings(after)
    here = next((one for one in found if _name(one) == _name(finding)), None if finding in own else finding)
    if here is None or sorted(map(_name, found)) != sorted(map(_name, own)) or after.ids != page.ids:
        return False
    return not apply_suppressions(after, [here])


def _name(finding: Finding) -> tuple[str, str]:
    return finding.rule.code, finding.message


def _meant(page: Page, finding: Finding) -> Iterator[str]:
    """What may have been meant in the place of what a finding marks, likeliest first."""
    written = page.source.text[finding.span.start : finding.span.end]
    said = _MEANT.search(finding.help)
    if said:
        meant = _like(written, said[1])
        _, mark, fragment = written.partition("#")
        yield meant if "#" in meant else f"{meant}{mark}{fragment}"
    yield from _near(page, finding, written)


def _like(written: str, meant: str) -> str:
    """The suggestion without the marks that are not part of what is replaced."""
    for opening, closing in (("#", ""), ("[", "]"), (":", ":"), ("@", "")):
        if meant.startswith(opening) and meant.endswith(closing) and not written.startswith(opening):
            return meant[len(opening) : len(meant) - len(closing)]
    return meant


def _near(page: Page, finding: Finding, written: str) -> Iterator[str]:
    name = finding.rule.name
    if name == "unknown-type":
        yield from difflib.get_close_matches(written.lower(), sorted(page_types(page)), _CHOICES)
    elif name == "missing-anchor":
        yield from difflib.get_close_matches(unquote(written), sorted(_ids(page, finding)), _CHOICES)
    elif name == "missing-file" and page.site is not None:
        path, mark, fragment = written.partition("#")
        names = [relative(uri, page.uri) for uri in files_of(page.site).built if _suffix(uri) == _suffix(path)]
        near = difflib.get_close_matches(path, sorted(names), _CHOICES, 0.7)
        yield from (f"{other}{mark}{fragment}" for other in near)


def _ids(page: Page, finding: Finding) -> Iterable[str]:
    before = page.source.text[: finding.span.start]
    path = re.split(r"[\s(<\"'\[]", before)[-1].rstrip("#") if before else ""
    if not path or page.site is None:
        return page.ids
    file = files_of(page.site).judge(page.uri, path).file
    return page.site.ids(file) if file in page.site.page_uris else ()


def _suffix(path: str) -> str:
    return posixpath.splitext(path)[1].lower()


def all_fixes(page: Page) -> list[Edit]:
    """The edits, line by line, that lead to the page after every certain fix."""
    return line_edits(page.source.text, fixed(page))

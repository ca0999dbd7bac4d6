"""Two headings of one section with the same text, or two things with the same id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.headings import Heading
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.headings import outline
from docscheck.source import Span

RULE = Rule("HDG104", "duplicate-heading", Severity.WARNING)
ID = Rule("HDG105", "duplicate-id", Severity.ERROR)
_LINK_ID = lazy(r"(?<=[)`*])\{:?[^{}\n]*?#([^\s{}#]+)[^{}\n]*\}")
_LINE_ID = lazy(r"^[ \t>]*\{:?[^{}\n]*?#([^\s{}#]+)[^{}\n]*(?<!#)\}[ ]*$", re.M)
RULES = (RULE, ID)


def check(page: Page) -> Iterator[Finding]:
    headings = outline(page)
    if len({heading.text.casefold() for heading in headings}) < len(headings):
        yield from _texts(headings)
    yield from _ids(page)
    if any(heading.explicit_id for heading in page.headings):
        yield from _taken(page)


def _texts(headings: tuple[Heading, ...]) -> Iterator[Finding]:
    """Texts that stand twice in a section; functions may share their name, and differ in what they take."""
    path: list[tuple[int, str]] = []
    seen: dict[tuple[str, ...], Heading] = {}
    for heading in headings:
        while path and path[-1][0] >= heading.level:
            path.pop()
        path.append((heading.level, _shown(heading)))
        key = tuple([shown for _, shown in path])
        if heading.text and key in seen and not heading.explicit_id and not heading.text.endswith("()"):
            yield RULE.at(
                heading.span,
                f"the section already has this heading, on line {seen[key].line + 1}",
                help=f"word one of the two differently; links to `#{seen[key].id}` lead to the first",
            )
        seen.setdefault(key, heading)


_ICON = lazy(r":[\w+-]+:")


def _shown(heading: Heading) -> str:
    """What the reader sees of a heading: its text, and its icons."""
    icons = "".join(_ICON.findall(heading.markup)) if ":" in heading.markup else ""
    return heading.text.casefold() + icons


def _taken(page: Page) -> Iterator[Finding]:
    """An id that suits another heading than its own: the other one gets a number behind its id, and loses its links."""
    chosen = {
        heading.id: heading
        for heading in page.headings
        if heading.explicit_id and _letters(heading.text) != _letters(heading.id)
    }
    for heading in page.headings if chosen else ():
        base, _, number = heading.id.rpartition("_")
        if heading.explicit_id or not number.isdecimal() or heading.text.rstrip().endswith(number):
            continue
        if base in chosen:
            yield ID.at(
                page.source.find(chosen[base].line, f"#{base}"),
                f"the heading on line {heading.line + 1} would have this id, and becomes `{heading.id}`",
                help="choose another id; links lead here, and not to that heading",
            )


def _letters(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _is_above(page: Page, line: int, heading: int) -> bool:
    """Whether an empty anchor stands right above the heading that has its id: links lead to the same place."""
    if heading < line or any(map(str.strip, page.lines[line + 1 : heading])):
        return False
    return _ANCHOR.fullmatch(page.lines[line].strip()) is not None


_ANCHOR = lazy(r"<(a|span|div)\b[^<>]*>[ ]*</\1>|<a\b[^<>]*/>")


def _ids(page: Page) -> Iterator[Finding]:
    own = [
        (heading.id, heading.line, page.source.find(heading.line, f"#{heading.id}"))
        for heading in page.headings
        if heading.explicit_id
    ]
    own += [
        (match[1], page.source.line_of(match.start()), Span(*match.span(1)))
        for pattern in ((_LINK_ID, _LINE_ID) if "{" in page.prose and page.config.has("attr_list") else ())
        for match in pattern.finditer(page.prose)
    ]
    own += [
        (attribute.value, page.source.line_of(attribute.span.start), attribute.value_span)
        for tag in page.tags
        for attribute in tag.attributes
        if attribute.value and (attribute.name == "id" or (attribute.name == "name" and tag.name == "a"))
    ]
    seen: dict[str, int] = {}
    if own:
        seen = {heading.id: heading.line for heading in page.headings if not heading.explicit_id}
    for identifier, line, span in sorted(own, key=lambda entry: entry[2].start):
        if identifier in seen and seen[identifier] != line and not _is_above(page, line, seen[identifier]):
            yield ID.at(
                span,
                f"the id `{identifier}` is already taken, on line {seen[identifier] + 1}",
                help="choose another id; links lead only to the first one",
            )
        seen.setdefault(identifier, line)

"""What a place of a page is about: where it leads, and what is to be said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from docscheck.diagnostics import Diagnostic
from docscheck.explain import PAGES, find
from docscheck.included import read, snippets
from docscheck.lsp.completion import title_of
from docscheck.lsp.provider import Hover, Provider, Target, log
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules import every_rule
from docscheck.source import Span
from docscheck.targets import Verdict, files_of

_NOTE = lazy(r"\[\^([^\]\n]+)\]")
_SECTION = r"-+8<-+[ \t]+\[[ \t]*start[ \t]*:[ \t]*{}[ \t]*\]"
_LINKED = lazy(r"\[([^\]]*)\]\([^)]*\)")


def definition(page: Page, offset: int, providers: Iterable[Provider]) -> Target | None:
    """Where that is defined on which a place rests."""
    for provider in providers:
        try:
            found = provider.definition(page, offset)
        except Exception:
            log.exception("%s fails on %s", type(provider).__name__, page.path)
            continue
        if found:
            return found
    return _of_snippet(page, offset) or _of_note(page, offset) or _of_link(page, offset)


def _of_snippet(page: Page, offset: int) -> Target | None:
    for snippet in snippets(page):
        if snippet.span.start <= offset <= snippet.span.end and snippet.file:
            text = read(snippet.file)
            mark = re.search(_SECTION.format(re.escape(snippet.section)), text) if snippet.section else None
            return Target(snippet.file, text.count("\n", 0, mark.start()) if mark else 0)
    return None


def _of_note(page: Page, offset: int) -> Target | None:
    name = next((m[1] for m in _NOTE.finditer(page.masked) if m.start() <= offset <= m.end()), None)
    line = next((row.line for note, row in page.definitions.footnotes if note == name), None)
    return Target(_file(page), line) if line is not None else None


def _of_link(page: Page, offset: int) -> Target | None:
    mention = _mention_at(page, offset)
    target = target_of(page, mention) if mention else None
    if mention is None or target is None:
        return None
    if not isinstance(target, Page):
        return Target(target)
    return Target(_file(target), line_of(target, mention.fragment))


def _mention_at(page: Page, offset: int) -> Mention | None:
    spans = ((mention, span) for mention in mentions(page) for span in (mention.span, mention.text_span))
    fitting = [(span.end - span.start, number, m) for number, (m, span) in enumerate(spans) if _holds(span, offset)]
    return min(fitting)[2] if fitting else None


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def target_of(page: Page, mention: Mention) -> Page | Path | None:
    """The page, or another file of the site, to which a link leads."""
    if mention.is_external or page.site is None:
        return None
    if not mention.path:
        return page if mention.address.startswith("#") else None
    files = files_of(page.site)
    judge = files.judge_address if mention.kind == "raw" else files.judge
    found = files.judge_absolute(mention.path) if mention.path.startswith("/") else judge(page.uri, mention.path)
    if found.verdict not in (Verdict.FILE, Verdict.PAGE_ADDRESS, Verdict.EXCLUDED, Verdict.WRONG_CASE):
        return None
    if found.file in page.site.page_uris:
        return page.site.page(found.file)
    return Path(page.site.files[found.file]) if found.file in page.site.files else None


def line_of(page: Page, fragment: str) -> int:
    """The line, from 0, of a place of a page; the first where it is unknown."""
    if not fragment:
        return 0
    heading = next((heading for heading in page.headings if heading.id == fragment), None)
    if heading:
        return heading.line
    given = re.search(rf"[{{\s]#{re.escape(fragment)}[\s}}]|\b(?:id|name)=[\"']?{re.escape(fragment)}\b", page.masked)
    return page.source.line_of(given.start()) if given else 0


def _file(page: Page) -> Path:
    assert page.site is not None
    return page.config.docs_dir / page.uri


def hover(page: Page, offset: int, providers: Iterable[Provider], found: Iterable[Diagnostic]) -> Hover | None:
    """What is to be said of a place: what was found there, then what it names."""
    parts: list[Hover] = [*_of_findings(page, offset, found)]
    for provider in providers:
        try:
            said = provider.hover(page, offset)
        except Exception:
            log.exception("%s fails on %s", type(provider).__name__, page.path)
            continue
        if said:
            parts.append(said)
            break
    else:
        parts += _of_target(page, offset)
    if not parts:
        return None
    return Hover(parts[0].span, "\n\n---\n\n".join(part.markdown for part in parts))


def span_of(page: Page, diagnostic: Diagnostic) -> Span:
    """The place of a finding in a page that still has the text it was found in."""
    starts = page.source.starts
    first, last = min(diagnostic.line, len(starts)) - 1, min(diagnostic.end_line, len(starts)) - 1
    return Span(starts[first] + diagnostic.column - 1, starts[last] + diagnostic.end_column - 1)


def _of_findings(page: Page, offset: int, found: Iterable[Diagnostic]) -> Iterator[Hover]:
    for diagnostic in found:
        span = span_of(page, diagnostic)
        if _holds(span, offset):
            told = [f"**{diagnostic.code}** {diagnostic.message}", diagnostic.help]
            yield Hover(span, about(diagnostic.code) or "\n\n".join(part for part in told if part))


def about(code: str) -> str:
    """What goes wrong where a rule finds something, and the remedy, from the rule's page; else from its code."""
    rule = find(code)
    if rule is None:
        return ""
    page = PAGES / f"{rule.name}.md"
    text = page.read_text("utf-8") if page.is_file() else ""
    parts = [_section(text, title) for title in ("What goes wrong", "Fix")]
    told = "\n\n".join(part for part in parts if part) or (every_rule()[rule].__doc__ or "").strip()
    plain = _LINKED.sub(r"\1", told)  # links lead nowhere in an editor
    return f"**{rule.code}** {rule.name.replace('-', ' ')}\n\n{plain}"


def _section(text: str, title: str) -> str:
    _, _, rest = text.partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0].strip()


def _of_target(page: Page, offset: int) -> Iterator[Hover]:
    mention = _mention_at(page, offset)
    target = target_of(page, mention) if mention else None
    if mention is None or not isinstance(target, Page):
        return
    heading = next((h for h in target.headings if h.id == mention.fragment), None) if mention.fragment else None
    title = " › ".join(part for part in (title_of(target) or target.uri, heading.text if heading else "") if part)
    description = target.front_matter.data.get("description")
    body = f"\n\n{description}" if isinstance(description, str) else ""
    yield Hover(mention.span, f"**{title}**{body}\n\n`{target.uri}`")

"""Applies the edits that findings offer, each only if the page then renders the same everywhere else.

Edits that stand far enough apart are judged together, more strictly than one alone: to render a long page takes as long
as to check it ten times. Where the strict judgement fails, fewer are judged together, in the end one.
"""

from __future__ import annotations

import difflib
import errno
import io
import os
import re
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from docscheck.config import resolved
from docscheck.diagnostics import Edit, Finding, Severity
from docscheck.engine import choice, page_findings, page_proposals
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.rendering import Rendered
from docscheck.source import Source, Span
from docscheck.suppress import apply_suppressions

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MOST = 500
"""Edits of one page; a limit against edits that undo each other."""
_WRITABLE = 0o222
"""The rights to write, of which a read-only file gives none to anybody."""
_AT_ONCE = 4
"""Edits that are judged as one: a list that becomes one shows that its items are nested by too little."""

_found, _proposed = of_page(page_findings), of_page(page_proposals)
"""What is found on a page, and what the rules would find: asked for as often as an edit of the page is judged."""


def fixed(page: Page, *, select: Collection[str] = (), ignore: Collection[str] = ()) -> str:
    """The text of a page after every edit that proves harmless; what is ignored or let stand is not mended."""
    is_chosen = choice(page.config, select, ignore)
    current, findings = page, _found(page)
    refused: set[tuple[str, int, str]] = set()
    is_changed = False
    left, together = _MOST, _MOST
    """How many edits may still be tried, and how many at once."""
    while left > 0:
        kept = [finding for finding in apply_suppressions(current, findings) if finding.fix]
        told = [finding for finding in kept if is_chosen(finding.rule.code, finding.rule.name, finding.severity)]
        offers = [finding for finding in told if _name(finding, current) not in refused]
        if not offers and is_changed and refused:
            refused.clear()  # what did harm before may do none now; not asked after each edit: that takes too long
            is_changed = False
            left -= 1
            continue
        if not offers:
            break
        parts = _apart(current, offers, min(left, together)) if min(left, together) > 1 else []
        if len(parts) > 1:
            parts = _quiet(current, parts)
        if len(parts) > 1:
            mended = _mended_together(current, parts, findings)
            if mended is None:
                together = len(parts) // 2
                continue
        else:
            mended = _mended(current, offers[0], findings)
            if mended is None:
                refused.add(_name(offers[0], current))
        left -= max(len(parts), 1)
        together *= 2  # what stood in the way is mended or refused
        if mended is not None:
            current, findings = mended
            is_changed = True
    return current.source.text


def tried(page: Page, offer: Finding, edit: Edit, findings: list[Finding]) -> Page | None:
    """The page after one edit that is to mend a finding; None where it does not, or does more than that."""
    candidate = _with_text(page, applied(page.source.text, edit))
    return candidate if _left(page, candidate, offer._replace(fix=edit), findings) is not None else None


def applied(text: str, edit: Edit) -> str:
    """The text after the edit."""
    return text[: edit.span.start] + edit.replacement + text[edit.span.end :]


def diff(path: str, before: str, after: str) -> str:
    """The change as a patch."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def line_edits(before: str, after: str) -> list[Edit]:
    """Replacements of whole lines that turn one text into the other."""
    old, new = _lines(before), _lines(after)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    changed = (code for code in matcher.get_opcodes() if code[0] != "equal")
    return [Edit(Span(starts[i1], starts[i2]), "".join(new[j1:j2])) for _, i1, i2, j1, j2 in changed]


class ReadOnlyError(PermissionError):
    """A file whose rights say that it is not to be written, even where the rights of its folder would allow it."""


class Fixes(NamedTuple):
    """What `--fix` has done, or with `--diff` would do."""

    patch: str
    left: list[str]
    """The pages that it would have changed, had they not been read-only."""


def write_fixes(pages: Iterable[Page], dry: bool, *, select: Collection[str], ignore: Collection[str]) -> Fixes:
    """Fix the files of these pages. With `dry`, nothing is written."""
    patch = ""
    left = []
    for page in pages:
        after = fixed(page, select=select, ignore=ignore)
        if after == page.source.text:
            continue
        if not dry and page.site is not None:
            try:
                write(Path(page.site.files[page.uri]), page.source.text, after)
            except ReadOnlyError:
                left.append(page.path)
                continue
        patch += diff(page.path, page.source.text, after)
    return Fixes(patch, left)


def _lines(text: str) -> list[str]:
    """The lines with their ends; other signs at which Python would part a text are no ends of lines here."""
    return list(io.StringIO(text, newline="\n"))


def write(file: Path, before: str, after: str) -> bool:
    """Write the text with the line ends that each line has, whole or not at all; False where nothing was written.

    A file that was changed meanwhile is left alone, and so is one with bytes that are no text, which would be lost.
    Raises ReadOnlyError for a file that is not to be written.
    """
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if Source.read(file, "").text != before:
        return False
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"
    _replace(file, _with_ends_of(text.removeprefix("\ufeff"), before, after).encode(encoding))
    return True


def _with_ends_of(raw: str, before: str, after: str) -> str:
    """The new text with the line ends of the file: each line keeps its own, a new one has the usual one."""
    windows = raw.count("\r\n")
    if "\r" not in raw:
        return after
    if raw.count("\r") == windows == before.count("\n"):
        return after.replace("\n", "\r\n")
    usual = "\r\n" if windows * 2 >= before.count("\n") else "\n"
    kept = _LINE.findall(raw)
    new = _lines(after)
    matcher = difflib.SequenceMatcher(None, _lines(before), new, autojunk=False)
    written = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            written += kept[i1:i2]
        else:
            for line in new[j1:j2]:
                # Behind the return of an old Mac, a line feed of its own would be one end with it.
                end = "\r\n" if line == "\n" and written and written[-1].endswith("\r") else usual
                written.append(line.removesuffix("\n") + end if line.endswith("\n") else line)
    return "".join(written)


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file and take its place: with a full disk, the file stays as it was."""
    target = resolved(file)  # a link stays a link
    mode = target.stat().st_mode
    if not mode & _WRITABLE or not os.access(target, os.W_OK):  # the superuser has access to every file
        raise ReadOnlyError(errno.EACCES, "cannot be written: it is read-only", str(file))
    part = ""
    try:
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        os.chmod(part, mode & 0o7777)
        os.replace(part, target)
    except OSError as error:
        raise OSError(error.errno, f"cannot be written: {error.strerror}", str(file)) from error
    finally:
        if part:
            Path(part).unlink(missing_ok=True)


def _with_text(page: Page, text: str) -> Page:
    return Page(Source(page.path, text), page.config, page.uri, page.site)


def _name(finding: Finding, page: Page) -> tuple[str, int, str]:
    line = page.source.line_of(finding.span.start)
    return finding.rule.code, line, page.lines[line]


def _mended(page: Page, offer: Finding, findings: list[Finding]) -> tuple[Page, list[Finding]] | None:
    """The page after a harmless edit, and what is found on it; after others too, where one shows what they mend."""
    assert offer.fix is not None
    candidate = _with_text(page, applied(page.source.text, offer.fix))
    known = Counter(finding.rule.code for finding in findings)
    for _ in range(_AT_ONCE):
        remaining = _left(page, candidate, offer, findings)
        if remaining is not None:
            return candidate, remaining
        shown = _found(candidate)
        more = Counter(finding.rule.code for finding in shown) - known
        news = next((f for f in shown if f.fix and f.rule.code in more and f.span.start >= offer.fix.span.start), None)
        if news is None or news.fix is None:
            return None
        further = _with_text(candidate, applied(candidate.source.text, news.fix))
        if _left(candidate, further, news, shown) is None:
            return None
        candidate = further
    return None


def _left(before: Page, after: Page, offer: Finding, findings: list[Finding]) -> list[Finding] | None:
    """What is found after the edit; None where it does harm.

    It does none if the fault is gone, no other has come, and every line outside the part in question renders as before.
    """
    assert offer.fix is not None
    first = before.source.line_of(offer.fix.span.start)
    remaining = _found(after)
    known = {finding.rule.code for finding in findings}
    shown = [finding for finding in remaining if finding.rule.code not in known]
    if not all(_is_only_shown(after, finding, offer, first) for finding in shown):
        return None
    if len(remaining) - len(shown) >= len(findings) or _count(remaining, offer) >= _count(findings, offer):
        return None
    last = max(_end_of_part(before, first), before.source.line_of(max(offer.fix.span.end - 1, 0)))
    added = after.source.text.count("\n") - before.source.text.count("\n")
    old, new = before.rendered, after.rendered
    if old.failed or new.failed:
        return None
    outside = [line for line in range(before.body, len(before.lines)) if not first - 1 <= line <= last]
    if any(_seen(old, line) != _seen(new, line + added if line > last else line) for line in outside):
        return None
    return remaining if added or _prints_the_same(before, after, range(first, last + 1), 0) else None


class _Part(NamedTuple):
    """A part of a page that an edit may change, and the finding that offers this edit."""

    first: int
    last: int
    offer: Finding
    edit: Edit

    def is_apart(self, other: _Part, lines: Sequence[str]) -> bool:
        """Whether some text stands between this part and another: that it stays what it is, keeps them apart."""
        above, below = sorted((self, other), key=lambda part: part.first)
        return any(map(str.strip, lines[above.last + 1 : below.first - 1]))

    @property
    def grown(self) -> int:
        """How much longer the text becomes."""
        return len(self.edit.replacement) - (self.edit.span.end - self.edit.span.start)

    def holds(self, page: Page, finding: Finding) -> bool:
        """Whether a finding stands in this part."""
        return self.first <= page.source.line_of(finding.span.start) <= self.last


def _part(page: Page, offer: Finding, edit: Edit) -> _Part:
    first = page.source.line_of(edit.span.start)
    last = max(_end_of_part(page, first), page.source.line_of(max(edit.span.end - 1, 0)))
    return _Part(first, last, offer, edit)


def _apart(page: Page, offers: Iterable[Finding], most: int) -> list[_Part]:
    """The first offers, with the parts of the page that they change, of which none touches that of another."""
    parts: list[_Part] = []
    for offer in offers:
        if len(parts) < most and offer.fix is not None:
            part = _part(page, offer, offer.fix)
            if all(part.is_apart(other, page.lines) for other in parts):
                parts.append(part)
    return sorted(parts, key=lambda part: part.first)


def _quiet(page: Page, parts: list[_Part]) -> list[_Part]:
    """Those of some parts in which the edits bring nothing new to light, which one edit alone may do."""
    trial = _with_text(page, _all_applied(page.source.text, parts))
    new = _told(_proposed(trial)) - _told(_proposed(page), parts)
    grown = accumulate((part.grown for part in parts), initial=0)
    begun = [page.source.starts[part.first] + more for part, more in zip(parts, grown, strict=False)]
    loud = {bisect_right(begun, place) - 1 for _, place in new}
    return [part for number, part in enumerate(parts) if number not in loud]


def _mended_together(page: Page, parts: list[_Part], findings: list[Finding]) -> tuple[Page, list[Finding]] | None:
    """The page after several harmless edits, and what is found on it; None where one of them would be refused alone.

    Each mends its own fault, and nothing outside its part: for any two edits there is a trial that makes one without
    the other. And no edit reaches beyond its part: how a line is read depends on those above it, and the text between
    two parts is read as before; only definitions work from afar, and these stay.
    """
    proposals = _proposed(page)
    for bit in range(len(parts).bit_length()):
        some = [part for number, part in enumerate(parts) if number >> bit & 1]
        if some:
            trial = _with_text(page, _all_applied(page.source.text, some))
            if not _mend_no_others(page, some, proposals, _proposed(trial)):
                return None
    after = _with_text(page, _all_applied(page.source.text, parts))
    remaining = _found(after)
    if not _mend_no_others(page, parts, findings, remaining) or _defined(page) != _defined(after):
        return None
    old, new = page.rendered, after.rendered
    if old.failed or new.failed:
        return None
    added = 0
    line = page.body
    for part in parts:
        if any(_seen(old, number) != _seen(new, number + added) for number in range(line, part.first - 1)):
            return None
        more = part.edit.replacement.count("\n") - page.source.text.count("\n", *part.edit.span)
        if not more and not _prints_the_same(page, after, range(part.first, part.last + 1), added):
            return None
        added, line = added + more, part.last + 1
    if any(_seen(old, number) != _seen(new, number + added) for number in range(line, len(page.lines))):
        return None
    return after, remaining


def _mend_no_others(page: Page, parts: Sequence[_Part], before: list[Finding], after: list[Finding]) -> bool:
    """Whether these edits mend what they are to mend, nothing elsewhere, and bring nothing new."""
    now, expected = _told(after), _told(before, parts)
    inside = [finding for finding in before if any(part.holds(page, finding) for part in parts)]
    return now <= expected and expected - now <= _told(inside, parts)


def _all_applied(text: str, parts: Sequence[_Part]) -> str:
    """The text after the edits of parts in their order."""
    for part in reversed(parts):
        text = applied(text, part.edit)
    return text


def _told(findings: Iterable[Finding], mended: Sequence[_Part] = ()) -> Counter[tuple[str, int]]:
    """What is found, and where; without what some parts offer to mend, and moved to where it stands after that."""
    gone = {(part.offer.rule.code, part.offer.span.start) for part in mended}
    places = [(finding.rule.code, finding.span.start) for finding in findings]
    return Counter(
        (code, start + sum(part.grown for part in mended if part.edit.span.end <= start))
        for code, start in places
        if (code, start) not in gone
    )


def _defined(page: Page) -> tuple[object, ...]:
    """The definitions of a page, which bear on text far from them."""
    defined = page.definitions
    labels = [(label, address) for label, _, address in defined.labels]
    return labels, [name for name, _ in defined.footnotes], [(name, row.text) for name, row in defined.abbreviations]


def _is_only_shown(after: Page, finding: Finding, offer: Finding, line: int) -> bool:
    """Whether a warning is about what the edit brings to light: a link that was printed may have an empty text."""
    is_less = offer.severity == Severity.ERROR and finding.severity == Severity.WARNING
    return is_less and after.source.line_of(finding.span.start) == line


def _prints_the_same(before: Page, after: Page, part: range, added: int) -> bool:
    """Whether an edit that only moves lines to the right moves nothing else: each shows the text that it showed.

    The part is counted in the lines before; edits above it added so many.
    """
    old, new = before.lines[part.start : part.stop], after.lines[part.start + added : part.stop + added]
    if list(map(str.lstrip, old)) != list(map(str.lstrip, new)):
        return True  # an edit of another kind
    return all(
        "".join(printed.text for printed in before.rendered.at(line)).split()
        == "".join(printed.text for printed in after.rendered.at(line + added)).split()
        for line in part
    )


def _count(findings: list[Finding], like: Finding) -> int:
    return sum(finding.rule.code == like.rule.code for finding in findings)


def _end_of_part(page: Page, line: int) -> int:
    """The last line that a change on this one may move: its block, what is indented under it, or the HTML it opens."""
    for block in page.html_blocks:
        if page.source.line_of(block.span.start) == line:
            return page.source.line_of(block.span.end - 1)
    indent = _indent(page.lines[line])
    end = line
    blank = False
    for number in range(line + 1, len(page.lines)):
        text = page.lines[number]
        if not text.strip(" >\t"):
            blank = True
        elif blank and _indent(text) <= indent:
            break
        else:
            end = number
    return end


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t>"))


def _seen(rendered: Rendered, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    place = rendered.places.get(line)
    chain = tuple(f"{e.tag}.{'.'.join(sorted(e.classes))}" for e in place.chain()) if place else ()
    return chain, tuple(printed.text for printed in rendered.at(line))

"""Applies the edits that findings offer, one by one, each only if the page then renders the same everywhere else."""

from __future__ import annotations

import difflib
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from docscheck.config import resolved
from docscheck.diagnostics import Edit, Finding, Severity
from docscheck.engine import choice, page_findings
from docscheck.page import Page
from docscheck.rendering import Rendered
from docscheck.source import Source, Span
from docscheck.suppress import apply_suppressions

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MOST = 500
"""Edits of one page; a limit against edits that undo each other."""
_AT_ONCE = 4
"""Edits that are judged as one: a list that becomes one shows that its items are nested by too little."""


def fixed(page: Page, *, select: Collection[str] = (), ignore: Collection[str] = ()) -> str:
    """The text of a page after every edit that proves harmless; what is ignored or let stand is not mended."""
    is_chosen = choice(page.config, select, ignore)
    current, findings = page, page_findings(page)
    refused: set[tuple[str, int, str]] = set()
    is_changed = False
    for _ in range(_MOST):
        kept = [finding for finding in apply_suppressions(current, findings) if finding.fix]
        told = [finding for finding in kept if is_chosen(finding.rule.code, finding.rule.name, finding.severity)]
        offer = next((f for f in told if _name(f, current) not in refused), None)
        if offer is None and is_changed and refused:
            refused.clear()  # what did harm before may do none now; not asked after each edit: that takes too long
            is_changed = False
            continue
        if offer is None or offer.fix is None:
            break
        mended = _mended(current, offer, findings)
        if mended is None:
            refused.add(_name(offer, current))
        else:
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


def write_fixes(pages: Iterable[Page], dry: bool, *, select: Collection[str], ignore: Collection[str]) -> str:
    """Fix the files of these pages; return the patch. With `dry`, nothing is written."""
    patch = ""
    for page in pages:
        after = fixed(page, select=select, ignore=ignore)
        if after != page.source.text:
            patch += diff(page.path, page.source.text, after)
            if not dry and page.site is not None:
                write(Path(page.site.files[page.uri]), page.source.text, after)
    return patch


def _lines(text: str) -> list[str]:
    """The lines with their ends; other signs at which Python would part a text are no ends of lines here."""
    return list(io.StringIO(text, newline="\n"))


def write(file: Path, before: str, after: str) -> bool:
    """Write the text with the line ends that each line has, whole or not at all; False where nothing was written.

    A file that was changed meanwhile is left alone, and so is one with bytes that are no text, which would be lost.
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
    part = ""
    try:
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        os.chmod(part, target.stat().st_mode & 0o7777)
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
        shown = page_findings(candidate)
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
    remaining = page_findings(after)
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
    return remaining if _prints_the_same(before, after, range(first, last + 1)) else None


def _is_only_shown(after: Page, finding: Finding, offer: Finding, line: int) -> bool:
    """Whether a warning is about what the edit brings to light: a link that was printed may have an empty text."""
    is_less = offer.severity == Severity.ERROR and finding.severity == Severity.WARNING
    return is_less and after.source.line_of(finding.span.start) == line


def _prints_the_same(before: Page, after: Page, part: range) -> bool:
    """Whether an edit that only moves lines to the right moves nothing else: each shows the text that it showed."""
    if len(before.lines) != len(after.lines) or any(
        old.lstrip() != new.lstrip() for old, new in zip(before.lines, after.lines, strict=True)
    ):
        return True  # an edit of another kind
    return all(
        "".join(printed.text for printed in before.rendered.at(line)).split()
        == "".join(printed.text for printed in after.rendered.at(line)).split()
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

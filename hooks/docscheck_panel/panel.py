"""Findings by page, asked for by the panel in the browser, and the mending of one."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from docscheck import check_site
from docscheck.config import ConfigError
from docscheck.diagnostics import Diagnostic, Finding
from docscheck.engine import open_site
from docscheck.fixes import tried
from docscheck.page import Page
from docscheck.report import text
from docscheck.rewriting import ReadOnlyError, write
from docscheck.running import page_findings
from docscheck.site import Site
from docscheck.stamps import settings_files, stamp, tree
from docscheck.targets import files_of

_MOST_FIXES = 12
"""Fixes of one page that are tried before they are asked for: each renders the page."""


class Note(NamedTuple):
    """Something that is wrong with a file and was not found by docscheck."""

    path: str
    """As seen from the working directory."""
    line: int
    message: str
    help: str
    said: str
    """The same in words for a terminal."""


class RefusedError(Exception):
    """Why a fix was not made, in words for the author."""


class Panel:
    """The findings of a site, checked again when its files have changed."""

    def __init__(
        self,
        config_file: str | Path,
        *,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
        more: Callable[[], Iterable[Note]] = tuple,
    ) -> None:
        self._config_file = config_file
        self._select, self._ignore = select, ignore
        self._more = more
        self._lock = threading.RLock()
        """The build and the browser ask at the same time."""
        self._settings: object = None
        self._docs = Path()
        self._baseline: Path | None = None
        self._state: object = None
        self._found: list[Diagnostic] = []
        self._notes: list[Note] = []
        self._said: set[str] = set()
        self._shown: dict[str, tuple[object, dict[str, Any]]] = {}

    def found(self) -> list[Diagnostic]:
        """Everything that docscheck finds now. Raises ConfigError where the settings cannot be read."""
        with self._lock:
            state = self._state_of_files()
            if state != self._state:
                select, ignore = self._select, self._ignore
                self._found = check_site(self._config_file, select=select, ignore=ignore, remember=True)
                self._notes = list(self._more())
                self._state = state
            return self._found

    def news(self) -> list[str]:
        """What is found now and was not found when this was last asked, in words for a terminal."""
        with self._lock:
            found = [text.render(one) for one in self.found()]
            found = [*(note.said for note in self._notes), *found]
            new = [one for one in found if one not in self._said]
            self._said = set(found)
        return new

    @property
    def count(self) -> int:
        """How many findings there were when it was last looked."""
        return len(self._found) + len(self._notes)

    def page(self, address: str) -> dict[str, Any]:
        """What the panel on a page shows; `address` is that of the page below the site's root."""
        with self._lock:
            try:
                found = self.found()
            except ConfigError as error:
                return {"page": "", "findings": [_fault(str(error))], "elsewhere": []}
            if address not in self._shown or self._shown[address][0] != self._state:
                self._shown[address] = self._state, self._show(address, found)
            return self._shown[address][1]

    def fix(self, uri: str, code: str, line: int, excerpt: str) -> None:
        """Mend one finding in its file. Raises RefusedError where that is not certain to be right."""
        with self._lock:
            site = self._site()
            if uri not in site.page_uris:
                raise RefusedError(f"{uri} is not a page of this site")
            page = site.page(uri)
            findings = page_findings(page)
            chosen = _offer(page, findings, code, line)
            if chosen is None or page.source.lines[line - 1] != excerpt:
                raise RefusedError("The file has changed in the meantime; look at the page again")
            assert chosen.fix is not None
            after = tried(page, chosen, chosen.fix, findings)
            if after is None:
                raise RefusedError("This fix would change more than the finding; make the change by hand")
            try:
                is_written = write(Path(site.files[uri]), page.source.text, after.source.text)
            except ReadOnlyError as error:
                raise RefusedError("The file is read-only; make the change by hand") from error
            if not is_written:
                raise RefusedError("The file has changed in the meantime; look at the page again")

    def _state_of_files(self) -> object:
        settings = [(path, stamp(path)) for path in settings_files(self._config_file)]
        if settings != self._settings:
            self._settings = settings
            config = self._site().config
            self._docs, self._baseline = config.docs_dir, config.baseline
        return settings, tree(self._docs), self._baseline and stamp(self._baseline)

    def _site(self) -> Site:
        return open_site(self._config_file)

    def _show(self, address: str, found: list[Diagnostic]) -> dict[str, Any]:
        site = self._site()
        address_of = files_of(site).address
        uri = next((uri for uri in site.page_uris if _same(address_of(uri), address)), "")
        path = site.shown(uri) if uri else ""
        here = [one for one in found if one.path == path]
        shown = [*_with_fixes(site.page(uri), here)] if here else []
        shown += [_of_note(note) for note in self._notes if note.path == path]
        others: dict[str, int] = {}
        for other in [*(one.path for one in found), *(note.path for note in self._notes)]:
            if other != path:
                others[other] = others.get(other, 0) + 1
        urls = {site.shown(uri): address_of(uri) for uri in site.page_uris if site.shown(uri) in others}
        elsewhere = [{"path": path, "count": count, "url": urls.get(path)} for path, count in sorted(others.items())]
        return {"page": uri, "findings": shown, "elsewhere": elsewhere}


def _with_fixes(page: Page, found: list[Diagnostic]) -> Iterable[dict[str, Any]]:
    findings = page_findings(page)
    tries = 0
    for one in found:
        shown = one.as_dict() | {"label": one.label, "excerpt": one.excerpt, "seen": _seen(page, one), "change": None}
        offer = _offer(page, findings, one.code, one.line)
        if offer and offer.fix and tries < _MOST_FIXES:
            tries += 1
            after = tried(page, offer, offer.fix, findings)
            if after:
                shown["change"] = _change(page.source.text, after.source.text)
        yield shown


def _offer(page: Page, findings: list[Finding], code: str, line: int) -> Finding | None:
    """The finding with a fix that stands on this line."""
    for finding in findings:
        if finding.fix and finding.rule.code == code and page.source.position(finding.span.start)[0] == line:
            return finding
    return None


def _change(before: str, after: str) -> list[str]:
    """The changed lines after their mark, with a line on either side."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _seen(page: Page, one: Diagnostic) -> list[str]:
    """What the reader sees of the lines in question, by which the place is found in the page."""
    lines = range(one.line - 1, one.end_line)
    return [printed.text for line in lines for printed in page.rendered.at(line) if printed.text.strip()]


def _same(url: str, address: str) -> bool:
    return url.removesuffix("index.html").strip("/") == address.removesuffix("index.html").strip("/")


def _of_note(note: Note) -> dict[str, Any]:
    return _fault(note.message) | {"line": note.line, "help": note.help}


def _fault(message: str) -> dict[str, Any]:
    return {
        "line": 0,
        "code": "",
        "severity": "error",
        "message": message,
        "help": "",
        "label": "",
        "excerpt": "",
        "seen": [],
        "change": None,
    }

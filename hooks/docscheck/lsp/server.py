"""The server: what an editor sends and asks, and what it is told. Everything runs in turn on one thread."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from docscheck import __version__
from docscheck.diagnostics import Diagnostic
from docscheck.lsp.actions import actions, all_fixes
from docscheck.lsp.completion import MOST, complete
from docscheck.lsp.documents import Document, Place
from docscheck.lsp.messages import code_action, completion_item, diagnostic, range_of, remark, workspace_edit
from docscheck.lsp.places import definition, hover, span_of
from docscheck.lsp.sites import EditedPage, OpenSite, Sites
from docscheck.page import Page
from docscheck.source import Span

log = logging.getLogger("docscheck.lsp")

PAUSE = 0.04
"""Seconds without a further change after which a page is checked."""
SETTLED = 0.7
"""Seconds after which the other open pages are checked too, for what they show of the changed one."""
LOOK = 2.0
"""Seconds for which it is believed that no file has changed, where the editor does not tell of changes."""
SHARE = 0.02
"""Seconds of a check after which other requests are looked at."""
LONGEST_PAUSE = 1.0
"""A page is checked after a pause as long as the last check of it took, but none longer than this many seconds."""
MOST_TOLD = 500
"""Findings of one page that are told; the last of many on a broken page help nobody, and editors choke on them."""
_DONE: list[Diagnostic] = []
FIX_ALL = "source.fixAll.docscheck"
Answer = TypeVar("Answer")


class Server(LanguageServer):
    """Checks the open pages, and answers."""

    def __init__(self) -> None:
        super().__init__("docscheck", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self._structure = self.protocol.structure_message
        self.protocol.structure_message = self._understood  # type: ignore[method-assign]
        self.sites = Sites()
        self.documents: dict[str, Document] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._checking: dict[str, asyncio.Task[None]] = {}
        self._settling: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._looked = 0.0

    def _understood(self, data: dict[str, Any]) -> Any:
        """Return a message as pygls reads it. A request that cannot be read is answered, so that no client waits."""
        try:
            return self._structure(data)
        except JsonRpcException as error:
            if "method" in data and isinstance(data.get("id"), int | str):
                self.protocol._send_response(data["id"], error=error.to_response_error())
            raise

    @property
    def encoding(self) -> str:
        """In which units the client counts columns."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding) or "utf-16")

    # What the client tells.

    def take_folders(self) -> None:
        """The folders of the workspace are these now."""
        folders = self.workspace.folders.values()
        paths = [to_fs_path(folder.uri) for folder in folders] or [self.workspace.root_path]
        self.sites.folders = [Path(path) for path in paths if path]
        self.look_again()

    def ask_to_be_told(self) -> None:
        """Have the client tell of files that change, where it offers to."""
        workspace = self.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if not (watching and watching.dynamic_registration):
            return
        watched = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher("**/*")])
        wish = lsp.Registration("docscheck-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, watched)
        self.client_register_capability(lsp.RegistrationParams([wish]))

    def opened(self, address: str) -> None:
        """A page is open."""
        path = to_fs_path(address)
        place = self.sites.of(path) if path else None
        if place:
            is_first = not self._of(place[0])
            self.documents[address] = Document(*place, address)
            self.changed(address, pause=0.0)
            if is_first:
                self._tell_of_settings(place[0])
                asyncio.get_running_loop().call_later(SETTLED, self._safely, place[0].warm)

    def changed(self, address: str, pause: float = PAUSE) -> None:
        """A page has another text."""
        document = self.documents.get(address)
        if document is None:
            return
        text = self.workspace.get_text_document(address)
        document.take(text.source, text.version, self.encoding)
        self._check_soon(address, pause)

    def closed(self, address: str) -> None:
        """A page is no longer open; what was said of it is taken back."""
        document = self.documents.pop(address, None)
        if document is None:
            return
        self._stop(address)
        if not any(other.site is document.site and other.uri == document.uri for other in self.documents.values()):
            document.site.close(document.uri)
            for other in self._of(document.site):
                self._check_soon(other.address)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(address, []))

    def look_again(self) -> None:
        """Files may have changed, come or gone; an open page may belong to a site now that it did not belong to."""
        self._looked = time.monotonic()
        for address in list(self.workspace.text_documents):
            path = to_fs_path(address)
            place = self.sites.of(path) if path else None
            known = self.documents.get(address)
            if known and place != (known.site, known.uri):
                self.closed(address)
            if place and address not in self.documents:
                self.opened(address)
        for site in list(self.sites.opened.values()):
            if self._safely(site.look_again):
                self._tell_of_settings(site)
                for document in self._of(site):
                    self._check_soon(document.address)

    # What it is told.

    def _check_soon(self, address: str, pause: float = PAUSE) -> None:
        self._stop(address)
        document = self.documents.get(address)
        pause = max(pause, min(document.took, LONGEST_PAUSE) if document else 0.0)
        self._waiting[address] = asyncio.get_running_loop().call_later(pause, self._check_now, address)

    def _check_now(self, address: str) -> None:
        self._waiting.pop(address, None)
        document = self.documents.get(address)
        if document is not None:
            self._checking[address] = asyncio.ensure_future(self._check_then_others(document))

    def _stop(self, address: str) -> None:
        """Do not check a page, and give up a check that has begun."""
        if waiting := self._waiting.pop(address, None):
            waiting.cancel()
        if checking := self._checking.pop(address, None):
            checking.cancel()

    async def _check_then_others(self, document: Document) -> None:
        await self._check(document)
        self._checking.pop(document.address, None)
        self._read_others()
        if self._settling:
            self._settling.cancel()
        self._settling = asyncio.ensure_future(self._settle(document))

    async def _settle(self, changed: Document) -> None:
        """When nothing more is typed, look for changed files, and check the other open pages of the site."""
        await asyncio.sleep(SETTLED)
        if time.monotonic() - self._looked > LOOK:
            self.look_again()
        for document in self._of(changed.site):
            if document is not changed and document.address not in self._waiting:
                await self._check(document)
                await asyncio.sleep(0)

    async def _check(self, document: Document) -> None:
        """Check a page. A long check rests now and then: questions are answered, and another text ends it."""
        positions, began = document.positions, time.monotonic()
        steps, found, rested = document.site.checking(document.uri), list[Diagnostic](), began
        while True:
            step = self._safely(lambda: next(steps, _DONE))
            if step is None or step is _DONE:  # None is a fault of ours: rather nothing than what is no longer true
                break
            found = step
            if time.monotonic() - rested > SHARE:
                await asyncio.sleep(0)
                if document.positions is not positions or self.documents.get(document.address) is not document:
                    return
                rested = time.monotonic()
        document.took = time.monotonic() - began
        self._tell(document, found)

    def _tell(self, document: Document, found: list[Diagnostic]) -> None:
        document.found, document.judged = found, document.positions.text
        told: list[lsp.Diagnostic] = []
        if document.site.is_page(document.uri):
            page = document.site.page(document.uri)
            told = [diagnostic(document, span_of(page, one), one) for one in found[:MOST_TOLD]]
            told += map(remark, _left_out(page, len(found)))
        if (told, document.version) != document.told:
            document.told = (told, document.version)
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(document.address, told, document.version)
            )

    def _read_others(self) -> None:
        """Read the pages that are not open, a few at a time between other work, and then look again at the open."""
        if self._reading is None or self._reading.done():
            waiting = [site for site in self.sites.opened.values() if any(True for _ in site.unread())]
            self._reading = asyncio.ensure_future(self._read(waiting)) if waiting else None

    async def _read(self, waiting: list[OpenSite]) -> None:
        for site in waiting:
            for uri in list(site.unread()):
                self._safely(lambda site=site, uri=uri: site.read(uri))  # type: ignore[misc]
                await asyncio.sleep(0)
        for address in list(self.documents):
            self._check_soon(address)

    def _tell_of_settings(self, site: OpenSite) -> None:
        """Show in mkdocs.yml why it cannot be used."""
        address = from_fs_path(str(site.config_file)) or ""
        fault = site.fault
        told = []
        if fault:
            where = lsp.Range(lsp.Position(fault.line, 0), lsp.Position(fault.line + 1, 0))
            told.append(lsp.Diagnostic(where, fault.message, lsp.DiagnosticSeverity.Error, source="docscheck"))
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(address, told))

    def _of(self, site: OpenSite) -> list[Document]:
        return [document for document in self.documents.values() if document.site is site]

    def _safely(self, act: Callable[[], Answer]) -> Answer | None:
        """Do something; a fault in it is told, and ends no session."""
        try:
            return act()
        except Exception as error:
            log.exception("a fault of docscheck")
            self.window_log_message(
                lsp.LogMessageParams(lsp.MessageType.Error, f"docscheck: {type(error).__name__}: {error}")
            )
            return None

    # What the client asks.

    def place(self, address: str, position: lsp.Position) -> Place | None:
        """A place in an open page of a site."""
        document = self.documents.get(address)
        if document is None:
            return None
        return Place(document, document.positions.offset(position.line, position.character))

    def hover(self, place: Place) -> lsp.Hover | None:
        """What is to be said of a place."""
        document, site = place.document, place.document.site
        found = document.found if document.judged == document.positions.text else []
        said = hover(site.page(document.uri), place.offset, site.providers, found)
        if said is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, said.markdown), range_of(document, said.span))

    def definition(self, place: Place) -> lsp.Location | None:
        """Where that is defined on which a place rests."""
        site = place.document.site
        found = definition(site.page(place.document.uri), place.offset, site.providers)
        address = from_fs_path(str(found.file)) if found else None
        if found is None or address is None:
            return None
        at = lsp.Position(found.line, 0)
        return lsp.Location(address, lsp.Range(at, at))

    def completion(self, place: Place) -> lsp.CompletionList:
        """What can be written at a place."""
        document, site = place.document, place.document.site
        found = complete(site.page(document.uri), place.offset, site.providers)
        items = [completion_item(document, number, one) for number, one in enumerate(found)]
        return lsp.CompletionList(is_incomplete=len(found) >= MOST, items=items)

    def actions(self, document: Document, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """What can be done about the findings of a part of a page."""
        site = document.site
        if not site.is_page(document.uri):
            return []
        page, wanted = site.page(document.uri), params.context.only
        offered: list[lsp.CodeAction] = []
        if isinstance(page, EditedPage) and page.burden:
            return offered
        if wanted is None or any(_includes(kind, lsp.CodeActionKind.QuickFix.value) for kind in wanted):
            ends = params.range.start, params.range.end
            span = Span(*(document.positions.offset(at.line, at.character) for at in ends))
            shown = params.context.diagnostics
            offered += [code_action(document, one, shown) for one in actions(page, span, site.beyond(document.uri))]
        if wanted is not None and any(_includes(kind, FIX_ALL) for kind in wanted):
            edits = all_fixes(page)
            title = "Apply all fixes that docscheck is certain of"
            offered += [lsp.CodeAction(title, FIX_ALL, edit=workspace_edit(document, edits))] if edits else []
        return offered


def _left_out(page: Page, found: int) -> Iterator[str]:
    """What is kept from the author of a page that is too much for an editor."""
    if found > MOST_TOLD:
        yield f"{MOST_TOLD} of {found:,} findings are shown; `docscheck` prints all of them"
    if isinstance(page, EditedPage) and page.burden:
        yield (
            f"this page is too long to be rendered while it is edited: {page.burden}. Some findings may be missing, "
            "others wrong, and no fixes are offered. `docscheck` on the command line renders the page"
        )


def _includes(wanted: Any, kind: str) -> bool:
    """Whether a kind of action is one that is wanted, or below it: `source` includes `source.fixAll`."""
    return f"{kind}.".startswith(f"{getattr(wanted, 'value', wanted)}.")

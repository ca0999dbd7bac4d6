"""The server: what an editor sends and asks, and what it is told. Everything runs in turn on one thread."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from docscheck.diagnostics import Diagnostic, Edit, Severity
from docscheck.lsp.actions import Action, actions, all_fixes
from docscheck.lsp.completion import MOST, complete
from docscheck.lsp.places import definition, hover, span_of
from docscheck.lsp.positions import Positions
from docscheck.lsp.provider import Completion
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
_SEVERITY = {Severity.ERROR: lsp.DiagnosticSeverity.Error, Severity.WARNING: lsp.DiagnosticSeverity.Warning}
_KINDS = {
    "value": lsp.CompletionItemKind.Value,
    "reference": lsp.CompletionItemKind.Reference,
    "file": lsp.CompletionItemKind.File,
    "class": lsp.CompletionItemKind.EnumMember,
    "function": lsp.CompletionItemKind.Function,
}
FIX_ALL = "source.fixAll.docscheck"
Answer = TypeVar("Answer")


class Document:
    """An open page."""

    def __init__(self, site: OpenSite, uri: str, address: str) -> None:
        self.site = site
        self.uri = uri
        """Its path under docs_dir."""
        self.address = address
        """What the client calls it."""
        self.version: int | None = None
        self.raw = ""
        self.positions = Positions("")
        self.found: list[Diagnostic] = []
        self.judged = ""
        """The text in which that was found."""
        self.took = 0.0
        """Seconds that the last whole check took."""
        self.told: object = None
        """What the client was told last."""

    def take(self, raw: str, version: int | None, encoding: str) -> None:
        """The client's text is now this."""
        self.raw, self.version = raw, version
        self.positions = Positions(raw, encoding)
        self.site.put(self.uri, self.positions.text)


class Place(NamedTuple):
    """A place that the client asks about."""

    document: Document
    offset: int


class Server(LanguageServer):
    """Checks the open pages, and answers."""

    def __init__(self) -> None:
        super().__init__("docscheck", _version(), text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
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
            told = [_diagnostic(document, span_of(page, one), one) for one in found[:MOST_TOLD]]
            told += [_remark(remark) for remark in _left_out(page, len(found))]
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
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, said.markdown), _range(document, said.span))

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
        items = [_item(document, number, one) for number, one in enumerate(found)]
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
            offered += [_action(document, one, shown) for one in actions(page, span, site.beyond(document.uri))]
        if wanted is not None and any(_includes(kind, FIX_ALL) for kind in wanted):
            edits = all_fixes(page)
            title = "Apply all fixes that docscheck is certain of"
            offered += [lsp.CodeAction(title, FIX_ALL, edit=_workspace_edit(document, edits))] if edits else []
        return offered


def _includes(wanted: Any, kind: str) -> bool:
    """Whether a kind of action is one that is wanted, or below it: `source` includes `source.fixAll`."""
    return f"{kind}.".startswith(f"{getattr(wanted, 'value', wanted)}.")


def _range(document: Document, span: Span) -> lsp.Range:
    start, end = document.positions.point(span.start), document.positions.point(span.end)
    return lsp.Range(lsp.Position(*start), lsp.Position(*end))


def _diagnostic(document: Document, span: Span, found: Diagnostic) -> lsp.Diagnostic:
    message = f"{found.message}\n{found.help}" if found.help else found.message
    return lsp.Diagnostic(
        _range(document, span), message, _SEVERITY[found.severity], code=found.code, source="docscheck"
    )


def _left_out(page: Page, found: int) -> Iterator[str]:
    """What is kept from the author of a page that is too much for an editor."""
    if found > MOST_TOLD:
        yield f"{MOST_TOLD} of {found:,} findings are shown; `docscheck` prints all of them"
    if isinstance(page, EditedPage) and page.burden:
        yield (
            f"this page is too long to be rendered while it is edited: {page.burden}. Some findings may be missing, "
            "others wrong, and no fixes are offered. `docscheck` on the command line renders the page"
        )


def _remark(message: str) -> lsp.Diagnostic:
    start = lsp.Position(0, 0)
    return lsp.Diagnostic(lsp.Range(start, start), message, lsp.DiagnosticSeverity.Information, source="docscheck")


def _item(document: Document, number: int, found: Completion) -> lsp.CompletionItem:
    text = found.insert or found.label
    said = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.documentation) if found.documentation else None
    return lsp.CompletionItem(
        found.label,
        kind=_KINDS[found.kind],
        detail=found.detail or None,
        documentation=said,
        sort_text=f"{number:05}",
        filter_text=found.label,
        text_edit=lsp.TextEdit(_range(document, found.span), text),
    )


def _action(document: Document, action: Action, shown: Any) -> lsp.CodeAction:
    mended = [one for one in shown if one.code == action.code and one.range.start.line == action.line]
    return lsp.CodeAction(
        action.title,
        lsp.CodeActionKind.QuickFix,
        diagnostics=mended or None,
        is_preferred=action.is_certain or None,
        edit=_workspace_edit(document, [action.edit]),
    )


def _workspace_edit(document: Document, edits: list[Edit]) -> lsp.WorkspaceEdit:
    """The edits, for the version of the text that they were made for: a client refuses them for any other."""
    ending = "\r\n" if "\r\n" in document.raw else "\n"
    changes: list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit] = [
        lsp.TextEdit(_range(document, edit.span), edit.replacement.replace("\n", ending)) for edit in edits
    ]
    named = lsp.OptionalVersionedTextDocumentIdentifier(document.address, document.version)
    return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(named, changes)])


def _version() -> str:
    try:
        return version("generative-architectures")
    except PackageNotFoundError:
        return "0"


def make() -> Server:
    """A server that listens for everything it knows."""
    server = Server()

    @server.feature(lsp.INITIALIZED)
    def initialized(server: Server, _: lsp.InitializedParams) -> None:
        server.take_folders()
        server.ask_to_be_told()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(server: Server, _: lsp.DidChangeWorkspaceFoldersParams) -> None:
        server.take_folders()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(server: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        server.opened(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(server: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(server: Server, _: lsp.DidSaveTextDocumentParams) -> None:
        server.look_again()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(server: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(server: Server, _: lsp.DidChangeWatchedFilesParams) -> None:
        server.look_again()

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def on_hover(server: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        place = server.place(params.text_document.uri, params.position)
        return server.hover(place) if place else None

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def on_definition(server: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
        place = server.place(params.text_document.uri, params.position)
        return server.definition(place) if place else None

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION,
        lsp.CompletionOptions(trigger_characters=["@", "(", "#", "/", '"', "[", " ", "^", "|"]),
    )
    def on_completion(server: Server, params: lsp.CompletionParams) -> lsp.CompletionList | None:
        place = server.place(params.text_document.uri, params.position)
        return server.completion(place) if place else None

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, FIX_ALL])
    )
    def on_code_action(server: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        document = server.documents.get(params.text_document.uri)
        return server.actions(document, params) if document else None

    return server


def serve() -> None:
    """Serve the editor at standard input and output. What anything else prints goes to standard error."""
    reads, writes = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    make().start_io(reads, writes)

"""What an editor may send, each handed to the server by a line or two."""

from __future__ import annotations

import logging
import sys

from lsprotocol import types as lsp

from docscheck.lsp.server import FIX_ALL, Server


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

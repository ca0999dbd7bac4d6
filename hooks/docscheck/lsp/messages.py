"""What is told, in the types of the protocol."""

from __future__ import annotations

from typing import Any

from lsprotocol import types as lsp

from docscheck.diagnostics import Diagnostic, Edit, Severity
from docscheck.lsp.actions import Action
from docscheck.lsp.documents import Document
from docscheck.lsp.provider import Completion
from docscheck.source import Span

_SEVERITY = {Severity.ERROR: lsp.DiagnosticSeverity.Error, Severity.WARNING: lsp.DiagnosticSeverity.Warning}
_KINDS = {
    "value": lsp.CompletionItemKind.Value,
    "reference": lsp.CompletionItemKind.Reference,
    "file": lsp.CompletionItemKind.File,
    "class": lsp.CompletionItemKind.EnumMember,
    "function": lsp.CompletionItemKind.Function,
}


def range_of(document: Document, span: Span) -> lsp.Range:
    """A part of the text, in lines and columns as the client counts them."""
    start, end = document.positions.point(span.start), document.positions.point(span.end)
    return lsp.Range(lsp.Position(*start), lsp.Position(*end))


def diagnostic(document: Document, span: Span, found: Diagnostic) -> lsp.Diagnostic:
    """A finding, with its remedy in the line below."""
    message = f"{found.message}\n{found.help}" if found.help else found.message
    return lsp.Diagnostic(
        range_of(document, span), message, _SEVERITY[found.severity], code=found.code, source="docscheck"
    )


def remark(message: str) -> lsp.Diagnostic:
    """Something to say of a page as a whole."""
    start = lsp.Position(0, 0)
    return lsp.Diagnostic(lsp.Range(start, start), message, lsp.DiagnosticSeverity.Information, source="docscheck")


def completion_item(document: Document, number: int, found: Completion) -> lsp.CompletionItem:
    """What can be written, sorted by its number."""
    text = found.insert or found.label
    said = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.documentation) if found.documentation else None
    return lsp.CompletionItem(
        found.label,
        kind=_KINDS[found.kind],
        detail=found.detail or None,
        documentation=said,
        sort_text=f"{number:05}",
        filter_text=found.label,
        text_edit=lsp.TextEdit(range_of(document, found.span), text),
    )


def code_action(document: Document, action: Action, shown: Any) -> lsp.CodeAction:
    """What can be done, with the findings shown that it mends."""
    mended = [one for one in shown if one.code == action.code and one.range.start.line == action.line]
    return lsp.CodeAction(
        action.title,
        lsp.CodeActionKind.QuickFix,
        diagnostics=mended or None,
        is_preferred=action.is_certain or None,
        edit=workspace_edit(document, [action.edit]),
    )


def workspace_edit(document: Document, edits: list[Edit]) -> lsp.WorkspaceEdit:
    """The edits, for the version of the text that they were made for: a client refuses them for any other."""
    ending = "\r\n" if "\r\n" in document.raw else "\n"
    changes: list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit] = [
        lsp.TextEdit(range_of(document, edit.span), edit.replacement.replace("\n", ending)) for edit in edits
    ]
    named = lsp.OptionalVersionedTextDocumentIdentifier(document.address, document.version)
    return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(named, changes)])

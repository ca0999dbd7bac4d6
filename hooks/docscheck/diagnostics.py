"""What a check finds: rules, findings of a rule in a page, and diagnostics as they are reported."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from docscheck.source import Source, Span

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

Proof = Callable[["Rendered"], bool]
"""Asked of the rendered page: does the reader see what the finding claims? A refuted finding is dropped."""


class Severity(StrEnum):
    """How bad a finding is: an error is seen by every reader, a warning is likely but wants a look."""

    ERROR = "error"
    WARNING = "warning"


class Edit(NamedTuple):
    """A replacement that mends the fault, offered only where it is certain."""

    span: Span
    replacement: str


class Rule(NamedTuple):
    """A kind of fault. The code stays for good; the name states the fault and names the rule's file, page and test."""

    code: str
    name: str
    severity: Severity = Severity.ERROR
    profile: str = ""
    """The profile that turns the rule on; empty: always on."""

    def at(
        self,
        span: Span,
        message: str,
        *,
        help: str = "",
        label: str = "",
        proof: Proof | None = None,
        fix: Edit | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule. `label` stands after the caret, `help` says what to do.

        What they quote may go on over several lines of a page; in a report each is one line.
        """
        message, help = message.replace("\n", " "), help.replace("\n", " ")
        return Finding(self, span, message, help, label, proof, fix, severity or self.severity)


class Finding(NamedTuple):
    """A fault in a page, as a rule yields it."""

    rule: Rule
    span: Span
    message: str
    help: str
    label: str
    proof: Proof | None
    fix: Edit | None
    severity: Severity


class Diagnostic(NamedTuple):
    """A finding with its place: what the reports word."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    rule: str
    severity: Severity
    message: str
    help: str
    label: str = ""
    excerpt: str = ""
    """The source line on which the finding begins."""
    fix: Edit | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The key by which reports are sorted."""
        return self.path, self.line, self.column, self.code, self.message

    def as_dict(self) -> dict[str, Any]:
        """The object of the JSON report."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "code": self.code,
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "help": self.help,
            "fix": self._fix_as_dict(),
        }

    def _fix_as_dict(self) -> dict[str, Any] | None:
        if self.fix is None:
            return None
        return {"start": self.fix.span.start, "end": self.fix.span.end, "replacement": self.fix.replacement}


def located(finding: Finding, source: Source) -> Diagnostic:
    """The finding with lines and columns."""
    line, column = source.position(finding.span.start)
    end_line, end_column = source.position(max(finding.span.end, finding.span.start))
    return Diagnostic(
        source.path,
        line,
        column,
        end_line,
        end_column,
        finding.rule.code,
        finding.rule.name,
        finding.severity,
        finding.message,
        finding.help,
        finding.label,
        source.lines[line - 1],
        finding.fix,
    )

"""The rules on fences; what looks for their faults stands in several files."""

from __future__ import annotations

from docscheck.diagnostics import Rule, Severity

UNCLOSED = Rule("COD101", "unclosed-fence", Severity.ERROR)
BROKEN = Rule("COD102", "broken-fence", Severity.ERROR)

"""The rules on headings that are none, or are one by accident; what looks for them stands in several files."""

from __future__ import annotations

from docscheck.diagnostics import Rule, Severity

INDENTED = Rule("HDG106", "indented-heading", Severity.ERROR)
INSIDE = Rule("HDG107", "heading-in-paragraph", Severity.ERROR)
DEEP = Rule("HDG108", "heading-too-deep", Severity.ERROR)
ACCIDENT = Rule("HDG109", "accidental-heading", Severity.ERROR)

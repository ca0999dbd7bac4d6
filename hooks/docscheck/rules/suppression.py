"""A suppression comment that suppresses nothing.

The rule itself is applied where suppressions are, in `docscheck.suppress`.
"""

from __future__ import annotations

from docscheck.diagnostics import Rule, Severity

RULE = Rule("SUP101", "unused-suppression", Severity.WARNING)

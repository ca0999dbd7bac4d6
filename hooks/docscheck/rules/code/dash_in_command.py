"""An option of a command that begins with a typographic dash: whoever copies the command gets an error."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("COD106", "dash-in-command", Severity.WARNING)
_SHELLS = frozenset(("bash", "sh", "shell", "zsh", "console", "fish", "shell-session"))
_LANGUAGE = lazy(r"[ ]*\{?[ ]*\.?([\w-]+)")
_DASH = lazy(r"(?<=[ \t])[–—]{1,2}(?=[A-Za-z])")
_REMARK = lazy(r"(?:^|\s)#|[\"'“‘]|\w[ ]*[:,][ ]")
"""What text begins with in a command, or what its output holds."""


def check(page: Page) -> Iterator[Finding]:
    for fence in page.fences:
        language = _LANGUAGE.match(fence.info)
        if language is None or language[1].lower() not in _SHELLS:
            continue
        for number in range(fence.start + 1, fence.end + 1):
            line = page.lines[number]
            dash = _DASH.search(line) if "–" in line or "—" in line else None
            if dash and not _REMARK.search(line, 0, dash.start()):
                yield RULE.at(
                    page.source.span(number, dash.start(), dash.end()),
                    f"this is a typographic dash, `{dash[0]}`: as a command the line does not work",
                    help="write `-` or `--`",
                )

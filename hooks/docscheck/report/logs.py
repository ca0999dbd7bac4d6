"""Messages of a build that hold text of strangers: no command for a terminal, and none for a runner of workflows."""

from __future__ import annotations

import logging
import re

from docscheck.report.harmless import harmless

_COMMAND = re.compile(r"^[ \t]*:(?=:)|#(?=#\[)", re.MULTILINE)
"""What GitHub's runner takes for the beginning of a command in the output of a step."""


class Harmless(logging.Filter):
    """Makes every message of a handler harmless: warnings of all parts of a build show what stands in pages."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every message through, harmless."""
        broken = _COMMAND.sub("\\g<0>\N{WORD JOINER}", record.getMessage())
        record.msg, record.args = harmless(broken), None
        return True


def make_harmless(name: str) -> None:
    """Let the handlers of a logger, and so of all below it, print nothing that is obeyed."""
    for handler in logging.getLogger(name).handlers:
        if not any(isinstance(one, Harmless) for one in handler.filters):
            handler.addFilter(Harmless())

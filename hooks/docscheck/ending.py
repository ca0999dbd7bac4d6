"""How a command ends that its user, or whoever reads its output, has left: without a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

INTERRUPTED, UNREAD = 130, 141
"""Exit codes as shells have them for SIGINT and SIGPIPE."""


def plainly(name: str, run: Callable[[], int]) -> int:
    """Run a command and return its exit code."""
    try:
        code = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"{name}: interrupted; every file is either unchanged or complete", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # of `| head`: what is left to be written goes nowhere, or Python would complain at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    return code

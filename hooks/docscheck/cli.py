"""The command's door: a run that would find what the last one found is answered before anything else is imported."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from docscheck import replay


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0 without findings, 1 with some, 2 where it cannot run."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    answer = replay.recall(given)
    if answer is not None:
        sys.stdout.write(answer.output)
        return answer.code
    from docscheck.command import run  # imports every rule

    return run(given)

"""The command's door: a run that would find what the last one found is answered before anything else is imported."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from docscheck import replay
from docscheck.ending import plainly


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0 without findings, 1 with some, 2 where it cannot run."""
    code = plainly("docscheck", lambda: _run(arguments))
    if arguments is None and sys.getprofile() is None and sys.gettrace() is None:
        os._exit(code)  # all is written; to give memory back piece by piece takes as long as to read ten pages
    return code


def _run(arguments: Sequence[str] | None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal's or a pipe's encoding may lack a sign of a page
        sys.stdout.reconfigure(errors="backslashreplace")
    if arguments is None:
        gc.set_threshold(200_000)  # the process is ours, and nearly all that is made lives until its end
    known = replay.recall(given)
    if isinstance(known, replay.Answer):
        return known.tell()
    if arguments is None:
        _keep_compiled()
    from docscheck.command import run

    return run(given, known)


def _keep_compiled() -> None:
    """Where Python is told to write no byte code beside the sources, keep it in the user's own cache.

    To compile the modules anew takes longer than to check a page. The site's cache would be the wrong place: it may
    come with the site, and what lies there is data, never code.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None:
        caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        sys.pycache_prefix = os.path.join(caches, "docscheck")
        sys.dont_write_bytecode = False

"""Builds the site in the working directory, plain or kept, and prints as JSON how each build ended.

Run as a program, so that each call begins with nothing loaded: `build_in_turn.py plain,kept --strict`.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import sys
from contextlib import redirect_stderr
from types import SimpleNamespace
from typing import Any

from mkdocs.__main__ import cli

if system := os.environ.get("PRETENDED_SYSTEM"):
    from mkdocs_incremental import pool

    pool.sys = SimpleNamespace(platform=system, stdout=sys.stdout, stderr=sys.stderr)  # type: ignore[attr-defined]
    del os.fork
_TIME = re.compile(r"in \d+\.\d+ seconds")


def build(kind: str, options: list[str]) -> dict[str, Any]:
    """Build once as the command line does."""
    os.environ.pop("MKDOCS_NO_CACHE", None)
    if kind == "plain":
        os.environ["MKDOCS_NO_CACHE"] = "1"
    made, shown = -1, -1
    from mkdocs_incremental.build import Build

    finish = Build.finish

    def counting(self: Build) -> None:
        nonlocal made, shown
        made, shown = len(self.renderer.made), len(self.pages.made) if self.pages else -1
        finish(self)

    Build.finish = counting  # type: ignore[method-assign]
    logging.getLogger("mkdocs.commands.build").filters.clear()  # which would swallow what the build before said
    said = io.StringIO()
    with redirect_stderr(said):
        try:
            code = cli.main(["build", "--site-dir", f"site-{kind}", *options], standalone_mode=False) or 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
            said.write(f"{end}\n")
        except Exception as error:  # which the command line would print with a traceback
            code = 1
            said.write(f"{type(error).__name__}: {error}\n")
    Build.finish = finish  # type: ignore[method-assign]
    output = _TIME.sub("in 0 seconds", said.getvalue()).replace(f"site-{kind}", "site")
    return {"code": code, "output": output.splitlines(), "made": made, "shown": shown}


if __name__ == "__main__":
    print(json.dumps({kind: build(kind, sys.argv[2:]) for kind in sys.argv[1].split(",")}))

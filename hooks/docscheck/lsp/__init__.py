"""`docscheck lsp`: findings, hovers, completion, definitions and fixes in an editor, by the Language Server Protocol.

Needs the extra `lsp`, which brings pygls; nothing else of docscheck imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

_HELP = """\
usage: docscheck lsp [--stdio]

Speaks the Language Server Protocol over standard input and output; an editor starts it.
"""


def main(arguments: Sequence[str]) -> int:
    """Serve an editor until it says that it is done; 2 where that is not possible."""
    if "-h" in arguments or "--help" in arguments:
        print(_HELP, end="")
        return 0
    unknown = [argument for argument in arguments if argument != "--stdio"]
    if unknown:
        print(f"docscheck lsp: {unknown[0]} is not known\n{_HELP}", end="", file=sys.stderr)
        return 2
    if find_spec("pygls") is None:
        print(
            "docscheck lsp: pygls is missing; install the extra `lsp`, or `pip install 'pygls>=2.1'`", file=sys.stderr
        )
        return 2
    from docscheck.lsp.features import serve

    serve()
    return 0

"""`python -m archdata`: add papers and pages, check the data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from archdata import add_paper, bibliography, bibtex, checks
from archdata.errors import DataError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 1 for a fault in the data, 2 for wrong arguments."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m archdata", description="The site's data: papers, models, checks.")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the folder of the pages (default: docs)")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_paper_arguments(commands.add_parser("add-paper", help="add a paper to the bibliography"))
    _check_arguments(commands.add_parser("check", help="check the data"))
    return parser


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--errors", action="store_true", help="leave warnings out")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    found = checks.check(options.docs, warnings=not options.errors)
    for error in found:
        print(f"{error.severity}: {error}")
    errors = sum(error.severity == "error" for error in found)
    print(f"{errors} errors, {len(found) - errors} warnings")
    return 1 if errors else 0


def _add_paper_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bibtex", metavar="FILE", required=True, help="take the entries from FILE (- is standard input)"
    )
    parser.set_defaults(run=_add_paper)


def _add_paper(options: argparse.Namespace) -> int:
    text = sys.stdin.read() if options.bibtex == "-" else Path(options.bibtex).read_text("utf-8")
    entries, faults = bibtex.parse(text, options.bibtex)
    if faults:
        raise faults[0]
    if not entries:
        raise DataError(options.bibtex, None, None, "there is no entry in it", "paste one that begins with @article{")
    for entry in add_paper.add(options.docs / bibliography.PATH, entries):
        print(f"added [@{entry.key}] {entry.title}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

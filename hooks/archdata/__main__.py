"""`python -m archdata`: add papers and pages, check the data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from docscheck.ending import plainly
from docscheck.report.github import escaped
from docscheck.report.harmless import harmless

from archdata import add_paper, bibliography, bibliography_checks, bibtex, checks, new_page, papers
from archdata.entries import Entry
from archdata.errors import DataError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 1 for a fault in the data, 2 for wrong arguments."""
    return plainly("archdata", lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if not (options.docs / "_data").is_dir():
            remedy = "run this in the folder of mkdocs.yml, or name the folder of the pages with --docs"
            raise DataError(options.docs, None, None, "there is no `_data` folder in it", remedy)
        code: int = options.run(options)
    except DataError as error:
        print(harmless(str(error)), file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads the output has left
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        print(harmless(f"{error.filename}: {reason}" if error.filename else reason), file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m archdata", description="The site's data: papers, models, checks.")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the folder of the pages (default: docs)")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_paper_arguments(commands.add_parser("add-paper", help="add a paper to the bibliography"))
    _new_page_arguments(commands.add_parser("new", help="begin a page: its text, data, code and test"))
    _check_arguments(commands.add_parser("check", help="check the data"))
    return parser


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--errors", action="store_true", help="leave warnings out")
    parser.add_argument("--format", choices=["text", "github"], default="text", help="how findings are printed")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    found = checks.check(options.docs, warnings=not options.errors)
    for error in found:
        print(_annotation(error) if options.format == "github" else harmless(f"{error.severity}: {error}"))
    errors = sum(error.severity == "error" for error in found)
    warnings = len(found) - errors
    print(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    return 1 if errors else 0


def _annotation(error: DataError) -> str:
    """Return the workflow command that shows a fault on its line in a pull request."""
    places = {"file": error.file, "line": error.line, "col": error.column, "title": "data"}
    listed = ",".join(f"{name}={escaped(str(value), ':,')}" for name, value in places.items() if value is not None)
    return f"::{error.severity} {listed}::{escaped('; '.join(filter(None, (error.message, error.remedy))))}"


def _add_paper_arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("id", nargs="?", help="arXiv id or DOI, asked of the public metadata service")
    source.add_argument("--bibtex", metavar="FILE", help="take the entries from FILE (- is standard input)")
    parser.set_defaults(run=_add_paper)


def _add_paper(options: argparse.Namespace) -> int:
    entries = [papers.fetch(options.id)] if options.id else _pasted(options.bibtex)
    path = options.docs / bibliography.PATH
    for entry in add_paper.add(path, entries):
        print(f"added [@{entry.key}] {entry.title}")
        _print_next(bibliography.load(path)[entry.key], path)
    return 0


def _pasted(file: str) -> list[Entry]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(file, None, None, f"this is not UTF-8: {error.reason}", "save it as UTF-8") from error
    entries, faults = bibtex.parse(text, file)
    if faults:
        raise faults[0]
    if not entries:
        raise DataError(file, None, None, "there is no entry in it", "paste one that begins with @article{")
    return entries


def _print_next(entry: Entry, path: Path) -> None:
    for fault in bibliography_checks.check_entry(entry, path):
        print(f"  next: {fault}")
    print(f"  cite it with [@{entry.key}]; then run `python -m archdata check`")


def _new_page_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["page"])
    parser.add_argument("address", help="family and name, such as recurrent/retnet")
    parser.add_argument("--paper", metavar="ID", help="the paper that introduced it: key, arXiv id or DOI")
    parser.add_argument("--title", default="", help='the name in the reader\'s words: "Retentive network (RetNet)"')
    parser.add_argument("--tests", type=Path, default=Path("tests"), help="the folder of the tests (default: tests)")
    parser.set_defaults(run=_new_page)


def _new_page(options: argparse.Namespace) -> int:
    page = new_page.NewPage.at(options.address)
    paper = _known_or_added(options.paper, options.docs / bibliography.PATH) if options.paper else None
    created = new_page.create(page, options.docs, options.tests, title=options.title, paper=paper)
    for path in created:
        print(f"wrote {path}")
    print(
        f"""next:
  write the sentences of {created[0]}: the description, and each section its comment asks for
  fill in state, compute and trained in {created[1]}
  write the mechanism in {created[2]}, run it, and store what it prints as {created[2].with_suffix(".out").name}
  say in {created[3]} what the page claims
  add it to `nav` in mkdocs.yml and link to it from the family's index.md
  then run `python -m archdata check` and `mkdocs build --strict`"""
    )
    return 0


def _known_or_added(identifier: str, path: Path) -> Entry:
    """Return the entry of a key or an id, asking the metadata service only for a paper that is not there yet."""
    known = bibliography.load(path)
    wanted = papers.arxiv_id(identifier) or papers.doi_of(identifier).lower()
    for entry in known.values():
        if identifier == entry.key or (wanted and wanted in (entry.arxiv, entry.doi.lower())):
            return entry
    if not wanted:
        return known.entry(identifier)
    added = add_paper.add(path, [papers.fetch(identifier)])[0]
    print(f"added [@{added.key}] {added.title}")
    _print_next(bibliography.load(path)[added.key], path)
    return added


if __name__ == "__main__":
    sys.exit(main())

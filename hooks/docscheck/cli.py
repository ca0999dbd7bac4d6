"""Arguments in, exit code out: 0 nothing found, 1 findings, 2 cannot run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from docscheck.config import ConfigError
from docscheck.engine import check_site
from docscheck.report import json, text

CLEAN, FINDINGS, CANNOT_RUN = 0, 1, 2
_REPORTS = {"text": text.report, "json": json.report}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    try:
        found = check_site(
            _config_file(options.config_file, options.paths),
            options.paths,
            select=_codes(options.select),
            ignore=_codes(options.ignore),
        )
    except ConfigError as error:
        print(f"docscheck: {error}", file=sys.stderr)
        return CANNOT_RUN
    sys.stdout.write(_REPORTS[options.format](found))
    return FINDINGS if found else CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docscheck", description="Check the Markdown of an MkDocs site.")
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="pages or folders; the whole site by default"
    )
    parser.add_argument(
        "--config-file", type=Path, help="the site's mkdocs.yml; found from the working directory by default"
    )
    parser.add_argument("--format", choices=sorted(_REPORTS), default="text", help="how findings are written")
    parser.add_argument("--select", default="", metavar="CODES", help="report these codes or rule names only")
    parser.add_argument("--ignore", default="", metavar="CODES", help="leave these codes or rule names out")
    return parser


def _config_file(given: Path | None, paths: Sequence[Path]) -> Path:
    """The configuration that was named, or the nearest one above the pages or the working directory."""
    if given is not None:
        return given
    for path in paths:
        if not path.exists():
            raise ConfigError(f"{path} does not exist")
    start = paths[0].resolve() if paths else Path.cwd()
    for folder in (start, *start.parents):
        for name in ("mkdocs.yml", "mkdocs.yaml"):
            if (folder / name).is_file():
                return folder / name
    raise ConfigError("no mkdocs.yml here or above; name one with --config-file")


def _codes(text: str) -> list[str]:
    return text.replace(",", " ").split()

"""`links --online`: arguments in, exit code out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from docscheck.console import CLEAN, FINDINGS, config_file, told_plainly
from docscheck.ending import plainly
from docscheck.online.ask import Asking
from docscheck.online.cache import Cache
from docscheck.online.collect import collect
from docscheck.online.report import markdown, needs_look
from docscheck.online.run import Checker, Limits
from docscheck.report.harmless import harmless


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser, which may be a subcommand's."""
    parser.add_argument("--online", action="store_true", required=True, help="ask the net; nothing else does")
    parser.add_argument(
        "--config-file", type=Path, help="the site's mkdocs.yml or zensical.toml; the nearest by default"
    )
    parser.add_argument(
        "--cache", type=Path, help="what former runs found (default: .ci/links.json beside the site's mkdocs.yml)"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report to FILE instead of printing it")
    parser.add_argument("--private", action="store_true", help="ask private, loopback and link-local addresses too")
    parser.add_argument("--timeout", type=float, default=20.0, metavar="SECONDS", help="for each request (default: 20)")
    parser.add_argument("--per-host", type=int, default=2, metavar="N", help="requests to a host at once (default: 2)")
    parser.add_argument(
        "--interval", type=float, default=0.5, metavar="SECONDS", help="between requests to one host (default: 0.5)"
    )


def execute(options: argparse.Namespace) -> int:
    """Check the links; return 0, 1 when some need a look, 2 when a file cannot be read or written."""
    return told_plainly(lambda: _ask(options))


def _ask(options: argparse.Namespace) -> int:
    settings = config_file(options.config_file)
    links = {link.url: link for link in collect(settings)}
    cache = Cache(options.cache or settings.parent / ".ci" / "links.json")
    limits = Limits(per_host=options.per_host, interval=options.interval)
    checker = Checker(cache, Asking(options.timeout, options.private), limits)
    try:
        results = list(checker.check(links.values()))
        cache.keep_only(links)
    finally:
        cache.write()  # what was asked before an interruption is not asked again
    text = markdown(results, links, checker.today)
    if options.report:
        options.report.write_text(text, "utf-8")
    else:
        sys.stdout.write(harmless(text))
    return FINDINGS if needs_look(results) else CLEAN


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command by itself: `python -m docscheck.online --online`."""
    parser = argparse.ArgumentParser(prog="docscheck links", description="Check that links still lead somewhere.")
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return plainly("docscheck links", lambda: execute(options))

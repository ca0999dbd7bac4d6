"""`python -m archpublish`: what is made from a built site, whichever generator built it."""

from __future__ import annotations

import argparse
from pathlib import Path

from docscheck.config import load_config

from archpublish import site


def main() -> None:
    """Read the arguments and do what they say."""
    parser = argparse.ArgumentParser(prog="python -m archpublish", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("mkdocs.yml"), help="the settings the site was built with")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    every = commands.add_parser(
        "complete", help="add to a site built by another generator what `mkdocs build` adds by itself"
    )
    every.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    every.set_defaults(run=_complete)
    letters = commands.add_parser("letters", help="draw the letters of the cards again, in Chromium")
    letters.set_defaults(run=_letters)
    arguments = parser.parse_args()
    arguments.run(arguments)


def _complete(arguments: argparse.Namespace) -> None:
    config = load_config(arguments.config)
    of = site.about(config.values)
    heads = site.write_heads(arguments.site, config.docs_dir, of)
    number = site.write(arguments.site, config.docs_dir, of)
    print(f"{number} files written to {arguments.site}, {heads} pages given a head")


def _letters(_: argparse.Namespace) -> None:
    from archpublish import chromium, letters

    with chromium.page() as page:
        letters.FILE.write_text(letters.draw(page), encoding="utf-8")
    print(f"{letters.FILE} written")


if __name__ == "__main__":
    main()

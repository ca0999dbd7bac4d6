"""`python -m archpublish`: what is made from a built site, whichever generator built it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from archdata.errors import DataError
from docscheck.config import ConfigError, load_config
from docscheck.ending import plainly
from docscheck.report.harmless import harmless

from archpublish import addresses, chromium, letters, measure, offline, policy, sheets, site
from archpublish.differences import differences
from archpublish.pages import built_pages


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 1 for something that is wrong, 2 for wrong arguments."""
    return plainly("archpublish", lambda: _run(arguments))


def _run(given: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(given)
    try:
        for site in filter(None, (getattr(arguments, name, None) for name in ("site", "other"))):
            if not site.is_dir():
                raise SystemExit(f"archpublish: {site} is no folder; build the site first, or name where it is")
        arguments.run(arguments)
    except (ConfigError, DataError, policy.UnknownScriptError) as error:
        reason = str(error)
    except BrokenPipeError:  # whoever reads the output has left
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        reason = f"{error.filename}: {reason}" if error.filename else reason
    else:
        return 0
    print(f"archpublish: {harmless(reason)}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m archpublish", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("mkdocs.yml"), help="the settings the site was built with")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    every = commands.add_parser(
        "complete", help="add to a site built by another generator what `mkdocs build` adds by itself"
    )
    every.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    every.set_defaults(run=_complete)
    packed = commands.add_parser("offline", help="pack a built site into an archive that is read from a disk")
    packed.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    packed.add_argument("out", type=Path, nargs="?", help="the archive; otherwise `generative-architectures.zip` in it")
    packed.set_defaults(run=_offline)
    printed = commands.add_parser("sheets", help="print the cheat sheet of each hub as PDF, beside its built page")
    printed.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    printed.set_defaults(run=_sheets)
    looked = commands.add_parser(
        "scripts", help="record the scripts within pages of a built site, once they have been read"
    )
    looked.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    looked.add_argument("--origin", default="the theme", help="where they come from, for the record")
    looked.set_defaults(run=_scripts)
    measured = commands.add_parser("measure", help="measure a built site in Chromium and write the page of figures")
    measured.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    measured.add_argument("--lighthouse", type=Path, metavar="FOLDER", help="where npm installed Lighthouse")
    measured.add_argument("--runs", type=int, default=1, help="how often Lighthouse looks at each page")
    measured.add_argument("--out", type=Path, default=measure.PAGE, help="the page to write")
    measured.set_defaults(run=_measure)
    compared = commands.add_parser("compare", help="compare what two builds of the same pages say")
    compared.add_argument("site", type=Path, help="one built site")
    compared.add_argument("other", type=Path, help="the other, as another generator built it")
    compared.set_defaults(run=_compare)
    noted = commands.add_parser("addresses", help="record the addresses of a built site as promised")
    noted.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    noted.add_argument("--check", action="store_true", help="record nothing; fail where something is not recorded")
    noted.add_argument(
        "--promised-by",
        type=Path,
        metavar="DOCS",
        help="record nothing; fail where an address that these recorded is gone",
    )
    noted.set_defaults(run=_addresses)
    drawn = commands.add_parser("letters", help="draw the letters of the cards again, in Chromium")
    drawn.set_defaults(run=_letters)
    return parser


def _complete(arguments: argparse.Namespace) -> None:
    config = load_config(arguments.config)
    of = site.about(config.values)
    heads = site.write_heads(arguments.site, config.docs_dir, of)
    number = site.write_without_source(
        arguments.site, {**config.values, "docs_dir": config.docs_dir, "extra": config.extra}
    )
    number += site.write(arguments.site, config.docs_dir, of)
    policy.protect(arguments.site)
    print(f"{number} files written to {arguments.site}, {heads} pages given a head")


def _offline(arguments: argparse.Namespace) -> None:
    out = arguments.out or arguments.site / f"{offline.FOLDER}.zip"
    out.unlink(missing_ok=True)
    number = offline.archive(arguments.site, out)
    print(f"{out}: {number} files, {out.stat().st_size / 1e6:.1f} MB")


def _sheets(arguments: argparse.Namespace) -> None:
    licence = str(load_config(arguments.config).values.get("copyright") or "")
    # The sheet has rules of its own, which the page's policy does not let in.
    with chromium.page(bypass_csp=True) as page:
        for file in sheets.write(page, arguments.site.resolve(), licence):
            print(f"{file}: {sheets.page_count(file.read_bytes())} page")


def _scripts(arguments: argparse.Namespace) -> None:
    for shown in policy.record(arguments.site, arguments.origin):
        print(f"{shown}\n")


def _measure(arguments: argparse.Namespace) -> None:
    config = load_config(arguments.config)
    pages = list(built_pages(arguments.site, config.docs_dir))
    faults = measure.measure(arguments.site, pages, arguments.out, arguments.lighthouse, arguments.runs)
    print("\n".join([*faults, f"{arguments.out} written, {len(faults)} faults"]))


def _addresses(arguments: argparse.Namespace) -> None:
    docs = load_config(arguments.config).docs_dir
    if arguments.promised_by:
        broken = addresses.vanished(arguments.site, arguments.promised_by)
        print("\n".join([*(f"gone: /{address}" for address in broken), f"{len(broken)} promised addresses gone"]))
        if broken:
            raise SystemExit(
                "whoever took them out of `addresses.txt` breaks links: add lines to `extra.moved` instead"
            )
        return
    found = addresses.new(arguments.site, docs)
    for address in found:
        print(f"not recorded: /{address}" if arguments.check else f"recorded /{address}")
    if arguments.check:
        gone = addresses.vanished(arguments.site, docs)
        for address in gone:
            print(f"gone: /{address}")
        if found or gone:
            raise SystemExit(
                "run `python -m archpublish addresses SITE`; an address that is gone needs a line in `extra.moved`"
            )
    else:
        addresses.record(docs, found)


def _compare(arguments: argparse.Namespace) -> None:
    docs = load_config(arguments.config).docs_dir
    found = list(differences(arguments.site, arguments.other, docs))
    gone = [f"gone: /{address}" for address in addresses.vanished(arguments.other, docs)]
    number = sum(1 for _ in built_pages(arguments.other, docs))
    print("\n".join([*found, *gone, f"{number} pages compared, {len(found)} differences, {len(gone)} addresses gone"]))
    if found or gone or not number:
        raise SystemExit(1)


def _letters(_: argparse.Namespace) -> None:
    with chromium.page() as page:
        letters.FILE.write_text(letters.draw(page), encoding="utf-8")
    print(f"{letters.FILE} written")


if __name__ == "__main__":
    sys.exit(main())

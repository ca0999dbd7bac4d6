"""Arguments in, report and exit code out: 0 nothing found, 1 findings, 2 cannot run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from docscheck import __version__, baseline, replay
from docscheck.config import Config, resolved
from docscheck.console import CLEAN, FINDINGS, config_file, say, told_plainly
from docscheck.diagnostics import Diagnostic
from docscheck.engine import check, is_among, open_site, wanted_pages, wanted_uris
from docscheck.lost_files import lost_files
from docscheck.programs import taken_in
from docscheck.report.harmless import harmless
from docscheck.rules import every_rule
from docscheck.selection import choice, named_in_settings, refuse_unknown
from docscheck.site import Site

FORMATS = ("text", "concise", "summary", "json", "sarif", "github", "gitlab")
_OTHERS = ("explain [CODE …]", "links --online", "lsp")
_USAGE = "\n       docscheck ".join(("docscheck [PATH …] [options]", *_OTHERS))

_CODES = "Exit codes: 0 nothing found, 1 findings, 2 cannot run. `docscheck explain` lists the rules."


def run(given: list[str], known: replay.Grounds | None = None) -> int:
    """Run the command with these arguments; what the last answer to them rested on may be known, as it is now."""
    if given[:1] == ["links"]:
        return _ask_links(given[1:])
    if given[:1] == ["lsp"]:
        from docscheck import lsp  # a command of its own: it stays as long as an editor

        return lsp.main(given[1:])
    if given[:1] == ["explain"]:
        return told_plainly(lambda: _explain(given[1:]))
    options = _parser().parse_args(given)
    return told_plainly(lambda: _check(options, given, known))


def _check(options: argparse.Namespace, given: list[str], known: replay.Grounds | None) -> int:
    changes = options.fix or options.diff or options.write_baseline
    remember = not (options.paths or options.no_cache or changes)
    site = open_site(config_file(options.config_file, options.paths), remember=remember)
    if known and str(site.config.docs_dir) in known.trees:  # so that the folder need not be read again
        site.stamps = known.trees[str(site.config.docs_dir)]
    refuse_unknown([*_codes(options.select), *_codes(options.ignore)])
    _tell_unchecked(site, options.paths)
    accepted: Path | None = options.baseline or site.config.baseline
    if options.write_baseline:
        accepted = None
    elif accepted:
        baseline.read(accepted)  # fails here rather than after files have been changed
    if remember:
        return _check_remembered(site, options, accepted, given, known)
    if options.fix or options.diff:
        _fix(site, options)
        if options.diff:
            return CLEAN
        site = Site(site.config)
    found = check(site, options.paths, select=_codes(options.select), ignore=_codes(options.ignore))
    if options.write_baseline:
        baseline.write(found, options.write_baseline)
        count = f"{len(found)} finding{'s' * (len(found) != 1)}"
        named = "with --baseline, or `baseline` in the settings, only new ones are reported"
        say(f"wrote {count} to {options.write_baseline}; {named}")
        return CLEAN
    if options.fix and options.format in ("text", "summary"):
        found = [diagnostic._replace(fix=None) for diagnostic in found]  # what is left of them would do harm
    return _answer(found, options, accepted, site.config).tell()


def _tell_unchecked(site: Site, paths: Iterable[Path]) -> None:
    """Say of which paths nothing will be checked, and why: silence would be taken for praise."""
    if not site.page_uris:
        say(f"there is no page in {site.config.docs_dir}")
    for path in paths:
        if any(True for _ in wanted_uris(site, [path])) or lost_files(site, [path]):
            continue
        if any(is_among({str(resolved(path))}, place) for place in site.places.values()):
            say(f"{path} is left out by `exclude` in the settings")
        else:
            say(f"{path} is not a page of this site, nor a folder with one")


def _check_remembered(
    site: Site, options: argparse.Namespace, accepted: Path | None, given: list[str], known: replay.Grounds | None
) -> int:
    """Check a whole site with what is remembered of it, and remember the answer."""
    from docscheck import incremental

    files, folders = incremental.grounds(site.config)
    more = [str(accepted)] if accepted else []
    named = str(site.config.file), files + more, folders
    grounds = known if known and known.named == named else replay.Grounds(*named)
    found = incremental.check(site, select=_codes(options.select), ignore=_codes(options.ignore))
    answer = _answer(found, options, accepted, site.config)
    if incremental.grounds(site.config)[0] == files:
        replay.remember(given, grounds, answer)
    return answer.tell()


def _answer(
    found: list[Diagnostic], options: argparse.Namespace, accepted: Path | None, config: Config
) -> replay.Answer:
    gone = 0
    if accepted:
        found, mended = baseline.compared(found, accepted)
        if not (options.paths or options.select or options.ignore):  # or what was not looked for
            gone = sum(mended[name] for name in mended if _is_reported(name, config))
    entries = "1 entry of it stands" if gone == 1 else f"{gone} entries of it stand"
    named = accepted and os.path.relpath(accepted)
    remarks = [f"{named} can be written again: {entries} for nothing that is found now"] if gone else []
    if not options.paths:
        others = taken_in(config)  # nobody is to think that they were checked
        remarks += [f"what `nav` takes in from {name} is another site, which `--config-file` checks" for name in others]
    return replay.Answer(_report(options.format)(found), FINDINGS if found else CLEAN, harmless("; ".join(remarks)))


def _is_reported(name: str, config: Config) -> bool:
    """Whether the site's settings let a rule report: of the others the baseline may hold what was found before."""
    if not named_in_settings(config):
        return True
    is_chosen = choice(config, (), ())
    return all(is_chosen(rule.code, rule.name, rule.severity) for rule in every_rule() if rule.name == name)


def _fix(site: Site, options: argparse.Namespace) -> None:
    from docscheck.fixes import write_fixes  # asked for rarely

    select, ignore = _codes(options.select), _codes(options.ignore)
    patch, left = write_fixes(wanted_pages(site, options.paths), options.diff, select=select, ignore=ignore)
    for path in left:
        say(f"left {path} as it is: it is read-only")
    if not patch and not left:
        say("there is nothing to fix of which the edit is certain")
    elif options.diff:
        sys.stdout.write(harmless(patch) if sys.stdout.isatty() else patch)
    else:
        for line in patch.splitlines():
            if line.startswith("+++ b/"):
                say(f"fixed {line[6:]}")


def _report(name: str) -> Callable[[Iterable[Diagnostic]], str]:
    report: Callable[[Iterable[Diagnostic]], str] = import_module(f"docscheck.report.{name}").report
    return report


def _explain(names: list[str]) -> int:
    from docscheck.explain import explain, find, listing

    if {"-h", "--help"} & set(names):
        print("usage: docscheck explain [CODE …]\n\nExplain rules by code or name, or list those whose codes begin so.")
        return CLEAN
    told = [explain(rule) if (rule := find(name)) else listing(name) for name in names or [""]]
    refuse_unknown([name for name, text in zip(names, told, strict=False) if not text])
    sys.stdout.write("\n".join(told))
    return CLEAN


def _ask_links(arguments: list[str]) -> int:
    from docscheck.online import add_arguments, execute  # a command of its own: it asks other hosts

    parser = argparse.ArgumentParser(
        "docscheck links", description="Ask other hosts whether links still lead somewhere."
    )
    add_arguments(parser)
    return int(execute(parser.parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "docscheck",
        usage=_USAGE,
        description="Check the Markdown of an MkDocs site.",
        epilog=_CODES,
        # Without a width, each option asks how wide the terminal is, for which all of shutil is imported.
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=100),
    )
    add = parser.add_argument
    add("--version", action="version", version=f"docscheck {__version__}")
    add("paths", nargs="*", type=Path, metavar="PATH", help="pages or folders; the whole site by default")
    add(
        "--config-file",
        type=Path,
        metavar="FILE",
        help="the site's mkdocs.yml or zensical.toml; the nearest by default",
    )
    add("--format", choices=FORMATS, default="text", metavar="FORMAT", help=", ".join(FORMATS))
    add(
        "--select",
        default="",
        metavar="CODES",
        help="report only these codes, beginnings of codes, names of rules, or `error`",
    )
    add("--ignore", default="", metavar="CODES", help="do not report these")
    add("--fix", action="store_true", help="apply the edits that are certain, then report the rest")
    add("--diff", action="store_true", help="show what --fix would change as a patch, and write nothing")
    add("--baseline", type=Path, metavar="FILE", help="report only findings that are not in this file")
    add("--write-baseline", type=Path, metavar="FILE", help="write the findings of this run into this file")
    add("--no-cache", action="store_true", help="check every page anew, without the results of earlier runs")
    return parser


def _codes(text: str) -> list[str]:
    return text.replace(",", " ").split()

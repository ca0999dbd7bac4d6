"""Throw texts made at random at everything that reads what strangers write: `python tests/fuzz.py --seconds 600`.

A text is put together from pieces of the syntax in question, from pieces of it damaged, and from signs that break
parsers. One execution is one text given to one reader. A reader passes when it answers, or refuses in the way it
promises to, and when what it answers holds together; anything else is printed with its seed, and
`python tests/fuzz.py --target NAME --first SEED --executions 1` runs it again.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from archdata import bibtex, drawings
from archmarkdown import safe_html
from docscheck.config import Config, ConfigError
from docscheck.engine import check_page
from docscheck.fixes import fixed
from docscheck.page import Page
from docscheck.parse import safe_yaml
from docscheck.parse.front_matter import parse_front_matter
from docscheck.settings_reading import Loader
from docscheck.source import Source, Span

SIGNS = (
    "\n", "\n\n", "\n", " ", "    ", "\t", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\ufeff", "\u202e",
    "é", "日本", "🙂", "𝔸", "İ", "ß", "\ud83d", "x", "word", "a b", "0", "-", "&", "&lt;", "\\", '"', "'",
)  # fmt: skip
MARKDOWN = (
    "# ", "## T", "===\n", "---\n", "- ", "* ", "1. ", "> ", "```", "```py\n", "~~~\n", "`", "``", "*", "**", "_",
    "[", "]", "(", ")", "![", "](", "](x.md#", "[^1]", "[^1]: ", "[a]: ", "<", ">", "<div>", "</div>", "<div markdown>",
    "<!--", "-->", "<a href=", "| a | b |\n", "|---|---|\n", "|", "!!! note", '!!! note "', "??? tip", "=== \"a\"",
    "/// note\n", "///\n", "/// figure | ", "{#", "}", "{: .", "$", "$$\n", "\\(", "\\[", "*[AB]: ", ":   ", "--8<-- ",
    "https://example.org", "www.", "<https://", "[@", "[@a1b; @c]", "[= ", " =]", "title: x\n", "teh ", "==", "++",
)  # fmt: skip
YAML = (
    "a: ", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "&a ", "*a", "|\n", ">\n", "'", '"', "#", "%", "@", "!", "!!",
    "!!int ", "!!float ", "!!binary ", "!!timestamp ", "!!set ", "!!omap ", "!!python/name:a.b ", "!!python/tuple ",
    "!ENV ", "!ENV [A, b]", "!x ", "<<: ", "=", "~", "null", "0x", "0b", "1_0:59", "2026-11-28", "2026-99-99", "1e400",
    ".inf", "---\n", "...\n", "  ", "title: ", "markdown_extensions:\n", "  - toc:\n      ", "plugins: ", "nav:\n",
    "theme: ", "name: material\n", "extra:\n  docscheck:\n    ", "select: ", "hooks: ", "docs_dir: ", "INHERIT: ",
)  # fmt: skip
BIBTEX = (
    "@", "@misc{", "@article{k1,\n", "@string{a = ", "@comment{", "@preamble{", "key,", "title", " = ", "{", "}", "{{",
    "}}", '"', ",\n", "\n}\n", "#", "author", "A and B", "Last, First", "and others", "year", "2026", "date", "2026-11",
    "\\", "\\'{e}", '\\"{o}', "$x$", "%", "@misc{a,\n  title = {A},\n}\n", "eprint = {2501.00001},\n",
)  # fmt: skip
HTML = (
    "<", ">", "</", "/>", "<p>", "</p>", "<div ", "<svg>", "<math>", "<style>", "<script>", "</script>", "<title>",
    "<textarea>", "<noscript>", "<template>", "<table>", "<td>", "<a href=", "java", "script:", "javascript:alert(1)",
    "&#106;avascript&colon;", "&Tab;", "&NewLine;", " onerror=", " onload=", " style=", "position:fixed", "url(", ")",
    " src=", "data:text/html,", "x", '"', "'", "`", "=", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?", "<!DOCTYPE ",
    "<img ", "<iframe ", "<base href=", "<meta http-equiv=", "<annotation-xml encoding=", "<mtext>", "<mglyph>",
    "<foreignObject>", "<use href=", "<form id=", " id=__config", " name=", "\x00", "&", ";", "<select>", "<option>",
)  # fmt: skip
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg">', "</svg>", "<g>", "</g>", "<path d='", "M0 0", "'/>", "<text>",
    "<script>", "<style>", "<image href='", "<use href='#", "<a href='", "<!DOCTYPE svg [", "<!ENTITY a ", "]>", "&a;",
    "<?xml version='1.0' encoding='", "utf-16", "'?>", "<![CDATA[", "]]>", "onload='", "style='", "url(#",
)  # fmt: skip


class FaultyError(AssertionError):
    """What a reader answered does not hold together."""


def hold(condition: bool, message: str) -> None:
    """Fail with the message unless the condition holds."""
    if not condition:
        raise FaultyError(message)


def text_of(rng: random.Random, pieces: tuple[str, ...], most: int) -> str:
    """A text of at most so many pieces, some of them damaged."""
    count = rng.randint(0, most)
    chosen = rng.choices(pieces, k=count)
    for _ in range(count // 4):
        chosen[rng.randrange(count)] = rng.choice(SIGNS)
    text = "".join(chosen)
    if text and rng.random() < 0.2:
        start = rng.randrange(len(text))
        text = text[:start] + text[start + rng.randint(1, 4) :]
    if text and rng.random() < 0.05:
        start = rng.randrange(len(text))
        text += text[start : start + 20] * rng.randint(1, 20)
    return text


CONFIG = Config(
    Path("mkdocs.yml"),
    {
        "theme": "material",
        "plugins": ["macros"],
        "markdown_extensions": [
            "admonition", "attr_list", "abbr", "def_list", "footnotes", "md_in_html", "tables", "pymdownx.details",
            "pymdownx.superfences", "pymdownx.snippets", "pymdownx.highlight", "pymdownx.inlinehilite",
            "pymdownx.blocks.admonition", "pymdownx.blocks.caption", {"pymdownx.tabbed": {"alternate_style": True}},
            {"pymdownx.arithmatex": {"generic": True}}, {"toc": {"permalink": True}},
        ],
    },
)  # fmt: skip


def positions(rng: random.Random) -> None:
    """Offsets become lines and columns, and come back; those of editors count in units of UTF-16."""
    text = text_of(rng, SIGNS, 12)
    source = Source("x.md", text)
    offset = rng.randint(0, len(text))
    line, column = source.position(offset)
    start = source.starts[line - 1]
    hold(start + column - 1 == offset, "the position leads elsewhere")
    hold(line == min(text.count("\n", 0, offset) + 1, len(source.lines)), "the line is not the one of the text")
    number = rng.randrange(len(source.lines))
    span = source.span(number, rng.randint(0, 9), rng.choice((None, 9)))
    hold("\n" not in text[span.start : span.end], "a span on one line holds a line end")
    if LSP is not None:
        LSP(source, offset)


def _lsp() -> Callable[[Source, int], None] | None:
    if importlib.util.find_spec("docscheck.lsp") is None:
        return None
    from docscheck.lsp import positions as module

    names = vars(module)
    if "Positions" not in names:
        return None

    def look(source: Source, offset: int) -> None:
        for units in ("utf-8", "utf-16"):
            there = module.Positions(source.text, units)
            at = min(offset, len(there.text))
            hold(there.offset(*there.point(at)) == at, f"a position in {units} leads elsewhere")

    return look


LSP = _lsp()


def front_matter(rng: random.Random) -> None:
    """Front matter is read or refused, never half; its lines are lines of the page."""
    inside = text_of(rng, YAML, 10)
    text = (
        rng.choice(("---\n", "---\n", "--- \n", "", "----\n")) + inside + rng.choice(("\n---\n", "---", "\n...\nx", ""))
    )
    found = parse_front_matter(text)
    lines = len(Source("x.md", text).lines)
    hold(0 <= found.end <= lines, f"the body begins at line {found.end} of {lines}")
    hold(isinstance(dict(found.data), dict) and not (found.data and found.error), "values and a fault at once")
    hold(0 <= found.error_line <= lines + 1, f"the fault is in line {found.error_line} of {lines}")


def settings(rng: random.Random) -> None:
    """mkdocs.yml is read or refused; whatever stands in it, questions about it have answers."""
    text = text_of(rng, YAML, 14)
    try:
        values = safe_yaml.load(text, Loader)
    except yaml.YAMLError:
        return
    if not isinstance(values, dict):
        return
    config = Config(Path("/nowhere/mkdocs.yml"), values)
    answers = (config.docs_dir, config.site_url, config.theme, config.is_material, config.language, config.extensions)
    more = (config.foreign_extensions, config.plugins, config.hooks, config.extra)
    hold(len(answers) + len(more) == 10, "an answer is missing")
    with suppress(ConfigError):  # as promised for settings of our own that are misspelt or of the wrong kind
        hold(isinstance(config.profile, str), "the profile is no text")
    config.paths("extra_css")


def bibliography(rng: random.Random) -> None:
    """Entries and faults come out with lines of the file; what is written in the house form is read as the same."""
    text = text_of(rng, BIBTEX, 12)
    entries, faults = bibtex.parse(text)
    lines = text.count("\n") + 1
    hold(all(1 <= one.line <= lines for one in entries), "an entry lies outside the file")
    hold(all(1 <= one.line <= lines for one in faults), "a fault lies outside the file")


def markdown(rng: random.Random) -> None:
    """Everything that is found in a page lies in it."""
    text = text_of(rng, MARKDOWN, 14)
    page = Page(Source("x.md", text), CONFIG)
    last = len(page.lines)
    hold(all(0 <= row.line < last for node in page.nodes for row in node.rows), "a block lies outside the page")
    spans: list[Span] = [link.span for link in page.links] + [tag.span for tag in page.tags] + page.maths
    hold(all(0 <= span.start <= span.end <= len(text) for span in spans), "something lies outside the page")
    hold(len(page.masked) == len(text), "what is masked has another length")
    for asked in (page.headings, page.ids, page.words, page.openers, page.removed_lines, page.leaf_by_line):
        hold(asked is not None, "no answer")


def checks(rng: random.Random) -> None:
    """All rules on a page: each finding lies in it and can be said."""
    text = text_of(rng, MARKDOWN, 14)
    lines = len(Source("x.md", text).lines)
    for found in check_page(text, config=CONFIG):
        hold(1 <= found.line <= lines + 1 and found.column >= 1, f"{found} lies outside the page")
        hold(bool(found.message) and "\n" not in found.message, f"{found} has no message of one line")


def fixes(rng: random.Random) -> None:
    """Fixing once is enough, and no letter of prose is lost."""
    text = text_of(rng, MARKDOWN, 12)
    after = fixed(Page(Source("x.md", text), CONFIG))
    again = fixed(Page(Source("x.md", after), CONFIG))
    hold(after == again, "fixed twice is not fixed once")
    hold(after.count("日本") >= text.count("日本"), "text is lost")


_PROGRAM = re.compile(
    r"""<(?:script|iframe|object|embed|base|meta|style|link|form)\b|<[^>]*\s(?:on\w+=|href="\s*javascript:)""", re.I
)


def html(rng: random.Random) -> None:
    """What has been cleaned holds no program, and cleaning it again leaves none either."""
    text = text_of(rng, HTML, 14).encode("utf-8", "replace").decode()
    once = safe_html.clean(text).html
    hold(not _PROGRAM.search(_without_values(once)), "a program is left")
    twice = safe_html.clean(once).html
    hold(not _PROGRAM.search(_without_values(twice)), "a program comes out of what was clean")
    thrice = safe_html.clean(twice).html  # each time one byte-order mark is dropped, as if a file began with it
    hold(thrice.lstrip("\ufeff") == twice.lstrip("\ufeff"), "cleaning does not come to an end")


def _without_values(markup: str) -> str:
    """The markup without what stands in quotes, but for addresses that are programs."""
    return re.sub(r'="[^"]*"', lambda match: match[0] if "javascript" in match[0].lower() else '=""', markup)


def svg(rng: random.Random) -> None:
    """A drawing is read to its end or refused with a line."""
    content = text_of(rng, SVG, 10).encode("utf-8", "surrogatepass")
    found = list(drawings.faults(content))
    low = content.lower()
    hold(bool(found) or not (b"<script" in low or b"<!entity" in low), "a script or an entity is let through")


def language_server(rng: random.Random) -> None:
    """The server of editors takes one message of a session, and what it says fits the text."""
    import fuzz_lsp  # needs pygls, which only this target does

    fuzz_lsp.message(rng, lambda rng: text_of(rng, MARKDOWN, 14))


class Target(NamedTuple):
    """A reader, and the share of the time that it gets."""

    run: Callable[[random.Random], None]
    share: float


TARGETS: dict[str, Target] = {
    "positions": Target(positions, 0.20),
    "front matter": Target(front_matter, 0.14),
    "settings": Target(settings, 0.14),
    "BibTeX": Target(bibliography, 0.14),
    "drawings": Target(svg, 0.06),
    "HTML": Target(html, 0.08),
    "Markdown": Target(markdown, 0.12),
    "checks": Target(checks, 0.06),
    "fixes": Target(fixes, 0.06),
    "language server": Target(language_server, 0.06),
}


def run(name: str, first: int, executions: int, seconds: float, seen: dict[str, int]) -> int:
    """Run one target from a seed on; print each kind of failure once. Returns how many texts were tried."""
    target = TARGETS[name].run
    rng = random.Random()
    ends = time.monotonic() + seconds
    done = 0
    for seed in range(first, first + executions):
        rng.seed(seed)
        try:
            target(rng)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{name}: {type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
            if isinstance(error, FaultyError):
                kind = f"{name}: {re.sub(r'[0-9]+', 'N', str(error))[-60:]}"
            seen[kind] = seen.get(kind, 0) + 1
            if seen[kind] == 1:
                print(f"{kind}, seed {seed}: {str(error)[:300]}", flush=True)
        done += 1
        if done % 256 == 0 and time.monotonic() > ends:
            break
    return done


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments, try, and print what was counted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=sorted(TARGETS), help="only this one")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--executions", type=int, default=sys.maxsize, help="at most so many for each target")
    parser.add_argument("--seconds", type=float, default=60.0, help="at most so long, all targets together")
    options = parser.parse_args(arguments)
    names = [options.target] if options.target else list(TARGETS)
    whole = sum(TARGETS[name].share for name in names)
    counts: dict[str, Any] = dict.fromkeys(names, 0)
    seen: dict[str, int] = {}
    rounds = 1 if options.executions < sys.maxsize else max(1, int(options.seconds // 60))
    for turn in range(rounds):  # in rounds, so that a run that is ended early has tried everything
        for name in names:
            seconds = options.seconds / rounds * TARGETS[name].share / whole
            counts[name] += run(name, options.first + counts[name], options.executions, seconds, seen)
        if rounds > 1:
            print(f"round {turn + 1}: {sum(counts.values())} {counts}", flush=True)
    print(f"{sum(counts.values())} executions: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    print("\n".join(f"{count} × {kind}" for kind, count in sorted(seen.items())) or "nothing found")
    return bool(seen)


if __name__ == "__main__":
    sys.exit(main())

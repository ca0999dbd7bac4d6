"""The examples on the pages of rules, and what a reader sees of the bad one.

Under `## Bad` and `## Good` each fence is a file under docs/, named by its `title` (`page.md` without one); one titled
`mkdocs.yml` holds settings. The numbers in `hl_lines` are the lines on which the rule, and no other, is to be found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nh3
import yaml
from docscheck.config import Config
from docscheck.engine import DEFAULTS
from docscheck.page import Page
from docscheck.rendering import html
from docscheck.site import Site
from docscheck.source import Source

from archdata.errors import DataError

_FENCE = re.compile(r"^(`{3,})(\w+)([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_SETTINGS = "mkdocs.yml"

_TAGS = """abbr b blockquote br caption code dd del details div dl dt em hr i ins kbd li mark ol p pre q s small span
strong sub summary sup table tbody td tfoot th thead tr u ul"""
_HEADING = re.compile(r"<(/?)h([1-6])\b[^>]*>")
_IMAGE = re.compile(r"<img\b(?:[^>]*?\balt=\"([^\"]*)\")?[^>]*>")
_LINK = re.compile(r"<(/?)a\b[^>]*>")
_TASK = re.compile(r'<input\b[^>]*type="checkbox"([^>]*)>')
_TAB = re.compile(r"<(/?)label\b[^>]*>")


@dataclass(frozen=True)
class Sample:
    """A file of an example."""

    name: str
    text: str
    lines: tuple[int, ...]
    """Where findings are expected, from 1."""


def section(text: str, heading: str) -> str:
    """The text under a heading of the second level, `Bad` or `Good`; empty where there is none."""
    match = re.search(rf"^## {heading}\n(.*?)(?=^## (?:Good|Fix)\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return match[1] if match else ""


def samples(text: str, heading: str) -> Iterator[Sample]:
    """The files of a section of a rule's page."""
    for _, _, options, content in _FENCE.findall(section(text, heading)):
        title = re.search(r'title="([^"]*)"', options)
        lines = re.search(r'hl_lines="([^"]*)"', options)
        numbers = tuple(int(number) for number in lines[1].split()) if lines else ()
        # Our own site would put the file in place of an include that is not escaped.
        yield Sample(title[1] if title else "page.md", content.replace(";--8<--", "--8<--"), numbers)


def settings(files: Iterable[Sample]) -> dict[str, Any]:
    """The settings of an example; its extensions come on top of the usual ones unless it is about a missing one."""
    found: dict[str, Any] = {**DEFAULTS, "site_name": "Example"}
    for sample in files:
        if sample.name == _SETTINGS:
            own = yaml.safe_load(sample.text)
            extensions = own.get("markdown_extensions")
            if isinstance(extensions, list) and extensions != ["admonition"]:
                own["markdown_extensions"] = [*DEFAULTS["markdown_extensions"], *extensions]
            found |= own
    return found


def seen(docs: Path, page: str) -> str:
    """What a reader sees of the bad example on a rule's page: its first page, rendered, as a picture of a page.

    Nothing in it can be followed, focused or found by its id, and headings are none, since it is shown and not meant.
    """
    files = list(samples((docs / page).read_text("utf-8"), "Bad"))
    shown = next((sample for sample in files if sample.name.endswith(".md") and sample.lines), None)
    if shown is None:
        raise DataError(f"docs/{page}", 1, 1, "there is no bad example to show", "give a fence under `## Bad`")
    rendered = _picture(_rendered(json.dumps(settings(files)), shown))
    return f'\n<div class="ad-seen" role="group" aria-label="The example as rendered"><div>{rendered}</div></div>\n'


@cache
def _site(own: str) -> Site:
    # By its text, since a dictionary has no hash: pages without settings of their own share one parser.
    return Site(Config(Path.cwd() / _SETTINGS, json.loads(own)))


def _rendered(own: str, sample: Sample) -> str:
    site = _site(own)
    path = str(Path.cwd() / "docs" / sample.name)
    return html(Page(Source(path, sample.text), site.config, path, site))


def _picture(text: str) -> str:
    text = _HEADING.sub(lambda m: "</div>" if m[1] else f'<div class="ad-seen-h{m[2]}">', text)
    text = _LINK.sub(lambda m: "</span>" if m[1] else '<span class="ad-seen-link">', text)
    text = _TAB.sub(lambda m: "</span>" if m[1] else '<span class="ad-seen-tab">', text)
    text = _TASK.sub(lambda m: "☑ " if "checked" in m[1] else "☐ ", text)
    text = _IMAGE.sub(lambda m: f'<span class="ad-seen-image">{m[1] or "no text"}</span>', text)
    cleaned = nh3.clean(text, tags=set(_TAGS.split()), attributes={"*": {"class"}, "details": {"class", "open"}})
    # An empty line would end the raw HTML that Markdown sees in this.
    return re.sub(r"\n(?:[ \t]*\n)+", lambda m: "\n" + "&#10;" * (m[0].count("\n") - 1), cleaned)

"""Recall and precision on the single-defect pages, their clean twins and the tricky clean pages."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import defect_pages
import docscheck
import markdown
import pytest
import yaml
from docscheck.config import Config
from docscheck.diagnostics import Diagnostic
from docscheck.engine import check_pages
from docscheck.once import cached_property
from docscheck.site import Site
from docscheck.stamps import Stamp, stamp, tree
from examples import DOCS

FLOOR = {
    "boxes": 83,
    "tabs": 27,
    "links": 69,
    "references": 37,
    "structure": 82,
    "security": 13,
    "prose": 11,
    "second": 125,
    "third": 97,
    "fourth": 68,
    "fifth": 60,
    "sixth": 154,
    "seventh": 147,
    "eighth": 126,
    "ninth": 170,
    "tenth": 169,
    "eleventh": 196,
    "twelfth": 170,
    "thirteenth": 287,
    "mended": 70,
    "mended_sites": 31,
    "mended_nineteen_a": 41,
    "fourteenth": 14,
    "fifteenth": 432,
    "twentythird_a": 544,
    "mended_beside_twentythird_a": 37,
    "sixteenth": 520,
    "seventeenth_a": 432,
    "seventeenth_b": 264,
    "eighteenth_a": 405,
    "eighteenth_b": 369,
    "nineteenth_b": 274,
    "nineteenth_a": 445,
    "twentieth_b": 408,
    "twentyfirst_b": 378,
    "mended_twentyfirst_b": 38,
    "mended_twentieth_b": 47,
    "mended_nineteenth_a": 31,
    "mended_nineteenth_b": 41,
    "from_history_a": 64,
    "from_history_b": 31,
    "mended_nineteen_b": 24,
    "mended_nineteen_c": 12,
    "mended_twenty_a": 24,
    "mended_twenty_b": 17,
    "mended_twenty_c": 59,
    "mended_twentyone_a": 15,
    "twentieth_a": 568,
    "mended_twentieth_a": 25,
    "mended_twentyone_b": 21,
    "twentyfirst_a": 459,
    "mended_twentyfirst_a": 34,
    "mended_twentysecond": 18,
    "twentysecond_a": 585,
    "mended_twentysecond_a": 39,
    "mended_twentythird_a": 17,
    "twentysecond_b": 469,
    "mended_twentysecond_b": 64,
    "mended_twentythird_b": 13,
    "twentythird_b": 419,
    "twentyfourth_a": 541,
    "mended_twentyfourth_a": 69,
    "twentyfourth_b": 444,
    "twentyfifth_a": 514,
    "mended_twentyfifth_a": 53,
    "twentyfifth_b": 452,
    "mended_twentyfifth_b": 111,
    "mended_twentyfourth_b": 40,
    "mended_known": 20,
    "mended_twentythird_sites": 15,
    "mended_twentyfourth_sites": 11,
    "mended_twentyfifth_sites": 12,
    "mended_twentysixth_sites_b": 13,
    "mended_twentyseventh_sites_b": 20,
    "mended_twentyeighth_sites_b": 10,
    "mended_twentyeighth_joined": 3,
    "mended_twentysixth_sites_a": 25,
    "mended_twentyseventh_sites_a": 16,
    "mended_words_four": 38,
    "mended_words_five": 10,
    "mended_twentyfifth": 27,
    "twentysixth_b": 358,
    "mended_twentysixth_b": 56,
    "twentysixth_a": 379,
    "mended_twentysixth_a": 34,
    "twentyseventh_a": 578,
    "mended_twentyseventh_a": 63,
    "twentyseventh_b": 623,
    "mended_twentyseventh_b": 144,
    "mended_twentyeighth_sites_a": 19,
    "twentyeighth_b": 584,
    "mended_twentyeighth_b": 98,
    "twentyeighth_a": 533,
    "mended_twentyeighth_a": 68,
}
"""How many defects of each room are found at the right line. Raise a number when the checker gets better."""

NOT_INSTALLED = {"mdx_truly_sane_lists", "fontawesome_markdown"}
"""Extensions of sites in the corpus which these tests do without."""

LOOKS_THE_SAME = {
    "list-starts-not-at-one",
    "number-repeated",
    "number-skipped",
    "front-matter-not-first",
    "table-row-too-long",
    "front-matter-broken",
    "front-matter-tab",
    "front-matter-key-twice",
}
"""Defects of these rooms that Python-Markdown renders like their twin: a lost cell, a lost key, another number."""

Check = Callable[[str, str, str], list[Diagnostic]]


class Around(NamedTuple):
    """The files of the corpus's site, which stay where they are while pages come and go in one of its folders."""

    config: Config
    before: Mapping[str, Stamp]
    beside: Mapping[str, Stamp]
    """Those of the folder that the pages come into, in order."""
    after: Mapping[str, Stamp]


class _WithOnePage(Site):
    """The corpus's site with one page more; a look at its folders for each page would take a quarter of the time."""

    def __init__(self, around: Around, page: str) -> None:
        super().__init__(around.config)
        self._around, self._page = around, page

    @cached_property
    def stamps(self) -> Mapping[str, Stamp]:
        names = list(self._around.beside)
        at = bisect(names, self._page)
        beside = [*names[:at], self._page, *names[at:]]
        stamps = {**self._around.beside, self._page: stamp(self._page)}
        return {**self._around.before, **{name: stamps[name] for name in beside}, **self._around.after}


def around(config: Config, folder: str) -> Around:
    """The files around the pages of a folder, as docscheck lists them."""
    files = list(tree(config.docs_dir).items())
    beside = [number for number, (path, _) in enumerate(files) if Path(path).parent == Path(folder)]
    start, end = beside[0], beside[-1] + 1
    return Around(config, dict(files[:start]), dict(files[start:end]), dict(files[end:]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Around]]:
    """The corpus's site with one of its settings: these, and with them the parser that renders, are read once."""

    @cache
    def site(config: str) -> tuple[Path, Around]:
        root = tmp_path_factory.mktemp(config)
        known = docscheck.load_config(defect_pages.write_site(root, config))
        return root, around(known, str(root / "docs/guide"))

    return site


@pytest.fixture(scope="module")
def check(site: Callable[[str], tuple[Path, Around]]) -> Check:
    """Check one page inside the corpus's site; the findings of that page only.

    Nothing is compared across pages, since the other pages of these sites name no papers.
    """

    def findings(config: str, name: str, text: str) -> list[Diagnostic]:
        root, known = site(config)
        page = root / defect_pages.write_page(root, name, text)
        try:
            whole = _WithOnePage(known, str(page))
            return check_pages(whole, [whole.page(f"guide/{name}.md")])
        finally:
            page.unlink()

    return findings


def _words(findings: list[Diagnostic]) -> str:
    return "; ".join(f"line {finding.line} {finding.rule}: {finding.message}" for finding in findings)


def test_the_page_of_measurements_counts_what_is_here() -> None:
    counted = Counter(case.room for case in defect_pages.cases() if not case.unsure)
    sets = yaml.safe_load((DOCS / "_data/measured.yml").read_text("utf-8"))["sets"]

    assert {row["name"]: row["now"] for row in sets} == {
        row["name"]: [sum(FLOOR[room] for room in row["rooms"]), sum(counted[room] for room in row["rooms"])]
        for row in sets
    }
    assert sorted(room for row in sets for room in row["rooms"]) == sorted(counted)


def test_a_page_stands_where_it_would_be_found(site: Callable[[str], tuple[Path, Around]]) -> None:
    root, known = site("base")
    for name in ("a-page", "install2", "zz"):
        page = root / defect_pages.write_page(root, name, "# A page\n")
        assert list(_WithOnePage(known, str(page)).stamps.items()) == list(Site(known.config).stamps.items())
        page.unlink()


@pytest.mark.parametrize("room", FLOOR)
def test_defects_are_found_at_the_right_line(check: Check, room: str) -> None:
    cases = [case for case in defect_pages.cases(room) if not case.unsure]
    missed = [
        case.name
        for case in cases
        if not any(finding.line in case.lines for finding in check(case.config, case.name, case.bad))
    ]
    found, floor = len(cases) - len(missed), FLOOR[room]
    assert found >= floor, f"{found} defects found, {floor} before; missed: {missed}"


@pytest.mark.parametrize("room", defect_pages.ROOMS)
def test_clean_twins_stay_clean(check: Check, room: str) -> None:
    cases = [case for case in defect_pages.cases(room) if not case.unsure]
    twins = {(case.config, case.twin): case.name for case in cases}  # some are shared
    flagged = {
        name: _words(findings) for (config, text), name in twins.items() if (findings := check(config, name, text))
    }
    assert flagged == {}


@pytest.mark.parametrize("file", defect_pages.TRICKY)
def test_tricky_pages_stay_clean(check: Check, file: str) -> None:
    flagged = {
        page.name: _words(findings)
        for page in defect_pages.tricky(file)
        if not page.unsure and (findings := check(page.config, page.name, page.text))
    }
    assert flagged == {}


def test_every_defect_has_a_name_of_its_own() -> None:
    names = Counter(case.name for case in defect_pages.cases())
    names.update(page.name for page in defect_pages.tricky())
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) > 450


@pytest.fixture(scope="module")
def render() -> Callable[[str, str], str]:
    """Python-Markdown with the extensions of one of the corpus's sites; icons and snippets are left alone."""

    @cache
    def parser(config: str) -> markdown.Markdown:
        settings = yaml.load(defect_pages.read("site")["configs"][config], Loader=_Lenient)
        if "markdown_extensions" not in settings:
            return parser("base")
        options = {name: values for entry in settings["markdown_extensions"] for name, values in _entry(entry)}
        names = [name for name in options if name not in {"pymdownx.snippets", *NOT_INSTALLED}]
        return markdown.Markdown(extensions=names, extension_configs={name: options[name] for name in names})

    def html(config: str, text: str) -> str:
        result: str = parser(config).reset().convert(text)
        return result

    return html


class _Lenient(yaml.SafeLoader):
    """Reads the settings without importing what they name."""


_Lenient.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def _entry(entry: str | dict[str, dict[str, object]]) -> list[tuple[str, dict[str, object]]]:
    if isinstance(entry, str):
        return [(entry, {})]
    return [(name, {k: v for k, v in (values or {}).items() if v is not None}) for name, values in entry.items()]


def test_each_defect_changes_what_the_reader_sees(render: Callable[[str, str], str]) -> None:
    same = {
        case.name
        for case in defect_pages.cases("boxes", "tabs", "structure")
        if render(case.config, case.bad) == render(case.config, case.twin)
    }
    assert same <= LOOKS_THE_SAME

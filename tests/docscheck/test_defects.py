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

FLOOR: dict[str, int] = defect_pages.read("found")
"""How many defects of each room are found at the right line."""

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
    measured = yaml.safe_load((DOCS / "_data/measured.yml").read_text("utf-8"))
    sets = measured["sets"] + measured["beside"]

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

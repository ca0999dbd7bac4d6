"""Whatever stands in a page and wherever the cursor is: every question has an answer, and no text is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from docscheck.fixes import fixed
from docscheck.lsp.actions import actions, all_fixes
from docscheck.lsp.completion import complete
from docscheck.lsp.places import definition, hover, span_of
from docscheck.lsp.positions import normalised
from docscheck.lsp.providers import providers_of
from docscheck.lsp.sites import OpenSite
from docscheck.rewriting import applied, line_edits
from docscheck.source import Span
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADERS = ["!!! ", "??? ", '??? note "', '!!! warnning "Open', "    ", "## Title", "# ", "/// figure | ", "///", ":::"]
LINKS = ["[@", "[@gu2023mamba]", "](", "[a](index.md#", "#", "[^", "[^a]: ", "[a]: ", "[a][", "]", '<a href="', "<div>"]
CODE = ["```", "~~~\n", "`", "$", "$x$", '--8<-- "', '--8<-- "part.txt:', "</div>", "<!--", "-->", '[= params("', "=]"]
BLANKS = ["\n", "\n\n", "\r\n", "\r", "\t", "\x00", "\u2028", "---\n", "title: x\n", "- ", "1. ", "| a | b |", "> "]
SIGNS = ["🙂", "𝔸", "\ufeff", "\ud83d", "teh ", "<!-- docscheck: ignore BOX101 -->", "{#", "}", "&", "*", "_", "\\"]
PARTS = st.sampled_from([*HEADERS, *LINKS, *CODE, *BLANKS, *SIGNS])
TEXTS = st.one_of(st.lists(PARTS, max_size=30).map("".join), st.text(max_size=60))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> OpenSite:
    root = tmp_path_factory.mktemp("site")
    (root / "docs").mkdir()
    (root / "docs/index.md").write_text("# Home\n\nWords.\n", "utf-8")
    (root / "part.txt").write_text("--8<-- [start:a]\n", "utf-8")
    (root / "refs.bib").write_text("@misc{gu2023mamba,\n  title = {Mamba},\n}\n@broken{", "utf-8")
    extensions = "[admonition, attr_list, footnotes, md_in_html, tables, pymdownx.details, pymdownx.superfences, "
    extensions += (
        "pymdownx.snippets, pymdownx.arithmatex, pymdownx.tabbed, archmarkdown.citations: {bibliography: refs.bib}]"
    )
    plugins = "plugins: [search, macros: {j2_variable_start_string: '[=', j2_variable_end_string: '=]'}]"
    (root / "mkdocs.yml").write_text(f"site_name: Any\n{plugins}\nmarkdown_extensions: {extensions}\n", "utf-8")
    found = OpenSite(root / "mkdocs.yml")
    assert found.fault is None
    assert [type(one).__name__ for one in found.providers] == ["ThisSite", "BibliographyProvider"]
    return found


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.data())
def test_every_question_has_an_answer(site: OpenSite, raw: str, data: st.DataObject) -> None:
    text = normalised(raw)
    site.put("page.md", text)
    found = site.check("page.md")
    page = site.page("page.md")
    for diagnostic in found:
        span = span_of(page, diagnostic)
        assert 0 <= span.start <= span.end <= len(text)
    offset = data.draw(st.integers(0, len(text)))
    for suggestion in complete(page, offset, site.providers):
        assert 0 <= suggestion.span.start <= suggestion.span.end == offset
    definition(page, offset, site.providers)
    hover(page, offset, site.providers, found)
    for action in actions(page, Span(0, len(text)), site.beyond("page.md")):
        edit = action.edit
        after = applied(text, edit)
        assert after.startswith(text[: edit.span.start])
        assert after.endswith(text[edit.span.end :])
    edits = all_fixes(page)
    after = text
    for edit in reversed(edits):
        after = applied(after, edit)
    assert after == fixed(page)


@given(st.text(alphabet="ab\n\u2028\x0b"), st.text(alphabet="ab\n\u2028\x0b"))
def test_edits_by_line_lead_to_the_text(before: str, after: str) -> None:
    text = before
    for edit in reversed(line_edits(before, after)):
        text = applied(text, edit)
    assert text == after


def test_a_provider_that_fails_ends_nothing(site: OpenSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault")

    for name in ("completions", "hover", "definition", "findings"):
        monkeypatch.setattr(type(site.providers[0]), name, fail)
    site.put("page.md", "# A\n\nSee [@gu2023mamba] and [@\n")
    assert site.check("page.md") == []
    page = site.page("page.md")
    assert [one.label for one in complete(page, len(page.source.text) - 1, site.providers)] == ["gu2023mamba"]
    place = page.source.text.index("gu2023")
    assert hover(page, place, site.providers, ())
    assert definition(page, place, site.providers)


def test_providers_come_from_installed_packages_never_from_settings(site: OpenSite, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "evil.py").write_text("raise SystemExit('run')\n", "utf-8")
    settings = "site_name: Any\nextra: {docscheck: {providers: ['evil:provider']}}\nhooks: [evil.py]\n"
    (tmp_path / "mkdocs.yml").write_text(settings, "utf-8")
    other = OpenSite(tmp_path / "mkdocs.yml")
    assert [type(provider).__name__ for provider in providers_of(other.config)] == ["BibliographyProvider"]

"""What an editor is told of this site, on the site itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from archdata import models
from archdata.bibliography import load
from archfigures import figures
from archmarkdown.editor import drawings
from docscheck.diagnostics import Diagnostic
from docscheck.lsp.completion import complete
from docscheck.lsp.places import definition, hover
from docscheck.lsp.sites import OpenSite

ROOT = Path(__file__).resolve().parents[2]
PAGE = "architectures/recurrent/new-page.md"


@pytest.fixture(scope="module")
def site() -> OpenSite:
    return OpenSite(ROOT / "mkdocs.yml")


def labels(site: OpenSite, text: str) -> list[str]:
    """What can be written at the bar."""
    offset = text.index("|§")
    site.put(PAGE, text.replace("|§", ""))
    return [found.label for found in complete(site.page(PAGE), offset, site.providers)]


def found_in(site: OpenSite, text: str) -> list[Diagnostic]:
    site.put(PAGE, f"---\ntitle: New\ndescription: New.\n---\n\n{text}\n")
    return [found for found in site.check(PAGE) if found.code.startswith("KEY")]


def test_every_paper_and_model_is_suggested(site: OpenSite) -> None:
    keys = labels(site, "# New\n\nSaid by [@|§]")
    assert len(keys) == min(len(load(ROOT / "docs/_data/references.bib")), 500)
    assert labels(site, "# New\n\nSaid by [@yang2024par|§]") == ["yang2024parallelizing"]
    known = labels(site, '# New\n\nIt has [= params("|§") =]')
    assert known == sorted(models.load(ROOT / "docs"))
    assert set(labels(site, '[= compare_models(["llama-2-7b", "|§")')) == set(known)


def test_fields_macros_figures_and_explorables_are_suggested(site: OpenSite) -> None:
    assert "kv_heads" in labels(site, '[= value("llama-2-7b", "|§") =]')
    assert labels(site, "[= kv_per|§") == ["kv_per_token"]
    assert "recurrent/deltanet/erase-write" in labels(site, "/// figure | recurrent/|§")
    assert "memory" in labels(site, "/// explorable | |§")
    assert labels(site, "A sentence [= done =] and (|§") == []


def test_every_figure_is_found_in_the_text_of_its_module() -> None:
    known = drawings()
    assert known.keys() == figures().keys()
    for key, figure in figures().items():
        drawn = known[key]
        tree = ast.parse(drawn.file.read_text("utf-8"))
        lines = [d.lineno - 1 for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for d in f.decorator_list]
        assert drawn.line in lines
        assert figure.draw.__module__.rpartition(".")[2] == drawn.file.stem


def test_an_editor_is_led_to_definitions(site: OpenSite) -> None:
    text = (
        '# New\n\n[@gu2023mamba] [= params("llama-2-7b") =]\n\n/// figure | recurrent/deltanet/erase-write\nA.\n///\n'
    )
    site.put(PAGE, text)
    page = site.page(PAGE)

    def line_of(word: str) -> str:
        target = definition(page, text.index(word) + 2, site.providers)
        assert target is not None
        return f"{target.file.name}: {target.file.read_text('utf-8').splitlines()[target.line].strip()}"

    assert line_of("gu2023mamba") == "references.bib: @article{gu2023mamba,"
    assert line_of("llama-2-7b").startswith("llama-2-7b.yml: name:")
    assert line_of("params").startswith("macros.py: def params(")
    assert line_of("recurrent/deltanet") == "deltanet.py: @figure("


def test_an_editor_is_told_what_stands_at_a_place(site: OpenSite) -> None:
    text = '# New\n\n[@gu2023mamba] [= params("llama-2-7b") =] [= n_params("llama-2-7b") =]\n'
    site.put(PAGE, text)
    page = site.page(PAGE)

    def said(word: str) -> str:
        found = hover(page, text.index(word) + 2, site.providers, ())
        assert found is not None
        return found.markdown

    assert "Selective State Spaces" in said("gu2023mamba")
    assert "Llama 2 7B" in said("llama-2-7b")
    assert "6.74B parameters" in said("llama-2-7b")
    assert "As a number, for sums on a page" in said("n_params")


def test_keys_that_name_nothing_are_found(site: OpenSite) -> None:
    for text, code, meant in (
        ("Said by [@gu2023manba].", "KEY101", "gu2023mamba"),
        ('It has [= params("lama-2-7b") =].', "KEY102", "llama-2-7b"),
        ("/// figure | recurrent/deltanet/erase-writ\nA.\n///", "KEY103", "recurrent/deltanet/erase-write"),
    ):
        (found,) = found_in(site, text)
        assert (found.code, found.help) == (code, f"did you mean `{meant}`?")
        assert found.excerpt[found.column - 1 : found.end_column - 1] in text
    fine = 'By [@gu2023mamba]: [= params("llama-2-7b") =].\n\n```\n[@nobody]\n```'
    assert found_in(site, fine) == []


def test_every_page_of_the_site_names_what_there_is(site: OpenSite) -> None:
    wrong = [
        f"{uri}: {finding.message}"
        for uri in site.site.page_uris
        for finding in site.providers[0].findings(site.page(uri))
        if uri != PAGE
    ]
    assert wrong == []

"""Formulas are set at build time; a TeX error names its place."""

import logging
from pathlib import Path

import pytest
from markdown import markdown

EXTENSIONS = ["pymdownx.arithmatex", "tables", "attr_list", "archmarkdown.maths"]


def render(text: str, cache: Path) -> str:
    return markdown(
        text,
        extensions=EXTENSIONS,
        extension_configs={
            "pymdownx.arithmatex": {"generic": True},
            "archmarkdown.maths": {"cache": str(cache)},
        },
    )


def test_inline_and_display_formulas_become_html_with_mathml(tmp_path: Path) -> None:
    html = render("Where $x_t = a < b$ holds,\n\n$$\n\\sum_i \\lVert z_i \\rVert\n$$\n", tmp_path / "cache.sqlite")

    assert html.count('<span class="katex">') == 2
    assert html.count("<math ") == 2
    assert '<div class="arithmatex" tabindex="0" role="group" aria-label="Equation: \\sum_i' in html
    assert "$" not in html.replace("$$", "$").split("<annotation")[0]


def test_signs_stay_on_the_line_of_their_formula_which_may_end_inside_it(tmp_path: Path) -> None:
    html = render("From $x$ follows ($a = b + c$), and then $d$.\n", tmp_path / "cache.sqlite")

    first, second, third = html.split('<span class="arithmatex">')[1:]
    assert html.count('<span class="held">') == 2
    assert first.endswith('<span class="held">(')
    assert "<wbr>" not in first
    assert second.count("<wbr>") == 2
    assert "</span>),</span> and then" in second
    assert "</span>.</span></p>" in third


def test_code_is_left_alone(tmp_path: Path) -> None:
    assert "katex" not in render("`$x$` and\n\n    $$x$$\n", tmp_path / "cache.sqlite")


def test_a_tex_error_is_a_warning_with_its_line_and_shows_the_source(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="mkdocs"):
        html = render("First.\n\nThen $\\undefinedthing{x}$.\n", tmp_path / "cache.sqlite")

    [record] = caplog.records
    assert record.name.startswith("mkdocs.")
    assert "page:3: KaTeX cannot set `\\undefinedthing{x}`: Undefined control sequence" in record.getMessage()
    assert '<code class="maths-error"' in html


def test_an_error_is_reported_again_from_a_warm_cache(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        render("$\\frac{1}$ and $x$", tmp_path / "cache.sqlite")

    assert len(caplog.records) == 2


def test_a_damaged_cache_does_not_stop_a_build(tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    cache.write_bytes(b"not a database" * 100)

    assert "katex" in render("$x$", cache)

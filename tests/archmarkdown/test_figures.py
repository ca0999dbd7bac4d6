"""`/// figure | key` puts a drawing with its caption into a page."""

import logging
from xml.etree import ElementTree

import pytest
from archfigures import figures
from markdown import markdown


def render(text: str) -> str:
    return markdown(text, extensions=["archmarkdown.figures", "attr_list"])


def some_key() -> str:
    return min(figures())


def test_a_figure_has_a_name_a_description_and_its_caption() -> None:
    html = render(f"/// figure | {some_key()}\nWhat the *arrows* mean.\n///\n")

    tree = ElementTree.fromstring(html)
    svg = tree.find(".//{http://www.w3.org/2000/svg}svg")
    assert svg is not None
    names = (svg.get("aria-labelledby") or "").split()
    assert {svg[0].get("id"), svg[1].get("id")} == set(names)
    assert all(element.text for element in svg[:2])
    assert "<figcaption>\n<p>What the <em>arrows</em> mean.</p>" in html


def test_an_unknown_key_names_the_nearest(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="mkdocs"):
        html = render(f"Text.\n\n/// figure | {some_key()}x\nCaption.\n///\n")

    [record] = caplog.records
    assert "page:3: there is no figure" in record.getMessage()
    assert f"did you mean `{some_key()}`" in record.getMessage()
    assert "is missing" in html

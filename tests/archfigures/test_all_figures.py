"""Every figure draws, is well-formed, has unique ids and keeps its text inside."""

import re
from xml.etree import ElementTree

import pytest
from archfigures import Drawing, figures, render
from archfigures import text as textual

SVG = "{http://www.w3.org/2000/svg}"
KEYS = sorted(figures())


def test_there_are_figures() -> None:
    assert KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_is_well_formed_and_described(key: str) -> None:
    root = ElementTree.fromstring(render(key, "u"))

    assert root.get("role") == "img"
    assert len(root.findtext(f"{SVG}title") or "") > 10
    assert len(root.findtext(f"{SVG}desc") or "") > 40
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(identifier.startswith("u") for identifier in ids if identifier)


@pytest.mark.parametrize("key", KEYS)
def test_no_text_leaves_the_picture(key: str) -> None:
    root = ElementTree.fromstring(render(key, "u"))
    width = float(root.attrib["viewBox"].split()[2])
    for element in root.iter(f"{SVG}text"):
        if "rotate" in element.get("transform", ""):
            continue
        text = "".join(element.itertext())
        x, size = float(element.attrib["x"]), float(element.attrib["font-size"])
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[element.attrib["text-anchor"]]
        # Estimated widths are on the safe side; a twentieth of tolerance keeps tight figures possible.
        start = x - share * textual.width(text, size) * 0.95
        end = x + (1 - share) * textual.width(text, size) * 0.95
        assert start >= -2, f"{text!r} begins at {start:.0f}"
        assert end <= width + 2, f"{text!r} ends at {end:.0f} of {width:.0f}"


@pytest.mark.parametrize("key", KEYS)
def test_no_colour_is_named(key: str) -> None:
    assert not re.search(r"#[0-9a-f]{3,6}\b|rgb\(|hsl\(", render(key, "u").replace("url(#", "url("))


def test_a_label_too_long_for_its_box_is_refused() -> None:
    with pytest.raises(ValueError, match="needs"):
        Drawing().box("a very long label indeed", (100, 100), w=40)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="no role"):
        Drawing().box("x", (10, 10), role="pink")

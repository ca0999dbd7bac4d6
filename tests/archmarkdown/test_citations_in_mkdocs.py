"""Citations in a small site built by MkDocs: places in files, back-links, "Cite this page"."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

BIB = """@article{sun2023retentive,
  title = {Retentive Network}, author = {Sun, Yutao}, year = {2023},
  url = {https://arxiv.org/abs/2307.08621}, annotation = {Introduces retention.},
}
"""
RETNET = """---
title: "Retention (RetNet)"
page-type: architecture
checked: 2026-11-24
---

Text [@sun2023retentive].
"""
HUB = """---
title: Recurrent models
page-type: reference
spec: retnet
---

## Parts

See [RetNet](recurrent/retnet.md).
"""


@pytest.fixture
def site(tmp_path: Path):
    docs = tmp_path / "docs"
    (docs / "recurrent").mkdir(parents=True)
    (docs / "_data" / "architectures").mkdir(parents=True)
    (docs / "_data" / "references.bib").write_text(BIB, "utf-8")
    (docs / "_data" / "architectures" / "retnet.yml").write_text("introduced: {by: sun2023retentive}\n", "utf-8")
    (docs / "recurrent" / "retnet.md").write_text(RETNET, "utf-8")
    (docs / "index.md").write_text(HUB, "utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Architectures\nsite_url: https://example.org/kb/\nexclude_docs: /_data/\n"
        "theme: {name: material, font: false}\nplugins: []\nmarkdown_extensions: [toc, archmarkdown.citations]\n",
        "utf-8",
    )

    def run(strict: bool = False) -> Path:
        config = load_config(str(tmp_path / "mkdocs.yml"), strict=strict, site_dir=str(tmp_path / "out"))
        build(config)
        return tmp_path / "out"

    run.docs = docs
    return run


def test_the_card_links_to_the_other_pages_that_cite_the_paper(site) -> None:
    html = (site() / "recurrent" / "retnet" / "index.html").read_text("utf-8")
    assert 'Also cited in: <a href="../..">Recurrent models</a>' in html or (
        'Also cited in: <a href="../../">Recurrent models</a>' in html
    )


def test_a_page_tells_how_to_cite_it(site) -> None:
    out = site()
    html = (out / "recurrent" / "retnet" / "index.html").read_text("utf-8")
    box = html[html.index("Cite this page") :]
    assert "@online{retnet2026," in box
    assert "url    = {https://example.org/kb/recurrent/retnet/}" in box
    assert "Architectures. Retention (RetNet) (last checked 2026-11-24)." in box
    assert "Cite this page" not in (out / "index.html").read_text("utf-8")


def test_an_unknown_key_stops_a_strict_build_and_names_the_line_in_the_file(
    site, caplog: pytest.LogCaptureFixture
) -> None:
    page = site.docs / "recurrent" / "retnet.md"
    page.write_text(RETNET.replace("[@sun2023retentive]", "[@sun2023retentiv]"), "utf-8")
    with caplog.at_level(logging.WARNING), pytest.raises(Abort):
        site(strict=True)
    assert 'retnet.md:7:8: unknown citation key "sun2023retentiv"; did you mean "sun2023retentive"?' in caplog.text


def test_a_page_without_mistakes_passes_a_strict_build(site) -> None:
    assert (site(strict=True) / "recurrent" / "retnet" / "index.html").is_file()

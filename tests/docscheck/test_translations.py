"""The languages of a site: which one a page is in, where it stands, and which translation a link leads to."""

from __future__ import annotations

from pathlib import Path

import docscheck
import pytest
from docscheck.config import Config
from docscheck.page import Page
from docscheck.site import Site
from docscheck.source import Source
from docscheck.targets import Verdict, files_of, translated
from docscheck.translations import Translations, translations

LIST = """
site_name: Kettle
site_url: https://kettle.example.org/
plugins:
  - i18n:
      docs_structure: suffix
      languages:
        - {locale: de, default: true}
        - {locale: en}
"""
MAPPING = """
site_name: Kettle
plugins:
  - i18n:
      default_language: de
      languages: {de: Deutsch, en: English}
"""
FOLDERS = """
site_name: Kettle
theme: {name: material, language: de}
plugins:
  - i18n:
      docs_structure: folder
      languages:
        - {locale: de, default: true}
        - {locale: en}
"""


def _config(root: Path, text: str) -> Config:
    (root / "mkdocs.yml").write_text(text, "utf-8")
    return docscheck.load_config(root / "mkdocs.yml")


@pytest.mark.parametrize("settings", [LIST, MAPPING])
def test_both_forms_of_the_settings(tmp_path: Path, settings: str) -> None:
    found = translations(_config(tmp_path, settings))
    assert found == Translations("de", frozenset({"de", "en"}), True)


@pytest.mark.parametrize(
    ("settings", "uri", "language"),
    [
        (LIST, "lid.md", "de"),
        (LIST, "lid.de.md", "de"),
        (LIST, "lid.en.md", "en"),
        (LIST, "lid.v2.md", "de"),
        (LIST, "en/lid.md", "de"),
        (FOLDERS, "en/lid.md", "en"),
        (FOLDERS, "de/lid.md", "de"),
        (FOLDERS, "shared/lid.md", "de"),
        ("site_name: Kettle\ntheme: {name: material, language: fr}\n", "lid.en.md", "fr"),
        ("site_name: Kettle\n", "lid.de.md", "en"),
    ],
)
def test_language_of_a_page(tmp_path: Path, settings: str, uri: str, language: str) -> None:
    assert Page(Source(uri, "Text.\n"), _config(tmp_path, settings), uri).language == language


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "docs/guide").mkdir(parents=True)
    for name in ("index.de.md", "index.en.md", "guide/lid.de.md", "guide/lid.en.md", "guide/pot.md"):
        (tmp_path / "docs" / name).write_text("# Title\n", "utf-8")
    return Site(_config(tmp_path, LIST), tmp_path)


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("index.de.md", ""),
        ("index.en.md", "en/"),
        ("guide/lid.de.md", "guide/lid/"),
        ("guide/lid.en.md", "en/guide/lid/"),
        ("guide/pot.md", "guide/pot/"),
    ],
)
def test_address_of_a_translation(site: Site, file: str, address: str) -> None:
    assert files_of(site).address(file) == address


def test_address_beside_a_translated_page(site: Site) -> None:
    for page in ("index.de.md", "index.en.md"):
        assert files_of(site).judge(page, "./guide/lid").verdict is Verdict.PAGE_ADDRESS
        assert files_of(site).judge(page, "guide/pan").verdict is Verdict.MISSING


@pytest.mark.parametrize(
    ("page", "file", "meant"),
    [
        ("index.en.md", "guide/lid.md", "guide/lid.en.md"),
        ("index.de.md", "guide/lid.md", "guide/lid.de.md"),
        ("index.en.md", "guide/pot.md", "guide/pot.md"),
        ("index.en.md", "guide/lid.de.md", "guide/lid.de.md"),
    ],
)
def test_translation_that_a_link_leads_to(site: Site, page: str, file: str, meant: str) -> None:
    assert translated(site, page, file) == meant

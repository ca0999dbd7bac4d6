"""This site's own macros, citations, terms, figures and data: after an edit of each, a kept build is a plain one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_site import build, put, same

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "index.md",
    "architectures/index.md",
    "architectures/transformers/attention.md",
    "architectures/transformers/index.md",
    "architectures/transformers/mqa-gqa.md",
    "architectures/transformers/rope.md",
    "architectures/recurrent/retnet.md",
    "enablement/models.md",
    "reference/glossary.md",
    "tools/explorables.md",
)
"""The pages of the copy: few, so that most links and many entries are missing, which makes many warnings."""

CITED = "architectures/recurrent/retnet.md"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A copy of the site with few pages, built once, and a copy of that."""
    root = tmp_path_factory.mktemp("kept")
    for folder in ("hooks", "overrides", "docs/_data", "docs/assets"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "mkdocs.yml", root)
    for ending in ("json", "py", "out"):
        for beside in (ROOT / "docs").rglob(f"*.{ending}"):
            _copy(beside, root)
    for page in PAGES:
        _copy(ROOT / "docs" / page, root)
    # The checks have tests of their own, and much to say of a site with most pages missing.
    replace("hooks/build.py", "_panel.news()", "()")(root)
    replace("hooks/build.py", "_panel.count", "0")(root)
    build(root, kinds=("kept",), path=root / "hooks")
    copy = tmp_path_factory.mktemp("copy") / "site"
    shutil.copytree(root, copy)
    return root, copy


def _copy(file: Path, root: Path) -> None:
    target = root / file.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target)


@pytest.fixture
def site(built: tuple[Path, Path]) -> Path:
    """The copy as the first build left it, always at the same place."""
    root, copy = built
    shutil.rmtree(root)
    shutil.copytree(copy, root)
    return root


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text, name
        put(root, name, text.replace(old, new, 1))

    return edit


def append(name: str, text: str) -> Callable[[Path], None]:
    return lambda root: put(root, name, (root / name).read_text("utf-8") + text)


EDITS = {
    "nothing": (lambda root: None, 0),
    "citation": (append(f"docs/{CITED}", "\nAs shown before [@vaswani2017attention].\n"), 6),
    "entry": (replace("docs/_data/references.bib", "Retentive Network", "Retentive Net"), 3),
    "entry for nobody": (append("docs/_data/references.bib", "\n@article{zz2020none,\n  title = {None},\n}\n"), 0),
    "term": (replace("docs/_data/glossary.yml", "meaning: The ", "meaning: One "), 9),
    "model": (replace("docs/_data/models/llama-2-70b.yml", "layers: 80", "layers: 81"), 6),
    "architecture": (replace("docs/_data/architectures/rope.yml", "short: ", "short: The "), 4),
    "figure": (replace("hooks/archfigures/recurrent/retnet.py", 'title="', 'title="Our '), 1),
    "drawing of all figures": (replace("hooks/archfigures/draw.py", "ad-edge", "ad-edg"), 5),
    "explorable": (replace("docs/_data/explorables.yml", "title: ", "title: Our "), 2),
    "number": (replace("hooks/archdata/numbers.py", '(1e9, "B")', '(1e9, "G")'), 6),
    "extension": (replace("hooks/archmarkdown/figures.py", "ad-scroll", "ad-scrll"), 10),
    "template": (replace("overrides/partials/page-head.html", "min read", "minutes"), 0),
}


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_of_this_site_the_build_is_that_of_a_plain_one(name: str, site: Path) -> None:
    edit, most = EDITS[name]
    edit(site)

    kept = same(site, path=site / "hooks")

    assert kept.made <= most
    assert kept.made > 0 or most == 0

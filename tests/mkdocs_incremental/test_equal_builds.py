"""After every kind of edit, a build with the plugin is a plain one: the same files, the same output, the same exit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import small_site
from mkdocs_incremental.rendering import Made, Renderer
from small_site import FILES, put, same

Edit = Callable[[Path], object]


def write(name: str, text: str) -> Edit:
    return lambda root: put(root, name, text)


def replace(name: str, old: str, new: str) -> Edit:
    assert old in FILES[name], name
    return lambda root: put(root, name, (root / name).read_text("utf-8").replace(old, new))


def remove(name: str) -> Edit:
    return lambda root: (root / name).unlink()


def move(name: str, to: str) -> Edit:
    return lambda root: (root / name).rename(root / to)


USE, NEW, API = "      - guide/use.md\n", "      - guide/new.md\n", "      - reference/api.md\n"
TRAPS = "          - guide/deep/traps.md\n"
MARK = '{% include "partials/mark.html" %}'
ALL = 9
UNMADE = 0
EDITS: dict[str, tuple[list[Edit], int | None]] = {
    "nothing": ([], UNMADE),
    "text": ([replace("docs/guide/use.md", "Using it", "Using it now")], 1),
    "front matter": ([replace("docs/guide/install.md", "How to", "The way to")], 1),
    "heading renamed": ([replace("docs/guide/install.md", "## Needs", "## Requirements")], 1),
    "heading that was missed": ([replace("docs/guide/install.md", "## Needs", "## None")], 1),
    "title": ([replace("docs/guide/deep/traps.md", "Traps and falls", "Pitfalls")], 1),
    "title in the navigation": ([replace("mkdocs.yml", "Setting up", "Install")], 1),
    "icon": ([replace("docs/guide/deep/traps.md", "material/alert", "material/bell")], 1),
    "template of a page": ([replace("docs/reference/index.md", "template: wide.html\n", "")], 1),
    "page added": ([write("docs/guide/new.md", "# New\n\nSee [use](use.md).\n")], 1),
    "page added and listed": ([write("docs/guide/new.md", "# New\n"), replace("mkdocs.yml", USE, f"{NEW}{USE}")], 1),
    "page that was missed": ([write("docs/guide/gone.md", "# Here again\n")], 2),
    "page removed": ([remove("docs/guide/deep/traps.md"), replace("mkdocs.yml", TRAPS, "")], 1),
    "page renamed": ([move("docs/reference/api.md", "docs/reference/it.md"), replace("mkdocs.yml", "api", "it")], 2),
    "page moved": ([replace("mkdocs.yml", USE, ""), replace("mkdocs.yml", API, f"{USE}{API}")], UNMADE),
    "section renamed": ([replace("mkdocs.yml", "- Deeper:", "- In depth:")], UNMADE),
    "no navigation": ([lambda root: put(root, "mkdocs.yml", FILES["mkdocs.yml"].partition("nav:")[0])], None),
    "link in the navigation": ([replace("mkdocs.yml", "https://example.org/", "https://example.com/")], UNMADE),
    "snippet": ([replace("docs/setup.inc", "twice", "once")], 1),
    "snippet gone": ([remove("docs/setup.inc")], 1),
    "data": ([replace("docs/_data/facts.yml", "12 m", "13 m")], 1),
    "data for nobody": ([write("docs/_data/facts.yml", "width: 3 m\nheight: 12 m\ndepth: 1 m\n")], UNMADE),
    "front matter of a folder": ([write("docs/guide/.meta.yml", "subtitle: in the guide\n")], 5),
    "style": ([replace("docs/extra.css", "red", "blue")], UNMADE),
    "style added": ([replace("mkdocs.yml", "[extra", "[more.css, extra"), write("docs/more.css", "b {}\n")], None),
    "configuration": ([replace("mkdocs.yml", "site_name: Small", "site_name: Little")], ALL),
    "configuration of an extension": ([replace("mkdocs.yml", "permalink: true", "permalink: false")], ALL),
    "feature of the theme": ([replace("mkdocs.yml", ", navigation.prune", "")], None),
    "validation": ([replace("mkdocs.yml", "validation: {anchors: warn}", "validation: {anchors: ignore}")], None),
    "hook": ([replace("hook.py", '"©"', '"(c)"')], ALL),
    "macros": ([replace("macros_of_site.py", "[name]", "[name].upper()")], 2),
    "extension of the site": ([replace("shout.py", "word.upper()", "word.title()")], ALL),
    "file an extension reads": ([replace("words.txt", "loud", "warning")], ALL),
    "template": ([replace("overrides/partials/mark.html", "in {{", "of {{")], UNMADE),
    "template of one page": ([replace("overrides/wide.html", "<ol>", "<ol class=wide>")], UNMADE),
    "template added": ([write("overrides/partials/footer.html", "<footer>Ours</footer>\n")], UNMADE),
    "template removed": ([remove("overrides/partials/mark.html"), replace("overrides/main.html", MARK, "")], UNMADE),
    "static file of the theme": ([write("overrides/robots.txt", "User-agent: *\n")], UNMADE),
}  # fmt: skip
"""What is edited, and how many pages are then rendered from Markdown, where that is worth knowing."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The site with what a first build has kept of it, and a copy of that."""
    root = small_site.write(tmp_path_factory.mktemp("kept"))
    small_site.build(root, kinds=("kept",))
    copy = tmp_path_factory.mktemp("copy") / "site"
    shutil.copytree(root, copy)
    return root, copy


@pytest.fixture
def site(built: tuple[Path, Path]) -> Path:
    """The site as the first build left it, always at the same place."""
    root, copy = built
    shutil.rmtree(root)
    shutil.copytree(copy, root)
    return root


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_the_build_is_that_of_a_plain_one(name: str, site: Path) -> None:
    edits, made = EDITS[name]
    for edit in edits:
        edit(site)

    kept = same(site)

    assert made is None or kept.made == made


def test_an_edit_that_is_undone_is_noticed(site: Path) -> None:
    """What was right before is not taken for right again after an edit is undone."""
    for text in ("# Using it\n\n[needs](install.md#need)\n", FILES["docs/guide/use.md"], "# Using it\n"):
        put(site, "docs/guide/use.md", text)
        same(site)


@pytest.mark.parametrize(
    "edit", [None, write("docs/guide/use.md", "# Using it\n\nAll fine: [needs](install.md#needs).\n")]
)
def test_a_strict_build_fails_as_a_plain_one_does(edit: Edit | None, site: Path) -> None:
    """Warnings count, and count the same, whether a page is rendered or taken from the store."""
    if edit:
        edit(site)

    first, second = same(site, "--strict"), same(site, "--strict")

    assert first.code == second.code == (0 if edit else 1)
    assert edit or "Aborted with 2 warnings in strict mode!" in second.output


def test_a_loud_build_says_what_a_quiet_one_kept(site: Path) -> None:
    """A quiet build keeps what a loud one prints."""
    put(site, "docs/guide/use.md", FILES["docs/guide/use.md"] + "\n[Gone too](gone-too.md)\n")
    same(site, "--quiet")

    assert any("gone-too.md" in line for line in same(site).output)


def test_a_build_told_in_detail_is_plain(site: Path) -> None:
    assert small_site.build(site, "--verbose", kinds=("kept",))["kept"].made == -1


def test_a_page_that_a_worker_cannot_hand_over_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that renders ahead finds out that a page is not to be stored: its packed form is empty."""
    made = Made("key", {"content": ""}, b"", "a log record of another logger")
    asked: list[str] = []
    for name, answer in {"key": "key", "_stored": None, "_keep": None}.items():
        monkeypatch.setattr(Renderer, name, lambda *_, answer=answer: answer)
    monkeypatch.setattr(Renderer, "make", lambda self, page, config, key: asked.append(key) or made)
    renderer = object.__new__(Renderer)
    renderer.ready, renderer.made, renderer._contents = {"page.md": made}, set(), {}
    renderer.render(SimpleNamespace(file=SimpleNamespace(src_uri="page.md"), content="x"), None)

    assert asked == ["key"]


def test_a_broken_page(site: Path) -> None:
    """A fault that ends a build ends it the same way, and the page is made when it is mended."""
    put(site, "docs/guide/use.md", "# Using it\n\n[[% nonsense\n\n{{ fact('no such') }}\n")
    broken = same(site)
    put(site, "docs/guide/use.md", "# Using it\n\n{{ fact('height') }}\n")

    mended = same(site)

    assert any("KeyError" in line for line in broken.output) or broken.code == 0
    assert b"12 m" in mended.files["guide/use/index.html"]


FILTER = """from pathlib import Path


def on_env(env, config, files, **_):
    word = Path("word.txt").read_text()
    env.filters["upper"] = lambda text: f"{word} {text}"
    return env
"""


def test_a_filter_in_the_place_of_one_of_jinjas(tmp_path: Path) -> None:
    """A hook's filter may do anything, whatever it is called: pages that templates make with it are made anew."""
    root = small_site.write(tmp_path / "site")
    put(root, "filters.py", FILTER)
    put(root, "mkdocs.yml", FILES["mkdocs.yml"].replace("hooks: [", "hooks: [filters.py, "))
    put(root, "overrides/partials/mark.html", "{{ 'shown'|upper }}")
    for word in ("first", "second"):
        put(root, "word.txt", word)
        kept = same(root).files["index.html"]

    assert b"second shown" in kept


def test_an_extension_in_the_place_of_another(tmp_path: Path) -> None:
    """A module that is now found in a folder before the one it lay in, where it still lies."""
    root = small_site.write(tmp_path / "site")
    (root / "before").mkdir()
    path = Path(f"{root / 'before'}{os.pathsep}{small_site.HOOKS}")
    small_site.build(root, kinds=("kept",), path=path)
    put(root, "before/shout.py", FILES["shout.py"].replace("word.upper()", "word.title()"))

    assert same(root, path=path).made == ALL

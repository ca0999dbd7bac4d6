"""Edits nobody thought of: `python tests/random_edits.py --steps 300 --seed 1`.

A small site with everything that a page may rest on is edited at random, and after each step built twice, with the
plugin from what it has kept and plain. The first difference ends the run, with all edits of the step that made it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import small_site
import yaml
from small_site import FILES, put

EXTENSION = '''
"""Looks before it opens, reads at import, looks into a folder, and asks for a variable."""

import os
from pathlib import Path

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

HERE = Path(__file__).parent
AT_IMPORT = (HERE / "at_import.txt").read_text() if (HERE / "at_import.txt").is_file() else "nothing"


class Look(Preprocessor):
    def run(self, lines):
        text = "\\n".join(lines)
        here = (HERE / "maybe.txt").read_text() if os.path.exists(HERE / "maybe.txt") else "nothing"
        there = len(list((HERE / "some").glob("*.txt"))) if (HERE / "some").is_dir() else -1
        said = os.environ.get("SITE_MODE", "nothing")
        for mark, value in (("IMPORTED", AT_IMPORT), ("MAYBE", here), ("COUNTED", str(there)), ("VARIED", said)):
            text = text.replace(mark, value.strip())
        return text.split("\\n")


class LookExtension(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Look(md), "look", 40)


def makeExtension(**kwargs):
    return LookExtension(**kwargs)
'''
MAIN = """{% extends "base.html" %}
{% block content %}
{% include "partials/mark.html" ignore missing %}
{% include ["partials/first.html", "partials/second.html"] ignore missing %}
{{ super() }}
{% if page.next_page %}<p class=next>{{ page.next_page.title }} {{ page.next_page.meta.description }}</p>{% endif %}
{% endblock %}
"""
MORE = {
    "look.py": EXTENSION,
    "overrides/main.html": MAIN,
    "docs/all.txt": "*[API]: An interface\n",
    "docs/inner.inc": "Inner text.\n",
    "docs/outer.inc": '--8<-- "inner.inc"\n\nOuter text.\n',
    "docs/parts.inc": "--8<-- [start:one]\nOne.\n--8<-- [end:one]\n--8<-- [start:two]\nTwo.\n--8<-- [end:two]\n",
    "docs/ünder the sea/ä page.md": "# Ä page\n\nThe API: IMPORTED, MAYBE, COUNTED, VARIED.\n\n[u](../guide/use.md)\n",
    "docs/mixed.md": '# Mixed\n\n--8<-- "outer.inc"\n\n--8<-- "parts.inc:one"\n\n--8<-- "missing.inc"\n\nAn API.\n',
    "docs/pictures.md": "# Pictures\n\n![one](one.png) ![two](img/two.png)\n\n[README](sub/README.md) [sub](sub/)\n",
    "docs/one.png": "no picture\n",
}
"""What the small site has no example of."""


def settings() -> dict[str, object]:
    """The small site's settings, with more in them."""
    found: dict[str, object] = yaml.safe_load(FILES["mkdocs.yml"])
    extensions = [one for one in found["markdown_extensions"] if "pymdownx.snippets" not in one]  # type: ignore[attr-defined]
    snippets = {"base_path": ["docs", "."], "auto_append": ["docs/all.txt", "later.txt"], "check_paths": False}
    found["markdown_extensions"] = [*extensions, "abbr", "look", {"pymdownx.snippets": snippets}]
    found["nav"] = [*found["nav"], "mixed.md", "pictures.md"]  # type: ignore[misc]
    return found


class Edits:
    """The site under `root`, and everything that may happen to it."""

    def __init__(self, root: Path, rng: Random) -> None:
        self.root = root
        self.rng = rng
        self.settings = settings()
        self.told: list[str] = []
        small_site.write(root, {**FILES, **MORE})
        self._write_settings()

    def step(self) -> None:
        """Do a few things at once."""
        for _ in range(self.rng.choice((1, 1, 1, 2, 3, 5))):
            act = self.rng.choice(ACTS)
            try:
                act(self)
            except (OSError, IndexError):  # there is nothing, or something else, at the place
                self.told.append(f"{act.__name__}: not possible")

    # What happens.

    def text(self) -> None:
        """A page gets another word, heading, link or mark."""
        page = self._page()
        extra = self.rng.choice(
            (
                f"\nWord {self.rng.randrange(9)}.\n",
                f"\n## Part {self.rng.randrange(3)}\n\nText.\n",
                f"\n[to]({os.path.relpath(self._page(), page.parent)}#part-{self.rng.randrange(3)})\n",
                "\nIMPORTED MAYBE COUNTED\n",
                f"\n{{{{ fact('{self.rng.choice(('height', 'width'))}') }}}}\n",
                f'\n--8<-- "{self.rng.choice(("outer.inc", "inner.inc", "new.inc", "parts.inc:two"))}"\n',
                "\nA loud API[^1].\n\n[^1]: Note.\n",
            )
        )
        self._put(page, page.read_text("utf-8") + extra)

    def shorten(self) -> None:
        """A page loses its second half."""
        page = self._page()
        text = page.read_text("utf-8")
        self._put(page, text[: len(text) // 2])

    def meta(self) -> None:
        """A page gets other front matter."""
        page = self._page()
        body = page.read_text("utf-8").removeprefix("---\n").partition("---\n")[2] or page.read_text("utf-8")
        key = self.rng.choice(
            (
                *("title: T{}", "description: D{}", "hide: [toc]", "tags: [a{}]", "search: {{boost: {}}}"),
                *("icon: material/bell", "template: wide.html", "status: new", "search: {{exclude: true}}"),
            )
        )
        self._put(page, f"---\n{key.format(self.rng.randrange(4))}\n---\n{body}")

    def title(self) -> None:
        """The first heading of a page changes."""
        page = self._page()
        lines = page.read_text("utf-8").split("\n")
        at = next((n for n, line in enumerate(lines) if line.startswith("# ")), 0)
        lines[at] = f"# Title {self.rng.randrange(5)}"
        self._put(page, "\n".join(lines))

    def swap(self) -> None:
        """Two pages change their contents."""
        one, two = self._page(), self._page()
        first, second = one.read_text("utf-8"), two.read_text("utf-8")
        self._put(one, second)
        self._put(two, first)

    def rename(self) -> None:
        """A page moves, its content the same."""
        page = self._page()
        name = self.rng.choice(("a.md", "b c.md", "ü.md", "guide/x.md", "sub/README.md", "sub/index.md", "Use.md"))
        target = self.root / "docs" / name
        target.parent.mkdir(exist_ok=True)
        page.rename(target)
        self.told.append(f"{self._name(page)} → {name}")

    def remove(self) -> None:
        """A page goes."""
        page = self._page()
        page.unlink()
        self.told.append(f"{self._name(page)} removed")

    def restore(self) -> None:
        """A file is as it was in the beginning."""
        name = self.rng.choice(sorted(({**FILES, **MORE}).keys() - {"mkdocs.yml"}))
        self._put(self.root / name, ({**FILES, **MORE})[name])

    def link(self) -> None:
        """A page is a link of the file system to another file."""
        target = self.root / "docs" / "linked.md"
        target.unlink(missing_ok=True)
        target.symlink_to(self._page())
        self.told.append("linked.md")

    def toggle(self) -> None:
        """A file that may be there comes or goes."""
        name = self.rng.choice(
            ("maybe.txt", "at_import.txt", "later.txt", "missing.inc", "docs/missing.inc", "docs/new.inc", "some/a.txt",
             "some/b.txt", "docs/img/two.png", "docs/one.png", "overrides/partials/first.html", "docs/guide/.meta.yml",
             "overrides/partials/second.html", "overrides/partials/mark.html", "overrides/partials/footer.html",
             "overrides/404.html", "docs/more.css", "docs/sub/page.md", "overrides/partials/toc-item.html")
        )  # fmt: skip
        path = self.root / name
        if path.exists():
            path.unlink()
            self.told.append(f"{name} gone")
        else:
            text = "subtitle: here\n" if name.endswith("yml") else f"*[API]: {self.rng.randrange(9)} words\n"
            self._put(path, text)

    def file(self) -> None:
        """A file that pages rest on has other content."""
        name = self.rng.choice(
            ("words.txt", "docs/inner.inc", "docs/outer.inc", "docs/all.txt", "docs/setup.inc", "docs/parts.inc",
             "overrides/partials/mark.html", "docs/extra.css", "maybe.txt", "at_import.txt", "later.txt")
        )  # fmt: skip
        path = self.root / name
        self._put(path, f"{path.read_text('utf-8')}\ncareful {self.rng.randrange(9)}\n")

    def data(self) -> None:
        """A fact has another value."""
        values = {"height": f"{self.rng.randrange(9)} m", "width": f"{self.rng.randrange(9)} m"}
        self._put(self.root / "docs/_data/facts.yml", yaml.safe_dump(values))

    def code(self) -> None:
        """The site's own code does something else."""
        name, old, new = self.rng.choice(
            (
                ("hook.py", '"©"', '"(c)"'), ("hook.py", '"(c)"', '"©"'), ("shout.py", "upper()", "title()"),
                ("shout.py", "title()", "upper()"), ("macros_of_site.py", "[name]", "[name].upper()"),
                ("macros_of_site.py", "[name].upper()", "[name]"), ("look.py", '"nothing"', '"none"'),
            )
        )  # fmt: skip
        path = self.root / name
        self._put(path, path.read_text("utf-8").replace(old, new))

    def configure(self) -> None:
        """A setting changes."""
        key, values = self.rng.choice(
            (
                ("site_name", ("Small", "Little")), ("use_directory_urls", (True, False)),
                ("site_url", ("https://small.example.org/", "https://small.example.org/docs/")),
                ("exclude_docs", ("/_data/\n*.inc\n", "/_data/\n*.inc\na.md\n", "/_data/\n*.inc\n/guide/deep/\n")),
                ("not_in_nav", ("a.md\n", "/orphan.md\n")), ("copyright", ("Ours", None)),
                ("repo_url", ("https://example.org/r", None)), ("extra", ({"generator": False}, {})),
                ("validation", ({"anchors": "warn"}, {"anchors": "ignore", "nav": {"omitted_files": "warn"}})),
                ("nav", (settings()["nav"], None)),
            )
        )  # fmt: skip
        self.settings[key] = self.rng.choice(values)
        if self.settings[key] is None:
            del self.settings[key]
        self._write_settings()
        self.told.append(f"{key}: {self.settings.get(key)}")

    def order(self) -> None:
        """The navigation has another order."""
        nav = self.settings.get("nav")
        if isinstance(nav, list):
            self.rng.shuffle(nav)
            self._write_settings()
            self.told.append("navigation shuffled")

    def theme(self) -> None:
        """The theme is set otherwise."""
        features = ["navigation.tabs", "navigation.indexes", "navigation.footer", "navigation.path", "navigation.prune"]
        chosen = self.rng.sample(features, self.rng.randrange(6))
        language = self.rng.choice(("en", "de"))
        self.settings["theme"] = {
            "name": "material", "custom_dir": "overrides", "font": False, "features": chosen, "language": language,
        }  # fmt: skip
        self._write_settings()
        self.told.append(f"theme: {chosen} {language}")

    def touch(self) -> None:
        """A file is newer, and the same."""
        page = self._page()
        os.utime(page, (time.time() + 99, time.time() + 99))

    # How.

    def _page(self) -> Path:
        return self.rng.choice(sorted((self.root / "docs").rglob("*.md")))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _put(self, path: Path, text: str) -> None:
        put(self.root, self._name(path), text)
        self.told.append(f"{self._name(path)} = {text!r}")

    def _write_settings(self) -> None:
        put(self.root, "mkdocs.yml", yaml.safe_dump(self.settings, sort_keys=False, allow_unicode=True))


_MAY: tuple[tuple[int, Callable[[Edits], None]], ...] = (
    (6, Edits.text), (2, Edits.shorten), (4, Edits.meta), (4, Edits.title), (2, Edits.swap), (3, Edits.rename),
    (2, Edits.remove), (4, Edits.restore), (1, Edits.link), (8, Edits.toggle), (4, Edits.file), (2, Edits.data),
    (1, Edits.code), (2, Edits.configure), (2, Edits.order), (1, Edits.theme), (1, Edits.touch),
)  # fmt: skip
ACTS = [act for often, act in _MAY for _ in range(often)]


def run(root: Path, seed: int, steps: int) -> int:
    """Edit and build; return how many pages were taken from what was kept. Raises AssertionError at a difference."""
    edits = Edits(root, Random(seed))
    kept = 0
    for step in range(steps + 1):
        try:
            built = small_site.same(root)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, step {step}, after {edits.told}: {error}") from error
        pages = sum(name.endswith(".html") for name in built.files)
        kept += max(pages - 1 - built.made, 0) if built.made >= 0 else 0
        edits.told.clear()
        edits.step()
    return kept


def main() -> None:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = run(Path(folder) / "site", options.seed, options.steps)
    print(f"{options.steps} steps from seed {options.seed}: no difference; {kept} pages were taken from what was kept")


if __name__ == "__main__":
    main()

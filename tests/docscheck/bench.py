"""Measure docscheck on realistic generated pages: `python tests/docscheck/bench.py [--pages 1000] [--rumdl PATH]`.

With `--build`, the pages are also built by MkDocs with Material, in turn without and with docscheck among the plugins.
Everything is measured in one run on one machine, as CPU seconds of child processes, start of Python included; what
matters are the ratios. The pages are seeded, so two runs check the same text.
"""

from __future__ import annotations

import argparse
import compileall
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

HOOKS = Path(__file__).resolve().parents[2] / "hooks"

SETTINGS = """\
site_name: Benchmark
site_url: https://docs.example.org/
theme: {name: material}
plugins: [search]
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {permalink: true}
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.inlinehilite
  - pymdownx.snippets
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.tasklist
"""

_TEXT = """
attention batch cache channel checkpoint cluster column context corpus cost curve dataset decoder depth device diagram
dimension embedding encoder entropy estimate example expert factor feature filter formula fraction gate gradient graph
group head index input kernel key language latent layer length library limit linear loss machine mask matrix mean
measure memory method metric mixture model module network noise norm margin output page paper parameter part path
pattern problem process product projection query range rate ratio reader result routing rule sample schedule score
section sequence tree signal size softmax space speed state step stride sum table task tensor test text token training
unit update value variance vector vocabulary weight width window word
"""
_LINKING = "the any of to in and is for with on that by from as at each this one its than when over every between"
"""Words between two nouns; with `a`, which goes with some nouns only, the text would be full of slips."""
_SMALL = _LINKING.split()
_NOUNS = _TEXT.split()


@dataclass(frozen=True)
class Cost:
    """CPU seconds and exit code of one command."""

    name: str
    seconds: float
    code: int


class Writer:
    """Writes pages of about the size and mixture of a documentation site; the same seed gives the same pages."""

    def __init__(self, pages: int, seed: int = 20261124) -> None:
        self.random = random.Random(seed)
        self.pages = pages

    def page(self, number: int) -> str:
        """One page: a title, an introduction, and six to ten sections of several kinds."""
        kinds: list[Callable[[int], str]] = [
            self._box, self._tabs, self._table, self._code, self._maths, self._list, self._links, self._folded,
        ]  # fmt: skip
        sections = [
            "\n\n".join([f"## {self._title()} {index}", self._paragraph(), kind(number), self._paragraph()])
            for index, kind in enumerate(self.random.choices(kinds, k=self.random.randint(6, 10)), start=1)
        ]
        return "\n\n".join([f"# {self._title()} {number}", self._paragraph(), *sections]) + "\n"

    def _words(self, count: int) -> str:
        nouns = self.random.sample(_NOUNS, (count + 1) // 2)
        small = self.random.sample(_SMALL, count // 2)
        return " ".join(word for pair in zip_longest(nouns, small) for word in pair if word)

    def _title(self) -> str:
        return self._words(3).capitalize()

    def _sentence(self) -> str:
        words = self._words(2 * self.random.randint(4, 9)).capitalize()
        noun = self.random.choice(_NOUNS)
        return f"{words}{self.random.choice(['', '', '', f' `{noun}_size` and', f' *{noun}* or'])} {noun}."

    def _paragraph(self) -> str:
        return "\n".join(self._sentence() for _ in range(self.random.randint(3, 6)))

    def _box(self, number: int) -> str:
        header = f'!!! {self.random.choice(["note", "tip", "warning"])} "{self._title()}"'
        return f"{header}\n\n    {self._sentence()}\n\n    - {self._sentence()}\n    - {self._sentence()}"

    def _folded(self, number: int) -> str:
        return f'??? example "{self._title()}"\n\n    {self._sentence()}\n\n    ```python\n    x = {number}\n    ```'

    def _tabs(self, number: int) -> str:
        return "\n\n".join(f'=== "{self._title()}"\n\n    {self._sentence()}' for _ in range(3))

    def _table(self, number: int) -> str:
        rows = "\n".join(f"| {self._words(2)} | `{self.random.random():.3f}` | {self._words(3)} |" for _ in range(8))
        return f"| Name | Value | Meaning |\n|---|---:|---|\n{rows}"

    def _code(self, number: int) -> str:
        body = "\n".join(f"    {self.random.choice(_NOUNS)}_{line} = {line} * {number}" for line in range(12))
        return f"```python\ndef step(x: float) -> float:\n{body}\n    return x\n```"

    def _maths(self, number: int) -> str:
        inline = "The sum $\\sum_{i=1}^{n} w_i x_i$ is bounded:"
        return f"{inline}\n\n$$\n\\left\\| W x \\right\\| \\le \\frac{{a}}{{b}} \\left\\| x \\right\\|\n$$"

    def _list(self, number: int) -> str:
        return "\n".join(f"- {self._sentence()}\n    - {self._sentence()}" for _ in range(4))

    def _links(self, number: int) -> str:
        targets = [self.random.randrange(self.pages) for _ in range(4)]
        return "\n".join(f"- [{self._title()}](page-{target:04}.md): {self._sentence()}" for target in targets)


def write_site(root: Path, pages: int) -> int:
    """Write the site under `root`; return its size in bytes."""
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    writer = Writer(pages)
    size = 0
    for number in range(pages):
        text = writer.page(number)
        (root / "docs" / f"page-{number:04}.md").write_text(text, "utf-8")
        size += len(text.encode())
    return size


def run(name: str, command: Sequence[str], where: Path) -> Cost:
    """Run a command, its output thrown away, and return what it cost."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(HOOKS)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, cwd=where, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(name, seconds, done.returncode)


def measure(root: Path, pages: int, rumdl: str | None, markdownlint: str | None) -> list[Cost]:
    """Every command once, in an order in which none warms the other's cache but our own."""
    ours = [sys.executable, "-m", "docscheck"]
    costs = [
        run("python -c pass", [sys.executable, "-c", "pass"], root),
        run("docscheck, cold", ours, root),
        run("docscheck, nothing changed", ours, root),
    ]
    with (root / "docs" / "page-0007.md").open("a", encoding="utf-8") as file:
        file.write("\nOne more sentence at the end.\n")
    costs.append(run("docscheck, one file changed", ours, root))
    if rumdl:
        costs.append(run("rumdl check --no-cache", [rumdl, "check", "--no-cache", "docs"], root))
    if markdownlint:
        costs.append(run("markdownlint-cli2", [markdownlint, "docs/**/*.md"], root))
    return costs


def measure_builds(root: Path, times: int = 2) -> list[Cost]:
    """Builds from scratch, in turn without docscheck, with it, and with what it remembers of the one before."""
    (root / "checked.yml").write_text(SETTINGS.replace("[search]", "[search, docscheck]"), "utf-8")
    costs = []
    for _ in range(times):
        shutil.rmtree(root / ".cache")
        for name, settings in (
            ("mkdocs build", "mkdocs.yml"),
            ("mkdocs build, docscheck", "checked.yml"),
            ("mkdocs build, docscheck again", "checked.yml"),
        ):
            command = [sys.executable, "-m", "mkdocs", "build", "--clean", "--config-file", settings]
            costs.append(run(name, command, root))
    return costs


def main() -> int:
    """Write the pages, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rumdl", default=shutil.which("rumdl"))
    parser.add_argument("--markdownlint", default=shutil.which("markdownlint-cli2"))
    parser.add_argument("--build", action="store_true")
    options = parser.parse_args()
    compileall.compile_dir(HOOKS / "docscheck", quiet=1)  # as an installation does
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "site"
        size = write_site(root, options.pages)
        print(f"{options.pages} pages, {size / options.pages / 1000:.1f} kB each, Python {sys.version.split()[0]}")
        costs = measure(root, options.pages, options.rumdl, options.markdownlint)
        if options.build:
            costs += measure_builds(root)
    cold = next(cost for cost in costs if cost.name == "docscheck, cold")
    for cost in costs:
        each = f"{1000 * cost.seconds / options.pages:8.3f} ms a page"
        print(f"{cost.name:30} {cost.seconds:8.2f} s CPU {each} {cost.seconds / cold.seconds:8.2f} x  exit {cost.code}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

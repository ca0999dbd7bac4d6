"""Measures builds of generated sites: `python -m mkdocs_incremental.measure --pages 100 1000`.

Each kind of edit is built by plain MkDocs, by MkDocs with the plugin, and by Zensical where its program is named, one
after the other and several times. Ratios are taken within each round, so that a machine whose speed drifts, or that
has other work, harms them little. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_SECTION = 20
"""Pages in a section."""
_SHARING = 10
"""One page in so many includes the shared file."""
_LOOK = 0.5
"""Seconds between two looks at a build's memory, which cost some milliseconds each."""
_UNITS = 1024 if sys.platform == "linux" else 1024**2
"""`ru_maxrss` in a MiB."""
_TEXT = "a model of the data is learned by steps that lower its loss on each batch and keep what it has seen"
_FEATURES = "navigation.indexes, navigation.footer"
_LARGE = 2_000
"""From so many pages on, a page names only what is near it in the navigation (`navigation.prune`). In full, the
navigation of 5,000 pages makes each page 1.7 MB, and the site 8 GB, which nobody would publish."""
_CONFIG = """\
site_name: Generated
site_url: https://example.org/
theme: {{name: material, features: [{features}]}}
plugins:
  - search
{plugin}markdown_extensions:
  - admonition
  - attr_list
  - tables
  - toc: {{permalink: true}}
  - pymdownx.arithmatex: {{generic: true}}
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.snippets: {{base_path: [.], check_paths: true}}
nav:
"""


Edit = Callable[[Path, int], None]
"""Changes the site in a folder; the number tells the round."""


def write_site(root: Path, pages: int, seed: int = 1) -> None:
    """Write a site of this many pages under `root`, with and without the plugin."""
    chance = random.Random(seed)
    docs = root / "docs"
    nav = ["  - index.md"]
    docs.mkdir(parents=True)
    (docs / "index.md").write_text("# Start\n\nA generated site.\n", "utf-8")
    (root / "shared.inc").write_text("Shared by several pages: 12 m.\n", "utf-8")
    for number in range(pages - 1):
        section = number // _SECTION
        if number % _SECTION == 0:
            nav.append(f"  - Section {section}:")
        nav.append(f"      - s{section}/p{number}.md")
        path = docs / f"s{section}" / f"p{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_page(number, section, pages - 1, chance), "utf-8")
    features = _FEATURES + (", navigation.prune" if pages >= _LARGE else "")
    for name, plugin in (("mkdocs.yml", "  - incremental\n"), ("plain.yml", "")):
        text = _CONFIG.format(features=features, plugin=plugin) + "\n".join(nav) + "\n"
        (root / name).write_text(text, "utf-8")


def _page(number: int, section: int, last: int, chance: random.Random) -> str:
    def prose(length: int) -> str:
        return " ".join(chance.choices(_TEXT.split(), k=length)).capitalize() + "."

    parts = [f"# Page {number}\n\n{prose(40)}"]
    if number % _SHARING == 0:
        parts.append('--8<-- "shared.inc"')
    for heading in range(8):
        near = min(section * _SECTION + chance.randrange(_SECTION), last - 1)
        rows = "".join(f"| {prose(3)} | {chance.random():.3f} |\n" for _ in range(5))
        parts += [
            f"## Part {heading} of {number}",
            prose(120),
            f"See [another page](p{near}.md) and $x_{{{heading}}} = \\sum_i w_i y_i$. {prose(40)}",
            f"!!! note\n    {prose(30)}",
            f"| Name | Value |\n|---|---|\n{rows}",
            f"```python\nfor step in range({chance.randrange(99)}):\n    loss = model(step) ** 2\n```",
        ]
    return "\n\n".join(parts) + "\n"


def replacing(name: str, old: str, new: str) -> Edit:
    """Return an edit that replaces the first of these words in a file by others and the round's number."""

    def edit(root: Path, turn: int) -> None:
        path = root / name
        text = path.read_text("utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, f"{new} {turn}", 1), "utf-8")

    return edit


EDITS: dict[str, Edit | None] = {
    "cold": None,
    "nothing changed": lambda root, turn: None,
    "one page": replacing("docs/s0/p1.md", "See [another", "Also see [another"),
    "one heading renamed": replacing("docs/s0/p2.md", "## Part", "## Piece"),
    "one title changed": replacing("docs/s0/p3.md", "# Page", "# Page, turn"),
    "a shared file of a tenth of the pages": replacing("shared.inc", "Shared", "Shared now"),
}
"""What is done before a build; None for a build with nothing kept."""


@dataclass(frozen=True)
class Cost:
    """What one build took: seconds by the clock and of the processors, and the most memory of its processes in MiB."""

    wall: float
    cpu: float
    peak: float


def run(command: Sequence[str], root: Path) -> Cost:
    """Run a build to its end. Raises `CalledProcessError` where it fails."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    environment.pop("MKDOCS_NO_CACHE", None)
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks = [0.0]
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    ended.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    # The looks may miss the last moments, when a build writes its search index: the kernel's own note of the largest
    # process does not.
    peak = max(*peaks, usage.ru_maxrss / _UNITS)
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak)


def _watch(process: int, peaks: list[float], ended: threading.Event) -> None:
    """Note the memory of a process and its children every half second."""
    while not ended.wait(_LOOK):
        peaks.append(memory(process))


def memory(process: int) -> float:
    """Return the memory of a process and its children in MiB, what several share counted once; 0 if it is not told.

    Linux tells it (`smaps_rollup`, proportional set size).
    """
    found = 0.0
    waiting = [process]
    while waiting:
        folder = Path("/proc", str(waiting.pop()))
        try:
            told = (folder / "smaps_rollup").read_text("utf-8")
            for task in (folder / "task").iterdir():
                waiting += map(int, (task / "children").read_text("utf-8").split())
        except OSError:
            continue  # it has ended
        found += sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024
    return found


def measure(
    name: str, write: Callable[[Path], None], edits: Mapping[str, Edit | None], runs: int, zensical: str = ""
) -> Iterator[str]:
    """Yield the rows of the table for the sites that `write` makes, with and without the plugin, as they are ready."""
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    builders = {"plain": [*mkdocs, "-f", "plain.yml"], "kept": mkdocs}
    if zensical:
        builders["zensical"] = [zensical, "build", "-f", "plain.yml"]
    costs: dict[str, dict[str, list[Cost]]] = {kind: {name: [] for name in builders} for kind in edits}
    with tempfile.TemporaryDirectory() as folder:
        roots = {name: Path(folder) / name for name in builders}
        for root in roots.values():
            write(root)
        for turn in range(runs):
            for kind, edit in edits.items():
                for builder, command in builders.items():
                    root = roots[builder]
                    if edit is None:
                        for kept in (".cache", "site"):
                            shutil.rmtree(root / kept, ignore_errors=True)
                    else:
                        edit(root, turn)
                    costs[kind][builder].append(run(command, root))
                if turn == runs - 1:
                    yield _row(name, kind, costs[kind])


def _row(name: str, kind: str, found: dict[str, list[Cost]]) -> str:
    plain, kept = found["plain"], found["kept"]
    cells = [
        name,
        kind,
        _spread([cost.cpu for cost in plain]),
        _spread([cost.cpu for cost in kept]),
        _spread([one.cpu / other.cpu for one, other in zip(plain, kept, strict=True)]),
        _spread([one.wall / other.wall for one, other in zip(plain, kept, strict=True)]),
        _spread([one.peak / other.peak for one, other in zip(kept, plain, strict=True)]),
    ]
    if "zensical" in found:
        cells.append(_spread([z.cpu / k.cpu for z, k in zip(found["zensical"], kept, strict=True)]))
    return "| " + " | ".join(cells) + " |"


def _spread(values: Sequence[float]) -> str:
    middle = statistics.median(values)
    digits = 0 if middle >= 20 else 1 if middle >= 3 else 2
    if len(values) == 1:
        return f"{middle:.{digits}f}"
    return f"{middle:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def report(runs: int, rows: Iterable[str], *, zensical: bool = False) -> None:
    """Print the table, with what is to be known of the machine."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("mkdocs", "mkdocs-material", "markdown")]
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"Python {platform.python_version()}, {', '.join(versions)}; {processors} processors, {platform.machine()}; ")
    print(f"load at the start {os.getloadavg()[0]:.1f}; {runs} rounds\n")
    heads = ["Site", "Edit", "Plain, CPU s", "Plugin, CPU s", "CPU: plain ÷ plugin", "Wall: plain ÷ plugin"]
    heads += ["Memory: plugin ÷ plain"] + ["CPU: Zensical ÷ plugin"] * zensical
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads), flush=True)
    for row in rows:
        print(row, flush=True)
    print(f"\nLoad at the end {os.getloadavg()[0]:.1f}.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m mkdocs_incremental.measure", description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", choices=list(EDITS), default=list(EDITS), metavar="KIND")
    parser.add_argument("--zensical", default=shutil.which("zensical") or "", help="its program; empty for none")
    options = parser.parse_args()
    if not hasattr(os, "wait4"):
        parser.error("this system does not tell what a build has taken: measure on Linux or macOS")
    edits = {kind: edit for kind, edit in EDITS.items() if kind in {"cold", *options.kinds}}
    rows = (
        row
        for pages in options.pages
        for row in measure(f"{pages:,} pages", partial(write_site, pages=pages), edits, options.runs, options.zensical)
    )
    report(options.runs, rows, zensical=bool(options.zensical))


if __name__ == "__main__":
    main()

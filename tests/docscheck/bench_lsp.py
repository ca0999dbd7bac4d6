"""How long an author waits for the findings of a change: `python tests/docscheck/bench_lsp.py [SITE]`.

Starts the server as an editor does, opens pages of the site (this one by default) and changes them in turn. Printed
are the first findings after the start, the time from a change to its findings, and the answers to a hover, a
completion and a look for quick fixes, each as median and longest.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from lsp_client import Client  # noqa: E402

PAGES, CHANGES = 12, 5


def main(root: Path) -> None:
    """Measure and print."""
    pages = sorted((root / "docs").rglob("*.md"), key=lambda page: page.stat().st_size)
    pages = pages[-PAGES // 2 :] + pages[:: max(len(pages) // (PAGES // 2), 1)][: PAGES // 2]
    client = Client(root)
    print(f"first findings after the start: {1000 * _timed(lambda: client.open(pages[0])):.0f} ms")
    for page in pages[1:]:
        client.open(page)
    time.sleep(5)  # the other pages are read behind
    changed = [_timed(lambda page=page, n=n: _change(client, page, n)) for n in range(CHANGES) for page in pages]
    _show("a change", changed)
    _show("a hover", [_timed(lambda page=page: client.at("hover", page, 8, 5)) for page in pages])
    _show("a completion", [_timed(lambda page=page: client.labels(page, 8, 0)) for page in pages])
    _show("a look for fixes", [_timed(lambda page=page: client.actions(page, 8, 5)) for page in pages])
    client.stop()


def _change(client: Client, page: Path, number: int) -> None:
    text = page.read_text("utf-8")
    fault = '\n!!! note "Open\n    Text.\n' if number % 2 else f"\nA sentence, the {number}th.\n"
    client.change(page, text + fault)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _show(what: str, seconds: list[float]) -> None:
    print(f"{what:>18}: {1000 * statistics.median(seconds):4.0f} ms, at most {1000 * max(seconds):.0f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)

"""From saving a page to seeing it: `python tests/mkdocs_incremental/latency.py --pages 100 1000 5000`.

Serves generated sites, opens a page in Chromium, saves a change and waits until the browser shows it; then until the
whole site is up to date. Prints a table in Markdown: seconds by the clock, and of the processors for one edit, with
what plain MkDocs' server takes for the same. Without `--pages` a copy of this repository's own site is served.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "mkdocs_incremental"), str(ROOT / "hooks")]

import served_site  # noqa: E402
from mkdocs_incremental.measure import write_site  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from served_site import Served  # noqa: E402

_TICK = os.sysconf("SC_CLK_TCK")
_PAINTED = """async () => {
  const paints = () => performance.getEntriesByName("first-contentful-paint");
  while (!paints().length) await new Promise(requestAnimationFrame);
  return performance.timeOrigin + paints()[0].startTime;
}"""
"""When the browser showed the page first, in milliseconds of the clock."""
_PLAIN_DONE = "Reloading browsers"


def cpu(process: int) -> float:
    """Return the CPU seconds of a process, its threads and its ended children."""
    fields = Path("/proc", str(process), "stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK


def time_edits(served: Served, tab: Page, source: Path, address: str, rounds: int, done: str) -> list[list[float]]:
    """Return for each edit: seconds until it is seen, until all is up to date, and of the processors."""
    tab.goto(served.address + address)
    found = []
    text = source.read_text("utf-8")
    for turn in range(rounds):
        _rest(served)
        builds, before = served.said().count(done), cpu(served.process.pid)
        began, saved = time.monotonic(), time.time()
        source.write_text(f"{text}\n\nEdit number {turn} of this page.\n", "utf-8")
        tab.get_by_text(f"Edit number {turn} of this page.").wait_for(state="attached", timeout=600_000)
        painted = tab.evaluate(_PAINTED) / 1000
        while served.said().count(done) <= builds:
            time.sleep(0.05)
        ended = time.monotonic()
        _rest(served)
        found.append([painted - saved, ended - began, cpu(served.process.pid) - before])
    return found


def _rest(served: Served) -> None:
    """Wait until the server does nothing."""
    used = -1.0
    while (now := cpu(served.process.pid)) - used > 0.02:
        used = now
        time.sleep(1)


def _row(name: str, found: Sequence[Sequence[float]]) -> str:
    cells = []
    for values in zip(*found, strict=True):
        cells.append(f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})")
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plain", type=int, default=1, help="rounds of plain MkDocs' server")
    parser.add_argument("--browser", default=shutil.which("chromium") or "")
    options = parser.parse_args()
    served_site.LIMIT = 3_600.0
    print(f"Load at the start {os.getloadavg()[0]:.1f}; median (lowest–highest) of {options.rounds} edits\n")
    print("| Site | Seen in the browser, s | All up to date, s | CPU s |\n|---|---|---|---|")
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=options.browser or None, args=["--no-sandbox"])
        for pages in options.pages or [0]:
            root = Path(folder, f"site-{pages}")
            if pages:
                write_site(root, pages)
                source, address, name = root / "docs/s0/p1.md", "/s0/p1/", f"{pages:,} generated pages"
            else:
                shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(".git", ".cache", "site", "__pycache__"))
                source = root / "docs/architectures/transformers/attention.md"
                address, name = "/architectures/transformers/attention/", "this site"
            for plain, rounds in ((False, options.rounds), (True, options.plain)):
                if not rounds:
                    continue
                served = Served(root, plain=plain)
                try:
                    done = _PLAIN_DONE if plain else "The whole site is up to date"
                    found = time_edits(served, browser.new_page(), source, address, rounds, done)
                finally:
                    served.stop()
                print(_row(name + (", plain" if plain else ""), found), flush=True)
        browser.close()
    print(f"\nLoad at the end {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()

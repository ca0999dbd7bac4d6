"""The built site measured in a real browser: access, speed, weight, search; written as a page of figures.

`python -m archpublish measure site` needs Chromium and, for its part, Lighthouse (`npm install lighthouse` anywhere,
then `--lighthouse FOLDER`). It is not part of a build: what it writes is kept, with its date and its versions.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from archpublish import chromium
from archpublish.pages import BuiltPage

PAGE = Path("docs/contribute/site-measured.md")
AXE = Path("tests/site/axe.min.js")
QUERIES = Path("tests/site/search_queries.yml")
FIND = """queries => queries.map(query => {
  const start = performance.now();
  const {pages} = siteSearch.find(query);
  return {time: performance.now() - start, pages: pages.map(page => page.address)};
})"""
"""For a page with the search index read: what is found, and in how many milliseconds."""

SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
_SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 700) {
    scrollTo(0, y);
    await new Promise(resolve => setTimeout(resolve, 40));
  }
  scrollTo(0, 0);
}"""
_UNNAMED = """[...document.querySelectorAll("article svg.ad, article .katex")].filter(part => part.matches("svg")
  ? !part.closest("[aria-hidden=true]") && !(part.getAttribute("role") === "img"
    && (part.hasAttribute("aria-label") || part.hasAttribute("aria-labelledby")))
  : !part.querySelector("math")).length"""
"""How many figures have no name for a screen reader, and formulas no MathML."""
_PLAIN = "axe.run(document, {resultTypes: ['violations']})"
_COLOURS = (
    "axe.run(document, {resultTypes: ['violations'],"
    " runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}})"
)
CATEGORIES = ("accessibility", "best-practices", "seo", "performance")
_HEAD = """\
---
title: The site, measured
description: "Accessibility, speed, weight and search, measured in a real browser, with the command that measured them."
page-type: contribute
checked: {day}
---

Measured on {day} with {versions}. The figures are for the site as built from this repository, on a small machine with
two cores. To measure again, run:

```console
mkdocs build
python -m archpublish measure site --lighthouse FOLDER
```

Run `npm install lighthouse` in `FOLDER` beforehand. Without `--lighthouse` that part is left out.
"""
_BASELINE = (
    "| Material for MkDocs 9.8.1, the first 263 of the queries | 73.0% | 84.4% | 646 kB |",
    "| the aim | 90% | 98% | under 600 kB |",
)
"""What the theme's own search did on this site's pages before it was replaced."""
_UNPACKED = (".png", ".woff2", ".zip", ".pdf", ".gz")


@dataclass
class Seen:
    """What was measured on a page."""

    address: str
    bytes: int
    """Sent for it, compressed, when nothing was kept from other pages."""
    shift: float
    """Cumulative layout shift while it loads."""
    faults: list[str] = field(default_factory=list)
    """What axe found, in either palette."""
    strange: list[str] = field(default_factory=list)
    """Requests to other hosts, and errors of scripts."""
    explorable: bool = False
    named: int = 0
    """Figures with a name for screen readers, and formulas with MathML."""
    unnamed: int = 0
    scrolled: float = 0.0
    """The same, once it was scrolled through in leaps."""
    overflow: int = 0
    """Pixels by which it is wider than a phone."""


@dataclass
class Found:
    """How well search did."""

    queries: int
    first: float
    third: float
    typical: float
    """Milliseconds of the median query."""
    slow: float
    """Milliseconds of the slowest but one in twenty."""


class _Packing(http.server.SimpleHTTPRequestHandler):
    """Serves files as a web host does: compressed."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with the file, gzipped where that helps."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        code = 200 if path.is_file() else 404
        path = path if code == 200 else Path(self.directory) / "404.html"
        body = path.read_bytes()
        packed = path.suffix not in _UNPACKED
        if packed:
            body = gzip.compress(body, 6)
        self.send_response(code)
        self.send_header("Content-Type", self.guess_type(str(path)) if path.suffix != ".mjs" else "text/javascript")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of `site` on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Packing, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def violations(tab: Any, colours_only: bool = False) -> list[str]:
    """What axe finds in the page as it stands, one line each; axe must have been put into it."""
    found = tab.evaluate(_COLOURS if colours_only else _PLAIN)["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def see(tab: Any, base: str, address: str, axe: str) -> Seen:
    """Load a page with nothing kept, scroll through it, and hold it against axe in both palettes."""
    seen = Seen(address, 0, 0.0)
    host = urlsplit(base).netloc
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    loaded: list[float] = []
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))

    def ask(request: Any) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != host:
            seen.strange.append(f"asks {request.url}")

    def hear(message: Any) -> None:
        if message.type == "error":
            seen.strange.append(message.text)

    tab.on("request", ask)
    tab.on("console", hear)
    tab.goto(base + address)
    tab.wait_for_load_state("networkidle")
    seen.bytes = round(sum(loaded))
    seen.explorable = tab.locator("[data-explorable]").count() > 0
    seen.shift = tab.evaluate("window.shifted")
    tab.evaluate(_SCROLL)
    seen.scrolled = tab.evaluate("window.shifted")
    tab.evaluate(axe)
    seen.faults += violations(tab)
    tab.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    seen.faults += [f"dark: {fault}" for fault in violations(tab, colours_only=True)]
    seen.unnamed = tab.evaluate(_UNNAMED)
    seen.named = tab.locator("article svg.ad, article .katex").count() - seen.unnamed
    wide = tab.viewport_size
    tab.set_viewport_size({"width": 390, "height": 844})
    seen.overflow = max(0, tab.evaluate("document.documentElement.scrollWidth") - 390)
    tab.set_viewport_size(wide)
    tab.remove_listener("request", ask)
    tab.remove_listener("console", hear)
    session.detach()
    return seen


def _wait(tab: Any, condition: str, seconds: float = 30) -> None:
    """Wait until an expression is true; asked from outside, because the site's policy lets no text run as a script."""
    end = time.monotonic() + seconds
    while not tab.evaluate(condition):
        if time.monotonic() > end:
            raise TimeoutError(condition)
        time.sleep(0.05)


def search(tab: Any, base: str, wanted: dict[str, list[str]]) -> Found:
    """Ask every query of the index and see where its page stands."""
    tab.goto(base)
    tab.keyboard.press("/")
    _wait(tab, "globalThis.siteSearch && siteSearch.find('attention').pages.length > 0")
    results = tab.evaluate(FIND, list(wanted))
    first, third, _ = shares(results, list(wanted.values()))
    times = sorted(result["time"] for result in results)
    return Found(len(results), first, third, statistics.median(times), times[int(len(times) * 0.95)])


def shares(results: Sequence[dict[str, Any]], wanted: Sequence[Sequence[str]]) -> tuple[float, float, list[str]]:
    """The shares of queries with a wanted page first and among the first three, and what was found for the others."""
    first = third = 0
    missed = []
    for result, pages in zip(results, wanted, strict=True):
        first += result["pages"][:1] != [] and result["pages"][0] in pages
        hit = any(page in pages for page in result["pages"][:3])
        third += hit
        if not hit:
            missed.append(f"wanted {pages}, found {result['pages'][:3]}")
    return first / len(results), third / len(results), missed


def queries(file: Path) -> dict[str, list[str]]:
    """Each query with the pages any of which it should find."""
    kinds = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    pairs = (pair for kind in kinds.values() for pair in kind.items())
    return {str(query): [page.strip() for page in pages.split(" or ")] for query, pages in pairs}


def sample(pages: Sequence[BuiltPage]) -> list[BuiltPage]:
    """For Lighthouse: of each type the largest page and one in the middle."""
    by_kind: dict[str, list[BuiltPage]] = {}
    for page in sorted(pages, key=lambda page: (-len(page.html), page.path)):
        by_kind.setdefault(page.kind, []).append(page)
    return [of[place] for of in by_kind.values() for place in sorted({0, len(of) // 2})]


def lighthouse(folder: Path, url: str) -> dict[str, Any]:
    """Lighthouse's report on a page, in its profile of a phone."""
    command = [
        str(folder / "node_modules/.bin/lighthouse"),
        url,
        "--quiet",
        "--output=json",
        "--output-path=stdout",
        "--chrome-flags=--headless=new --no-sandbox",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    environment = {**os.environ, "CHROME_PATH": chromium.executable()}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=300)
    return dict(json.loads(done.stdout))


def scores(report: dict[str, Any]) -> dict[str, float]:
    """Points of each category, and the milliseconds until the largest part of the page stands."""
    points = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    return {**points, "lcp": report["audits"]["largest-contentful-paint"]["numericValue"]}


def page_of(
    seen: Sequence[Seen], found: Found, sizes: tuple[int, int], lights: dict[str, list[dict[str, float]]], versions: str
) -> str:
    """The page of figures in Markdown; `sizes` are those of the index and of the texts for excerpts."""
    plain = [page.bytes for page in seen if not page.explorable]
    live = [page.bytes for page in seen if page.explorable]
    heavy = ", ".join(f"`/{page.address}`" for page in seen if not page.explorable and page.bytes >= 120_000) or "none"
    faulty = [page for page in seen if page.faults]
    worst = max(seen, key=lambda page: page.shift)
    lines = [
        _HEAD.format(day=date.today().isoformat(), versions=versions),
        "## Every page",
        "",
        "| Measured | Found | Aim |",
        "| --- | ---: | ---: |",
        f"| pages | {len(seen)} | all |",
        f"| pages with findings by axe, in either palette | {len(faulty)} | 0 |",
        f"| requests to other hosts, script errors | {sum(len(page.strange) for page in seen)} | 0 |",
        f"| figures and formulas with a name for screen readers | {sum(p.named for p in seen):,} of"
        f" {sum(p.named + p.unnamed for p in seen):,} | all |",
        f"| pages wider than a phone of 390 px | {sum(p.overflow > 0 for p in seen)} | 0 |",
        f"| largest layout shift while loading | {worst.shift:.3f} | under 0.02 |",
        f"| pages whose shift grows beyond 0.02 when scrolled in leaps of 700 px |"
        f" {sum(page.scrolled >= 0.02 for page in seen)} | |",
        f"| weight of a page without interactive figures, median | {statistics.median(plain) / 1000:.0f} kB | |",
        f"| the heaviest of these pages | {max(plain) / 1000:.0f} kB | under 120 kB |",
        f"| pages over 120 kB | {heavy} | none |",
        f"| weight of a page with an interactive figure, median and heaviest | {statistics.median(live) / 1000:.0f} and"
        f" {max(live) / 1000:.0f} kB | |",
        "",
        "Each page is loaded as for a first visitor: compressed, with an empty cache, until the network is idle. Then"
        " it is scrolled through and tested with axe, in the light palette and, for its colours, in the dark one.",
        "",
        "## Search",
        "",
        "| | Right page first | Right page among the first three | Data sent, compressed |",
        "| --- | ---: | ---: | ---: |",
        *_BASELINE,
        f"| this site's, {found.queries} queries | {found.first:.1%} | {found.third:.1%} |"
        f" {sizes[0] / 1000:.0f} kB, and {sizes[1] / 1000:.0f} kB of texts for excerpts, page by page |",
        "",
        f"The median query takes {found.typical:.1f} ms; 19 of 20 take less than {found.slow:.1f} ms."
        " The queries and the pages that they should find are in `tests/site/search_queries.yml`.",
        "",
    ]
    if lights:
        lines += [*_lighthouse_part(lights), ""]
    return "\n".join(lines)


def _lighthouse_part(lights: dict[str, list[dict[str, float]]]) -> Iterator[str]:
    middle = {
        address: {name: statistics.median(run[name] for run in runs) for name in (*CATEGORIES, "lcp")}
        for address, runs in lights.items()
    }
    yield "## Lighthouse, phone"
    yield ""
    yield "| Page | Accessibility | Best practices | SEO | Performance | Largest part shown after |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for address, of in middle.items():
        points = " | ".join(f"{of[name]:.0f}" for name in CATEGORIES)
        yield f"| `/{address}` | {points} | {of['lcp'] / 1000:.1f} s |"
    medians = " | ".join(f"{statistics.median(of[name] for of in middle.values()):.0f}" for name in CATEGORIES)
    yield f"| median | {medians} | |"
    yield ""
    yield "These are the largest page of each type and one in the middle; each figure is the median of all runs."


def measure(site: Path, pages: Sequence[BuiltPage], out: Path, folder: Path | None, runs: int) -> list[str]:
    """Measure `site` and write the page of figures to `out`; return the faults that were found."""
    axe = AXE.read_text(encoding="utf-8")
    lights: dict[str, list[dict[str, float]]] = {}
    made_by = []
    with served(site) as base:
        if folder:
            for page in sample(pages):
                reports = [lighthouse(folder, base + page.address) for _ in range(runs)]
                lights[page.address] = [scores(report) for report in reports]
                made_by = [f"Lighthouse {reports[0]['lighthouseVersion']}"]
        with chromium.page(
            viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce"
        ) as tab:
            made_by += [f"Chromium {tab.context.browser.version}"]
            found = search(tab, base, queries(QUERIES))
            tab.add_init_script(SHIFTS)
            seen = [see(tab, base, page.address, axe) for page in pages]
            made_by += [f"axe {tab.evaluate('axe.version')}"]
    packed = {path: len(gzip.compress(path.read_bytes(), 6)) for path in (site / "search").rglob("*.js")}
    main = packed.pop(site / "search/index.js")
    out.write_text(page_of(seen, found, (main, sum(packed.values())), lights, ", ".join(made_by)), encoding="utf-8")
    return [f"{page.address}: {fault}" for page in seen for fault in page.faults + page.strange]

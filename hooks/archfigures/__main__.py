"""`python -m archfigures list | preview KEY OUT.html`: look at a figure in both palettes without building the site."""

from __future__ import annotations

import sys
from pathlib import Path

from archfigures.registry import figures, render

_STYLES = Path("docs/assets/stylesheets/figures.css")
_PAGE = """<!doctype html><meta charset="utf-8"><title>{key}</title>
<style>{css} body{{margin:0;font-family:system-ui,sans-serif}} section{{padding:24px}}
[data-md-color-scheme=default]{{--md-default-bg-color:#fff;--md-default-fg-color:#1b2430;--md-default-fg-color--light:#55606e;background:#fff}}
[data-md-color-scheme=slate]{{--md-default-bg-color:#14181f;--md-default-fg-color:#dfe5ec;--md-default-fg-color--light:#9aa6b4;background:#14181f}}
</style>
<section data-md-color-scheme="default">{light}</section><section data-md-color-scheme="slate">{dark}</section>
"""


def main(arguments: list[str]) -> int:
    """List every figure's key, or write one to a page in both palettes."""
    match arguments:
        case ["list"]:
            print("\n".join(sorted(figures())))
            return 0
        case ["preview", key, out] if key in figures():
            page = _PAGE.format(key=key, css=_STYLES.read_text("utf-8"), light=render(key, "l"), dark=render(key, "d"))
            Path(out).write_text(page, encoding="utf-8")
            return 0
    print("usage: python -m archfigures list | preview KEY OUT.html", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

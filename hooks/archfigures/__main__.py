"""Look at figures in both palettes without building the site, and at those that a change touches.

`python -m archfigures list | preview KEY OUT.html | export FOLDER | compare BEFORE AFTER OUT.html`
"""

from __future__ import annotations

import sys
from pathlib import Path

from archdata.errors import unknown
from docscheck.ending import plainly

from archfigures.changes import changes, export, page
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
    """Run one command and return the exit code: 0, 1 for a key or a file that is not there, 2 for wrong arguments."""
    return plainly("archfigures", lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    try:
        return _answer(arguments)
    except BrokenPipeError:  # whoever reads the output has left
        raise
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}"
        print(f"archfigures: {reason}; run it in the folder of mkdocs.yml", file=sys.stderr)
        return 1


def _answer(arguments: list[str]) -> int:
    """List the keys, write one figure or all, or show which differ between two folders of them."""
    match arguments:
        case ["list"]:
            print("\n".join(sorted(figures())))
            return 0
        case ["preview", key, out] if key in figures():
            shown = _PAGE.format(key=key, css=_STYLES.read_text("utf-8"), light=render(key, "l"), dark=render(key, "d"))
            Path(out).write_text(shown, encoding="utf-8")
            return 0
        case ["preview", key, _]:
            print(f"archfigures: {unknown('figure', key, figures())}", file=sys.stderr)
            return 1
        case ["export", folder]:
            print(f"{export(Path(folder))} figures")
            return 0
        case ["compare", *folders, _] if missing := [folder for folder in folders if not Path(folder).is_dir()]:
            print(f"archfigures: {missing[0]} is no folder; `export` writes the figures into one", file=sys.stderr)
            return 1
        case ["compare", before, after, out]:
            found = list(changes(Path(before), Path(after)))
            Path(out).write_text(page(found, _STYLES.read_text("utf-8")), encoding="utf-8")
            print("\n".join(f"- `{change.key}`: {change.kind}" for change in found) or "No figure has changed.")
            return 0
    usage = "list | preview KEY OUT.html | export FOLDER | compare BEFORE AFTER OUT.html"
    print(f"usage: python -m archfigures {usage}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

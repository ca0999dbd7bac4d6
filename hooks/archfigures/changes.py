"""Figures before and after a change, side by side: what a reviewer of a pull request looks at."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from archfigures.registry import figures, render

_SIDES = ("before", "after")
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Changed figures</title>
<style>{css}
body {{ margin: 0; font-family: system-ui, sans-serif }} h1, h2, p {{ margin: 1rem }}
.pair {{ display: grid; grid-template-columns: repeat(3, 1fr) }} .pair > div {{ padding: 12px }}
.over {{ position: relative; isolation: isolate; background: #fff; --md-default-bg-color: #fff }}
.pair svg {{ min-width: 0 !important }}
.over > * + * {{ position: absolute; inset: 0; mix-blend-mode: difference; background: #fff }}
pre {{ margin: 1rem; white-space: pre-wrap; overflow-wrap: anywhere }} del {{ color: #a40000 }} ins {{ color: #00652e }}
[data-md-color-scheme=default] {{ --md-default-bg-color: #fff; --md-default-fg-color: #1b2430; --md-default-fg-color--light: #55606e; background: #fff }}
[data-md-color-scheme=slate] {{ --md-default-bg-color: #14181f; --md-default-fg-color: #dfe5ec; --md-default-fg-color--light: #9aa6b4; background: #14181f; color: #dfe5ec }}
</style>
<h1>Changed figures</h1>
{body}
"""  # noqa: E501


class Change(NamedTuple):
    """A figure of which one side is missing, or the two differ; each as SVG text."""

    key: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """What has happened to it, in a word."""
        return "changed" if self.before and self.after else "added" if self.after else "removed"


def export(folder: Path) -> int:
    """Write every figure as a file named by its key; return how many there are."""
    for key in figures():
        file = folder / f"{key}.svg"
        file.parent.mkdir(parents=True, exist_ok=True)
        # The same prefix of ids in two exports, so that an unchanged figure has the same text.
        file.write_text(render(key, _prefix(key)), encoding="utf-8")
    return len(figures())


def changes(before: Path, after: Path) -> Iterator[Change]:
    """Yield the figures that differ between two exports, in the order of their keys."""
    old, new = _read(before), _read(after)
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield Change(key, old.get(key, ""), new.get(key, ""))


def page(found: list[Change], css: str) -> str:
    """An HTML page with each change in both palettes, before on the left."""
    body = "".join(_shown(change) for change in found) or "<p>No figure has changed.</p>"
    return _PAGE.format(css=css, body=body)


def _shown(change: Change) -> str:
    title = f"<h2>{escape(change.key)}: {change.kind}</h2>"
    return title + "".join(_pair(change, scheme) for scheme in ("default", "slate")) + _lines(change)


def _pair(change: Change, scheme: str) -> str:
    prefix = _prefix(change.key)
    sides = []
    for name, svg in zip(_SIDES, (change.before, change.after), strict=True):
        sides.append(f"<div><p>{name}</p>{_own(svg, prefix, scheme + name) or '<p>–</p>'}</div>")
    if change.before and change.after and scheme == "default":
        both = "".join(f"<div>{_own(svg, prefix, f'{scheme}over{side}')}</div>" for side, svg in enumerate(change[1:]))
        sides.append(f'<div><p>difference: black is the same</p><div class="over">{both}</div></div>')
    return f'<div class="pair" data-md-color-scheme="{scheme}">{"".join(sides)}</div>'


def _own(svg: str, prefix: str, place: str) -> str:
    """The same drawing with ids of its own: they are unique in a page."""
    return svg.replace(prefix, f"{prefix}{place}")


def _lines(change: Change) -> str:
    """What has changed in the drawing's text, also where it shows nowhere: in a title or a description."""
    if not (change.before and change.after):
        return ""
    old, new = (svg.replace("><", ">\n<").splitlines() for svg in (change.before, change.after))
    shown = []
    for line in difflib.unified_diff(old, new, n=0, lineterm=""):
        if line[:3] not in ("---", "+++") and line[0] in "+-":
            tag = "ins" if line[0] == "+" else "del"
            shown.append(f"<{tag}>{escape(line)}</{tag}>")
    return f"<pre>{chr(10).join(shown)}</pre>"


def _prefix(key: str) -> str:
    return f"f{hashlib.blake2b(key.encode(), digest_size=5).hexdigest()}"


def _read(folder: Path) -> dict[str, str]:
    files = sorted(folder.rglob("*.svg"))
    return {file.relative_to(folder).with_suffix("").as_posix(): file.read_text("utf-8") for file in files}

"""Where in the sources something stands, for messages that name file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markdown import Markdown


@dataclass(frozen=True)
class SourcePage:
    """The page that is being converted, as far as the generator tells."""

    path: str
    """Path under docs/, empty in plain Python-Markdown."""
    text: str
    """The source as written, empty where it is not known."""

    def line_of(self, part: str) -> int:
        """The line, from 1, where `part` first stands; 0 where it does not."""
        before, found, _ = self.text.partition(part)
        return before.count("\n") + 1 if found and part else 0

    def place_of(self, part: str) -> str:
        """ "docs/page.md:12", or what is known of it."""
        line = self.line_of(part)
        return f"{'docs/' + self.path if self.path else 'page'}{f':{line}' if line else ''}"


def source_page(md: Markdown) -> SourcePage:
    """The page `md` is converting; MkDocs leaves its file with the link processor it registers."""
    if "relpath" not in md.treeprocessors:
        return SourcePage("", "\n".join(getattr(md, "lines", [])))
    file = getattr(md.treeprocessors["relpath"], "file", None)
    absolute = getattr(file, "abs_src_path", None)
    text = Path(absolute).read_text(encoding="utf-8-sig") if absolute and Path(absolute).is_file() else ""
    return SourcePage(str(getattr(file, "src_uri", "")), text)

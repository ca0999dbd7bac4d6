"""Where `pymdownx.snippets` may look for the files that a page takes in, present or not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental.digests import file_digest

_MARK = "8<"
_QUOTED = re.compile(r"""-+8<-+[ \t]+["']([^"'\n]+)["']""")
_PART = re.compile(r"(:[^:/\\]*){1,2}$")


def candidates(markdown: str, config: MkDocsConfig) -> dict[str, str]:
    """Return every file that the page's snippets may name, with its digest, which is empty for a missing one."""
    if _MARK not in markdown or "pymdownx.snippets" not in config.markdown_extensions:
        return {}
    options: dict[str, Any] = (config.mdx_configs or {}).get("pymdownx.snippets") or {}
    bases = options.get("base_path", ["."])
    bases = [bases] if isinstance(bases, str | os.PathLike) else list(bases)
    found: dict[str, str] = {}
    waiting = [markdown]
    while waiting:
        for name in _names(waiting.pop()):
            for base in bases:
                path = os.path.abspath(os.path.join(os.fspath(base), name))
                if path not in found:
                    found[path] = file_digest(path)
                    if found[path]:
                        waiting.append(_text(path))
    return found


def _names(text: str) -> Iterator[str]:
    """Yield what may be a file's name: too many rather than too few."""
    written = _QUOTED.findall(text)
    if re.search(r"^[ \t>]*-+8<-+[ \t]*$", text, re.M):
        written += [line.strip(" \t>;") for line in text.splitlines() if line.strip() and len(line) < 300]
    for name in written:
        yield name
        if _PART.search(name):
            yield _PART.sub("", name)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return ""
    return text if _MARK in text else ""

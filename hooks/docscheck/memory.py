"""Where results of a run are kept for the next one: in `.cache/docscheck` beside the settings."""

from __future__ import annotations

import os
from binascii import crc32
from contextlib import suppress
from pathlib import Path


def file_for(config_file: Path, kind: str) -> Path:
    """Where what is remembered of a site lies."""
    return config_file.parent / ".cache" / "docscheck" / f"{kind}-{crc32(str(config_file).encode()):08x}.json"


def keep(file: Path, text: str) -> None:
    """Store a text, whole or not at all; a folder that cannot be written is no error."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / ".gitignore").write_text("*\n", "utf-8")
        partial = file.with_suffix(f".{os.getpid()}")
        partial.write_text(text, "utf-8")
        partial.replace(file)

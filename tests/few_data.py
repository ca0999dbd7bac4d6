"""This site's data without most of the trained models, for small sites that are built with them."""

from __future__ import annotations

from pathlib import Path

MODELS = ("bert-base.yml", "llama-2-7b.yml", "mixtral-8x7b.yml")
"""Some of each kind: reading, counting and writing out all of them would be a third of such a build's time."""


def left_out(folder: str, names: list[str]) -> set[str]:
    """What `shutil.copytree` is to leave out of a copy of `docs/_data`."""
    return {name for name in names if Path(folder).name == "models" and name not in MODELS}

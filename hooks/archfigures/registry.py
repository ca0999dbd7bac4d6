"""Which figures there are, and how one is asked for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol


class Drawable(Protocol):
    def svg(self, uid: str, title: str, desc: str) -> str: ...


Draw = Callable[[], Drawable]


@dataclass(frozen=True)
class Figure:
    """A figure's key, its name and description for those who cannot see it, and how it is drawn."""

    key: str
    title: str
    desc: str
    draw: Draw


class UnknownFigureError(KeyError):
    """No figure has this key."""


_FIGURES: dict[str, Figure] = {}


def figure(key: str, *, title: str, desc: str) -> Callable[[Draw], Draw]:
    """Register the decorated function as the figure `key`.

    Raises `ValueError` when the key is taken.
    """

    def register(draw: Draw) -> Draw:
        if key in _FIGURES and _FIGURES[key].draw.__module__ != draw.__module__:
            raise ValueError(f"two figures are called {key!r}")
        _FIGURES[key] = Figure(key, title, desc, draw)
        return draw

    return register


def figures() -> dict[str, Figure]:
    """Every figure by its key."""
    _load_all()
    return _FIGURES


def render(key: str, uid: str) -> str:
    """The figure as inline SVG, with ids that begin with `uid`.

    Raises `UnknownFigureError` when there is none of that name.
    """
    if key not in figures():
        raise UnknownFigureError(key)
    found = _FIGURES[key]
    return found.draw().svg(uid, found.title, found.desc)


@cache
def _load_all() -> None:
    """Import every module below this package: importing one registers its figures."""
    package = importlib.import_module("archfigures")
    for module in pkgutil.walk_packages(package.__path__, "archfigures."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

"""The list of files as a page's rendering sees it: what the page asks of it is noted, to be asked again later."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mkdocs.structure.files import File, Files

Answer = list[Any] | None
"""What a page may learn of a file by its path: its address, how it is included, where it goes; None for no file."""


def answer(file: File | None) -> Answer:
    """Return what a page learns of a file."""
    return None if file is None else [file.src_uri, file.url, file.dest_uri, file.inclusion.value]


class AskedFiles(Files):
    """The files of a build; shares its content with the collection it stands for.

    A look-up by path is noted. Whoever walks through the collection could learn anything: unless that is accounted for
    elsewhere, the page that does so is rendered in each build.
    """

    def __init__(self, files: Files, accounted: Collection[str]) -> None:
        self.__dict__ = files.__dict__
        self.__dict__["asked"] = {}
        self.__dict__["walked"] = ""
        self.__dict__["_accounted"] = tuple(accounted)

    asked: dict[str, Answer]
    """What the present page has asked for, with the answers."""
    walked: str
    """Who has walked through the collection for the present page; empty for nobody."""
    _accounted: tuple[str, ...]

    def start(self) -> None:
        """Begin to take notes for another page."""
        self.asked = {}
        self.walked = ""

    def get_file_from_path(self, path: str) -> File | None:
        found = super().get_file_from_path(path)
        self.asked[path] = answer(found)
        return found

    def __contains__(self, path: str) -> bool:
        return self.get_file_from_path(path) is not None

    def __iter__(self) -> Iterator[File]:
        self._walk()
        return super().__iter__()

    def __len__(self) -> int:
        self._walk()
        return super().__len__()

    @property
    def src_uris(self) -> Mapping[str, File]:
        self._walk()
        return super().src_uris

    def documentation_pages(self, **options: Any) -> Sequence[File]:
        self._walk()
        return super().documentation_pages(**options)

    def _walk(self) -> None:
        frame = sys._getframe(2)
        while frame is not None:
            name = str(frame.f_globals.get("__name__", ""))
            if any(name == known or name.startswith(f"{known}.") for known in self._accounted):
                return
            if name == "mkdocs.commands.build" or frame.f_back is None:
                break
            frame = frame.f_back
        self.walked = str(sys._getframe(2).f_globals.get("__name__", "unknown code"))


def same_answers(files: Files, asked: Mapping[str, Answer]) -> bool:
    """Tell whether the list of files still gives the same answers."""
    known = Files.src_uris.fget(files)  # type: ignore[attr-defined]  # in which most paths are found as they stand
    return all(
        answer(known[path] if path in known else Files.get_file_from_path(files, path)) == before
        for path, before in asked.items()
    )

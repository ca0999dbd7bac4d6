"""What may lie under docs/: files of known kinds, of bounded size, that are what their names say.

A pull request brings files before it brings facts. These checks come first, and a build refuses every finding, strict
or not: what they let through can be read by the rest without harm.
"""

from __future__ import annotations

import json
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from docscheck.parse import safe_yaml
from docscheck.parse.front_matter import parse_front_matter

from archdata import drawings, pixels
from archdata.errors import DataError

_KB, _MB = 1_000, 1_000_000
LIMITS = {
    ".md": _MB,
    ".yml": _MB,
    ".txt": _MB,
    ".bib": 20 * _MB,
    ".json": 5 * _MB,
    ".csv": 5 * _MB,
    ".out": _MB,
    ".py": _MB,
    ".svg": 500 * _KB,
    ".png": 2 * _MB,
    ".jpg": 2 * _MB,
    ".gif": 2 * _MB,
    ".webp": 2 * _MB,
    ".woff2": 200 * _KB,
    ".css": _MB,
    ".js": _MB,
    ".mjs": _MB,
}
"""Kinds of files and their largest size in bytes."""
_CODE = frozenset({".css", ".js", ".mjs", ".woff2"})
"""What readers' browsers run or load as code: only where those who look after the site expect it."""
_ASSETS = "assets"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*|\.meta\.yml")
_SKIPPED = frozenset({"__pycache__"})
_PERIOD = 16
_BLOCK = 100
_RUN = re.compile(rf"(.{{1,{_PERIOD}}}?)\1{{249,}}", re.DOTALL)
"""The same few characters hundreds of times: what parsers take quadratic time for, or recursion without end."""
_PLAIN_RUN = re.compile(r"[-=_.#*~ \n│─]+")
"""Runs that are drawn lines, or blank: harmless within a page's size, a line at a time."""
_MARKUP = re.compile(r"[<>\"]|&(?:#|\w+;)")
_LONGEST_LINE = 50_000


def check(docs: Path) -> Iterator[DataError]:
    """Yield everything under the folder of the pages that is not let in."""
    for folder, folders, files in os.walk(docs):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        here = Path(folder)
        yield from _clashes(here, [*folders, *files])
        for name in list(folders):
            if (here / name).is_symlink():
                folders.remove(name)
                yield _linked(here / name)
            else:
                yield from _named(here / name)
        for name in sorted(files):
            yield from _file(here / name, docs)


def _file(path: Path, docs: Path) -> Iterator[DataError]:
    try:
        state = path.lstat()
    except OSError as error:
        yield DataError(path, None, None, f"the file cannot be looked at: {error.strerror}")
        return
    if stat.S_ISLNK(state.st_mode):
        yield _linked(path)
        return
    if not stat.S_ISREG(state.st_mode):
        yield DataError(path, None, None, "this is no file but a device, a pipe or a socket", "remove it")
        return
    yield from _named(path)
    kind = path.suffix
    if kind not in LIMITS:
        known = ", ".join(sorted(LIMITS))
        yield DataError(
            path, None, None, f"files of the kind `{kind or path.name}` are not published", f"known: {known}"
        )
    elif kind in _CODE and path.relative_to(docs).parts[0] != _ASSETS:
        yield DataError(path, None, None, f"`{kind}` is code for browsers", f"it belongs under {docs / _ASSETS}")
    elif state.st_size > LIMITS[kind]:
        most = f"{LIMITS[kind] / _MB:g} MB"
        message = f"the file has {state.st_size / _MB:.1f} MB, more than a `{kind}` may have"
        yield DataError(path, None, None, message, f"at most {most}: divide it, or leave out what nobody reads")
    else:
        for message, line, remedy in _read(path, state.st_mtime_ns, state.st_size):
            yield DataError(path, line or None, None, message, remedy)


def _linked(path: Path) -> DataError:
    return DataError(path, None, None, "this is a link to another place", "put the file itself here")


def _named(path: Path) -> Iterator[DataError]:
    if not _NAME.fullmatch(path.name):
        shown = path.name.encode("ascii", "backslashreplace").decode()
        remedy = "use letters of ASCII, digits, hyphens and dots: mixture-of-depths.md"
        yield DataError(path.parent, None, None, f"the name `{shown}` cannot be an address everywhere", remedy)


def _clashes(folder: Path, names: list[str]) -> Iterator[DataError]:
    """Names that are one on some disks: Windows and macOS ignore case, macOS ways to write an accent."""
    seen: dict[str, str] = {}
    for name in sorted(names):
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            message = f"`{seen[folded]}` and `{name}` are one file on some systems"
            yield DataError(folder, None, None, message, "rename one")
        seen[folded] = name


Fault = tuple[str, int, str]
"""What is wrong, on which line (0 for none), and what mends it."""


@lru_cache(4096)
def _read(path: Path, _changed: int, _size: int) -> tuple[Fault, ...]:
    """What is wrong with the content of a file in this state."""
    look = _LOOKS.get(path.suffix)
    if look is None:
        return ()
    try:
        return tuple(look(path.read_bytes()))
    except OSError as error:
        return ((f"the file cannot be read: {error.strerror}", 0, ""),)


def _text(look: Callable[[str], Iterator[Fault]]) -> Callable[[bytes], Iterator[Fault]]:
    def decoded(content: bytes) -> Iterator[Fault]:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            yield f"not UTF-8: {error.reason}", line, "save it as UTF-8"
            return
        yield from look(text)

    return decoded


def _page(text: str) -> Iterator[Fault]:
    front, _, _ = text.partition("\n---")
    if text.startswith("---"):
        hostile = list(_yaml(front.replace("\r\n", "\n")))
        yield from hostile or _front(text)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST_LINE:
            yield f"the line has {len(line)} characters", number, f"at most {_LONGEST_LINE}"
    for start in _may_run(text):
        run = _RUN.search(text, start, start + 10_000)
        if run and (not _PLAIN_RUN.fullmatch(run[1]) or len(run[0]) > 2_000):
            number = text.count("\n", 0, run.start()) + 1
            yield f"`{_shown(run[1])}` stands here hundreds of times in a row", number, "shorten it"
            return


def _front(text: str) -> Iterator[Fault]:
    """Front matter is plain text: the theme puts it into tags and attributes as it is."""
    front = parse_front_matter(text.replace("\r\n", "\n"))
    lines = dict(front.key_lines)
    for key, value in front.data.items():
        marks = sorted({mark for part in _strings(value) for mark in _MARKUP.findall(part)})
        if marks:
            message = f"`{marks[0]}` in `{key}`: front matter is plain text"
            yield message, lines.get(str(key), 0) + 1, "write it in words, or with typographic quotes"


def _strings(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list | set | tuple):
            waiting += part


def _may_run(text: str) -> Iterator[int]:
    """Places about which something may be repeated: a run as long as that fills one of these blocks."""
    for start in range(0, len(text), _BLOCK):
        head = text[start : start + _PERIOD]
        if text.find(head, start + 1, start + 2 * _PERIOD) >= 0:
            yield max(0, start - _BLOCK)


def _shown(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")


def _yaml(text: str) -> Iterator[Fault]:
    """What a parser would fall over; a mere slip is found, with a better place, by those who need the data."""
    try:
        safe_yaml.look(text)
    except safe_yaml.HostileYAMLError as error:
        yield f"this YAML is not read: {error}", 0, "write the values out, on few levels"
    except yaml.YAMLError:
        return


def _json(text: str) -> Iterator[Fault]:
    try:
        json.loads(text)
    except RecursionError:
        yield "nested too deeply", 0, ""
    except ValueError as error:
        yield f"not JSON: {error}", 0, ""


def _drawing(content: bytes) -> Iterator[Fault]:
    for line, message in drawings.faults(content):
        yield message, line, "see the page on threats: drawings are shapes and text"


def _image(kind: str) -> Callable[[bytes], Iterator[Fault]]:
    def looked_at(content: bytes) -> Iterator[Fault]:
        for message in pixels.faults(kind, content):
            yield message, 0, "save it anew from a program for images"

    return looked_at


_LOOKS: dict[str, Callable[[bytes], Iterator[Fault]]] = {
    ".md": _text(_page),
    ".yml": _text(_yaml),
    ".json": _text(_json),
    ".bib": _text(lambda text: iter(())),
    ".svg": _drawing,
    **{kind: _image(kind) for kind in (".png", ".jpg", ".gif", ".webp")},
}

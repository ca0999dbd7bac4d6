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
from collections.abc import Callable, Iterator, Mapping
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
_FORMATTER = ".ruff.toml"
"""How wide the code of the pages is; what is hidden is not published."""
_ASSETS = "assets"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*|\.meta\.yml")
_LONGEST_NAME = 100
_MOST_FOLDERS = 10
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself, whatever their ending: nobody could check the repository out there."""
_HIDDEN = re.compile(
    r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that nobody sees: they end a line of output, turn others around, or are whole texts without a shape."""
_WRITTEN = frozenset({".md", ".yml", ".txt", ".bib", ".json", ".csv", ".out", ".py", ".svg", ".css", ".js", ".mjs"})
"""Kinds that people read as text."""
_SKIPPED = frozenset({"__pycache__"})
_PERIOD = 16
_BLOCK = 100
_RUN = re.compile(rf"(.{{1,{_PERIOD}}}?)\1{{249,}}", re.DOTALL)
"""The same few characters hundreds of times: what parsers take quadratic time for, or recursion without end."""
_PLAIN_RUN = re.compile(r"[-=_.#*~ \n│─]+")
"""Runs that are drawn lines, or blank: harmless within a page's size, a line at a time."""
_MARKUP = re.compile(r"[<>\"]|&(?:#|\w+;)")
_LONGEST_LINE = 50_000
_FOR_MKDOCS = re.compile(r"-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
"""What MkDocs reads as front matter."""
_LOOSE = re.compile(r" {0,3}[A-Za-z0-9_-]+:.*")
"""A first line that MkDocs reads as front matter of another kind, without marks around."""
_LISTS = ("aliases", "hide", "tags")
_TEXTS = ("title", "description", "page-type", "family", "spec")
_TEMPLATES = ("home.html",)
_CLOSED = {
    "location": "the theme would lead readers there",
    "icon": "it names a file of the theme",
    "status": "it names a file of the theme",
}
"""Keys of front matter that the theme acts on, and the site does not use."""


def check(docs: Path) -> Iterator[DataError]:
    """Yield everything under the folder of the pages that is not let in."""
    for folder, folders, files in os.walk(docs):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        here = Path(folder)
        yield from _clashes(here, [*folders, *files])
        if folders and len(here.relative_to(docs).parts) >= _MOST_FOLDERS:
            yield DataError(here, None, None, f"more than {_MOST_FOLDERS} folders within each other", "use fewer")
            folders.clear()
        if here == docs:
            yield from _top(here, files)
        for name in list(folders):
            if (here / name).is_symlink():
                folders.remove(name)
                yield _linked(here / name)
            else:
                yield from _folder_named(here / name)
        for name in sorted(files):
            yield from _file(here / name, docs)


def _file(path: Path, docs: Path) -> Iterator[DataError]:
    try:
        state = path.lstat()
    except OSError as error:
        yield DataError(path, None, None, f"the file cannot be examined: {error.strerror}")
        return
    if stat.S_ISLNK(state.st_mode):
        yield _linked(path)
        return
    if not stat.S_ISREG(state.st_mode):
        yield DataError(path, None, None, "this is not a file but a device, a pipe or a socket", "remove it")
        return
    if path == docs / _FORMATTER:
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
        yield DataError(path, None, None, message, f"at most {most}: divide it, or remove what is not needed")
    else:
        for message, line, remedy in _read(path, state.st_mtime_ns, state.st_size):
            yield DataError(path, line or None, None, message, remedy)


def _linked(path: Path) -> DataError:
    return DataError(path, None, None, "this is a link in the file system", "put the file itself here")


def _named(path: Path) -> Iterator[DataError]:
    if not _NAME.fullmatch(path.name) or _DEVICES.fullmatch(path.name):
        shown = path.name.encode("ascii", "backslashreplace").decode()
        remedy = "use letters of ASCII, digits, hyphens and dots: mixture-of-depths.md"
        yield DataError(path.parent, None, None, f"the name `{shown}` cannot be an address everywhere", remedy)
    elif len(path.name) > _LONGEST_NAME:
        message = f"a name has {len(path.name)} characters: `{path.name[:40]}…`"
        yield DataError(path.parent, None, None, message, f"use at most {_LONGEST_NAME}")


def _folder_named(path: Path) -> Iterator[DataError]:
    """A folder is a part of addresses: it may not look like a file, nor be the address of the page beside it."""
    yield from _named(path)
    if "." in path.name:
        remedy = "leave the dot out: a file that is made by the build may have this address"
        yield DataError(path, None, None, "the folder is named like a file", remedy)
    for name in ("index.md", "README.md"):
        if (path / name).is_file() and path.with_suffix(".md").is_file():
            message = f"this page and `{path.name}.md` would have one address"
            yield DataError(path / name, None, None, message, "keep one of them")


def _top(docs: Path, names: list[str]) -> Iterator[DataError]:
    """A text at the top of a site speaks for all of it: `robots.txt` tells search engines to leave."""
    for name in sorted(names):
        if name.endswith((".txt", ".json")):
            yield DataError(docs / name, None, None, "no text for programs may lie here", "put it into a folder")


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
    look = _LOOKS.get(path.name) or _LOOKS.get(path.suffix)
    written = path.suffix in _WRITTEN
    if look is None and not written:
        return ()
    try:
        content = path.read_bytes()
        return (*(_unseen(content) if written else ()), *(look(content) if look else ()))
    except OSError as error:
        return ((f"the file cannot be read: {error.strerror}", 0, ""),)


def _unseen(content: bytes) -> Iterator[Fault]:
    """A character in the file that nobody sees; the first one is enough."""
    text = content.decode("utf-8-sig", errors="ignore")
    found = _HIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        yield f"a character that nobody sees, `{_shown(found[0])}`, stands here", line, "remove it, or write its name"


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
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    hostile = [fault for front in _fronts(text) for fault in _yaml(front)]
    yield from hostile or _front(text)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST_LINE:
            yield f"the line has {len(line)} characters", number, f"at most {_LONGEST_LINE}"
    for start in _may_run(text):
        run = _RUN.search(text, start, start + 10_000)
        if run and (not _PLAIN_RUN.fullmatch(run[1]) or len(run[0]) > 2_000):
            number = text.count("\n", 0, run.start()) + 1
            yield f"`{_shown(run[1])}` is repeated here hundreds of times in a row", number, "shorten it"
            return


def _fronts(text: str) -> Iterator[str]:
    """What may be read as front matter: up to the first line that begins with three hyphens, and what MkDocs reads."""
    if text.startswith("---"):
        front, _, _ = text.partition("\n---")
        yield front
    for_mkdocs = _FOR_MKDOCS.match(text)
    if for_mkdocs:
        yield for_mkdocs[1]


def _front(text: str) -> Iterator[Fault]:
    """Front matter, and lines of `key: value` without marks around, which MkDocs takes for front matter too."""
    loose = _LOOSE.match(text)
    if loose:
        remedy = "write front matter between two lines of `---`, or begin the text in another way"
        yield f"MkDocs takes the first line, `{_shown(loose[0][:40])}`, for front matter", 1, remedy
    front = parse_front_matter(text)
    yield from _values(front.data, dict(front.key_lines))


def _folder(text: str) -> Iterator[Fault]:
    """`.meta.yml`, which adds to the front matter of every page beside and below it."""
    hostile = list(_yaml(text))
    yield from hostile
    try:
        data = None if hostile else safe_yaml.load(text)
    except yaml.YAMLError as error:
        yield f"this YAML cannot be read: {error}".replace("\n", " "), 0, ""
        return
    if isinstance(data, dict):
        yield from _values(data, {})
    elif data is not None:
        yield "this is not a set of `key: value` lines", 1, "write the keys of front matter"


def _values(data: Mapping[str, object], lines: Mapping[str, int]) -> Iterator[Fault]:
    """Front matter is plain text of known shape: the theme puts it into tags and attributes as it is."""
    for key, value in data.items():
        line = lines.get(str(key), -1) + 1
        marks = sorted({mark for part in _strings(value) for mark in _MARKUP.findall(part)})
        if marks:
            message = f"`{marks[0]}` in `{key}`: front matter is plain text"
            yield message, line, "write it in words, or with typographic quotes"
        elif any(_HIDDEN.search(part) or "\n" in part.strip() for part in _strings(value)):
            yield f"`{key}` holds a line break or a character that nobody sees", line, "write one line of plain text"
        if key in _LISTS:
            if not (isinstance(value, list) and all(isinstance(part, str | int | float) for part in value)):
                yield f"`{key}` is not a list of texts", line, f"write `{key}: [one, another]`"
        elif key in _TEXTS and not isinstance(value, str):
            yield f"`{key}` is not a text", line, "write a text, in quotes if it looks like something else"
        elif key == "template" and value not in _TEMPLATES:
            yield f"`{_shown(str(value))}` is not a template for pages", line, f"only {', '.join(_TEMPLATES)} is"
        elif key in _CLOSED:
            yield f"`{key}` is not allowed in pages: {_CLOSED[key]}", line, "remove it"
        elif isinstance(value, list | dict | set) and key != "search":
            yield f"`{key}` has more than one value", line, "write one value"


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
        yield f"this YAML cannot be read: {error}", 0, "write the values out, on few levels"
    except yaml.YAMLError:
        return


def _json(text: str) -> Iterator[Fault]:
    try:
        json.loads(text)
    except RecursionError:
        yield "nested too deeply", 0, ""
    except json.JSONDecodeError as error:
        yield f"not JSON: {error.msg} at column {error.colno}", error.lineno, "correct it there, or just before"
    except ValueError as error:  # a number of more digits than Python converts
        yield f"not JSON: {error}", 0, ""


def _drawing(content: bytes) -> Iterator[Fault]:
    for line, message in drawings.faults(content):
        yield message, line, "see the page on the threat model: drawings are shapes and text"


def _image(kind: str) -> Callable[[bytes], Iterator[Fault]]:
    def looked_at(content: bytes) -> Iterator[Fault]:
        for message in pixels.faults(kind, content):
            yield message, 0, "save it again with a program for images"

    return looked_at


_LOOKS: dict[str, Callable[[bytes], Iterator[Fault]]] = {
    ".md": _text(_page),
    ".yml": _text(_yaml),
    ".meta.yml": _text(_folder),
    ".json": _text(_json),
    ".bib": _text(lambda text: iter(())),
    ".svg": _drawing,
    **{kind: _image(kind) for kind in (".png", ".jpg", ".gif", ".webp")},
}

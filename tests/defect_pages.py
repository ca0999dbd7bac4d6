"""The single-defect pages: each case of `docscheck/defects`, set into its host page.

`sets/` holds the defects that somebody wrote to be found, set by set, `beside/` further ones of the kinds that were
missed in a set, on a site or in its history, and `clean/` odd pages on which nothing is wrong. `hosts.yml` and
`site.yml` are the pages and the sites around them, `found.yml` says how many are found.

A case names a fragment that is fine (`good`) and the one replacement (`from`, `to`) that spoils it. `bad` and `twin`
are whole pages which differ in that replacement only; `line` is where the finding is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent / "docscheck" / "defects"
_FILES = {path.stem: path for path in sorted(HERE.rglob("*.yml"))}
ROOMS = tuple(name for name, path in _FILES.items() if path.parent.name in {"sets", "beside"})
"""The files of cases, by name."""
TRICKY = tuple(name for name, path in _FILES.items() if path.parent.name == "clean")
"""The files of clean pages, by name."""


@dataclass(frozen=True)
class Case:
    """One defect: the spoilt page, its clean twin, and the lines (from 1) on which a finding counts."""

    name: str
    room: str
    bad: str
    twin: str
    line: int
    lines: frozenset[int]
    config: str = "base"
    unsure: bool = False
    """True where the author of the case thinks a checker may rightly stay silent; not counted."""
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Clean:
    """A page on which nothing is to be found, however odd it looks."""

    name: str
    text: str
    config: str = "base"
    unsure: bool = False
    files: dict[str, str] = field(default_factory=dict)


@cache
def read(name: str) -> Any:
    """The contents of one YAML file of the corpus; not to be changed, since they are read once."""
    return yaml.load(_FILES[name].read_text("utf-8"), Loader=yaml.CSafeLoader)


def set_into(host: str, fragment: str) -> tuple[str, int]:
    """The host page with the fragment at its place, and the line (from 1) where the fragment begins."""
    lines = host.split("\n")
    at = next(number for number, line in enumerate(lines) if line.strip("> ") == "@@")
    margin = lines[at].replace("@@", "")
    lines[at : at + 1] = [(margin + line) if line else margin.rstrip() for line in fragment.rstrip("\n").split("\n")]
    return "\n".join(lines), at + 1


def cases(*rooms: str) -> Iterator[Case]:
    """Every case of these rooms, or of all, in the order of the files."""
    for room in rooms or ROOMS:
        yield from _cases(room)


@cache
def _cases(room: str) -> tuple[Case, ...]:
    return tuple(_case(room, entry, read("hosts")) for entry in read(room))


def _case(room: str, entry: dict[str, Any], hosts: dict[str, str]) -> Case:
    good = entry["good"]
    if good.count(entry["from"]) < 1:
        raise ValueError(f"{room}/{entry['name']}: `from` does not occur in `good`")
    offset = good.index(entry["from"])
    spoilt = good.replace(entry["from"], entry["to"], 1)
    host = hosts[entry.get("in", "plain")]
    twin, _ = set_into(host, good)
    bad, start = set_into(host, spoilt)
    line = start + good[:offset].count("\n") + entry.get("at", 0)
    lines = frozenset({line, *(line + step for step in entry.get("also", ()))})
    return Case(
        name=entry["name"],
        room=room,
        bad=bad,
        twin=twin,
        line=line,
        lines=lines,
        config=entry.get("config", "base"),
        unsure=entry.get("unsure", False),
        files=entry.get("files", {}),
    )


def tricky(*files: str) -> Iterator[Clean]:
    """Clean pages that a naive checker flags: of these files, or of all."""
    hosts = read("hosts")
    for entry in [entry for name in files or TRICKY for entry in read(name)]:
        text, _ = set_into(hosts[entry.get("in", "plain")], entry["text"])
        config, unsure = entry.get("config", "base"), entry.get("unsure", False)
        yield Clean(entry["name"], text, config, unsure, entry.get("files", {}))


def write_site(root: Path, config: str = "base") -> Path:
    """Write the site around the cases under `root`, with the named settings; return its mkdocs.yml."""
    site = read("site")
    for name, text in {**site["files"], "base.yml": site["configs"]["base"]}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (root / "mkdocs.yml").write_text(site["configs"][config], "utf-8")
    return root / "mkdocs.yml"


def write_page(root: Path, name: str, text: str) -> str:
    """Write one case's page into the site under `root`; return its path as findings name it."""
    path = f"docs/guide/{name}.md"
    (root / path).write_text(text, "utf-8")
    return path

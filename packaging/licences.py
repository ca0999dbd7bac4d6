"""Write the page of dependencies: `python packaging/licences.py`, in an environment with what the lock names.

Direct ones come with the reason that stands behind them in pyproject.toml; all come with version and licence, as their
own metadata tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PAGE = ROOT / "docs/contribute/dependencies.md"
_BEGIN, _END = "<!-- licences: begin -->\n", "<!-- licences: end -->\n"
_LOCKED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s\\;]+)", re.MULTILINE)
_DIRECT = re.compile(r'^  "([A-Za-z0-9_.-]+)==[^"]*",[ \t]*#[ \t]*(.+)$', re.MULTILINE)
_PINNED = re.compile(r'^  "([A-Za-z0-9_.-]+)==([^"]*)"', re.MULTILINE)


class Package(NamedTuple):
    """One line of the page."""

    name: str
    version: str
    licence: str
    reason: str


def locked() -> dict[str, str]:
    """Name to version, as the lock has them."""
    return {_plain(name): version for name, version in _LOCKED.findall(LOCK.read_text("utf-8"))}


def pinned() -> dict[str, str]:
    """Name to version of what pyproject.toml names itself."""
    return {_plain(name): version for name, version in _PINNED.findall(_project())}


def reasons() -> dict[str, str]:
    """Name to reason of what pyproject.toml names itself."""
    return {_plain(name): reason.strip() for name, reason in _DIRECT.findall(_project())}


def packages() -> Iterator[Package]:
    """Every package of the lock; one that is not installed here has no licence."""
    why = reasons()
    for name, version in sorted(locked().items()):
        yield Package(name, version, licence(name), why.get(name, ""))


def licence(name: str) -> str:
    """The licence as the package's metadata tell it, in a few words; empty where it is not installed."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    if expression := told.get("License-Expression"):
        return str(expression)
    named = [str(one).split(" :: ")[-1] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    written = str(told.get("License") or "").strip().split("\n")[0]
    return ", ".join(named) or written or "not said"


def table(rows: list[Package]) -> str:
    """The two tables of the page."""
    direct = [row for row in rows if row.reason]
    others = [row for row in rows if not row.reason]
    text = "| Package | Version | Licence | Why it is here |\n| --- | --- | --- | --- |\n"
    text += "".join(f"| `{row.name}` | {row.version} | {row.licence} | {row.reason} |\n" for row in direct)
    text += f"\n{len(others)} more come with these:\n\n| Package | Version | Licence |\n| --- | --- | --- |\n"
    return text + "".join(f"| `{row.name}` | {row.version} | {row.licence} |\n" for row in others)


def _project() -> str:
    return (ROOT / "pyproject.toml").read_text("utf-8")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Write the tables into the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    rows = list(packages())
    PAGE.write_text(f"{before}{_BEGIN}\n{table(rows)}\n{_END}{after}", "utf-8")
    print(f"{len(rows)} packages, {sum(bool(row.reason) for row in rows)} of them direct")


if __name__ == "__main__":
    main()

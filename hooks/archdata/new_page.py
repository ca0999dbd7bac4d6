"""A new page with its data, code and test, from the templates beside this file."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import yaml

from archdata.entries import Entry
from archdata.errors import DataError, nearest

ARCHITECTURES = (
    "transformers",
    "recurrent",
    "hybrids",
    "mixture-of-experts",
    "diffusion",
    "visual-tokens",
    "classic",
    "multimodal",
    "llms",
)
OTHERS = ("learning", "alignment", "scaling-inference")


@dataclass(frozen=True)
class NewPage:
    """Where a new page lies: `recurrent/retnet` is `docs/architectures/recurrent/retnet.md`."""

    family: str
    slug: str

    @classmethod
    def at(cls, address: str) -> NewPage:
        """Return the page at `<family>/<slug>`.

        Raises `DataError` for an unknown family or a name that cannot be a file's.
        """
        family, _, slug = address.strip("/").removeprefix("architectures/").removesuffix(".md").partition("/")
        if family not in (*ARCHITECTURES, *OTHERS):
            near = nearest(family, (*ARCHITECTURES, *OTHERS))
            remedy = f'did you mean "{near}/…"?' if near else f"families are {', '.join((*ARCHITECTURES, *OTHERS))}"
            raise DataError(None, None, None, f'there is no family "{family}"', remedy)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            message = f'"{slug}" cannot name a page'
            raise DataError(None, None, None, message, "use lower-case words with hyphens: mixture-of-depths")
        return cls(family, slug)

    @property
    def folder(self) -> str:
        """Path of the page's folder under docs/."""
        return f"architectures/{self.family}" if self.family in ARCHITECTURES else self.family

    @property
    def function(self) -> str:
        """The slug as a name in Python."""
        name = self.slug.replace("-", "_")
        return f"layer_{name}" if name[0].isdigit() or keyword.iskeyword(name) else name

    def files(self, docs: Path, tests: Path) -> dict[str, Path]:
        """Return the template's name and the path of each file that makes up the page."""
        return {
            "page": docs / self.folder / f"{self.slug}.md",
            "spec": docs / "_data" / "architectures" / f"{self.slug}.yml",
            "code": docs / self.folder / f"{self.slug}.py",
            "test": tests / "docs" / self.folder / f"test_{self.slug.replace('-', '_')}.py",
        }


def create(page: NewPage, docs: Path, tests: Path, *, title: str = "", paper: Entry | None = None) -> list[Path]:
    """Write the four files and return their paths.

    `title` is the name in the reader's words; without one it is made from the address. Raises `DataError` when
    one of the files is there already; nothing is written then.
    """
    targets = page.files(docs, tests)
    for path in targets.values():
        if path.exists():
            raise DataError(path, None, None, "the file already exists", "edit it, or choose another name")
    values = _values(page, title, paper)
    for name, path in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(name, values), "utf-8")
    return list(targets.values())


def _values(page: NewPage, title: str, paper: Entry | None) -> dict[str, str]:
    title = title or page.slug.replace("-", " ").capitalize()
    acronym = re.search(r"\(([^)]+)\)$", title)
    introduced = f'{{by: {paper.key}, date: "{paper.date}"}}' if paper else '{date: ""}  # and by: the citation key'
    return {
        "title": _scalar(title),
        "short": acronym[1] if acronym else title,
        "description": '""',
        "page_type": "architecture" if page.family in ARCHITECTURES else "concept",
        "family": page.family,
        "slug": page.slug,
        "address": f"{page.family}/{page.slug}",
        "folder": page.folder,
        "function": page.function,
        "introduced": introduced,
        "today": date.today().isoformat(),
    }


def _scalar(text: str) -> str:
    """Return `text` as YAML, quoted only where it must be."""
    return yaml.safe_dump(text, width=1000, allow_unicode=True).removesuffix("...\n").strip()


def _filled(name: str, values: dict[str, str]) -> str:
    template = files("archdata").joinpath(f"template_{name}.txt").read_text("utf-8")
    return re.sub(r"@([a-z_]+)@", lambda match: values[match[1]], template)

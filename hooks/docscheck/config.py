"""What the settings of a site mean, with the defaults of MkDocs and of its plugins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docscheck.build_commands import is_built_flat
from docscheck.once import cached_property
from docscheck.own_settings import own_settings
from docscheck.patterns import lazy
from docscheck.settings_file import ConfigError, Inert, resolved

__all__ = ["TRULY_SANE", "Config", "ConfigError", "Inert", "load_config", "resolved"]
_BUILT_IN_TEXT = """
abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html meta nl2br
sane_lists smarty tables toc wikilinks
"""
_BUILT_IN = frozenset(_BUILT_IN_TEXT.split())
TRULY_SANE = "mdx_truly_sane_lists"
"""An extension that reads lists indented by two spaces; at the margin they are what they are elsewhere."""
_READ_NONE = frozenset((TRULY_SANE, "fontawesome_markdown", "fontawesome_in_markdown"))
"""Extensions of others that read no syntax of their own but, at most, the names of icons (`:fa-star:`)."""
_GITHUB = lazy(r"https?://[\w-]+\.github\.io/[^/]")
_HOST = lazy(r"[\w-]+(?:\.[\w-]+)+")
_ALWAYS_ON = ("toc", "tables", "fenced_code")
"""What MkDocs adds to every site."""
_BUNDLES = {
    "extra": ["fenced_code", "footnotes", "attr_list", "def_list", "tables", "abbr", "md_in_html"],
    "pymdownx.extra": [
        "pymdownx.betterem",
        "pymdownx.superfences",
        "footnotes",
        "attr_list",
        "def_list",
        "tables",
        "abbr",
        "md_in_html",
    ],
}
"""Extensions that stand for several."""
_TECHDOCS = "techdocs-core"
_TECHDOCS_TEXT = """
pymdownx.caret pymdownx.critic pymdownx.emoji pymdownx.inlinehilite pymdownx.magiclink pymdownx.mark
pymdownx.smartsymbols pymdownx.snippets pymdownx.highlight pymdownx.extra pymdownx.tasklist pymdownx.tilde
markdown_inline_graphviz plantuml_markdown mdx_truly_sane_lists
"""
_TECHDOCS_BOXES = {
    True: ("pymdownx.blocks.admonition", "pymdownx.blocks.details", "pymdownx.blocks.tab"),
    False: ("admonition", "pymdownx.details", "pymdownx.tabbed"),
}
"""What the plugin of Backstage adds to every site: with `use_pymdownx_blocks`, and without it."""


class Config:
    """What mkdocs.yml says, with MkDocs' defaults."""

    def __init__(self, file: Path, values: Mapping[str, Any] | None = None) -> None:
        self.file = file
        self.values: Mapping[str, Any] = values or {}

    @property
    def root(self) -> Path:
        """The folder of mkdocs.yml."""
        return self.file.parent

    @cached_property
    def docs_dir(self) -> Path:
        """The folder of the pages."""
        return self.root / str(self.values.get("docs_dir") or "docs")

    @cached_property
    def site_url(self) -> str:
        """The address of the site; empty where none is configured.

        GitHub leads from its own host, where a site stands in a folder, to the root of the one that `CNAME` names.
        """
        chosen = str(self.values.get("site_url") or "")
        if not _GITHUB.match(chosen) or "mike" in self.plugins:
            return chosen
        try:
            name = (self.docs_dir / "CNAME").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return chosen
        return f"https://{name}/" if _HOST.fullmatch(name) else chosen

    @cached_property
    def directory_urls(self) -> bool:
        """Whether `a/b.md` becomes `a/b/`: as the settings say, else as the command that builds the site does."""
        chosen = self.values.get("use_directory_urls")
        return not is_built_flat(self.root) if chosen is None else bool(chosen)

    @cached_property
    def theme(self) -> Mapping[str, Any]:
        """The theme's settings, `name` among them."""
        theme = self.values.get("theme")
        if _TECHDOCS in self.plugins:
            return {**(theme if isinstance(theme, dict) else {}), "name": "material"}
        return theme if isinstance(theme, dict) else {"name": theme or "mkdocs"}

    @property
    def is_material(self) -> bool:
        """Whether the theme knows Material's admonition types and icons."""
        return str(self.theme.get("name")) in ("material", "materialx")

    @property
    def language(self) -> str:
        """The language of the theme, `en` by default."""
        return str(self.theme.get("language") or self.theme.get("locale") or "en")

    @cached_property
    def extensions(self) -> dict[str, dict[str, Any]]:
        """Markdown extensions by their full short name (`admonition`, `pymdownx.details`) with their options."""
        entries = [*_named([*_ALWAYS_ON, *self._added]), *_named(self.values.get("markdown_extensions"))]
        found: dict[str, dict[str, Any]] = {}
        for raw, options in entries:
            name = raw.removeprefix("markdown.extensions.").split(":")[0]
            for member in _BUNDLES.get(name, ()):
                found.setdefault(member, {}).update(options.get(member) or {})
            if name not in _BUNDLES:
                found.setdefault(name, {}).update(options)
        return found

    @property
    def _added(self) -> list[str]:
        """Extensions that a plugin adds without their being named."""
        settings = self.plugins.get(_TECHDOCS)
        if settings is None:
            return ["pymdownx.superfences"] if self.is_completed else []
        return [*_TECHDOCS_TEXT.split(), *_TECHDOCS_BOXES[bool(settings.get("use_pymdownx_blocks"))]]

    @property
    def is_completed(self) -> bool:
        """Whether a program adds settings before the build: `extra` speaks to a theme, and the file names none.

        Fences are taken to be read wherever they stand, which is what such programs add first.
        """
        named = self.values.keys() & {"theme", "markdown_extensions"}
        return not named and bool(self.extra.keys() - {"docscheck"})

    @cached_property
    def foreign_extensions(self) -> frozenset[str]:
        """Extensions that come neither with Python-Markdown nor with PyMdown: what they own is not judged."""
        return frozenset(name for name in self.extensions if name not in _BUILT_IN and not name.startswith("pymdownx."))

    @cached_property
    def reading_extensions(self) -> frozenset[str]:
        """Those of them that may read a syntax of their own: neither those that are known not to, nor those that the
        settings vouch for.
        """
        return frozenset(name for name in self.foreign_extensions - _READ_NONE if not self.is_harmless(name))

    def is_harmless(self, name: str) -> bool:
        """Whether the settings vouch for an extension or a plugin, or for the package it is in."""
        return any(name == known or name.startswith(f"{known}.") for known in self.settings["harmless"])

    def has(self, extension: str) -> bool:
        """Whether a Markdown extension is on."""
        return extension in self.extensions

    def option(self, extension: str, name: str, default: Any = None) -> Any:
        """An option of a Markdown extension."""
        return self.extensions.get(extension, {}).get(name, default)

    @cached_property
    def custom_fences(self) -> frozenset[str]:
        """The languages of fences that the site has a function of its own for."""
        fences = self.option("pymdownx.superfences", "custom_fences")
        known = fences if isinstance(fences, list) else []
        return frozenset(str(fence.get("name")) for fence in known if isinstance(fence, dict))

    def snippet_folders(self, beside: Path | None = None) -> tuple[Path, ...]:
        """Where snippets are looked for, in order; `!relative` alone means the folder of the page, `beside`."""
        setting = self.option("pymdownx.snippets", "base_path", ".")
        found = []
        for path in setting if isinstance(setting, list) else [setting]:
            if not isinstance(path, Inert):
                found.append(self.root / str(path))
            elif path.arguments:
                prefix, _, rest = str(path.arguments).partition("/")
                found.append((self.docs_dir if prefix == "$docs_dir" else self.root) / rest)
            elif beside is not None:
                found.append(beside)
        return tuple(found)

    @cached_property
    def appended_snippets(self) -> list[str]:
        """The snippets that are added to each page, as the settings name them."""
        appended = self.option("pymdownx.snippets", "auto_append")
        return [path for path in appended if isinstance(path, str)] if isinstance(appended, list) else []

    @cached_property
    def plugins(self) -> dict[str, Mapping[str, Any]]:
        """Plugins by name, `material/` left out; MkDocs turns `search` on where none are named.

        Of one that is named twice, as a second blog may be, the first counts.
        """
        found: dict[str, Mapping[str, Any]] = {}
        for name, settings in _named(self.values.get("plugins", ["search"])):
            found.setdefault(name.removeprefix("material/"), settings)
        return found

    @property
    def hooks(self) -> list[str]:
        """Paths of hook files."""
        hooks = self.values.get("hooks")
        return [str(hook) for hook in hooks] if isinstance(hooks, list) else []

    @cached_property
    def extra(self) -> Mapping[str, Any]:
        """The site's own values."""
        extra = self.values.get("extra")
        return extra if isinstance(extra, dict) else {}

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """What the site tells the checks themselves, lists and strings, all of them there."""
        return own_settings(self.file, self.extra.get("docscheck"), self.plugins.get("docscheck", {}))

    @property
    def profile(self) -> str:
        """The house rules that are on, such as `kb`."""
        return str(self.settings["profile"])

    @property
    def baseline(self) -> Path | None:
        """The file with the findings that the site has accepted for now."""
        named = self.settings["baseline"]
        return self.root / named if named else None

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Words that the site knows to be right, in small letters."""
        return frozenset(word.lower() for word in self.settings["words"])

    def paths(self, key: str) -> list[str]:
        """A setting that is a list of paths, such as `extra_css`."""
        values = self.values.get(key)
        if not isinstance(values, list):
            return []
        return [str(value.get("path", "")) if isinstance(value, dict) else str(value) for value in values]


def load_config(file: Path, *, remember: bool = False) -> Config:
    """Read mkdocs.yml and what it inherits from, or a zensical.toml; with `remember`, only if one has changed.

    Raises ConfigError where that is impossible.
    """
    file = resolved(file)
    if remember:
        from docscheck import settings_memory

        return Config(file, settings_memory.read(file))
    from docscheck import settings_reading  # imports PyYAML

    return Config(file, settings_reading.read(file).values)


def _named(entries: Any) -> Iterable[tuple[str, dict[str, Any]]]:
    """Names with their settings, from a list of names and one-key mappings or from one mapping."""
    if isinstance(entries, dict):
        entries = [{name: settings} for name, settings in entries.items()]
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str):
            yield entry, {}
        elif isinstance(entry, dict):
            for name, settings in entry.items():
                yield str(name), dict(settings) if isinstance(settings, dict) else {}

"""What the plugin can be told in mkdocs.yml."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator

from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental.rendering import Inputs

SWITCH = "MKDOCS_NO_CACHE"
"""The environment variable that, set to anything, leaves a build plain."""

KNOWN = frozenset({"incremental", "atomic", "docscheck", "meta", "search", "offline", "info"})
"""Plugins, of MkDocs or of Material, that are as `pure` asks."""


class Settings(base.Config):  # type: ignore[no-untyped-call]
    """The plugin's options."""

    enabled = options.Type(bool, default=True)
    folder = options.Type(str, default=".cache/mkdocs_incremental")
    """Where results are kept, from the folder of mkdocs.yml."""
    caches = options.ListOfItems(options.Type(str), default=[".cache"])
    """Folders whose content decides nothing: what is read there while pages are rendered is not watched."""
    pure = options.ListOfItems(options.Type(str), default=[])
    """Plugins and hooks, by their names in mkdocs.yml, whose events depend on files, settings and the page only, and
    change nothing but the build: no network, no clock, no files written. Only with all of them named are pages rendered
    by several processes, unchanged builds ended at once, and edited pages shown first."""
    accounted = options.ListOfItems(options.Type(str), default=[])
    """Packages of the site whose part in rendering pages is told by `inputs`."""
    inputs = options.Type(str, default="")
    """`module:function`, called with page, files and settings; returns plain values that decide how the page is
    rendered, besides its Markdown and front matter."""
    workers = options.Optional(options.Type(int))
    """Processes for rendering, the build included. Where it is not set: as many as there are processors for, and as
    leave the build within a fifth of the memory that it takes alone."""


def inputs_function(settings: Settings) -> Inputs | None:
    """Return the function that `inputs` names."""
    if not settings.inputs:
        return None
    module, _, name = settings.inputs.partition(":")
    found: Inputs = getattr(importlib.import_module(module), name)
    return found


def switched_off() -> bool:
    """Tell whether the environment asks for a plain build."""
    return bool(os.environ.get(SWITCH))


def impure(config: MkDocsConfig, settings: Settings, events: tuple[str, ...]) -> Iterator[str]:
    """Yield the plugins and hooks with one of these events that are not known to be pure."""
    for name, plugin in config.plugins.items():
        bare = name.partition(" #")[0].removeprefix("material/")
        if bare not in KNOWN and bare not in settings.pure and any(hasattr(plugin, f"on_{event}") for event in events):
            yield name

"""Shorter ways to what two common plugins do to every page, where there is nothing for them to do.

Both are exact: a text without any mark of a macro is what Jinja would make of it, and a page without the attribute that
Material's search takes out is left as it is. They are taken only with the very functions of the versions known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jinja2
import jinja2.ext
from mkdocs.config.defaults import MkDocsConfig

_NEWLINE = re.compile(r"\r\n|\r")


class Compiled:
    """Code that was compiled from pages, by their text, for a process that builds more than once."""

    def __init__(self) -> None:
        self._settings = ""
        self._before: dict[str, Any] = {}
        self._now: dict[str, Any] = {}

    def begin(self, settings: str) -> None:
        """Begin another build: what the last one did not use is forgotten, and all with other settings or code."""
        self._before, self._now = (self._now, {}) if settings == self._settings else ({}, {})
        self._settings = settings

    def get(self, source: str, compile_source: Callable[[str], Any]) -> Any:
        """Return the code of a text."""
        if source not in self._now:
            self._now[source] = self._before[source] if source in self._before else compile_source(source)
        return self._now[source]


def shorten(config: MkDocsConfig, compiled: Compiled | None) -> None:
    """Take the shorter ways in a build with these settings."""
    for plugin in config.plugins.values():
        kind = f"{type(plugin).__module__}.{type(plugin).__qualname__}"
        if kind == "mkdocs_macros.plugin.MacrosPlugin":
            _shorten_macros(plugin, compiled)
        elif kind == "material.plugins.search.plugin.SearchPlugin":
            _shorten_search(plugin, config)


class _Verbatim:
    """A template without marks: renders to its text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_: Any, **__: Any) -> str:
        return self._text


def _shorten_macros(plugin: Any, compiled: Compiled | None) -> None:
    env = getattr(plugin, "_env", None)
    if env is None or not _reads_as_jinja(env):
        return
    marks = (env.variable_start_string, env.block_start_string, env.comment_start_string)
    whole = env.keep_trailing_newline or env.newline_sequence != "\n"
    from_string, compile_source = env.from_string, env.compile

    def shorter(source: Any, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs or whole or type(source) is not str or any(mark in source for mark in marks):
            return from_string(source, *args, **kwargs)
        text = _NEWLINE.sub("\n", source) if "\r" in source else source
        return _Verbatim(text.removesuffix("\n"))

    def remembered(source: Any, *args: Any, **kwargs: Any) -> Any:
        if compiled is None or args or kwargs or type(source) is not str:
            return compile_source(source, *args, **kwargs)
        return compiled.get(source, compile_source)

    env.from_string = shorter
    env.compile = remembered


def _reads_as_jinja(env: jinja2.Environment) -> bool:
    """Tell whether a text without marks is plain text to an environment: nothing in it looks at the source first."""
    own = ("from_string", "compile", "preprocess", "lex", "_tokenize", "_generate", "_compile")
    if any(getattr(type(env), name) is not getattr(jinja2.Environment, name) for name in own):
        return False
    extension = jinja2.ext.Extension
    changing = [
        found
        for found in env.extensions.values()
        if type(found).preprocess is not extension.preprocess
        or type(found).filter_stream is not extension.filter_stream
    ]
    return not changing and not env.line_statement_prefix and not env.line_comment_prefix


def _shorten_search(plugin: Any, config: MkDocsConfig) -> None:
    handlers: list[Callable[..., Any]] = config.plugins.events["page_context"]
    for index, handler in enumerate(handlers):
        if getattr(handler, "__func__", None) is type(plugin).on_page_context and plugin.config.enabled:
            handlers[index] = _search_handler(plugin, handler)


def _search_handler(plugin: Any, handler: Callable[..., Any]) -> Callable[..., Any]:
    def on_page_context(context: Any, *, page: Any, config: MkDocsConfig, nav: Any) -> Any:
        if "data-search-" in (page.content or ""):
            return handler(context, page=page, config=config, nav=nav)
        plugin.search_index.add_entry_from_context(page)
        return None

    return on_page_context

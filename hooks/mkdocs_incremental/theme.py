"""What a theme costs before a page is made: its templates compiled, its folders listed; both kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
import jinja2.defaults
from jinja2.bccache import Bucket, BytecodeCache
from mkdocs.theme import Theme
from mkdocs.utils.templates import script_tag_filter, url_filter

from mkdocs_incremental.digests import text_digest
from mkdocs_incremental.store import Store

_FILTERS: Mapping[str, Any] = vars(jinja2.defaults)["DEFAULT_FILTERS"]
_TESTS: Mapping[str, Any] = vars(jinja2.defaults)["DEFAULT_TESTS"]
_USUAL = {**_FILTERS, "url": url_filter, "script_tag": script_tag_filter}
"""Jinja's filters and those that MkDocs adds."""
_PACKAGE = __name__.partition(".")[0]

_SYNTAX = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string", "comment_start_string"),
    *("comment_end_string", "line_statement_prefix", "line_comment_prefix", "trim_blocks", "lstrip_blocks"),
    *("newline_sequence", "keep_trailing_newline", "optimized", "autoescape", "is_async", "sandboxed"),
)


def prepare(theme: Theme, store: Store, listed: Listed | None) -> None:
    """Have the environments that a theme gives remember."""
    original = theme.get_env

    def get_env() -> jinja2.Environment:
        env = original()
        if env.bytecode_cache is None:
            env.bytecode_cache = Compiled(store)
        if listed:
            listed.attach(env, theme)
        return env

    theme.get_env = get_env  # type: ignore[method-assign]


def unusual(env: jinja2.Environment) -> list[str]:
    """Return the filters and tests that are another's, be it under a name of Jinja's: they may do anything."""
    found = [
        name
        for given, usual in ((env.filters, _USUAL), (env.tests, _TESTS))
        for name, function in given.items()
        if usual.get(name) is not function and getattr(function, "__module__", "").partition(".")[0] != _PACKAGE
    ]
    return sorted(found)


class Compiled(BytecodeCache):
    """The templates' byte code, in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        bucket = super().get_bucket(environment, name, filename, source)
        syntax = [getattr(environment, setting) for setting in _SYNTAX]
        if unusual(environment) or callable(environment.autoescape):
            bucket.checksum = ""  # its code may hold what a plugin's filter has made
        else:
            bucket.checksum += text_digest(repr((syntax, sorted(environment.extensions))))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        if len(bucket.checksum) <= _SOURCE_CHECKSUM:
            return  # not told apart yet, or not to be kept
        code = self._store.blob(f"{bucket.key} {bucket.checksum}")
        if code:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.checksum:
            self._store.keep_blob(f"{bucket.key} {bucket.checksum}", bucket.bytecode_to_string())


_SOURCE_CHECKSUM = 40
"""The length of Jinja's checksum of a source."""


class Listed:
    """The names of a theme's files that MkDocs copies, for as long as no folder of it changes."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, list[str]]] = {}

    def attach(self, env: jinja2.Environment, theme: Theme) -> None:
        """Have the environment answer from memory what `Files.add_files_from_theme` asks."""
        original = env.list_templates

        def list_templates(extensions: Any = None, filter_func: Callable[[str], bool] | None = None) -> list[str]:
            asked = getattr(filter_func, "__qualname__", "")
            if extensions is not None or asked != "Files.add_files_from_theme.<locals>.filter":
                return original(extensions, filter_func)
            place = repr((theme.dirs, sorted(theme.static_templates)))
            state = [_state(folder) for folder in theme.dirs]
            known = self._known.get(place)
            if known is None or known[0] != state:
                self._known[place] = known = (state, original(extensions, filter_func))
            return list(known[1])

        env.list_templates = list_templates  # type: ignore[method-assign]


def _state(folder: str) -> list[tuple[str, int, int]]:
    """The times of all folders below: a file that comes or goes changes its folder's."""
    found: list[tuple[str, int, int]] = []
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            status = os.stat(path)
            found.append((path, status.st_mtime_ns, status.st_ctime_ns))
            waiting += [entry.path for entry in os.scandir(path) if entry.is_dir()]
        except OSError:
            found.append((path, 0, 0))
    return sorted(found)

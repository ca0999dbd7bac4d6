"""What all pages of a site rest on: settings, versions, the site's own code, and files read for more than one page.

Its digest is part of every stored result's key. Code and files are known by what was loaded or read, not by what lies
on the disk now: a server that has imported a module keeps its old results when the file changes, until it imports anew.
"""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
import time
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental import named
from mkdocs_incremental.digests import digest, file_digest
from mkdocs_incremental.reads import Reads, held, is_below, last_read
from mkdocs_incremental.states import says_less, state_now
from mkdocs_incremental.store import Store

_NOT_RENDERED = frozenset(
    {"nav", "plugins", "hooks", "theme", "site_dir", "watch", "dev_addr", "strict", "config_file_path"}
)
"""Settings that are described apart, or that change no page."""


_HERE = Path(__file__).parent
_OURS = os.path.join(_HERE, "")


def settings_digest(config: MkDocsConfig) -> str:
    """Return the digest of the settings as they stand after the plugins' `on_config`, the navigation left out.

    Raises `NoDigestError` for a setting whose value cannot be told from others.
    """
    plain = {key: value for key, value in config.items() if key not in _NOT_RENDERED}
    plugins = {name: [type(plugin), getattr(plugin, "config", None)] for name, plugin in config.plugins.items()}
    theme_values = {key: str(value) if key == "locale" else value for key, value in config.theme.items()}
    theme = [config.theme.name, theme_values, sorted(config.theme.static_templates), config.theme.dirs]
    return digest(plain, plugins, theme, versions(), [file_digest(path) for path in sorted(_HERE.glob("*.py"))])


def versions() -> list[str]:
    """Return Python's version, the time zone, and the names of what is installed, with versions, and when it was."""
    found = [platform.python_implementation(), sys.version, os.name, *time.tzname, os.environ.get("TZ", "")]
    for folder in _library_folders():
        if os.path.isdir(folder):
            names = sorted(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))
            found += [f"{name} {_installed(os.path.join(folder, name))}" for name in names]
    return found


def _installed(folder: str) -> str:
    """When a package was installed: one that is built from a repository may change and keep its version."""
    try:
        status = os.stat(os.path.join(folder, "RECORD"))
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def _library_folders() -> set[str]:
    return {path for path in sys.path if path.rstrip("/\\").endswith(("site-packages", "dist-packages"))}


def site_code(accounted: Collection[str]) -> Iterator[str]:
    """Yield the files of all loaded modules that are neither Python's nor installed nor accounted for elsewhere."""
    elsewhere = tuple(
        os.path.normcase(os.path.abspath(path) + os.sep)
        for path in {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *_library_folders()}
    )
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and not os.path.normcase(file).startswith(elsewhere) and not is_below(name, accounted):
            yield os.path.abspath(file)


_loaded: dict[str, str] = {}
"""The digest of each file of code when it was first seen loaded in this process."""


def loaded_code(accounted: Collection[str]) -> dict[str, str]:
    """Return the site's own code that is loaded, by file, with the digest of what was loaded."""
    files = set(site_code(accounted))
    for file in files:
        if file not in _loaded:
            _loaded[file] = file_digest(file)
    return {file: _loaded[file] for file in files}


def forget_code(files: Collection[str]) -> None:
    """Take note that these files will be loaded anew."""
    for file in files:
        _loaded.pop(file, None)
    named.forget(files)


class Ground:
    """The state of everything that bears on all pages, and the name of that state."""

    def __init__(
        self, store: Store, reads: Reads, accounted: Collection[str], docs: Path, known_otherwise: Collection[Path]
    ) -> None:
        self.reads = reads
        self._docs = docs
        self._known_otherwise = known_otherwise
        """Files and folders that count in another way, though code may name them."""
        self._store = store
        self._accounted = accounted
        self._known = {**store.reads()}
        self._seen = (-1, -1)
        self._doubtful: set[str] = set()
        """Files that have changed since this process read them: it may still go by what it remembers."""
        self.epoch = str(store.fact("epoch") or "")
        self._begin()

    def _begin(self) -> None:
        changed = {path for path, before in self._known.items() if _now(path, before) != before}
        self._doubtful = {path for path in changed if path in last_read}
        # What is loaded by now was known to the builds before, or takes the place of something that was.
        is_new = bool(self._known) and not loaded_code(self._accounted).keys() <= self._known.keys()
        if changed or is_new or not self.epoch:
            self._renew(changed)
        self.note()

    def _renew(self, changed: Collection[str]) -> None:
        """Begin a new state: nothing stored under the old one holds any longer."""
        self.epoch = uuid.uuid4().hex
        for path in changed:
            del self._known[path]
        self._store.forget_reads(changed)
        self._store.keep_fact("epoch", self.epoch)

    def code_digests(self) -> dict[str, str]:
        """Return the site's own code as it was loaded, whoever accounts for it."""
        return loaded_code(())

    def code(self) -> set[str]:
        """Return the files of the site's own code, whoever accounts for it."""
        return set(site_code(()))

    def note(self) -> None:
        """Write down what has been read or loaded since; to be done before any result that rests on it is stored."""
        seen = (len(sys.modules), self.reads.changes)
        if seen != self._seen:
            self._seen = seen
            code = loaded_code(self._accounted)
            self._add({**code, **self._named(code), **self.reads.shared})

    def _named(self, code: Collection[str]) -> dict[str, str]:
        """Return what code names. What known code has not named before is new itself: a folder that the code reads."""
        found: dict[str, str] = {}
        has_new = False
        for file in code:
            if not file.startswith(_OURS):
                names = named.named(file, self._docs, self._known_otherwise)
                has_new = has_new or (file in self._known and not names.keys() <= self._known.keys())
                found.update(names)
        if has_new:
            self._renew(())
        return found

    def finish(self) -> None:
        """Write down what was read, and which changed files this process has not looked at again."""
        self.note()
        remembered = self._doubtful - self.reads.shared.keys()
        held.update(remembered)
        self._add({path: last_read[path] for path in remembered})

    def _add(self, found: dict[str, str]) -> None:
        known = self._known
        new = {path: state for path, state in found.items() if not _tells_nothing(state, known.get(path))}
        if not new:
            return
        changed = [path for path in new if path in known and not says_less(known[path], new[path])]
        if changed:
            self._renew(changed)
        self._known.update(new)
        self._store.keep_reads(new)


def _tells_nothing(state: str, known: str | None) -> bool:
    return known is not None and (state == known or says_less(state, known))


def _now(path: str, before: str) -> str:
    """Return the state of a file as far as this process goes by it."""
    if path in held:
        return last_read[path]
    state = named.now(path)
    if state is not None:
        return state
    return _loaded.get(path) or state_now(path, before)


def ignored_folders(config: MkDocsConfig, caches: Collection[str]) -> list[Path]:
    """Return the folders that are caches or output: what is read there decides nothing."""
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    return [*(root / path for path in caches), Path(config.site_dir)]

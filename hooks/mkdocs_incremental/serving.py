"""The server of `mkdocs serve`: an edited page is shown first, the rest of the site is built behind it.

It takes the place of MkDocs' own server through the event `on_serve`. Changes are told by the operating system, not
looked for twice a second. The site that is shown is always whole: a build goes into a folder of its own, which takes
the other's place when it is done. A browser reloads when the page it shows has changed, and only then.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import posixpath
import re
import sys
import time
import traceback
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import watchdog.events
import watchdog.observers
import watchdog.observers.polling
from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer

log = logging.getLogger("mkdocs.livereload")

_COMPLETE = frozenset({"closed", "moved", "deleted"})
"""Events after which a file is whole; after others more may follow."""
_CHANGING = frozenset({"created", "modified"})
_GONE = frozenset({"moved", "deleted"})
"""Events of a folder that count: what was in one that is moved out of sight goes without events of its own."""
_FOLDER = _GONE | {"created"}
"""Events of a watched folder itself that count."""
_SETTLE = 0.05
"""Seconds without a further event after which a file counts as whole where no event says so."""
_QUIET, _PATIENCE = 0.15, 1.0
"""Seconds without a request, and seconds at most, before the rest is built: first the browser gets what it asks for."""
_LEFT_BY_EDITORS = re.compile(r"~$|\.sw[a-z]$|\.tmp$|^\.#|^4913$|___jb_\w+___$")
_FAIR = 0.0005
"""Seconds after which a build lets the server's threads have their turn."""


class SupersededError(BaseException):
    """A build is left because a file has changed; not an `Exception`, so that nothing reports it as a failure."""


class Site(Protocol):
    """What the server asks of the site it serves."""

    def prepare(self, changed: set[str]) -> None:
        """Get ready for a build after these files have changed."""

    def show(self, changed: set[str], viewed: set[str]) -> set[str]:
        """Make anew what these files make, seen from the addresses that browsers show; return what can be shown."""


class Server(LiveReloadServer):
    """Serves what was built last, and builds what has changed."""

    def __init__(self, plain: LiveReloadServer, root: str, site: Site, ignored: Iterable[str]) -> None:
        host, port = plain.server_address[:2]
        super().__init__(plain.builder, str(host), int(port), root, plain.mount_path)
        plain.server_close()
        self.observer: Any = watchdog.observers.Observer()
        self.error_handler = self._error_page
        self._site = site
        self._ignored = tuple(os.path.normcase(os.path.abspath(path) + os.sep) for path in ignored)
        self._changed: dict[str, bool] = {}
        """What has changed since it was last looked at, and whether an event has said that it is whole."""
        self._folders: dict[str, tuple[str, bool]] = {}
        """The folders that are watched, as they were then, and whether those below are watched too."""
        self._epochs: dict[str, int] = {}
        """When single pages have changed, by their addresses."""
        self._waiting: dict[str, int] = {}
        """How many browsers wait for a change of a page."""
        self._asked = time.monotonic()
        self._to_come: set[str] = set()
        """What is to be watched and was not there when the server started."""
        for path in plain._watched_paths:
            self.watch(path)

    # What changes.

    def watch(self, path: str, func: Any = None, *, recursive: bool = True) -> None:
        """Watch a folder, or a file by way of its folder: editors put a new file in its place."""
        path = os.path.abspath(path)
        if path in self._watched_paths:
            self._watched_paths[path] += 1
            return
        self._watched_paths[path] = 1
        if os.path.isdir(path):
            self._watch_folder(path, recursive)
            handler = _Handler(self._note, only=path)
            if os.path.dirname(path) != path:
                self.observer.schedule(handler, os.path.dirname(path), recursive=False)
        elif os.path.isdir(os.path.dirname(path)):
            handler = _Handler(self._note, only=path)
            self._watch_refs[path] = self.observer.schedule(handler, os.path.dirname(path), recursive=False)

    def watch_first(self, paths: Iterable[str]) -> None:
        """Watch before the server starts, which prints what it watches: what is not there yet is watched afterwards."""
        self._to_come = {path for path in paths if not os.path.lexists(path)}
        for path in set(paths) - self._to_come:
            self.watch(path)

    def watch_more(self, paths: Iterable[str]) -> None:
        """Watch what the last build has read or looked for, as far as that is not watched yet."""
        for path in paths:
            if os.path.abspath(path) not in self._watched_paths:
                self.watch(path)

    def _watch_folder(self, path: str, recursive: bool) -> None:
        self._watch_refs[path] = self.observer.schedule(_Handler(self._note, only=None), path, recursive=recursive)
        self._folders[path] = _identity(path), recursive

    def _watch_anew(self) -> None:
        """Watch the folders that have come, or have taken the place of others, which the system goes on to watch."""
        for path in list(self._watched_paths):
            if path not in self._folders and os.path.isdir(path):
                self._watch_folder(path, recursive=True)
        for path, (identity, recursive) in list(self._folders.items()):
            if _identity(path) != identity:
                with contextlib.suppress(KeyError):
                    self.observer.unschedule(self._watch_refs.pop(path))
                self._folders[path] = "", recursive
                if os.path.isdir(path):
                    self._watch_folder(path, recursive)

    def _note(self, path: str, whole: bool) -> None:
        name = os.path.basename(path)
        is_ignored = os.path.normcase(path).startswith(self._ignored)
        if is_ignored or _LEFT_BY_EDITORS.search(name) or "__pycache__" in path:
            return
        with self._rebuild_cond:
            self._changed[path] = whole or self._changed.get(path, False)
            self._rebuild_cond.notify_all()

    def is_superseded(self) -> bool:
        """Tell whether the present build may be left: a file has changed meanwhile, or the end has come."""
        return bool(self._changed) or self._shutdown

    def _wait(self) -> bool:
        """Wait for a change; tell whether there is one, rather than an end."""
        with self._rebuild_cond:
            while not self._changed and not self._shutdown:
                self._rebuild_cond.wait(timeout=self.shutdown_delay)  # Windows needs breaks to see an interrupt
        return not self._shutdown

    def _take(self) -> set[str]:
        """Return what has changed, once it is whole."""
        with self._rebuild_cond:
            while not all(self._changed.values()) and self._rebuild_cond.wait(timeout=_SETTLE):
                pass
            changed, self._changed = set(self._changed), {}
        return changed

    # What is built.

    def _build_loop(self) -> None:
        self.watch_more(self._to_come)
        while self._wait():
            changed = self._take()
            self._watch_anew()
            log.info("Detected file changes")
            self._show(changed)
            self._site.prepare(changed)
            interval = sys.getswitchinterval()
            sys.setswitchinterval(_FAIR)
            gc.disable()  # most of what a build makes stays; what the last one made goes when this one is done
            try:
                self._build_behind()
            finally:
                gc.enable()
                gc.collect()
                sys.setswitchinterval(interval)

    def _show(self, changed: set[str]) -> None:
        """Show the pages that have changed, and wait until the browsers have them."""
        began = time.monotonic()
        viewed = {path for path, number in list(self._waiting.items()) if number}
        shown = self._site.show(changed, viewed)
        if not shown:
            return
        told = time.monotonic()
        self._tell(shown)
        log.info("Shown in %.2f seconds: %s", told - began, ", ".join(sorted(shown)))
        is_viewed = "*" in shown or bool(shown & viewed)
        while not self._changed and time.monotonic() - told < _PATIENCE:
            if time.monotonic() - max(told, self._asked) > _QUIET and (self._asked > told or not is_viewed):
                return
            time.sleep(0.02)

    def _build_behind(self) -> None:
        began = time.monotonic()
        try:
            self.builder()
            log.info("The whole site is up to date, after %.2f seconds", time.monotonic() - began)
        except SupersededError:
            return
        except (Exception, SystemExit) as error:
            if isinstance(error, OSError) and self.is_superseded():
                return  # a file went away while it was read: all is looked at again
            if isinstance(error, SystemExit | MkDocsException):
                print(error, file=sys.stderr)
            else:
                traceback.print_exc()
            log.error(
                "An error happened during the rebuild. The server will appear stuck until build errors are resolved."
            )

    def replace_root(self, root: str) -> None:
        """Show another build, and have those browsers reload whose page or whose style differs in it."""
        old, self.root = self.root, os.path.abspath(root)
        if _styles(old) != _styles(self.root):
            self._tell({"*"})
            return
        open_pages = {path for path, number in list(self._waiting.items()) if number}
        self._tell({path for path in open_pages if self._content(old, path) != self._content(self.root, path)})

    def _content(self, root: str, address: str) -> bytes | None:
        with contextlib.suppress(OSError, ValueError):
            return Path(root, self._file_of(address)).read_bytes()
        return None

    def _file_of(self, address: str) -> str:
        """The path of the file behind an address, below the root."""
        relative = unquote(address)[len(self.mount_path) :]
        return posixpath.normpath("/" + relative + ("index.html" if address.endswith("/") else "")).lstrip("/")

    # What browsers are told.

    def _tell(self, addresses: set[str]) -> None:
        """Have browsers that show one of these addresses reload; `*` stands for all of them."""
        if not addresses:
            return
        with self._epoch_cond:
            now = max(_now(), self._visible_epoch + 1)
            if "*" in addresses:
                log.info("Reloading browsers")
            self._epochs.update(dict.fromkeys(addresses, now))
            self._visible_epoch = self._wanted_epoch = now
            self._epoch_cond.notify_all()

    def _serve_request(self, environ: Any, start_response: Any) -> Any:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        match = re.fullmatch(r"/livereload/([0-9]+)/[0-9]+", path)
        if not match:
            self._asked = time.monotonic()
            return super()._serve_request(environ, start_response)
        epoch = int(match[1])
        page = unquote(urlsplit(environ.get("HTTP_REFERER") or "").path) or "*"
        start_response("200 OK", [("Content-Type", "text/plain")])

        def changed() -> bool:
            last = max(self._epochs.values(), default=0) if page == "*" else self._epochs.get(page, 0)
            return max(last, self._epochs.get("*", 0)) > epoch

        with self._epoch_cond:
            if not changed():
                self._log_poll_request(environ.get("HTTP_REFERER"), request_id=path)
                self._waiting[page] = self._waiting.get(page, 0) + 1
                self._epoch_cond.wait_for(changed, timeout=self.poll_response_timeout)
                self._waiting[page] -= 1
            return [b"%d" % (self._visible_epoch if changed() else epoch)]

    def _error_page(self, code: int) -> bytes | None:
        with contextlib.suppress(OSError):
            return Path(self.root, f"{code}.html").read_bytes() if code in (404, 500) else None
        return None

    # How it starts.

    def serve(self, *, open_in_browser: bool = False) -> None:
        """Serve until the end."""
        self.server_bind()
        self.server_activate()
        if self._watched_paths:
            self._start_watching()
            paths = ", ".join(f"'{os.path.relpath(path)}'" for path in self._watched_paths)
            log.info("Watching paths for changes: %s", paths)
        log.info("Serving on %s%s", self.url, " and opening it in a browser" if open_in_browser else "")
        self.serve_thread.start()
        if open_in_browser:
            webbrowser.open(self.url)
        self._build_loop()

    def _start_watching(self) -> None:
        """Start the observer; where the system allows no more watches, look for changes instead."""
        try:
            self.observer.start()
        except OSError as error:
            log.warning("Changes are looked for every half second: %s", error)
            paths, self._watched_paths = list(self._watched_paths), {}
            self.observer = watchdog.observers.polling.PollingObserver(timeout=0.5)
            for path in paths:
                self.watch(path)
            self.observer.start()


class _Handler(watchdog.events.FileSystemEventHandler):
    """Tells the server of changes to files."""

    def __init__(self, note: Callable[[str, bool], None], only: str | None) -> None:
        self._tell = note
        self._only = only and os.path.normcase(only)

    def on_any_event(self, event: watchdog.events.FileSystemEvent) -> None:
        kind = event.event_type
        known = (_GONE if self._only is None else _FOLDER) if event.is_directory else _COMPLETE | _CHANGING
        if kind not in known:
            return
        paths: list[Any] = [event.src_path, event.dest_path]
        for path in filter(None, paths):
            name = os.path.abspath(os.fsdecode(path))
            if self._only is None or os.path.normcase(name) == self._only:
                self._tell(name, event.is_directory or kind in _COMPLETE or not _says_closed())


def _identity(path: str) -> str:
    """What tells a folder from another one in its place; empty where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    return f"{status.st_dev} {status.st_ino}"


def _says_closed() -> bool:
    """Whether the system tells when a file that was written is closed."""
    return sys.platform == "linux"


def _styles(root: str) -> dict[str, bytes]:
    """Return a site's style sheets and scripts."""
    found: dict[str, bytes] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith((".css", ".js", ".mjs")):
                path = os.path.join(folder, name)
                found[os.path.relpath(path, root)] = Path(path).read_bytes()
    return found


def _now() -> int:
    return round(time.monotonic() * 1000)

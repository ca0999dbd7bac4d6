"""`mkdocs serve` as a program, and what a browser asks of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from small_site import HOOKS

LIMIT = 60.0
"""Seconds to wait for anything, on a busy machine."""
_SCRIPT = re.compile(r"<script>\nvar livereload.*?</script>", re.DOTALL)
_EPOCH = re.compile(r"livereload\((\d+), (\d+)\);")


class Served:
    """A site that is being served."""

    def __init__(self, root: Path, *, plain: bool = False) -> None:
        self.root = root
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = root.parent / f"{root.name}-serve-{self.port}.log"
        environment = {**os.environ, "PYTHONPATH": f"{HOOKS}{os.pathsep}{root}", "NO_MKDOCS_2_WARNING": "1"}
        environment.pop("MKDOCS_NO_CACHE", None)
        if plain:
            environment["MKDOCS_NO_CACHE"] = "1"
        command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{self.port}"]
        with self.log.open("w") as log:
            # Tests that are run in the background inherit that interrupts are ignored.
            heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
            self.process = subprocess.Popen(
                command,
                cwd=root,
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=heed if os.name == "posix" else None,
            )
        self.wait_for(lambda: "Serving on" in self.said())

    def said(self) -> str:
        """What the server has printed so far."""
        return self.log.read_text("utf-8")

    def wait_for(self, happened: object) -> None:
        """Wait until a condition holds."""
        assert callable(happened)
        until = time.monotonic() + LIMIT
        while not happened():
            assert self.process.poll() is None, self.said()[-3000:]
            assert time.monotonic() < until, self.said()[-3000:]
            time.sleep(0.05)

    def get(self, path: str) -> str:
        """A page as it is served, without what the server adds."""
        return _SCRIPT.sub("", self.raw(path)).replace(str(self.port), "PORT")

    def raw(self, path: str) -> str:
        """A page as it is served."""
        with urllib.request.urlopen(self.address + path, timeout=LIMIT) as answer:
            return str(answer.read().decode())

    def status(self, path: str) -> int:
        """The status of an address."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=LIMIT) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def builds(self) -> int:
        """How many builds have been finished since the first."""
        return self.said().count("The whole site is up to date")

    def settle(self, builds: int) -> None:
        """Wait until so many builds are done in all."""
        self.wait_for(lambda: self.builds() >= builds)
        time.sleep(0.3)

    def stop(self) -> None:
        """Interrupt the server as an author does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


class Tab:
    """A browser's tab: it has a page, and asks to be told when that has changed."""

    def __init__(self, served: Served, path: str) -> None:
        self.told = threading.Event()
        match = _EPOCH.search(served.raw(path))
        assert match, "the page does not ask for changes"
        self._epoch, identity = int(match[1]), match[2]
        address = f"{served.address}/livereload/{self._epoch}/{identity}"
        self._request = urllib.request.Request(address, headers={"Referer": served.address + path})
        threading.Thread(target=self._ask, daemon=True).start()
        served.wait_for(lambda: True)
        time.sleep(0.2)

    def _ask(self) -> None:
        with urllib.request.urlopen(self._request, timeout=LIMIT) as answer:
            if int(answer.read()) > self._epoch:
                self.told.set()

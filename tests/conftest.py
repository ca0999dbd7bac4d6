"""Fixtures of all tests: the built site, a server for it, and a browser."""

from __future__ import annotations

import compileall
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

# Each process has a core: NumPy's threads would only get in each other's way. To be set before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A busy machine is no fault of what is tested.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the hooks once where Python may not keep what it compiles, as in many containers.

    Otherwise each build would compile them anew, which is a fifth of its time.
    """
    if sys.dont_write_bytecode and not hasattr(config, "workerinput"):
        compileall.compile_dir(ROOT / "hooks", quiet=2)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A process for each core for a whole run; none for a run of named files, where starting them costs more."""
    whole = not config.invocation_params.args or all(str(arg).startswith("-") for arg in config.invocation_params.args)
    return (os.cpu_count() or 1) if whole else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First those that wait for the built site: one process builds it while the others have tests enough."""
    items.sort(key=lambda item: "built_site" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as an author's `mkdocs build` does, but strictly; once for all test processes.

    `BUILT_SITE` names one that is there already, for instance one that another generator built.
    """
    if "BUILT_SITE" in os.environ:
        return Path(os.environ["BUILT_SITE"]).resolve()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _build(tmp_path_factory.mktemp("site"))
    out = tmp_path_factory.getbasetemp().parent / "site"
    with FileLock(out.with_suffix(".lock")):
        # The first process builds; a failed build leaves no mark, so that each process reports the failure itself.
        mark = out.with_suffix(".built")
        if not mark.exists():
            _build(out)
            mark.touch()
    return out


def _build(out: Path) -> Path:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(out)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": "http://127.0.0.1:8000/"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the build failed:\n{done.stdout[-6000:]}{done.stderr[-6000:]}"
    return out


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing of a browser that leaves a page before all of it has come."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing for each request."""

    def send_error(self, code: int, *args: Any, **kwargs: Any) -> None:
        """Answer a missing page with the site's own, as a web host does."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, *args, **kwargs)
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None


@pytest.fixture(scope="session")
def site_address(built_site: Path) -> Iterator[str]:
    """The address of the built site on a local server."""
    handler = functools.partial(_Quiet, directory=str(built_site))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """An installed Chromium; without one the test is skipped, or fails where `REQUIRE_BROWSER` is set."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        message = f"no browser is installed (looked for {', '.join(BROWSERS)})"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield running
        running.close()

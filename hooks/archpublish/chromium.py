"""An installed Chromium, for what only a browser can do; Playwright, of the `dev` extra, drives it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str:
    """Where the browser lies; ends the program with a word where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit(f"no browser is installed (looked for {', '.join(NAMES)})")
    return found


@contextmanager
def page(**context: Any) -> Iterator[Any]:
    """A new page of a new browser; `context` are Playwright's settings for it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_context(**context).new_page()
        browser.close()

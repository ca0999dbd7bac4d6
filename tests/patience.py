"""Waiting in a browser, under the site's own policy."""

from __future__ import annotations

import time
from typing import Any

LIMIT = 20.0
"""Seconds to wait, on a busy machine."""


def until(tab: Any, condition: str, arg: Any = None) -> None:
    """Wait until a script's value in the page is true.

    Playwright's own `wait_for_function` evaluates a text inside the page, which the site's Content-Security-Policy
    refuses; what is asked from outside, one time after another, is under no policy.
    """
    end = time.monotonic() + LIMIT
    while not tab.evaluate(condition, arg):
        assert time.monotonic() < end, f"not within {LIMIT:g} s: {condition}"
        time.sleep(0.02)

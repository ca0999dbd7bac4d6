"""What was found and when, in a file of the repository: only new, bad and old links are asked again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from docscheck.online.result import GOOD, Link, Result, State

GOOD_FOR = timedelta(days=7)
"""How long a good answer is trusted."""
_FORM = 1


class Cache:
    """The results of former runs by address."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._results = _read(path)

    def __len__(self) -> int:
        return len(self._results)

    def get(self, url: str) -> Result | None:
        """Return the former result of an address."""
        return self._results.get(url)

    def fresh(self, link: Link, today: date) -> Result | None:
        """Return a former result that need not be asked for again.

        Good ones hold for a week; each on a day of its own, so that one run does not ask for all of them.
        """
        known = self._results.get(link.url)
        if known is None or known.state is not State.OK or known.title != link.title:
            return None
        try:
            age = today - date.fromisoformat(known.checked)
        except ValueError:
            return None
        spread = timedelta(days=sum(map(ord, link.url)) % 3)
        return known if timedelta(0) <= age < GOOD_FOR - spread else None

    def put(self, result: Result) -> None:
        """Take note of a result; of a busy server nothing is known, so what was known stays."""
        if result.state in GOOD and result.state is not State.OK and result.url in self._results:
            return
        self._results[result.url] = result

    def keep_only(self, urls: Iterable[str]) -> None:
        """Forget addresses that no page names any more."""
        wanted = set(urls)
        self._results = {url: result for url, result in self._results.items() if url in wanted}

    def write(self) -> None:
        """Write the file whole, sorted by address, a line for each, so that changes read well."""
        rows = [
            f"{json.dumps(url)}: {json.dumps(_row(result), ensure_ascii=False)}"
            for url, result in sorted(self._results.items())
        ]
        text = f'{{"form": {_FORM}, "links": {{\n' + ",\n".join(rows) + "\n}}\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f".{self.path.name}.part")
        part.write_text(text, "utf-8")
        os.replace(part, self.path)


def _row(result: Result) -> dict[str, str]:
    fields = {
        "state": result.state.value,
        "checked": result.checked,
        "detail": result.detail,
        "location": result.location,
        "etag": result.etag,
        "title": result.title,
    }
    return {name: value for name, value in fields.items() if value}


def _read(path: Path) -> dict[str, Result]:
    """Return what the file holds; a file of another form or cut short holds nothing."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if data.get("form") != _FORM:
            return {}
        return {url: Result(url=url, **{**row, "state": State(row["state"])}) for url, row in data["links"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}

"""What was read of built pages, kept by what it was read from: a page that has not changed is not read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from archdata.bibliography import write_whole

_CODE = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
_records: dict[str, Any] = {}


class Memory:
    """Records of pages under a folder, or in this process only where there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def get(self, source: str, make: Callable[[], Any]) -> Any:
        """Return the plain value that `make` makes of `source`, made once."""
        name = blake2b(_CODE + source.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        self._used.add(name)
        if name not in _records:
            _records[name] = self._read(name)
        if _records[name] is None:
            _records[name] = made = make()
            if self._folder:
                with suppress(OSError):  # a folder that cannot be written is no error
                    self._folder.mkdir(parents=True, exist_ok=True)
                    write_whole(self._folder / f"{name}.json", json.dumps(made, ensure_ascii=False))
        return _records[name]

    def _read(self, name: str) -> Any:
        with suppress(OSError, ValueError):  # missing or cut short: made again
            return json.loads((self._folder / f"{name}.json").read_text("utf-8")) if self._folder else None
        return None

    def forget(self) -> None:
        """Forget what was not asked for."""
        for name in _records.keys() - self._used:
            del _records[name]
        for file in self._folder.glob("*.json") if self._folder else ():
            if file.stem not in self._used:
                with suppress(OSError):
                    file.unlink()

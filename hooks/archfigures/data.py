"""Results of the pages' own experiments: the JSON that a page's script wrote beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"


def page_data(page: str) -> Any:
    """What `docs/<page>.json` holds, for instance `page_data("architectures/classic/gan")`."""
    return json.loads((DOCS / f"{page}.json").read_text(encoding="utf-8"))

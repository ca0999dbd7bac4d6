"""What is wanted of a page's HTML: its ids, and the title a paper's page gives it."""

from __future__ import annotations

from docscheck.parse.tolerant import TolerantParser


class Targets(TolerantParser):
    """Reads ids and names to which a fragment can point, and `citation_title`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one tag."""
        values = {name: value or "" for name, value in attrs}
        if values.get("id"):
            self.ids.add(values["id"])
        if tag == "a" and values.get("name"):
            self.ids.add(values["name"])
        if tag == "meta" and values.get("name") == "citation_title":
            self.title = " ".join(values.get("content", "").split())


def targets(body: bytes, charset: str) -> Targets:
    """Read a page; what is not HTML simply has neither ids nor a title."""
    found = Targets()
    try:
        text = body.decode(charset, "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    found.feed(text)
    return found


def has_fragment(found: Targets, fragment: str) -> bool:
    """Tell whether a page has the part after #; GitHub puts `user-content-` before the ids of a README."""
    return fragment in found.ids or f"user-content-{fragment}" in found.ids or fragment.lower() in ("", "top")

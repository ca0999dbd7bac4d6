"""The report as Markdown, for one issue that a scheduled workflow keeps up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from docscheck.online.result import GOOD, Link, Result, State

TITLE = "External links that need a look"
_SECTIONS = {
    State.BROKEN: ("Broken", "Find where the page went, or cite something else."),
    State.WRONG_TITLE: (
        "Papers with another title",
        "Compare the identifier with the paper, and correct the bibliography.",
    ),
    State.NO_FRAGMENT: (
        "Pages without the section that is linked to",
        "Use a fragment that the page has now, or link to the whole page.",
    ),
    State.MOVED: ("Moved for good", "Write the new address."),
    State.UNREACHABLE: (
        "Not reached",
        "Wait for the next run; if a page still cannot be reached, treat its link as broken.",
    ),
    State.REFUSED: ("Not asked: private addresses", "Readers cannot open them; remove the links."),
}
_PLACES = 5


def needs_look(results: Iterable[Result]) -> list[Result]:
    """Return the results that ask something of somebody."""
    return [result for result in results if result.state not in GOOD]


def markdown(results: Iterable[Result], links: Mapping[str, Link], today: date) -> str:
    """Return the report: a section for each kind of fault, an item for each address with its places."""
    found = sorted(results, key=lambda result: result.url)
    bad = needs_look(found)
    busy = sum(result.state is State.BUSY for result in found)
    lines = [f"# {TITLE}", "", f"{today.isoformat()}: {len(found)} addresses, {len(bad)} to look at."]
    if busy:
        lines.append(f"{busy} could not be judged, because their servers were busy.")
    for state, (heading, remedy) in _SECTIONS.items():
        chosen = [result for result in bad if result.state is state]
        if chosen:
            lines += ["", f"## {heading} ({len(chosen)})", "", remedy, ""]
            lines += [item for result in chosen for item in _item(result, links.get(result.url))]
    return "\n".join(lines) + "\n"


def _item(result: Result, link: Link | None) -> list[str]:
    lines = [f"- <{result.url}>", f"  {_text(result.detail)}"]
    if result.location and result.location not in result.detail:
        lines.append(f"  leads to <{result.location}>")
    places = [str(place) for place in link.places] if link else []
    shown = ", ".join(f"`{place}`" for place in places[:_PLACES])
    if len(places) > _PLACES:
        shown += f" and {len(places) - _PLACES} more"
    return [*lines, f"  {shown}"] if shown else lines


def _text(text: str) -> str:
    """Return a text from the net in which Markdown and mentions of people find nothing of theirs."""
    for sign in "\\`*_[]<>@#|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())[:500]

"""What a reader sees of a bad example is shown on its page: as rendered, but dead."""

from __future__ import annotations

from pathlib import Path

import pytest
from archdata import rule_examples
from archdata.errors import DataError

PAGE = """\
## What the reader sees

## Bad

````markdown title="second.md"
Not this one.
````

````markdown hl_lines="1"
%s
````

## Good
"""


def _seen(tmp_path: Path, bad: str) -> str:
    (tmp_path / "rule.md").write_text(PAGE % bad, "utf-8")
    return rule_examples.seen(tmp_path, "rule.md")


def test_the_example_with_the_finding_is_rendered_as_on_a_site(tmp_path: Path) -> None:
    shown = _seen(tmp_path, '!!! note "Never closed\n    A body.\n\n!!! tip "Closed"\n\n    Another.')

    assert '<p>!!! note "Never closed' in shown
    assert '<div class="admonition tip">' in shown
    assert "Not this one" not in shown


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        ("# A title\n\nText.", '<div class="ad-seen-h1">A title</div>'),
        ("See [the page](other.md).", '<span class="ad-seen-link">the page</span>'),
        ('![A "lid"](lid.png)', '<span class="ad-seen-image">A "lid"</span>'),
        ("![](lid.png)", '<span class="ad-seen-image">no text</span>'),
        ("- [x] done\n- [ ] open", "☑"),
        ('Run <b onclick="f()" id="b">this</b>.', "<b>this</b>"),
    ],
)
def test_nothing_in_it_can_be_followed_or_found(tmp_path: Path, bad: str, kept: str) -> None:
    shown = _seen(tmp_path, bad)

    assert kept in shown
    assert not any(part in shown for part in ("href=", "src=", " id=", "onclick", "<h1", "<input", "<script"))


def test_an_empty_line_does_not_end_it(tmp_path: Path) -> None:
    shown = _seen(tmp_path, "```\nfirst\n\n\nlast\n```")

    assert "\n\n" not in shown.strip("\n")
    assert "first\n&#10;&#10;last" in shown


def test_a_page_without_a_bad_example_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rule.md").write_text("## Bad\n", "utf-8")

    with pytest.raises(DataError, match="no bad example"):
        rule_examples.seen(tmp_path, "rule.md")

"""Footnotes are numbered and listed in the order in which their marks are read."""

import re

from markdown import markdown

PAGE = """\
- An item with a mark.[^item]

A paragraph behind it,[^paragraph] which names the first again.[^item]

| A table |
| --- |
| with a mark[^cell] |

[^paragraph]: Of the paragraph, with one more mark.[^within]
[^nowhere]: Never cited.
[^within]: Of the note.
[^cell]: Of the cell.
[^item]: Of the item.
"""


def _html() -> str:
    return markdown(PAGE, extensions=["footnotes", "tables", "archmarkdown.footnote_order"])


def test_marks_count_up_as_they_are_read() -> None:
    marks = re.findall(r'<sup id="([^"]+)"><a class="footnote-ref" href="#fn:(\w+)">(\d+)</a>', _html())

    assert marks == [
        ("fnref:item", "item", "1"),
        ("fnref:paragraph", "paragraph", "2"),
        ("fnref2:item", "item", "1"),
        ("fnref:cell", "cell", "3"),
        ("fnref:within", "within", "4"),
    ]


def test_the_notes_stand_in_that_order_and_one_that_is_not_cited_last() -> None:
    html = _html()

    assert re.findall(r'<li id="fn:(\w+)">', html) == ["item", "paragraph", "cell", "within", "nowhere"]
    assert re.findall(r"Jump back to footnote (\d) in the text", html) == ["1", "1", "2", "3", "4", "5"]
    assert html.index('href="#fnref:item"') < html.index('href="#fnref2:item"')


def test_a_page_without_notes_is_left_alone() -> None:
    text = "A [^mark] that nothing defines."

    assert markdown(text, extensions=["archmarkdown.footnote_order"]) == markdown(text)

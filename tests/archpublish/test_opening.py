"""The box and the first section stand together, where a page has both."""

from __future__ import annotations

from archpublish.opening import gathered

BOX = '<div class="at-a-glance">\n<div><table></table></div>\n</div>\n'


def test_the_box_and_the_first_section_are_gathered() -> None:
    page = f'<p>a</p>\n{BOX}<h2 id="key-idea">I</h2>\n<p>b</p>\n<h2>II</h2>\n<p>c</p>'
    want = f'<p>a</p>\n<div class="opening">{BOX}<h2 id="key-idea">I</h2>\n<p>b</p>\n</div>\n<h2>II</h2>\n<p>c</p>'
    assert gathered(page) == want


def test_pages_without_a_box_or_a_second_section_stay_as_they_are() -> None:
    for page in ("<h2>I</h2><h2>II</h2>", f"{BOX}<h2>I</h2><p>b</p>", BOX, ""):
        assert gathered(page) == page


def test_a_section_that_stands_deeper_is_not_cut_off() -> None:
    page = f"{BOX}<h2>I</h2><div><h2>II</h2></div><h2>III</h2>"
    assert gathered(page) == page

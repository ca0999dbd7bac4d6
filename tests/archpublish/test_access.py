"""Names of landmarks and headings of tables."""

from __future__ import annotations

from archpublish.access import mended

NAV = (
    '<nav class="md-nav" data-md-level="1" aria-labelledby="__nav_2_label" aria-expanded="true">\n'
    '<label class="md-nav__title" for="__nav_2">\n<span class="icon"></span>\nParts &amp; wholes\n</label></nav>'
)


def test_a_section_of_the_navigation_has_the_name_of_its_title() -> None:
    assert '<nav class="md-nav" data-md-level="1" aria-label="Parts &amp; wholes" aria-expanded' in mended(NAV)


def test_the_path_is_not_named_like_the_navigation() -> None:
    html = '<nav class="md-path" aria-label="Navigation"><ol></ol></nav>'

    assert 'aria-label="Path to this page"' in mended(html)


def test_an_empty_heading_cell_is_a_plain_one() -> None:
    html = '<tr><th></th><th style="text-align: right;"></th><th>Size</th></tr>'

    assert mended(html) == '<tr><td></td><td style="text-align: right;"></td><th>Size</th></tr>'


def test_a_column_headed_by_a_formula_has_a_name() -> None:
    annotation = '<annotation encoding="application/x-tex">\\sigma</annotation>'
    maths = f"<math xmlns='m'><semantics><mi>σ</mi>{annotation}</semantics></math>"
    html = f"<th><span><span>{maths}</span></span></th><td><span>{maths}</span></td><th>Noise {maths}</th>"

    assert mended(html) == html.replace("<math", '<math aria-label="σ"', 1)


def test_a_table_has_a_box_in_which_it_scrolls() -> None:
    html = "<table>\n<tr><td>1</td></tr>\n</table><table class='x'></table>"
    begin, end = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">', "</div></div>"

    assert mended(html) == f"{begin}<table>\n<tr><td>1</td></tr>\n</table>{end}<table class='x'></table>"
    assert mended(mended(html)) == mended(html)

"""Old addresses lead to the new ones, wherever the site is published."""

from archpublish.redirects import redirect_files

MOVED = {"architectures/classes/transformers/": "architectures/transformers/"}


def test_the_redirect_is_relative_and_names_the_canonical_address() -> None:
    [(path, html)] = redirect_files(MOVED, "https://example.org/kb/")

    assert path == "architectures/classes/transformers/index.html"
    assert 'content="0; url=../../transformers/"' in html
    assert '<a href="../../transformers/">' in html
    assert 'href="https://example.org/kb/architectures/transformers/"' in html


def test_an_address_cannot_break_out_of_its_attribute() -> None:
    [(_, html)] = redirect_files({"old/": 'new"><script>/'}, "https://example.org/")

    assert "<script>" not in html

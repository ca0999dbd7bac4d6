"""Links that seem to lead to one host and lead to another."""

from __future__ import annotations

import pytest
from docscheck import check_page

LINKS = {
    "another host than the text shows": ("[https://arxiv.org/abs/1](https://evil.example/abs/1)", "shows `arxiv.org`"),
    "another host than the text shows, as code": ("[`https://arxiv.org`](https://evil.example)", "shows `arxiv.org`"),
    "another host by a label": ("[www.arxiv.org][a]\n\n[a]: https://evil.example", "shows `arxiv.org`"),
    "a host that begins like another": (
        "[https://arxiv.org](https://arxiv.org.evil.example)",
        "arxiv.org.evil.example",
    ),
    "a user that looks like a host": ("[x](https://arxiv.org@evil.example/)", "leads to `evil.example`"),
    "a user with a port": ("<https://arxiv.org:443@evil.example/>", "leads to `evil.example`"),
    "a letter of another script": ("[x](https://\u0430rxiv.org/)", "cyrillic small letter a"),
    "a name of another script alone": ("[x](https://\u0430\u0440\u0440\u04cf\u0435.com)", "cyrillic small letter"),
    "a letter of another script, encoded": ("[x](https://xn--rxiv-53d.org)", "cyrillic small letter a"),
    "a Greek letter": ("[x](https://g\u03bfogle.com)", "greek small letter omicron"),
    "backslashes for slashes": ("[x](https:\\\\evil.example)", "leads to `evil.example`"),
    "no scheme and backslashes": ('<a href="\\\\evil.example">x</a>', "leads to `evil.example`"),
    "a slash and a backslash": ('<a href="/\\evil.example">x</a>', "leads to `evil.example`"),
    "another page of the host": ("[https://www.example.org/a](https://example.org/b)", "a different address"),
    "a backslash before the user": ("[x](https://example.org:80\\@evil.example)", "leads to `example.org`"),
}


@pytest.mark.parametrize(("text", "message"), LINKS.values(), ids=LINKS.keys())
def test_a_link_that_misleads_is_told(text: str, message: str) -> None:
    found = [one.message for one in check_page(f"# Title\n\nSee {text}\n") if one.code == "SEC107"]

    assert len(found) == 1
    assert message in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "[arxiv.org](https://arxiv.org)",
        "[https://www.example.org/a](https://example.org/a)",
        "[https://example.org](https://docs.example.org/)",
        "[`model.py`](https://github.com/a/b/blob/main/model.py)",
        "[Character.AI](https://example.org/)",
        "<https://münchen.de> <https://пример.рф> <https://例え.jp> [x](//example.org/a)",
        "[mail](mailto:a@example.org) <a@example.org> [x](https://example.org/@user) [x](a\\b.md)",
        "[https://github.com/a/b][1]\n\n[1]: https://github.com/a/b",
    ],
)
def test_a_link_that_does_not_is_not_told(text: str) -> None:
    assert [one for one in check_page(f"# Title\n\nSee {text}\n") if one.code == "SEC107"] == []

"""The theme's own scripts are known wherever a site lies, and no other is."""

from __future__ import annotations

from importlib.resources import files

import pytest
from archpublish import policy

THEME = files("material") / "templates/partials/javascripts/base.html"


def page(scope: str) -> str:
    _, found, script = THEME.read_text(encoding="utf-8").partition("<script>")
    return "<html><head>" + found + script.replace("{{ config.extra.scope | d(base_url) }}", scope) + "</head></html>"


@pytest.mark.parametrize("scope", [".", "..", "../..", "/", "/name/", "/some/folder_1/~x/"])
def test_a_site_lies_where_it_likes(scope: str) -> None:
    """In `404.html`, which a host shows at any address, the site's root is told from the host: `/name/` on GitHub."""
    assert policy.MARK in policy.with_policy(page(scope))


@pytest.mark.parametrize("scope", ["//evil.example/", "https://evil.example/", '/",alert(1))//', "\\evil.example"])
def test_the_scope_is_of_the_site(scope: str) -> None:
    with pytest.raises(policy.UnknownScriptError):
        policy.with_policy(page(scope))

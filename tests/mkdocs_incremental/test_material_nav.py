"""A navigation drawn once for several pages is the one that a plain build draws on each."""

from __future__ import annotations

from pathlib import Path

import material
import pytest
import small_site
from small_site import FILES, put, same

OLD = '<li class="{{ class }} md-nav__item--nested">'


@pytest.mark.parametrize("added", ["", "<i>{{ page.title }}</i>", "<i>{{ base_url }}</i>"])
def test_a_full_navigation(added: str, tmp_path: Path) -> None:
    """Also where a site's own template shows something of the page in each section."""
    root = small_site.write(tmp_path)
    put(root, "mkdocs.yml", FILES["mkdocs.yml"].replace(", navigation.prune", ""))
    text = (Path(material.__file__).parent / "templates/partials/nav-item.html").read_text("utf-8")
    assert OLD in text
    put(root, "overrides/partials/nav-item.html", text.replace(OLD, OLD + added))

    first = same(root)

    assert first.files == same(root).files

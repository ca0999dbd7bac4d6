"""Links and modules as they are read from a disk; what only the published site holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from archpublish import extras, offline


@pytest.mark.parametrize(
    ("target", "local"),
    [
        ("../x/", "../x/index.html"),
        ("../x/#a", "../x/index.html#a"),
        ("..", "../index.html"),
        (".", "./index.html"),
        ("../x/?b=1", "../x/index.html?b=1"),
        ("../x.css", "../x.css"),
        ("#a", "#a"),
        ("https://x.org/y/", "https://x.org/y/"),
        ("", ""),
    ],
)
def test_links_name_files(target: str, local: str) -> None:
    assert offline.local(target) == local


def test_a_module_becomes_a_function() -> None:
    made = offline.bundle(
        {
            "a/x.mjs": 'import { f, g as h } from "./m/y.mjs";\nexport default async function (block) {\n  h(f);\n}\n',
            "a/m/y.mjs": "export const f = 1;\nexport function g() {}\n",
        }
    )

    assert 'const { f, g: h } = use("a/m/y.mjs");' in made
    assert "own.default = async function (block)" in made
    assert "Object.assign(own, { f, g });" in made
    assert "MODULES" not in made.partition("globalThis")[2]


def test_a_form_of_module_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="export \\*"):
        offline.bundle({"a.mjs": 'export * from "./b.mjs";'})


def test_links_to_extras_stand_only_where_they_are_published(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.md").write_text("---\ntitle: A\n---\n\n## Cheat sheet\n\ntext\n", encoding="utf-8")

    assert "href" not in extras.links(tmp_path, "reference/downloads.md", published=False)
    assert '<a href="../../a/cheat-sheet.pdf">A</a>' in extras.links(tmp_path, "reference/downloads.md", published=True)

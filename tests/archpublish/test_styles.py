"""One stylesheet in place of many."""

from __future__ import annotations

from pathlib import Path

from archpublish import site, styles

HTML = (
    '<head>\n<link rel="stylesheet" href="../../a/x.css">\n<link rel="stylesheet" href="../../b/y.css">\n'
    "<title>T</title>\n</head>"
)


def test_a_page_links_one_sheet() -> None:
    known = styles.linked(HTML, "p/q/")

    assert known == ["a/x.css", "b/y.css"]
    assert styles.with_one(HTML, "p/q/", known) == (
        '<head>\n<link rel="stylesheet" href="../../assets/stylesheets/all.css">\n<title>T</title>\n</head>'
    )


def test_a_page_with_other_sheets_stays() -> None:
    assert styles.with_one(HTML, "p/q/", ["a/x.css", "c.css"]) == HTML
    assert styles.with_one(HTML, "p/q/", []) == HTML


def test_the_sheet_holds_all_and_finds_their_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a/x.css").write_text("/* note */\np { color: red; }\n", encoding="utf-8")
    (tmp_path / "b/y.css").write_text(
        "@font-face{src:url(fonts/f.woff2)} i{background:url(data:x)} b{mask:url('/z.svg')}", encoding="utf-8"
    )

    assert styles.merged(tmp_path, ["a/x.css", "b/y.css"]) == (
        "p { color: red; }\n"
        "@font-face{src:url(../../b/fonts/f.woff2)} i{background:url(data:x)} b{mask:url('/z.svg')}\n"
    )


def test_a_site_of_another_generator_gets_the_same_sheet(tmp_path: Path) -> None:
    """Whoever builds the pages, the theme's sheet loses what none of them can use."""
    built, docs = tmp_path / "site", tmp_path / "docs"
    for name, text in {
        "docs/page.md": "---\ntitle: Page\n---\n\nText.\n",
        "docs/assets/own.mjs": "element.className = 'made'",
        "site/assets/own.mjs": "element.className = 'made'",
        "site/assets/stylesheets/theme.min.css": "/* theirs */.here{a:b}.gone{a:b}.made{a:b}",
        "site/assets/stylesheets/own.css": ".put-together{a:b}",
        "site/page/index.html": (
            '<html><head>\n<link rel="stylesheet" href="../assets/stylesheets/theme.min.css">\n'
            '<link rel="stylesheet" href="../assets/stylesheets/own.css">\n</head><body class="here"></body></html>'
        ),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    for _ in range(2):  # the second time, nothing is left to be done
        site.write_heads(built, docs, site.about({"site_name": "x", "site_url": "https://example.org/"}))
        assert (built / styles.PATH).read_text("utf-8") == ".here{a:b}.made{a:b}\n.put-together{a:b}\n"
        assert 'href="../assets/stylesheets/all.css"' in (built / "page/index.html").read_text("utf-8")

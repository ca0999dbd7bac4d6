"""One stylesheet in place of many."""

from __future__ import annotations

from pathlib import Path

from archpublish import styles

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

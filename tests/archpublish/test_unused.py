"""Rules that no page can use leave the sheets of others, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
import tinycss2
from archpublish import styles, unused


def written(css: str) -> str:
    """As the library writes it, with its quotes."""
    return str(tinycss2.serialize(tinycss2.parse_stylesheet(css)))


KNOWN = {"here", "slate", "js-made", "ltr", "a:b"}


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".here{color:red}.gone{color:red}p{margin:0}", ".here{color:red}p{margin:0}"),
        (".here .gone,.here>p{color:red}", ".here>p{color:red}"),
        (".here:not(.gone){a:b}:is(.gone,p){a:b}", ".here:not(.gone){a:b}:is(.gone,p){a:b}"),
        ("[data-x=slate]{a:b}[data-x=red]{a:b}[data-x]{a:b}", "[data-x=slate]{a:b}[data-x]{a:b}"),
        ("[dir=ltr] p{a:b}[dir=rtl] p{a:b}", "[dir=ltr] p{a:b}"),
        ('a[href$=".gone"]{a:b}', 'a[href$=".gone"]{a:b}'),
        (r".a\:b{a:b}.c\:d{a:b}", r".a\:b{a:b}"),
        ("@media (min-width:1em){.gone{a:b}.here{a:b}}", "@media (min-width:1em){.here{a:b}}"),
        ("@media print{.gone{a:b}}p{a:b}", "p{a:b}"),
        ("@keyframes gone{0%{a:b}to{a:b}}", "@keyframes gone{0%{a:b}to{a:b}}"),
        ("@font-face{src:url(x.woff2)}", "@font-face{src:url(x.woff2)}"),
        ('@charset "utf-8";.gone{a:b}', '@charset "utf-8";'),
        ('p:before{content:"}.gone{"}.gone{a:b}', 'p:before{content:"}.gone{"}'),
        ("p{b:url('data:image/svg+xml,<svg d=\".gone{\"/>')}", "p{b:url('data:image/svg+xml,<svg d=\".gone{\"/>')}"),
    ],
)
def test_only_rules_that_ask_for_the_unknown_go(css: str, kept: str) -> None:
    assert unused.without(css, KNOWN, set()) == written(kept)


def test_properties_that_nothing_reads_go() -> None:
    css = ":root{--a:url('data:x;y,<p d=\"}\"/>');--b:calc(1px + (2px*3));--c:#fff}p{color:var(--c);margin:var( --b )}"

    assert unused.read_properties(css) == {"--b", "--c"}
    assert unused.without(css, KNOWN, {"--b", "--c"}) == (
        ":root{--b:calc(1px + (2px*3));--c:#fff}p{color:var(--c);margin:var( --b )}"
    )


def test_names_are_read_from_pages_and_from_the_scripts_that_they_run(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/linked.js").write_text('x.classList.add("from-linked")', encoding="utf-8")
    (tmp_path / "assets/module.mjs").write_text('el("p", {class: "from-module"})', encoding="utf-8")
    (tmp_path / "assets/other.js").write_text('"from-other"', encoding="utf-8")
    (tmp_path / "index.html").write_text(
        '<body dir="ltr" data-md-color-scheme="slate"><p class="one two">three</p>'
        '<script src="./assets/linked.js"></script><script>add("inline")</script>',
        encoding="utf-8",
    )
    found = unused.words(tmp_path, [tmp_path / "assets/module.mjs"])

    assert {"one", "two", "ltr", "slate", "from-linked", "from-module", "inline"} <= found
    assert not {"three", "from-other"} & found


def test_own_sheets_stay_whole(tmp_path: Path) -> None:
    (tmp_path / "main.min.css").write_text(".gone{a:b}:root{--x:1;--y:2}", encoding="utf-8")
    (tmp_path / "own.css").write_text(".part-1{a:b}p{c:var(--x)}", encoding="utf-8")

    merged = styles.merged(tmp_path, ["main.min.css", "own.css"], set())

    assert merged == ":root{--x:1;}\n.part-1{a:b}p{c:var(--x)}\n"

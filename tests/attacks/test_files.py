"""Files that a pull request may bring: links, devices, bombs, images that are something else, drawings that act."""

from __future__ import annotations

import json
import os
import socket
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from archdata import intake
from archdata.drawings import faults as faults_of_drawing

ROOT = Path(__file__).resolve().parents[2]
SVG = 'xmlns="http://www.w3.org/2000/svg"'


def png(width: int, height: int) -> bytes:
    """A file of few bytes that claims to hold so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def put(path: Path, content: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def told(docs: Path) -> list[str]:
    return [str(error) for error in intake.check(docs)]


CONTENTS: dict[str, tuple[str, bytes | str, str]] = {
    # YAML.
    "a Python object in data": ("_data/x.yml", "a: !!python/object/apply:os.system [id]", ""),
    "nesting that ends libyaml": ("_data/x.yml", "a: " + "[" * 200_000, "nested more than 100 levels deep"),
    "nesting in blocks": ("_data/x.yml", "- " * 50_000 + "x", "nested more than 100 levels deep"),
    "nesting by indentation": ("_data/x.yml", "\n".join(" " * n + "a:" for n in range(900)), "nested more than 100"),
    "a billion laughs": (
        "_data/x.yml",
        "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
        "aliases stand for more than 100000 values",
    ),
    "an alias that holds itself": ("_data/x.yml", "a: &a [*a]", "holds itself"),
    "nesting in front matter": (
        "page.md",
        "---\na: " + "[" * 200_000 + "\n---\ntext",
        "nested more than 100 levels deep",
    ),
    "laughs in front matter": (
        "page.md",
        "---\na0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
        + "---\ntext\n",
        "aliases stand for more than 100000 values",
    ),
    # Front matter that docscheck would not read, or that the theme would obey.
    "front matter without marks": (
        "page.md",
        'title: x\ndescription: 0;url=https://evil.example" http-equiv="refresh\n\nText.\n',
        "page.md:1: MkDocs takes the first line",
    ),
    "front matter without marks, indented": ("page.md", "   title: </title>\n\nText.\n", "takes the first line"),
    "front matter for a whole folder": (
        "a/.meta.yml",
        "description: '0;url=https://evil.example\" http-equiv=\"refresh'\n",
        '`"` in `description`: front matter is plain text',
    ),
    "a list for a whole folder": ("a/.meta.yml", "- title\n", "not a set of `key: value` lines"),
    "hyphens that end nothing": (
        "page.md",
        "---\ntitle: x\n---more: 1\na: " + "[" * 200_000 + "\n---\ntext",
        "nested more than 100 levels deep",
    ),
    "line ends of an old system": ("page.md", "---\rtitle: <b>\r---\rtext", "`<` in `title`"),
    "a template that leads away": ("page.md", "---\ntemplate: redirect.html\n---\n", "is not a template for pages"),
    "a template without a page": ("page.md", "---\ntemplate: sitemap.xml\n---\n", "is not a template for pages"),
    "a place to be led to": (
        "page.md",
        "---\nlocation: https://evil.example\n---\n",
        "`location` is not allowed in pages",
    ),
    "a file as icon": ("page.md", "---\nicon: ../../../mkdocs.yml\n---\n", "`icon` is not allowed in pages"),
    "a title that is a list": ("page.md", "---\ntitle: [x]\n---\n", "page.md:2: `title` is not a text"),
    "a kind that is a list": ("page.md", "---\npage-type: [hub]\n---\n", "`page-type` is not a text"),
    "a number of names": ("page.md", "---\naliases: 5\n---\n", "`aliases` is not a list of texts"),
    "names within names": ("page.md", "---\naliases: [[x]]\n---\n", "`aliases` is not a list of texts"),
    "an author of many parts": ("page.md", "---\nauthor: {a: {b: c}}\n---\n", "`author` has more than one value"),
    # JSON.
    "nesting in JSON": ("page.json", "[" * 200_000, "nested too deeply"),
    "no JSON": ("page.json", "{\n'a': 1}", "page.json:2: not JSON: Expecting property name"),
    # Pages.
    "ten thousand brackets": ("page.md", "x\n\n" + "[" * 10_000, "hundreds of times in a row"),
    "ten thousand brackets and letters": ("page.md", "[a](" * 10_000, "hundreds of times in a row"),
    "ten thousand quotations": ("page.md", "> " * 10_000 + "x", "hundreds of times in a row"),
    "ten thousand lists": ("page.md", "- + * " * 10_000 + "x", "hundreds of times in a row"),
    "ten thousand comments": ("page.md", "<![CDATA[" * 10_000, "hundreds of times in a row"),
    "ten thousand tabs": ("page.md", '=== "a"\n' * 10_000, "hundreds of times in a row"),
    "ten thousand abbreviations": ("page.md", "*[a]: b\n" * 10_000, "hundreds of times in a row"),
    "a long line": ("page.md", "word " + "".join(map(str, range(20_000))), "characters; at most 50000"),
    "a page of ten megabytes": (
        "page.md",
        "A sentence that is one of very many.\n\n" * 270_000,
        "more than a `.md` may have",
    ),
    "a page that is no text": ("page.md", b"\xff\xfe\x00h", "not UTF-8"),
    # Kinds.
    "a page of HTML": ("page.html", "<script>alert(1)</script>", "files of the kind `.html` are not published"),
    "a page of XHTML": ("page.xhtml", "<x/>", "files of the kind `.xhtml` are not published"),
    "a script among the pages": ("architectures/x.js", "alert(1)", "`.js` is code for browsers"),
    "a stylesheet among the pages": ("architectures/x.css", "*{}", "`.css` is code for browsers"),
    "a service worker": ("sw.js", "self", "`.js` is code for browsers"),
    "a zip": ("x.zip", b"PK\x03\x04", "files of the kind `.zip` are not published"),
    "a compressed drawing": ("x.svgz", b"\x1f\x8b", "files of the kind `.svgz` are not published"),
    "a PDF": ("x.pdf", b"%PDF", "files of the kind `.pdf` are not published"),
    "settings for a server": (".htaccess", "Header unset x", "files of the kind `.htaccess` are not published"),
    "a file without a kind": ("CNAME", "evil.example", "files of the kind `CNAME` are not published"),
    "orders for search engines": ("robots.txt", "User-agent: *\nDisallow: /\n", "no text for programs may lie here"),
    "a proof that the site is somebody's": ("x.json", "{}", "no text for programs may lie here"),
    # Characters that nobody sees.
    "code that is shown in another order": ("page.md", "`a \u202e b \u2066`", "`\\u202e`, stands here"),
    "code in another order in a file": ("x/code.py", "# \u2067 x\n", "`\\u2067`, stands here"),
    "orders for a language model": ("page.md", "Text.\n\nx\U000e0049\U000e0067", "page.md:3: a character that nobody"),
    "an order for a terminal": ("_data/x.yml", "a: x\x1b[2J\n", "`\\x1b`, stands here"),
    "an order of one character": ("x/x.out", "x\x9b2J\n", "`\\x9b`, stands here"),
    "a space without width": ("_data/x.bib", "@misc{a\u200bb}", "`\\u200b`, stands here"),
    "a title that is two lines": (
        "page.md",
        '---\ntitle: "A\\n- [x](https://evil.example)"\n---\n',
        "holds a line break",
    ),
    "a title that turns around": ("page.md", '---\ntitle: "A \\u202e B"\n---\n', "or a character that nobody sees"),
    "a name of Windows itself": ("x/aux.md", "x", "the name `aux.md` cannot be an address everywhere"),
    "a name of Windows with endings": ("x/Con.x.md", "x", "the name `Con.x.md` cannot be an address everywhere"),
    "a long name": ("x/" + "y" * 250 + ".md", "x", "a name has 253 characters"),
    "many folders": ("/".join("abcdefghijkl") + "/page.md", "x", "more than 10 folders within each other"),
    "a folder where a file is made": ("data/models.json/index.md", "x", "the folder is named like a file"),
    "a name with a line break": ("a\nb.md", "x", "cannot be an address everywhere"),
    "a name that turns around": ("a\u202edm.exe.md", "x", "cannot be an address everywhere"),
    "a name with a space": ("a b.md", "x", "cannot be an address everywhere"),
    # Images.
    "an image bomb": ("x.png", png(60_000, 60_000), "60000 × 60000 pixels"),
    "an image of many pixels": ("x.png", png(11_000, 11_000), "at most 12000 a side and 40 million"),
    "an image without pixels": ("x.png", png(0, 5), "0 × 5 pixels"),
    "a page named as an image": ("x.png", "<script>alert(1)</script>", "the file is not a `.png` image"),
    "a GIF that is a script": ("x.gif", b"GIF89", "the file is not a `.gif` image"),
    "a JPEG cut short": ("x.jpg", b"\xff\xd8\xff\xe0\x00\x10", "the file is not a `.jpg` image"),
    "a JPEG with a segment of no length": ("x.jpg", b"\xff\xd8\xff\xe0\x00\x00" * 9, "the file is not a `.jpg` image"),
    "a WebP that is none": ("x.webp", b"RIFF\0\0\0\0WEBPVP8?" + b"\0" * 30, "the file is not a `.webp` image"),
}


@pytest.mark.parametrize(("name", "content", "message"), CONTENTS.values(), ids=CONTENTS.keys())
def test_a_file_is_not_let_in(tmp_path: Path, name: str, content: bytes | str, message: str) -> None:
    put(tmp_path / name, content)

    found = told(tmp_path)

    if message:
        assert any(message in fault for fault in found), found
        assert all(len(fault) < 500 and "\n" not in fault for fault in found)
    else:  # let in, and read by a loader that knows no such tag
        from archdata.documents import read
        from archdata.errors import DataError

        with pytest.raises(DataError, match="could not determine a constructor"):
            read(tmp_path / name)


PLACES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to a file elsewhere": (lambda docs: (docs / "x.md").symlink_to("/etc/passwd"), "link in the file system"),
    "a link to the environment": (
        lambda docs: (docs / "x.txt").symlink_to("/proc/self/environ"),
        "link in the file system",
    ),
    "a link that climbs": (
        lambda docs: (docs / "x.md").symlink_to("../../../../../etc/passwd"),
        "link in the file system",
    ),
    "a link to a folder": (lambda docs: (docs / "x").symlink_to("/etc"), "link in the file system"),
    "a link to itself": (lambda docs: (docs / "x").symlink_to("x"), "link in the file system"),
    "a link to its own folder": (lambda docs: (docs / "x").symlink_to(docs), "link in the file system"),
    "a link to data": (lambda docs: (docs / "x.yml").symlink_to("/dev/zero"), "link in the file system"),
    "a pipe": (lambda docs: os.mkfifo(docs / "x.md"), "device, a pipe or a socket"),
}


@pytest.mark.parametrize(("make", "message"), PLACES.values(), ids=PLACES.keys())
def test_a_place_elsewhere_is_not_let_in(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    make(tmp_path)

    assert any(message in fault for fault in told(tmp_path))


@pytest.mark.parametrize("name", ["index.md", "README.md"])
def test_a_page_takes_no_other_pages_address(tmp_path: Path, name: str) -> None:
    """Of two pages at one address, MkDocs publishes either without a word."""
    put(tmp_path / "attention.md", "The page that is there.")
    put(tmp_path / "attention" / name, "The attacker's page.")

    assert any(
        f"attention/{name}: this page and `attention.md` would have one address" in one for one in told(tmp_path)
    )


def test_a_socket_is_not_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("x.md")

        assert any("device, a pipe or a socket" in fault for fault in told(tmp_path))


DRAWINGS = {
    "a script": f"<svg {SVG}><script>alert(1)</script></svg>",
    "a handler": f'<svg {SVG} onload="alert(1)"/>',
    "a handler with a prefix": f'<svg {SVG} xmlns:e="http://www.w3.org/2001/xml-events" e:onload="alert(1)"/>',
    "a page inside": f"<svg {SVG}><foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml'/></foreignObject></svg>",
    "a script of XHTML": f'<svg {SVG}><s:script xmlns:s="http://www.w3.org/1999/xhtml">alert(1)</s:script></svg>',
    "a program as link": f'<svg {SVG}><a href="javascript:alert(1)"><text>x</text></a></svg>',
    "a program behind a name of XLink": (
        f'<svg {SVG} xmlns:x="http://www.w3.org/1999/xlink"><use x:href="javascript:alert(1)"/></svg>'
    ),
    "a drawing used from elsewhere": f'<svg {SVG}><use href="https://evil.example/x.svg#a"/></svg>',
    "an image from elsewhere": f'<svg {SVG}><image href="https://evil.example/x.png"/></svg>',
    "a stylesheet": f"<svg {SVG}><style>@import url(https://evil.example/x.css);</style></svg>",
    "a stylesheet by instruction": f'<?xml-stylesheet href="https://evil.example/x.css"?><svg {SVG}/>',
    "a style": f'<svg {SVG}><rect style="background:url(https://evil.example)"/></svg>',
    "a paint from elsewhere": f'<svg {SVG}><rect fill="url(https://evil.example/x.svg#a)"/></svg>',
    "a paint from elsewhere, escaped": f'<svg {SVG}><rect fill="u\\72l(https://evil.example)"/></svg>',
    "an animation": f'<svg {SVG}><set attributeName="href" to="javascript:alert(1)"/></svg>',
    "a filter": f'<svg {SVG}><filter><feImage href="https://evil.example/x.png"/></filter></svg>',
    "an entity": f'<!DOCTYPE svg [<!ENTITY a "b">]><svg {SVG}><text>&a;</text></svg>',
    "a file as entity": f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg {SVG}><text>&a;</text></svg>',
    "a document type elsewhere": f'<!DOCTYPE svg SYSTEM "https://evil.example/x.dtd"><svg {SVG}/>',
    "a parameter entity": f'<!DOCTYPE svg [<!ENTITY % a SYSTEM "https://evil.example/x">%a;]><svg {SVG}/>',
    "a billion laughs": (
        '<!DOCTYPE svg [<!ENTITY a0 "x">'
        + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
        + f"]><svg {SVG}><text>&a39;</text></svg>"
    ),
    "a billion laughs without entities": (
        f'<svg {SVG}><g id="a0"><rect/></g>'
        + "".join(f'<g id="a{n}"><use href="#a{n - 1}"/><use href="#a{n - 1}"/></g>' for n in range(1, 30))
        + "</svg>"
    ),
    "patterns of patterns": (
        f"<svg {SVG}>"
        + "".join(f'<pattern id="a{n}">' + f'<rect fill="url(#a{n + 1})"/>' * 9 + "</pattern>" for n in range(9))
        + '<rect fill="url(#a0)"/></svg>'
    ),
    "a part that shows itself": f'<svg {SVG}><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>',
    "a large mark at each of many points": (
        f'<svg {SVG}><marker id="m">{"<g/>" * 1000}</marker><path marker-mid="url(#m)" d="{"M1 1 " * 1000}"/></svg>'
    ),
    "a chain of parts": (
        f"<svg {SVG}>" + "".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(5000)) + "</svg>"
    ),
    "nesting": f"<svg {SVG}>" + "<g>" * 100_000,
    "elements without end": f"<svg {SVG}>" + "<g/>" * 100_000 + "</svg>",
    "no drawing": "<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    "no namespace": "<svg><script>alert(1)</script></svg>",
    "no XML": "<svg",
    "another encoding": '<?xml version="1.0" encoding="utf-7"?><svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("content", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_a_drawing_that_is_more_is_not_let_in(tmp_path: Path, content: str) -> None:
    put(tmp_path / "x.svg", content)

    found = told(tmp_path)

    assert found
    assert all("x.svg" in fault for fault in found)


def test_a_drawing_is_let_in() -> None:
    drawing = f"""<?xml version="1.0" encoding="UTF-8"?>
<svg {SVG} xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" role="img" xml:lang="en"><title>x</title>
<defs><linearGradient id="g"><stop offset="0" stop-color="rgb(1,2,3)"/></linearGradient><g id="p"/></defs>
<marker id="m"><path d="M0 0"/></marker><path marker-end="url(#m)" d="M0 0L9 9"/>
<g transform="translate(1,2) rotate(3)">
<use xlink:href="#p"/><use href="#p"/><rect fill="url(#g)" width="1"/></g></svg>"""

    assert list(faults_of_drawing(drawing.encode())) == []


def test_what_the_site_has_is_let_in() -> None:
    assert told(ROOT / "docs") == []


def test_the_data_cannot_reach_other_files(tmp_path: Path) -> None:
    """Keys become names of files: none of them may climb."""
    from archdata import models, specs
    from archdata.errors import DataError

    (tmp_path / "_data/models").mkdir(parents=True)
    put(tmp_path / "secret.yml", json.dumps({"name": "secret"}))
    for key in ("../../secret", "../../../../etc/passwd", "/etc/passwd", "..\\secret"):
        with pytest.raises(DataError, match="unknown model"):
            models.get(tmp_path, key)
        with pytest.raises(DataError, match=r"unknown|there is no"):
            specs.get(tmp_path, key)


def _entry(title: str) -> str:
    return f"@misc{{a2026a,\n  title = {{{title}}},\n  author = {{Able, Ann}},\n  year = {{2026}},\n}}\n"


BIBLIOGRAPHIES = {
    "braces": _entry("{" * 40_000 + "x" + "}" * 40_000),
    "braces that stay open": _entry("{" * 50_000),
    "commands in commands": _entry("\\emph{a " * 5_000 + "x" + "}" * 5_000),
    "accents in accents": _entry('\\"{' * 20_000),
    "backslashes": _entry("\\" * 50_001),
    "authors": _entry("x").replace("Able, Ann", "and " * 50_000),
    "texts that double": (
        '@string{s0 = "x"}\n'
        + "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 60))
        + _entry("x").replace("{x}", "s59")
    ),
    "beginnings": "@misc{" * 20_000,
    "quotation marks": '@misc{a, title="' + '"' * 50_000 + "}",
}


@pytest.mark.parametrize("text", BIBLIOGRAPHIES.values(), ids=BIBLIOGRAPHIES.keys())
def test_a_bibliography_does_not_grow_while_it_is_read(tmp_path: Path, text: str) -> None:
    """Nor does it end Python: what is no entry is told by the checks, what is one is no longer than it was."""
    from archdata import bibliography

    put(tmp_path / "references.bib", text)
    read = bibliography.load(tmp_path / "references.bib")

    assert len(read) <= 1
    assert all(len(entry.title) <= len(text) for entry in read.values())


@pytest.mark.parametrize(
    "sign",
    ["\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "\b\b\b", "\x7f", "\u202e", "\u2066"],
    ids=["title", "clear", "C1", "backspace", "delete", "turn around", "isolate"],
)
def test_a_page_gives_the_terminal_no_orders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sign: str
) -> None:
    """What is printed of a stranger's page is read by a terminal, often with the rights of whoever looks after it."""
    from docscheck.cli import main

    put(tmp_path / "mkdocs.yml", "site_name: x\n")
    put(tmp_path / "docs/index.md", f"# Words\n\n{sign}[Lost](no{sign}where.md) of it.\n")
    monkeypatch.chdir(tmp_path)

    for form in ("text", "json", "sarif", "github", "gitlab"):
        assert main(["--no-cache", "--format", form]) == 1
        out = capsys.readouterr().out
        assert "LNK101" in out
        assert sign[0] not in out


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_page_gives_the_runner_of_a_workflow_no_orders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """GitHub obeys lines that begin with two colons: the only ones are ours, one for each finding."""
    from docscheck.cli import main

    order = "::error file=a,line=1::owned"
    put(tmp_path / "mkdocs.yml", "site_name: x\n")
    put(tmp_path / "docs/index.md", f"# Words\n\n{order}\n\n[{order}](<no%0A{order}>) [a\n{order}]: <x\n{order}>\n")
    put(tmp_path / f"docs/a\n{order}.md", f"{order} [x](gone.md)\n")
    monkeypatch.chdir(tmp_path)

    assert main(["--no-cache", "--format", form]) == 1
    lines = capsys.readouterr().out.split("\n")
    begun = [line for line in lines if line.lstrip().startswith("::")]
    assert all(line.startswith(("::error file=docs/", "::warning file=docs/")) for line in begun)
    assert bool(begun) == (form == "github")


def test_messages_of_a_build_give_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    """Everything of a build that warns may quote a page: MkDocs, the plugins, the extensions, the hooks."""
    import logging
    import sys

    from docscheck.report.logs import make_harmless

    logger = logging.getLogger("attacked")
    logger.addHandler(logging.StreamHandler(sys.stderr))
    make_harmless("attacked")
    logging.getLogger("attacked.part").warning("a %s", "\x1b[2J\n  ::stop-commands::x\n##[error]y C::d")
    logger.handlers.clear()

    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert not any(line.lstrip().startswith("::") for line in told.split("\n"))
    assert "##[" not in told
    assert "C::d" in told


def test_the_builds_messages_go_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import logging

    import build  # hooks/build.py
    from docscheck.report.logs import Harmless

    handler = logging.NullHandler()
    logging.getLogger("mkdocs").addHandler(handler)
    build.on_startup("build")
    logging.getLogger("mkdocs").removeHandler(handler)

    assert [type(one) for one in handler.filters] == [Harmless]

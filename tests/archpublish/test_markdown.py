"""A built page as Markdown again, with everything the build put in."""

from __future__ import annotations

import textwrap

import pytest
from archpublish.article import article, parse
from archpublish.markdown import markdown


def converted(html: str) -> str:
    return markdown(parse(textwrap.dedent(html))).strip()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <em>two</em> <strong>three</strong>\nfour</p>", "One *two* **three** four"),
        ('<h2 id="a">A &amp; B<a class="headerlink" href="#a">¶</a></h2>', "## A & B"),
        ("<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>", "- one\n- two\n  - deep"),
        ('<ol start="3"><li>three</li></ol>', "3. three"),
        ("<p><code>a`b</code></p>", "``a`b``"),
        ('<p><a class="term" title="x: y" href="../x/">term</a> <a href="../y/">link</a></p>', "term [link](../y/)"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1 | 2</td><td><p>x</p></td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1 \\| 2 | x |",
        ),
        ("<details><summary>More</summary><p>Inside.</p></details>", "> **More**\n>\n> Inside."),
        (
            '<div class="admonition note"><p class="admonition-title">Mind</p><p>This.</p></div>',
            "> **Mind**\n>\n> This.",
        ),
        ("<dl><dt>Term</dt><dd>Meaning.</dd></dl>", "Term\n:   Meaning."),
        ('<p>kept<span hidden data-sort="1">gone</span></p>', "kept"),
        ("<script>gone()</script><p>kept</p>", "kept"),
        # What no reader sees is told to nobody, and text stays text wherever a copy is shown.
        ('<p>kept<span style="Display : none">gone</span></p>', "kept"),
        ('<p>kept<span style="color:red;font-size: 0em">gone</span></p>', "kept"),
        ('<p>kept<span style="opacity:0">gone</span> <span style="opacity:0.5">half</span></p>', "kept half"),
        ("<p>&lt;script&gt;x&lt;/script&gt; and 1 &lt; 2</p>", r"\<script>x\</script> and 1 < 2"),
        ('<p><img src="x.png" alt="&lt;img src=x onerror=y&gt;"></p>', r"![\<img src=x onerror=y>](x.png)"),
        ("<p><code>a``&lt;script&gt;`</code></p>", "``` a``<script>` ```"),
        ('<div class="highlight language-x`<script>"><pre><code>y</code></pre></div>', "```\ny\n```"),
    ],
)
def test_elements_become_markdown_again(html: str, text: str) -> None:
    assert converted(html) == text


def test_code_keeps_its_lines_and_signs() -> None:
    html = (
        '<div class="highlight"><pre><span></span><code><a id="l1"></a><span class="k">if</span> a &lt; b:\n'
        '<a id="l2"></a>    <span class="n">print</span>()\n</code></pre></div>'
    )

    assert converted(html) == "```\nif a < b:\n    print()\n```"


def test_formulas_are_tex_and_drawings_their_description() -> None:
    html = (
        '<p>With <span class="arithmatex"><span class="katex"><span class="katex-mathml"><math><semantics><mi>d</mi>'
        '<annotation encoding="application/x-tex">d &lt; \\alpha</annotation></semantics></math></span>'
        '<span class="katex-html"><span class="base">d</span></span></span></span> set.</p>'
        '<figure><svg role="img"><title>A name</title><desc>What it shows.</desc><text>label</text></svg>'
        "<figcaption><p>A caption.</p></figcaption></figure>"
    )

    assert converted(html) == "With $d < \\alpha$ set.\n\n[Figure: A name. What it shows.]\n\nA caption."


def test_a_reference_is_one_line_and_a_citation_its_words() -> None:
    html = (
        '<p>Known <span class="citation">[<a class="citation-link" href="#ref-x">X 2020</a>]</span>.</p>'
        '<div class="admonition note reference"><p class="admonition-title"><a href="https://x.org">A title</a></p>'
        "<p>Shows it.</p><details><summary>X 2020 · authors</summary><p>Ann X. 2020-01. arXiv:1.2.</p>"
        '<p class="reference-cited-in">Also cited in: nothing</p></details></div>'
    )

    assert (
        converted(html) == "Known [X 2020].\n\n- X 2020: [A title](https://x.org). Shows it. Ann X. 2020-01. arXiv:1.2."
    )


def test_only_the_article_is_read() -> None:
    html = '<nav>menu</nav><article><header class="page-head"><h1>T</h1></header><p>text</p></article><footer/>'

    assert markdown(article(html)) == "text\n"

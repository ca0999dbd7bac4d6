"""What other tools read and Python-Markdown prints: a table."""

from __future__ import annotations

import re
from typing import NamedTuple

from docscheck.patterns import lazy


class Syntax(NamedTuple):
    """A piece of another tool's syntax; the group is what is reported, and what has none only looks like it."""

    literal: str
    """Without it there is nothing to find."""
    pattern: re.Pattern[str]
    message: str
    help: str
    whole: bool = False
    """Whether it has to be a paragraph of its own."""
    signs: tuple[str, ...] = ()
    """What it leaves of a page's signs, one of these, where that tells more than the literal."""


SYNTAXES = (
    Syntax(
        "\nimport ",
        lazy(r"\n(import[ ](?:[\w{}*, ]+[ ]from[ ])?(['\"])[^'\"\n]+\2;?)(?=\n|$)"),
        "an MDX import is printed",
        "remove it",
    ),
    Syntax(
        "\nexport ",
        lazy(r"\n(export[ ](?:(?:const|let)[ ]\w+[ ]?=|default[ ]\w|[\w{}*, ]+[ ]from[ ]['\"])[^\n]*)(?=\n|$)"),
        "an MDX export is printed",
        "remove it",
    ),
    Syntax("{/*", lazy(r"(\{/\*[^\n]*?\*/\})"), "an MDX comment is printed", "write `<!-- … -->`"),
    Syntax(
        "%%",
        lazy(r"(?<![\w%])(%%(?:[ ][^%\n]+[ ]|[^\W\d_][^%\n]*[ ][^%\n]*[^\s%])%%)(?![\w%])"),
        "an Obsidian comment is printed",
        "write `<!-- … -->`",
    ),
    Syntax(
        " ^",
        lazy(r"(\^(?<=[.!?:)][ ]\^)(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[a-z]{3,30}|[0-9a-f]{6}))(?=\n|$)"),
        "Obsidian's name for a paragraph is printed",
        "remove it, or write `{: #name }` on the line below",
        signs=("^",),
    ),
    Syntax(
        "''",
        lazy(r"('{2}(?<![\w'`=(]'{2})(?=[^\W\d_])[^'\n]{2,80}'{2})(?![\w'])"),
        "the wiki syntax for emphasis is printed",
        "write `*text*`",
    ),
    Syntax(
        "!",
        lazy(r"(!(?<![\w\]!]!)[\w./-]{1,100}\.(?:png|jpe?g|gif|svg|webp)(?:\|[^!\n]*)?!)(?!\w)"),
        "an image of Confluence or Jira is printed",
        "write `![what it shows](path)`",
        signs=("!!", "!/", "!-", "!_", "!|"),
    ),
    Syntax(
        ".. _",
        lazy(r"\n(\.\. _[\w -]+:)[ ]*(?=\n|$)"),
        "a reStructuredText label is printed",
        "write `{ #name }` after the heading",
        signs=("\n_",),
    ),
    Syntax(
        ")=",
        lazy(r"\n(\([\w-]+\)=)[ ]*(?=\n|$)"),
        "a MyST label is printed",
        "write `{ #name }` after the heading",
    ),
    Syntax(
        "\nh",
        lazy(r"\n(h[1-6]\.)[ ]+[^\W\d_]"),
        "a Jira or Textile heading is plain text here",
        "write `#` for each level",
        True,
    ),
    Syntax(
        "\n==",
        lazy(
            r"\n(={2,6})(?<!\n===)[ ]+[^\s=\"'“][^=\n]*(?:[ ]\1)?[ ]*(?=\n|$)"
            r"|\n(===)[ ]+[^\s=\"'“][^=\n]*[ ]===[ ]*(?=\n|$)"
        ),
        "a wiki or AsciiDoc heading is plain text here",
        "write `#` for each level",
        True,
    ),
    Syntax(
        "[@",
        lazy(r"(?<![\w\]\[`!])(\[-?@[A-Za-z][\w:.-]*\d[\w:.-]*(?:[;,][^\[\]\n]*)?\])(?![(\[:])"),
        "a Pandoc citation is printed: no extension of this site reads it",
        "write a link or a footnote",
    ),
    Syntax(
        "@",
        lazy(r"(@(?<![\w@./-]@)(?:(?:fig|tbl|eq|sec|lst):[A-Za-z][\w:-]*|(?:fig|tbl|eq|lst)-[A-Za-z][\w-]*))"),
        "a Pandoc cross-reference is printed: no extension of this site reads it",
        "write a link",
    ),
    Syntax(
        "{@",
        lazy(r"(\{@(?:link|linkplain|code|value|literal)[ ][^{}\n]+\})"),
        "a Javadoc tag is printed",
        "write it in Markdown",
    ),
    Syntax(
        "'''",
        lazy(r"('{3}(?<![\w']'{3})(?=[^\W_])[^'\n]{1,80}'{3})(?![\w'])"),
        "the wiki syntax for bold text is printed",
        "write `**bold**`",
    ),
    Syntax(
        ">!",
        lazy(r"(>!(?<![\w<>=-]>!)(?=[^\s=<>])[^<>\n]{1,200}(?<=\S)!<)(?![\w<>=])"),
        "the marks with which Reddit hides text are printed",
        "write a folded box, `??? note`",
        signs=(">!!<", ">!"),
    ),
    Syntax(
        "[/",
        lazy(
            r"(\[(?:b|i|u|s|h[1-6]|url|quote|code|img|list|spoiler|color|size|center)(?:=[^\]\n]+)?\][^\n]{1,200}?"
            r"\[/(?:b|i|u|s|h[1-6]|url|quote|code|img|list|spoiler|color|size|center)\]"
            r"|\[(?:(?P<pair>quote|code|list|spoiler)(?:=[^\]\n]+)?)\](?=[ ]*\n(?:[^\n]+\n){0,40}?[ ]*\[/(?P=pair)\]))",
            re.I,
        ),
        "BBCode is printed",
        "write it in Markdown",
    ),
    Syntax(
        ":",  # nearly every page has one; the words before it are looked at behind it, which is quicker
        lazy(
            r":(?:(?:(?<=\bimage:)|(?<=\bimage::))([\w./-]+\.(?:png|svg|jpe?g|gif|webp)\[[^\[\]\n]*\])"
            r"|(?:(?<=\blink:)|(?<=\bxref:))((?:https?://)?[\w./#-]+\[[^\[\]\n]+\])(?!\())"
        ),
        "an AsciiDoc macro is printed",
        "write it in Markdown",
        signs=("[",),
    ),
    Syntax(
        "include::",
        lazy(r"\n(include::[\w./{}-]+\[[^\[\]\n]*\])[ ]*(?=\n|$)"),
        "an AsciiDoc include is printed",
        "copy the text, or use a snippet",
        True,
    ),
    Syntax(
        ":\x00",
        lazy(
            r"(:(?<![\w:]:)(?:py:|c:|cpp:)?(?:ref|doc|any|func|class|meth|mod|attr|obj|exc|data|term|numref|eq|file|envvar"
            r"|option|guilabel|menuselection|download|abbr|math|cite(?::[a-z]{1,10})?|sub|sup|command|kbd|samp|code"
            r"|literal):)(?=\x00)"
        ),
        "a reStructuredText role is printed before the code",
        "remove it, or write a link",
        signs=("::",),
    ),
    Syntax(
        "::",
        lazy(r"(?<![\w:]):[a-z][\w+-]*::[ ]*(?=\n)|(::)(?<=[\w\x00)\"']::)[ ]*(?=\n[ ]*\n[ ]*\x00)"),
        "the colons with which reStructuredText announces code are printed",
        "write `:`",
        signs=("::\n",),
    ),
    Syntax(
        "}\x00",
        lazy(r"(\{(?:ref|cite(?::[a-z]+)?|doc|term|math|eq|numref|func|class|abbr|download)\})(?=\x00)"),
        "a MyST role is printed before the code",
        "write it in Markdown",
    ),
    Syntax(
        "\n{",
        lazy(
            r"\n[ ]*(\{(?:code|noformat|panel|quote|expand|toc|excerpt|mermaid|plantuml|children|section|column)"
            r"(?:[:|][^{}\n]*)?\})[ ]*(?=\n|$)"
        ),
        "a Confluence or Jira macro is printed",
        "write it in Markdown",
    ),
    Syntax(
        "{color",
        lazy(r"(\{color(?::[^{}\n]+)?\}(?=[^\n]{1,200}?\{color\}))(?:[^\n]{1,200}?\{color\})"),
        "Confluence's mark for a colour is printed",
        "write it in Markdown",
        signs=("{",),
    ),
    Syntax(
        "{",
        lazy(r"(\{(?:note|info|tip|warning)(?:[:|][^{}\n]*)?\}(?=[^{}\n]{1,600}\{(?:note|info|tip|warning)\}))"),
        "a Confluence or Jira macro is printed",
        "write a box",
        signs=("{}",),
    ),
    Syntax(
        "~",
        lazy(
            r"(~)(?:(?<=\bFigure~)|(?<=\bFigures~)|(?<=\bFig\.~)|(?<=\bTable~)|(?<=\bSection~)|(?<=\bEquation~)"
            r"|(?<=\bEq\.~)|(?<=\bChapter~)|(?<=\bAppendix~)|(?<=\bAlgorithm~))(?=[\w\[(\\\x00])"
        ),
        "LaTeX's space between a word and its number is printed",
        "write a space, or `&nbsp;`",
    ),
    Syntax(
        "\n{|",
        lazy(r"\n(\{\|[^\n]*)(?=\n(?:\|-|\|\+|!))"),
        "a table as a wiki writes it is printed",
        "write the table with `|`, and a line of dashes under its header",
    ),
    Syntax(
        "$\x00",
        lazy(r"(?<![\w$])(\$\x00+\$)(?![\w$])"),
        "GitHub's syntax for a formula is shown here as code between dollar signs",
        "write `$…$` without backticks",
    ),
    Syntax("\\@ref(", lazy(r"(\\@ref\([\w:.-]+\))"), "a bookdown reference is printed", "write a link"),
    Syntax(
        "\n--\n",
        lazy(r"\n[ ]{0,3}(--|==)[ ]*(?=\n|$)"),
        "two of these make no rule, so they are printed",
        "write `---` between empty lines",
        True,
        signs=("\n\n--\n\n",),
    ),
    Syntax(
        "[!INCLUDE",
        lazy(r"(\[!INCLUDE)[ ]?\[[^\[\]\n]*\]\([^()\n]+\)\]", re.I),
        "an include of DocFX is printed",
        "copy the text, or use a snippet",
        signs=("[![](",),
    ),
    Syntax(
        "{{#",
        lazy(r"(\{\{#(?:include|rustdoc_include|playground|template|title)[ ][^{}\n]*\}\})"),
        "an mdBook include is printed",
        "copy the text, or use a snippet",
    ),
    Syntax(
        "::include{", lazy(r"\n(::include\{[^{}\n]*\})[ ]*(?=\n|$)"), "a GitLab include is printed", "copy the text"
    ),
    Syntax(
        "{{",
        lazy(r"\n(\{\{[<>]?[ ]?(?:toc|collapse|include)(?:\([^()\n]*\))?(?:\}\})?)[ ]*(?=\n|$)"),
        "a Redmine macro is printed",
        "write it in Markdown",
    ),
    Syntax(
        "{!",
        lazy(r"\n[ ]*(\{![ ]*[\w./-]+\.[A-Za-z]{2,4}[ ]*!\})[ ]*(?=\n|$)"),
        "this includes nothing here",
        "use a snippet",
    ),
    Syntax(
        '":',
        lazy(r"((?<![\w=:{(\[,])\"[^\W_][^\"\n:{}]{0,60}\":https?://[^\s\"]+)"),
        "a Textile link is printed",
        "write `[text](address)`",
    ),
    Syntax(
        "\n*",
        lazy(r"\n(\*{3,6})[ ]+(?=[^\W\d_])[^*\n]{1,60}(?<![.:;,!? ])(?=\n|$)"),
        "an Org-mode heading is plain text here",
        "write `#` for each level",
        True,
        signs=("\n***",),
    ),
    *[
        Syntax(
            f"\n{sign}>",
            lazy(rf"\n([{sign}]>)[ ]+(?=[^\W\d_]|[*`\[\x00])"),
            "Docsify's mark for a box is printed",
            f"write `!!! {kind}`, and the text on lines of its own, indented by four spaces",
        )
        for sign, kind in (("?", "tip"), ("!", "warning"))
    ],
    Syntax("\nbq. ", lazy(r"\n(bq\.)[ ]+[^\W\d_]"), "a Textile quote is plain text here", "write `> `", True),
    Syntax(
        "TOC",
        lazy(r"\n[*+-][ ]+(TOC)[ ]*\n?[ ]*\{:[ ]?toc[^{}\n]*\}"),
        "Jekyll's mark for a table of contents is printed",
        "write `[TOC]`, or remove it",
        signs=("{:",),
    ),
    Syntax(
        "@import ",
        lazy(r"\n(@import[ ]+\"[^\"\n]+\.md\")[ ]*(?=\n|$)"),
        "this imports nothing here",
        "use a snippet",
        True,
    ),
    Syntax(
        "!include",
        lazy(r"\n(!include[ ]+[\w./-]+\.md|!!!include\([^()\n]+\)!!!)[ ]*(?=\n|$)"),
        "this includes nothing here",
        "use a snippet",
        True,
        signs=("\n!\n", "\n!/", "\n!-", "\n!_", "\n!!!("),
    ),
    Syntax(
        "??",
        lazy(
            r"(\?\?)(?:(?<=Fig\.[ ~]\?\?)|(?<=Figure[ ~]\?\?)|(?<=Section[ ~]\?\?)|(?<=Table[ ~]\?\?)"
            r"|(?<=Equation[ ~]\?\?)|(?<=Abbildung[ ~]\?\?)|(?<=Tabelle[ ~]\?\?))(?!\?)"
        ),
        "this reference was never resolved",
        "write the number that is meant",
    ),
    Syntax(
        "\n//",
        lazy(
            r"\n(//)[ ]+(?!(?:(?:is|are)[ ](?:an?|the|what|how|used|only)|means?|begins?|starts?|marks?)\b)"
            r"[^\W\d_][^\n]*(?=\n|$)"
        ),
        "a comment of a program is printed",
        "write `<!-- … -->`",
        True,
    ),
    Syntax(
        "\n/*",
        lazy(r"\n(/\*)[ ]+[^*\n]*[ ]\*/[ ]*(?=\n|$)"),
        "a comment of a program is printed",
        "write `<!-- … -->`",
    ),
    Syntax(
        "\n.. ",
        lazy(r"\n(\.\.)[ ]+(?!(?:and|or|but|so|then)\b)(?=[^\W\d_])(?![^\n]*::)[^\n]*(?=\n|$)"),
        "a comment of reStructuredText is printed",
        "write `<!-- … -->`",
        True,
    ),
    Syntax(
        "! ",
        lazy(
            r"(!(?:(?<=Error!)[ ](?:Reference[ ]source[ ]not[ ]found|Bookmark[ ]not[ ]defined)"
            r"|(?<=Erreur !)[ ](?:Source[ ]du[ ]renvoi[ ]introuvable|Signet[ ]non[ ]défini)"
            r"|(?<=Fehler!)[ ](?:Verweisquelle[ ]konnte[ ]nicht[ ]gefunden[ ]werden|Textmarke[ ]nicht[ ]definiert)"
            r"|(?<=Fout!)[ ](?:Verwijzingsbron[ ]niet[ ]gevonden|Bladwijzer[ ]niet[ ]gedefinieerd)))"
        ),
        "Word put this in the place of a reference that it could not find",
        "name the place that is meant, and link to it",
        signs=("!",),
    ),
    Syntax(
        "{",
        lazy(
            r"(\{[ ]?(?:ADDIN[ ](?:ZOTERO|EN\.|CSL|Mendeley)[^{}\n]*"
            r"|(?:CITATION|HYPERLINK|INCLUDEPICTURE|MERGEFIELD|NOTEREF|PAGEREF|REF|SEQ|TOC)[ ][^{}\n]*\\[^{}\n]*"
            r"|\|[^{}|\n]*\|[^{}\n]*\|z[ou]:[^{}\n]*)\})"
        ),
        "a field of a word processor is printed",
        "write what it showed, or a link",
        signs=("{}", '{"', "{|", "{\\", "{:", "{_"),
    ),
    Syntax(
        "{info",
        lazy(r"(\{info(?:[:|][^{}\n]*)?\})(?=[^\n]{0,500}?\{info\})"),
        "a Confluence or Jira macro is printed",
        "write a box",
        signs=("{",),
    ),
    Syntax(
        "~",
        lazy(
            r"(~)(?:(?<=Theorem~)|(?<=Lemma~)|(?<=Figure~)|(?<=Fig\.~)|(?<=Table~)|(?<=Section~)|(?<=Eq\.~)"
            r"|(?<=Equation~)|(?<=Chapter~)|(?<=Definition~)|(?<=Proposition~)|(?<=Corollary~)|(?<=Algorithm~)"
            r"|(?<=Appendix~)|(?<=Example~)|(?<=Step~))(?=\(?\d)"
        ),
        "LaTeX's sign for a space that does not break is printed",
        "write a space",
    ),
    Syntax(
        "\n%",
        lazy(
            r"\n(%)[ ]+(?!(?:of|change|increase|decrease|difference|error|is|means?|begins?|starts?|stands)\b)"
            r"[^\W\d_][^\n]*(?=\n|$)"
        ),
        "a comment of LaTeX, or a title as Pandoc reads it, is printed",
        "write `<!-- … -->`",
        True,
    ),
    Syntax(
        "{#",
        lazy(r"(\{#[ ][^{}#\n]+[ ]#\})"),
        "a comment of a template is printed",
        "write `<!-- … -->`",
        signs=("{##}",),
    ),
    Syntax(
        "{{!",
        lazy(r"(\{\{!(?:--[^{}\n]{0,400}?--|[ ][^{}\n]*)\}\})"),
        "a comment of a template is printed",
        "write `<!-- … -->`",
    ),
    Syntax(
        "\n%%\n",
        lazy(r"\n(%%)(?=\n(?:[^\n]*\n){1,20}?%%\n)"),
        "an Obsidian comment is printed",
        "write `<!-- … -->`",
    ),
    Syntax(
        "{",
        lazy(r"(\{(?:status|jira|anchor|attachments|gallery|view-file|recently-updated):[^{}\n]+\})"),
        "a Confluence or Jira macro is printed",
        "write it in Markdown",
        signs=("{}", '{"', "{|", "{\\", "{:", "{_"),
    ),
    Syntax(
        "[~",
        lazy(r"(\[~(?<![\w\]`]\[~)[A-Za-z][\w.-]{1,40}\])(?![(\[:])"),
        "a mention of Confluence or Jira is printed",
        "write the name",
    ),
    Syntax(
        "{{:",
        lazy(r"(\{\{[ ]?:[\w:./-]{1,120}\.(?:png|jpe?g|gif|svg|webp|pdf)(?:[?|][^{}\n]*)?\}\})"),
        "an image of DokuWiki is printed",
        "write `![what it shows](path)`",
    ),
    Syntax(
        "\n:",
        lazy(
            r"\n[ ]{0,8}(:(?:(?:param|arg|keyword|type|raises?|var|ivar|cvar)[ ][\w.*,| \[\]-]{1,60}|returns?"
            r"|rtype|yields):)(?=[ ]\S)"
            r"|\n(:(?:PROPERTIES|LOGBOOK):)[ ]*(?=\n)"
        ),
        "fields of reStructuredText or Org mode are printed",
        "write a list or a table",
        signs=("\n::",),
    ),
    Syntax(
        ":: ",
        lazy(
            r"\n[ ]{0,8}((?:id|collapsed|tags|alias(?:es)?|status|created|updated|template|public|related)::)"
            r"[ ]+(?=\S)"
        ),
        "a property of Logseq or Dataview is printed",
        "write it in the front matter, or remove it",
        signs=("\n::",),
    ),
    Syntax(
        "\n[",
        lazy(r"\n(\[\d{1,2}[./]\d{1,2}[./]\d{2,4},[ ]\d{1,2}:\d{2}(?::\d{2})?(?:[ ][AP]M)?\])[ ][^:\n]{2,30}:[ ]"),
        "the time of a message, as a chat exports it, is printed",
        "remove it, or quote the message",
        signs=("\n[:]", "\n[::]", "\n[//:]", "\n[//::]"),
    ),
    Syntax(
        "<",
        lazy(r"(<a?:\w{2,32}:\d{17,20}>)"),
        "an emoji of a chat program is printed, or not shown at all",
        "write the emoji itself",
        signs=("<::",),
    ),
    Syntax(
        "\n{:",
        lazy(r"\n[ ]{0,3}(\{::(?:comment|nomarkdown|options)\b[^{}\n]*\})[ ]*(?=\n|$)"),
        "an extension of Kramdown is printed",
        "remove it",
        signs=("{::",),
    ),
    Syntax(
        "]_",
        lazy(r"(?<![\w\]\[`!])(\[(?:\d{1,2}|#\w*|\*)\]_)(?![\w_(\[])"),
        "a footnote of reStructuredText is printed",
        "write `[^1]`, and `[^1]: text` on a line of its own",
    ),
    Syntax(
        "<@",
        lazy(r"(<@[!&]?(?:[UWB][A-Z0-9]{7,}|\d{17,20})(?:\|[^<>\n]*)?>)"),
        "a chat program's mention of a person is printed",
        "write the name",
    ),
    Syntax(
        "~",
        lazy(
            r"(~)(?:(?<=\bH~)|(?<=\b[CSN]O~)|(?<=\b[CN]H~)|(?<=\bFe~)|(?<=\bAl~)|(?<=\b[ST]iO~)|(?<=\bCaCO~)|(?<=\bCl~))"
            r"(?=\d{1,2}(?:[A-Z(.,;:)\s]|$))"
        ),
        "this index is never closed, so its sign is printed",
        "write `~2~`, or `₂`",
    ),
    Syntax(
        "||",
        lazy(r"(?<![|\w])(\|\|(?=[^\W\d_])(?=[^|\s]*[^\W\d_]{2}[ ])[^|\n=]{1,300}(?<=[\w.!?])\|\|)(?![|\w])"),
        "the bars with which a chat program hides text are printed",
        "write the text without them",
    ),
    *(
        Syntax(
            f"|{name}|",
            lazy(rf"(\|(?<![\w|`]\|){name}\|)(?![\w|])"),
            "a substitution of reStructuredText is printed",
            "write what is meant",
            signs=("||",),
        )
        for name in ("version", "release", "today", "project", "copyright")
    ),
    Syntax(
        "%20",
        lazy(r"(?<![^\s(\"'])([A-Za-z]{2,40}(?:%20[A-Za-z]{2,40})+)(?![\w/%=#?&-]|\.\w)"),
        "the spaces between these words are written as in an address, and printed so",
        "write spaces",
    ),
    Syntax(
        '"]',
        lazy(
            r"(\[(?:gallery|caption|audio|video|playlist|embed|contact-form-7|button|su_\w+|vc_\w+|et_pb_\w+)"
            r"(?:[ ]+[\w-]+=\"[^\"\n\[\]]*\")+[ ]*/?\])(?![(\[:])"
        ),
        "a shortcode of WordPress is printed",
        "write what it showed in Markdown",
    ),
    Syntax("＊＊", lazy(r"(＊＊(?=\S)[^＊\n]{1,80}＊＊)"), "full-width stars do not make text bold", "write `**`"),
    Syntax("＄", lazy(r"(＄(?=[^\s＄])[^＄\n]{1,200}＄)"), "full-width dollars do not make a formula", "write `$`"),
    Syntax("｀", lazy(r"(｀[^｀\n]{1,80}｀)"), "full-width backticks do not make code", "write `` ` ``"),
)  # fmt: skip

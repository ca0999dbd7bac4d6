"""Syntax of a Markdown extension that the site has not switched on: it is printed as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule
from docscheck.included import read
from docscheck.languages import LANGUAGES
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax
from docscheck.programs import reads
from docscheck.proofs import prints
from docscheck.rules.maths.scripts import may_load_scripts
from docscheck.source import Span

RULE = Rule("SYN111", "extension-missing")


class _Syntax(NamedTuple):
    """What an extension would read. The group that matched is the place; the extensions are those that read it."""

    name: str
    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    """Without one of these among the page's signs there is nothing to find."""
    printed: str
    """What the reader sees of it."""
    extensions: tuple[str, ...]


_READ_NONE = frozenset(("markdown_include.include", "markdown_include", "mdx_include"))
"""Extensions of others that read none of these."""


def _line(pattern: str) -> re.Pattern[str]:
    return lazy(rf"^[ \t>]*{pattern}", re.M)


_SYNTAXES = (
    _Syntax(
        "footnotes",
        lazy(
            r"(?:^[ \t>]*(?=\[\^[\w-]+\]:[ ]\S)|(?<=[\w.,;:!?)])(?=\[\^[\w-]+\](?:[\s.,;)]|$))"
            r"|(?<=[*\"'’”])(?=\[\^\d+\](?:[\s.,;)]|$)))(\[\^[\w-]+\]:?)",
            re.M,
        ),
        ("[^",),
        "[^",
        ("footnotes",),
    ),
    _Syntax(
        "formulas",
        lazy(
            r"(\$(?<![\w\\$]\$)(?=[^\s$\d]|\d[^$\n]{0,80}?\\(?:frac|sqrt|sum|prod|int|cdot|times|log|exp|leq?|geq?|approx|pm|pi|text|mathrm|mu|sigma|lambda"
            r"|circ|infty|alpha|beta|gamma|delta|theta|omega|Omega|Delta|[lc]?dots|neq?|mathbb|mathcal)\b)"
            r"[^$\n]{0,80}?(?:\\[a-zA-Z]{2,}|[_^]\{|\b[A-Za-z]\([a-z][^$\n()]{0,20}\)|\b[a-zA-Z][_^][a-zA-Z\d]\b)[^$\n]{0,80}?"
            r"(?<=\S)\$)(?![\w$])"
        ),
        ("$",),
        "$",
        ("pymdownx.arithmatex", "mdx_math", "markdown_katex"),
    ),
    _Syntax(
        "formulas",
        lazy(
            r"^[ \t>]*(\$\$(?=[^$]{0,400}?(?:\\[a-zA-Z]{2,}|[_^]\{|\b[a-zA-Z][_^][a-zA-Z\d]\b))[^$]{1,800}\$\$)[ \t]*$"
            r"|(?<=[a-z.,:] )(\$\$(?=[^$\n]{0,80}[a-zA-Z]\)? ?[=+^<>])[^$\n]{1,80}\$\$)(?![\w$])",
            re.M,
        ),
        ("$$",),
        "$",
        ("pymdownx.arithmatex", "mdx_math", "markdown_katex"),
    ),
    _Syntax(
        "formulas",
        lazy(r"((?<!\\)\\{2}\((?=[^\n]*?(?:\\[a-zA-Z]{2,}|[_^=]))[^\n]{1,200}?\\{2}\))"),
        ("\\\\(",),
        "(",
        ("pymdownx.arithmatex", "mdx_math", "markdown_katex"),
    ),
    _Syntax(
        "formulas",
        lazy(r"((?<!\\)\\\((?=[^()\n]*?(?:\\[a-zA-Z]{2,}|[_^]\{))[^()\n]{1,120}?\\\))"),
        ("\\(",),
        "(",
        ("pymdownx.arithmatex", "mdx_math", "markdown_katex"),
    ),
    _Syntax(
        "formulas",
        lazy(r"^[ \t>]*((?<!\\)\\\[(?=[^\n]*?(?:\\[a-zA-Z]{2,}|[_^]\{))[^\n]{1,200}?\\\])[ \t]*$", re.M),
        ("\\[",),
        "[",
        ("pymdownx.arithmatex", "mdx_math", "markdown_katex"),
    ),
    _Syntax(
        "superscripts",
        lazy(r"(\^(?<=\d\^)(?:st|nd|rd|th|e|er|ère|o|a)\^|\^(?<=[a-zA-Z]\^)[+-]?\d{1,2}[+-]?\^)(?![\w^])"),
        ("^^",),
        "^",
        ("pymdownx.caret", "mdx_superscript", "superscript"),
    ),
    _Syntax(
        "subscripts",
        lazy(r"(~(?<=(?<![A-Za-z])[A-Z]~)\d{1,2}~|~(?<=[A-Z][a-z]~)\d{1,2}~)(?![\d~])"),
        ("~~",),
        "~",
        ("pymdownx.tilde", "mdx_subscript", "subscript"),
    ),
    _Syntax("abbreviations", _line(r"(\*\[[^\W\d_][\w/.-]*\]:) \S"), ("*[",), "*[", ("abbr",)),
    _Syntax(
        "definition lists",
        lazy(
            r"^[ \t>]*[^\s:#>|*+-](?:.*\n(?:[ >]*\n)?[ \t>]*(:[ ]{3})\S|[^\n.!?:;|]{0,60}\n[ \t>]*(:[ ])[^\W\d_])", re.M
        ),
        ("\n:", "\n>:"),
        ":",
        ("def_list",),
    ),
    _Syntax(
        "attribute lists",
        lazy(
            r"(?:\](?:\([^()\n]*\)|\[[^\[\]\n]*\])|(?<=\n)[ \t]*(?=\{[^{}\n]*\}[ \t]*$))(\{:?[ ]*[.#][\w-][^{}\n]*\})"
            r"|\]\([^()\n]*\)(\{:?[ ]*(?:width|height|align|style|class|id|title|target|rel|loading)=[^{}\n]*\})"
            r"|^#{1,6}[ ][^\n{}]*[^\s{}][ ]*(\{:?[ ]*[#.][A-Za-z][\w:.-]*[ ]*\})[ \t]*$"
            r"|[^\W_][.!?:;,]?[ ]?(\{(?<!\{\{):?[ ]*\.[A-Za-z][\w-]*(?:[ ]+[.#][A-Za-z][\w-]*)*[ ]*\})(?!\})[ ]*$"
            r"|[a-z](\{(?<!\{\{):?[ ]*#[A-Za-z][\w-]*[ ]+\})(?=[ ][a-z]|[.,;:!?](?:[ ]|$))"
            r"|\*(?<=[\w.!?)*]\*)(\{:?[ ]*\.[A-Za-z][\w-]*(?:[ ]+[.#][A-Za-z][\w-]*)*[ ]*\})(?!\})",
            re.M,
        ),
        ("{}", "){", "]{", "\n{", "{#", "{:#", "#{}", "*{"),
        "{",
        ("attr_list",),
    ),
    _Syntax(
        "task lists",
        _line(r"(?:[-*+]|\d+\.) (\[[ xX]\]) \S"),
        ("[]",),
        "[",
        ("pymdownx.tasklist",),
    ),
    _Syntax(
        "icons",
        lazy(r"(:(?<!\w:)(?:material|fontawesome|octicons|simple)-[\w-]+:)"),
        (":-",),
        ":",
        ("pymdownx.emoji",),
    ),
    _Syntax(
        "emoji",
        lazy(
            r"(:(?<![\w:/]:)(?:rocket|tada|warning|white_check_mark|heavy_check_mark|ballot_box_with_check|bulb|memo|star2?|fire"
            r"|bug|sparkles|construction|smiley?|grin|wink|joy|thumbsup|thumbsdown|\+1|heart|eyes|zap|books?|pushpin"
            r"|point_(?:right|left|up|down)|arrow_(?:right|left|up|down)|(?:grey_)?(?:question|exclamation)|x|cross_mark"
            r"|information_source|hammer_and_wrench|wrench|package|clipboard|globe_with_meridians|hourglass|lock|unlock"
            r"|(?:red|green|yellow|blue|large_blue)_circle|no_entry(?:_sign)?|computer|email|calendar|robot|trophy"
            r"|wave|clap|pray|raised_hands|muscle|ok_hand|sunglasses|thinking(?:_face)?|(?:slightly_)?smiling_face|blush"
            r"|laughing|sob|gear|hammer|mag|bell|pencil2?|file_folder|coffee|beers?|snake|penguin|whale|gift|loudspeaker"
            r"|mega|stop_sign|recycle|checkered_flag|chart_with_(?:up|down)wards_trend"
            r"|(?<=[^\s:] :)(?:key|link|house|sunny|cloud|snowflake|umbrella|cat2?|dog2?|bee|seedling|apple|cake"
            r"|birthday|pizza|tea|camera|movie_camera|musical_note|iphone|telephone|door|car|bike|train2?|ship|airplane"
            r"|clock\d+|alarm_clock|stopwatch|speech_balloon|triangular_flag_on_post|rotating_light|art|scroll|moneybag|100|broom|toolbox|test_tube"
            r"|microscope|telescope|rainbow|turtle|rabbit2?|bear|tiger|unicorn|crab|octopus|butterfly|snail|ant|herb|cactus"
            r"|mushroom|sunflower|four_leaf_clover|evergreen_tree|deciduous_tree|tomato|carrot|bread|cheese|taco|cookie"
            r"|champagne|wine_glass|medal_sports|dart|game_die|soccer|basketball|bicyclist|runner|tractor|bus|ambulance"
            r"|fire_engine|hospital|school|office|bank|tent|mountain|beach_umbrella|ocean|volcano|full_moon|sun_with_face"
            r"|snowman|droplet|satellite|battery|electric_plug|floppy_disk|printer|keyboard|desktop_computer|cd|dvd"
            r"|magnet|nut_and_bolt|pick|axe|shield|bookmark|newspaper|ledger|card_index|inbox_tray|outbox_tray|mailbox"
            r"|handshake|facepalm|shrug|rofl|cry|angry|scream|sleeping|partying_face|nerd_face|ghost|alien|skull|poop)"
            r"|yum|relaxed|relieved|stuck_out_tongue|heart_eyes|sweat_smile|upside_down_face|star_struck|hugs|smirk|hearts"
            r"|disappointed|grimacing|broken_heart|crossed_fingers|exploding_head|dizzy_face|boom|fearful"
            r"|(?:two|sparkling|blue|green|yellow|purple)_heart|point_up(?:_2)?|writing_hand|raised_hand|vulcan_salute):)"
            r"(?![\w:/])"
        ),
        ("::", ":_", ":+"),
        ":",
        ("pymdownx.emoji", "markdown.extensions.emoji", "emoji", "mdx_emoji"),
    ),
    _Syntax(
        "keys",
        lazy(
            r"(\+\+(?<![\w+]\+\+)(?:[a-z0-9-]+(?:\+[a-z0-9-]+)+|f\d\d?|enter|esc(?:ape)?|tab|space|backspace|del(?:ete)?"
            r"|ctrl|control|shift|alt|cmd|command|windows|home|end|(?:page|arrow)-(?:up|down|left|right))\+\+)(?![\w+])"
        ),
        ("++",),
        "++",
        ("pymdownx.keys",),
    ),
    _Syntax(
        "inserted text",
        lazy(r"(\+\+(?<![\w+]\+\+)(?=[^\W\d_]{3})[^+`\n\x00]{3,60}(?<=[^\s+])\+\+)(?![\w+])"),
        ("++",),
        "++",
        ("pymdownx.caret", "pymdownx.keys", "mdx_ins"),
    ),
    _Syntax(
        "marked text",
        lazy(r"(==(?<![\w=]==)(?=[^\s=])[^=\n]{1,80}(?<=[^\s=])==)(?![\w=])"),
        ("==",),
        "==",
        ("pymdownx.mark", "pymdownx.critic"),
    ),
    _Syntax(
        "struck text",
        lazy(r"(~~(?<![\w~]~~)(?=[^\s~])(?:[^~\n]|~(?!~)){1,800}(?<=[^\s~])~~)(?![\w~])"),
        ("~~",),
        "~~",
        ("pymdownx.tilde",),
    ),
    _Syntax(
        "suggested changes",
        lazy(r"(\{(?:\+\+[^{}\n]+\+\+|--[^{}\n]+--|~~[^{}\n]+~>[^{}\n]+~~|>>[^{}\n]+<<)\})"),
        ("{++", "{--", "{~~", "{>>"),
        "{",
        ("pymdownx.critic",),
    ),
    _Syntax("snippets", _line(r"(-+8<-+ +[\"'][^\"'\n]+[\"'])[ \t]*$"), ("<-",), "8<", ("pymdownx.snippets",)),
)


def check(page: Page) -> Iterator[Finding]:
    """Look for each syntax whose extension is off; the first place on a page speaks for the others."""
    missing, off, undrawn = _missing(page.config), _off(page.config), _are_undrawn(page.config)
    yield from _coloured(page)
    if not (missing or off or undrawn):
        return
    shown = page.signs.replace('\n==="', "\n").__contains__  # headers of tabs mark no text
    for syntax in missing:
        if any(map(shown, syntax.signs)) and not reads(page.site, syntax.printed):
            yield from _first(page, syntax)
    if reads(page.site, "$", "\\"):
        return  # it may read formulas in its own way
    for sign, name in off:
        yield from _first_off(page, sign, name)
    formulas = (span for span in page.maths if _IS_TEX.search(page.source.text, *span)) if undrawn else iter(())
    for span in islice(formulas, 1):
        yield RULE.at(
            Span(span.start, span.start + 1),
            "MathJax 3 does not draw the formulas that `pymdownx.arithmatex` writes without `generic: true`",
            help="set `generic: true`, or load MathJax 2",
        )


_COLOURED = lazy(r"(?<!`)`((?:#!|:::)([a-z][a-z0-9+-]*))[ ][^`\n]+`(?!`)")


def _coloured(page: Page) -> Iterator[Finding]:
    """Code in a line with the name of its language, which `inlinehilite` takes away."""
    if (
        not (page.shows("`#!") or page.shows("`:::"))
        or page.config.has("pymdownx.inlinehilite")
        or _may_read_any(page.config)
    ):
        return
    for match in _COLOURED.finditer(page.source.text):
        line = page.source.line_of(match.start())
        is_code = page.masked[match.start(2)] != match[2][0]
        if match[2] in LANGUAGES and is_code and line not in page.fenced_lines and page.leaf_by_line.get(line):
            message = f"the site has no extension that colours code in a line, so `{match[1]}` is printed"
            help = "add `pymdownx.inlinehilite` to `markdown_extensions`, or leave the language out"
            yield RULE.at(Span(*match.span(1)), message, help=help)
            return


def _may_read_any(config: Config) -> bool:
    """Whether an extension or a plugin that we do not know may read anything."""
    return own_syntax(config) or bool(config.reading_extensions - _READ_NONE)


@lru_cache(maxsize=4)
def _missing(config: Config) -> list[_Syntax]:
    """What no extension of the site reads; nothing where an extension that we do not know may read anything."""
    if _may_read_any(config):
        return []
    scripted = bool(config.values.get("extra_javascript") or may_load_scripts(config))
    return [
        syntax
        for syntax in _SYNTAXES
        if not any(map(config.has, syntax.extensions)) and not (scripted and syntax.name == "formulas")
    ]


@lru_cache(maxsize=4)
def _off(config: Config) -> list[tuple[str, str]]:
    """How formulas begin that the site's settings leave alone, with the options' names."""
    found: list[tuple[str, str]] = []
    if not config.has("pymdownx.arithmatex") or _may_read_any(config):
        return found
    inline = config.option("pymdownx.arithmatex", "inline_syntax")
    if isinstance(inline, list) and "round" not in inline:
        found.append((r"\(", "round"))
    # Whatever a script of the site's own does with dollars, Markdown leaves them to it.
    own = config.theme.get("custom_dir") or any(
        not path.startswith("http") for path in config.paths("extra_javascript")
    )
    if isinstance(inline, list) and "dollar" not in inline and not own:
        found.append(("$", "dollar"))
    block = config.option("pymdownx.arithmatex", "block_syntax")
    if isinstance(block, list) and "square" not in block:
        found.append((r"\[", "square"))
    if isinstance(block, list) and "dollar" not in block and not own:
        found.append(("$$", "dollar"))
    return found


_MATHJAX_3 = lazy(r"mathjax@[34]|/tex-(?:mml-)?(?:chtml|svg)", re.I)


@lru_cache(maxsize=4)
def _are_undrawn(config: Config) -> bool:
    """Whether formulas are written for MathJax 2, as scripts, but the site loads a later one, which reads none."""
    if not config.has("pymdownx.arithmatex") or config.option("pymdownx.arithmatex", "generic"):
        return False
    paths = config.paths("extra_javascript")
    is_later = any(map(_MATHJAX_3.search, paths)) and not config.theme.get("custom_dir") and not _may_read_any(config)
    return is_later and not any("math/tex" in read(config.docs_dir / path) for path in paths)


_IS_TEX = lazy(r"\\[a-zA-Z]{2,}|[_^]\{")
_IS_FUNCTION = lazy(r"\$[A-Za-z]\([A-Za-z](?:[,|][ ]?[A-Za-z])*\)\$")
_DISPLAYED = ("$$", r"\[")


def _first_off(page: Page, sign: str, name: str) -> Iterator[Finding]:
    for span in page.maths:
        text = page.source.text[span.start : span.end]
        begins = text.startswith(sign) and (len(sign) > 1 or not text.startswith("$$"))
        if begins and (_IS_TEX.search(text) or _IS_FUNCTION.fullmatch(text)):
            line = page.source.line_of(span.start)
            option = "block_syntax" if sign in _DISPLAYED else "inline_syntax"
            message = f"the site's `{option}` leaves `{sign}` alone, so this formula is printed"
            help = f"add `{name}` to `{option}` of `pymdownx.arithmatex`, or write the formula as the others"
            yield RULE.at(
                Span(span.start, span.start + len(sign)),
                message,
                help=help,
                proof=prints(line, sign[-1]),
            )
            return


def _first(page: Page, syntax: _Syntax) -> Iterator[Finding]:
    for match in syntax.pattern.finditer(page.prose):
        span = Span(*match.span(match.lastindex or 1))
        line = page.source.line_of(span.start)
        message = f"the site has no extension for {syntax.name}, so this is printed as typed"
        help = f"add `{syntax.extensions[0]}` to `markdown_extensions`, or write the text without this syntax"
        yield RULE.at(span, message, help=help, proof=prints(line, syntax.printed))
        return

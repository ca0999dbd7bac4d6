"""The forms in which a link or an image is printed, and which one pattern tells from text: a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from docscheck.diagnostics import Rule
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy

PRINTED = Rule("LNK501", "printed-link")
ADDRESS = r"(?:(?:https?://|mailto:|www\.)[^\s()\[\]]+|[\w./%-]+\.(?:md|html|png|svg|jpe?g|pdf)(?:/?#[\w-]*)?|\.{0,2}/[\w./-]+|#[\w-]+)"
TEXT = r"\[[^\[\]\n]{1,200}\]"
IMAGE = r"\.(?:png|svg|jpe?g|gif|webp)"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters that have no width."""
_OF_LINK = r"\[(?![ ]*[xX]?[ ]*\])(?![\^@])[^\[\]\n]{1,200}\]"
"""The text of a link, and not the box of a task, a note or a citation."""
WRITE_LINK = "write `[text](address)`"
_NEAR = 200
_ROUND_TEXT = "the text of a link stands in square brackets, so this is printed"


def is_text(page: Page, match: re.Match[str]) -> bool:
    """Whether a match is neither escaped nor in raw HTML."""
    return not is_raw(page, match.start()) and page.prose[match.start() - 1 : match.start()] != "\\"


def _is_running_text(page: Page, match: re.Match[str]) -> bool:
    """Whether a match is text outside of tables, whose cells a bar parts."""
    leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
    return is_text(page, match) and leaf is not None and leaf.kind not in ("table", "code")


def _closes_nothing(page: Page, match: re.Match[str]) -> bool:
    """Whether the `)` at the end of a match has no partner before it in the paragraph."""
    begins = page.prose.rfind("\n\n", 0, match.start()) + 1
    before = page.prose[begins : match.start()]
    return before.count("(") <= before.count(")") and _is_running_text(page, match)


def _has_label(page: Page, match: re.Match[str]) -> bool:
    """Whether the page defines the label in the second pair of brackets."""
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    return match["label"].casefold() in labels and is_text(page, match)


def _is_without_begin(page: Page, match: re.Match[str]) -> bool:
    """Whether no bracket stands before it on its line, which might be its other one."""
    begin = page.source.starts[page.source.line_of(match.start())]
    return is_text(page, match) and "<" not in page.source.text[max(begin, match.start() - _NEAR) : match.start()]


class Form(NamedTuple):
    """One form. What its group `wrong` holds, if it has that group, may be removed: a fix does so."""

    signs: tuple[str, ...]
    """Without one of these among a page's signs there is nothing to find."""
    pattern: re.Pattern[str]
    message: str
    help: str
    anywhere: bool = False
    """Whether it may be on a page where every bracket belongs to a whole link."""
    is_meant: Callable[[Page, re.Match[str]], bool] = is_text
    may_be_owned: bool = False
    """Whether a plugin with a syntax of its own may read it."""


def _apart(gaps: str, what: str, *signs: str) -> Form:
    return Form(
        signs,
        lazy(rf"{_OF_LINK}(?P<wrong>{gaps})\({ADDRESS}\)"),
        f"there is {what} between text and address, so the link is printed",
        "remove it",
        anywhere=True,
    )


_BEHINDTEXT = tuple(f"]{sign}(" for sign in f"\u00a0{_UNSEEN}")
FORMS = (
    Form(
        ("{",),
        lazy(rf"!\[[^\[\]\n]{{0,200}}\]\([^()\s{{}}]{{1,200}}{IMAGE}(?=\{{:?[^{{}}()\[\]\n]*\}}\]\()", re.I),
        "the address of this image is never closed, so it is printed",
        "close it with `)` before the attributes",
        anywhere=True,
    ),
    _apart(
        rf"[ \t]+|[ \t]*\n[ \t]*|\u00a0[\u00a0{_UNSEEN}]*|&(?:nbsp|\#160);",
        "a space",
        "](",
        "]\n(",
        "]&;(",
        "]&#;(",
        *_BEHINDTEXT,
    ),
    _apart(rf"[{_UNSEEN}][\u00a0{_UNSEEN}]*", "an invisible character", *_BEHINDTEXT),
    Form(
        ("]:(",),
        lazy(rf"{TEXT}(?P<wrong>:)\({ADDRESS}\)"),
        "there is a colon between text and address, so the link is printed",
        "remove the colon",
        anywhere=True,
    ),
    Form(
        ("]://",),
        lazy(rf"{_OF_LINK}[ ]https?://[^\s()\[\]]+\)(?=[ .,;:]|$)", re.M),
        "the address has no `(` before it, so the link is printed",
        "write `](` in place of `] `",
        anywhere=True,
        is_meant=_closes_nothing,
    ),
    Form(
        ("]:://",),
        lazy(r"\[(?<=[^\W\d_][ ]\[)[^\[\]\n]{1,100}\]:[ ]https?://[^\s()\[\]]+(?=[ ][a-z])"),
        "the address is not in parentheses, so the link is printed",
        WRITE_LINK,
        anywhere=True,
    ),
    Form(
        ("（", "）"),
        lazy(rf"{TEXT}(?:（{ADDRESS}[)）]|\({ADDRESS}）(?!\)))"),
        "full-width parentheses do not make a link, so it is printed",
        "write `(` and `)`",
        anywhere=True,
    ),
    Form(
        ("］(", "」(", "】("),
        lazy(rf"(?:［[^\[\]［］\n]{{1,100}}］|「[^\[\]「」\n]{{1,100}}」|【[^\[\]【】\n]{{1,100}}】)\({ADDRESS}\)"),
        "full-width brackets do not make a link, so it is printed",
        "write `[` and `]`",
        anywhere=True,
    ),
    Form(
        (")(",),
        lazy(rf"{_OF_LINK}\({ADDRESS}\)(?P<wrong>\({ADDRESS}\))"),
        "a second address stands behind the link, and is printed",
        "keep one of them",
        anywhere=True,
    ),
    Form(
        ("[![",),
        lazy(rf"\[(?<![\w\\!\[\]]\[)!\[[^\[\]\n]*\]\([^()\s]+{IMAGE}\)\](?![(\[:{{])", re.I),
        "no address follows these brackets, so they are printed around the image",
        "write `[![what it shows](picture)](address)`, or remove the outer brackets",
        anywhere=True,
    ),
    Form(
        ("]!(",),
        lazy(rf"{_OF_LINK}(?P<wrong>!)\([\w./%-]+{IMAGE}\)", re.I),
        "the `!` stands behind the text instead of before it, so the image is printed",
        "write `![what it shows](path)`",
        anywhere=True,
    ),
    Form(
        ("]\\(",),
        lazy(rf"{TEXT}\\\({ADDRESS}\\?\)"),
        "the parenthesis is escaped, so the link is printed",
        "remove the backslash",
        anywhere=True,
    ),
    Form(
        ("])",),
        lazy(rf"{TEXT}\){ADDRESS}\("),
        "the parentheses around the address are in each other's place, so the link is printed",
        WRITE_LINK,
    ),
    Form(
        ("］［",),
        lazy(r"［[^\[\]［］\n]{1,100}］［(?P<label>[^\[\]［］\n]{1,60})］"),
        "full-width brackets do not make a link, so it is printed",
        "write `[` and `]`",
        anywhere=True,
        is_meant=_has_label,
    ),
    Form(
        ("}(",),
        lazy(rf"\{{(?<![\w\\{{$\]}})]\{{)(?=[^\W\d_])[^{{}}\[\]\n]{{1,200}}\}}\({ADDRESS}\)"),
        _ROUND_TEXT,
        WRITE_LINK,
        anywhere=True,
    ),
    Form(
        (")(",),
        lazy(rf"(?<![\]A-Za-z0-9_])\((?=[^\W\d_])[^()\n]{{1,60}}\)\([\w./-]+(?:\.md(?:#[^\s()]*)?|{IMAGE})\)", re.I),
        _ROUND_TEXT,
        WRITE_LINK,
        anywhere=True,
    ),
    Form(
        ("![",),
        lazy(rf"!(?P<wrong>[ \t]+)\[[^\[\]\n]*\]\([^()\s]+{IMAGE}[^()\n]*\)", re.I),
        "there is a space after `!`, so the reader sees a link instead of the image",
        "remove the space",
        anywhere=True,
    ),
    Form(
        ("!![",),
        lazy(rf"(?P<wrong>!)!\[(?<![\w!]!!\[)[^\[\]\n]*\]\([^()\s]+{IMAGE}[^()\n]*\)", re.I),
        "a second `!` is printed before the image",
        "remove one `!`",
        anywhere=True,
    ),
    Form(
        ("\\![",),
        lazy(rf"(?P<wrong>\\)!\[(?<![\w\\]\\!\[)[^\[\]\n]*\]\([^()\s]+{IMAGE}[^()\n]*\)", re.I),
        "`!` is escaped, so the reader sees it before a link instead of the image",
        "remove the backslash",
        anywhere=True,
    ),
    Form(
        ("][",),
        lazy(rf"{TEXT}\[{ADDRESS}\)"),
        "the bracket before the address is a square one, so the link is printed",
        WRITE_LINK,
    ),
    Form(
        (")[",),
        lazy(rf"(?<![\]\w])\({ADDRESS}\)\[(?=[^\W\d_])[^\[\]\n]{{2,100}}\](?![(\[:])"),
        "the address stands before the text, so the link is printed",
        WRITE_LINK,
    ),
    Form(
        ("]<",),
        lazy(r"(?<![\]\\\[!])\[(?=[^\[\]\n]*[^\W\d_])[^\[\]\n\x00]{1,200}\]<(?:https?://[^\s<>]+|#[\w-]+)>"),
        "the address is in angle brackets, so the text before it is printed with its brackets",
        WRITE_LINK,
        anywhere=True,
    ),
    Form(
        ("<://",),
        lazy(r"<[ ]+https?://[^\s<>]+[ ]*>"),
        "a space after the bracket prevents this from being a link",
        "write `<address>` without spaces",
        anywhere=True,
    ),
    Form(
        ("<@",),
        lazy(r"(?:^|(?<=[\s(,;:]))<[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+(?=[\s,;)]|\.\s|\.?$)(?![^<>\n]*>)", re.M),
        "no bracket closes this address, so it is printed and leads nowhere",
        "write `<address>`",
        anywhere=True,
    ),
    Form(
        ("@>",),
        lazy(r"(?<![\w.+/<:-])[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+>(?=[\s.,;)]|$)", re.M),
        "no bracket opens this address, so the one behind it is printed",
        "write `<address>`",
        anywhere=True,
        is_meant=_is_without_begin,
    ),
    Form(
        ("![",),
        lazy(rf"!\[[^\[\]()\n]{{1,200}}\((?:[\w./%-]+{IMAGE}|https?://[^\s()]+)\)(?!\])", re.I),
        "the bracket is not closed before the address, so the image is printed",
        "write `]` before `(`",
    ),
    Form(
        ("![",),
        lazy(r"!\[[^\[\]\n]*\]\([^()\s\[\]]+\]\((?=[\w./#<])"),
        "the address of this image is never closed, so the image is printed",
        "write `)` before `]`",
    ),
    Form(
        (")[",),
        lazy(
            r"(?<![\]\w])\((?=[^\W\d_])[^()\[\]\n]{2,60}\)\[(?P<label>(?=[^\[\]\n]*[^\W\d_])[^\[\]\n]{2,60})\](?![(\[:])"
        ),
        _ROUND_TEXT,
        "write `[text][label]`",
        anywhere=True,
        is_meant=_has_label,
    ),
    Form(
        ("][",),
        lazy(r"\[(?<![\w\]\\!\[`]\[)(?=[^\[\]\n]*[^\W\d_])[^\[\]\n]{2,200}\]\[(?=[\w .,;:-]{0,100}(?:\n[ ]*\n|\n?\Z))"),
        "the bracket around the label is never closed, so the link is printed",
        "close it with `]`",
    ),
    Form(
        ("/[",),
        lazy(r"https?://[^\s\[\]()<>\"'`\x00]{1,500}\[(?=[^\W\d_][^\[\]\n ]{0,60}[ ])[^\[\]\n]{2,200}\](?![(\[:])"),
        "a link as AsciiDoc writes it is printed with its brackets",
        WRITE_LINK,
        anywhere=True,
    ),
    Form(
        ("[:",),
        lazy(r"\[(?<![\[\]\\!]\[)(?:https?|mailto):[^\s\[\]]+[ ][^\[\]\n]+\](?![(\[:\]])"),
        "text and address share one pair of brackets, so the brackets are printed",
        WRITE_LINK,
        is_meant=_is_running_text,
    ),
    Form(
        ("|",),
        lazy(rf"\[(?<![\[\]\\!]\[)[^\[\]|\n]+\|(?:https?://[^\s\[\]|]+|{ADDRESS})\](?![(\[:\]])"),
        "text and address share one pair of brackets, so the brackets are printed",
        WRITE_LINK,
        is_meant=_is_running_text,
        may_be_owned=True,
    ),
)

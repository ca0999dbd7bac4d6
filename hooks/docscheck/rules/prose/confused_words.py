"""A word of English that is often written for another: `it's` for `its`, `then` for `than`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("PRO112", "confused-words", Severity.WARNING)


class _Slip(NamedTuple):
    """A few letters that are found fast, and what must stand around them."""

    letters: str
    first: str | None
    """The first word among them, where they begin with a whole one."""
    wrong: str
    """The wrong word among them."""
    meant: str
    shift: int
    """How far behind the beginning of the letters it stands."""
    before: re.Pattern[str]
    after: re.Pattern[str]


_ENDS = frozenset(("er", "to"))
"""What is only the end of a word, or everywhere."""


def _slips(letters: str, wrong: str, meant: str, before: str = r"(?<!\w)", after: str = r"(?!\w)") -> Iterator[_Slip]:
    for part in letters.split("|"):
        shift = max(part.replace("’", "'").lower().rfind(wrong.lower()), 0)
        first = part.split()[0].lower()
        yield _Slip(
            part,
            None if first in _ENDS or first == wrong.lower() else first,
            wrong,
            meant,
            shift,
            lazy(rf"(?:{before})\Z"),
            lazy(after),
        )


_VERBS = (
    r"(?:look|take|assume|say|try|see|define|start|consider|suppose|create|go|begin|use|add|make|imagine|run|have|do|now"
    r"|break|find|write|change|call|first|check|compare|examine|explore|build|load|get|set|move|turn|put|denote|dive|pull|push|open"
    r"|install|verify|download|deploy|copy|import|train|plot)\b"
)
_MAYBE = """
used needed required found assigned set added omitted given called seen changed applied configured installed specified
defined replaced removed able
"""
_IS = r"\b(?:is|are|was|were|been|being|be)"
_OWNED = (
    r"\s+(?!(?:a|an|the|not|all|just|in|been|no|on|very|also|as|like|only|still|really|because|that|too|more|better|up|to"
    r"|going|being|already|possible|important|necessary|best|easy|hard|worth|often|always|never|usually|currently|now|time"
    r"|called|meant|okay|fine|what|how|where|why|when|is|or|and|clear|likely|useful|recommended|probably|quite|so|done"
    r"|good|ok|there|here|free|safe|over)\b)[A-Za-z]"
)
_HAS = (
    r"\b(?:of|in|at|with|from|by|has|have|had|into|on|using|under|via|to|about|around|within|each|changes?|changing"
    r"|increas(?:es?|ing)|sets?|setting|defines?|giving|inspect|uses?|giving\s+each\s+\x00+)\s+"
)
_ADJECTIVE_TEXT = "possible impossible important recommended necessary better best easy easier hard useful"
_ADJECTIVES = tuple(_ADJECTIVE_TEXT.split())
_HOW = ("also", "always", "much", "very", "really", "quite")
_ITS = "|".join(
    (
        *(f"its {word}" for word in ("a", "an", "the", "been", "not", "just a")),
        *(f"its {word} {how}" for how in ("to", "that") for word in _ADJECTIVES),
        *(f"its {how} {word}" for how in _HOW for word in _ADJECTIVES),
    )
)
_BASE = (
    r"(?:have|need|want|know|use|forget|do|get|see|like|work|think|worry|find|make|go|take|run|change|show|give|help)\b"
)
_TRIES = r"(?<!\w)(?<!try )(?<!tries )(?<!do )(?<!does )(?<!did )(?<!trying )"
_WAY = r"(?i:go|goes|going|pass|passes|passed|run|runs|step|walk|look|loop|iterate|search|read|scroll)"
_SLIPS = (
    *_slips("it's|it’s", "it's", "its", _HAS, _OWNED),
    *_slips("it's own|it’s own|It's own", "it's", "its"),
    *_slips(_ITS, "its", "it's", _TRIES, r"(?![\w-])"),
    *_slips(_ITS.replace("its", "Its"), "Its", "It's", r"(?<![\w\[“\"'])", r"(?![\w-])"),
    *_slips("lets", "lets", "let's", r"\b(?:[Nn]ow|[Ss]o|[Tt]hen|[Nn]ext|[Ff]irst|[Ff]inally),?\s+", rf"\s+{_VERBS}"),
    *_slips("Lets", "Lets", "Let's", r"(?:^|\n|[.!?]\s)[ ]*", rf"\s+{_VERBS}"),
    *_slips("more then|less then", "then", "than", after=r"\s+(?:\w|\x00)"),
    *_slips(
        "er then",
        "then",
        "than",
        r"\b(?:rath|bett|larg|small|great|fast|slow|high|low|long|short|bigg|easi|new|old|(?<![Ee]ach )oth|wid|narrow)",
        r"\s+(?:\w|\x00)",
    ),
    *_slips(
        "and than|but than",
        "than",
        "then",
        after=r"\s+(?!the\b|that\b|those\b|in\b|of\b|a\b|an\b|what\b|with\b|for\b)[a-z]+",
    ),
    *_slips(" send ", "send", "sent", _IS, r"(?:by|from|in|into|to|with|on|as|via|for|out|over)\b"),
    *_slips(" build ", "build", "built", _IS, r"(?:by|from|into|with|on|using|for|upon|around|and)\b"),
    *_slips(
        "your are",
        "your",
        "you",
        r"\b(?:[Ii]f|[Ww]hen|[Oo]nce|that|[Ww]hat|[Aa]fter|[Bb]efore|[Ss]ince|because|[Ww]here)\s+",
    ),
    *_slips(
        "your working|your going|your doing|your looking|your trying|your talking|your able",
        "your",
        "you're",
        r"\b(?:[Ii]f|[Ww]hen|[Oo]nce|that|[Ww]hat|[Aa]fter|[Bb]efore|[Ss]ince|because|[Ww]here)\s+",
        r"\s+(?:on|to|at|with|for|about)\b",
    ),
    *_slips("you're own|you’re own", "you're", "your"),
    *_slips(
        "you own|you local|you machine|you computer|you choice|you project|you browser|you needs|you account",
        "you",
        "your",
        r"\b(?:of|to|from|with|by|in|on|into)\s+",
    ),
    *_slips(
        "you credentials|you password|you settings|you configuration",
        "you",
        "your",
        r"\b(?i:checks?|enter|change|update|edit|save|set|verify|review|use|with|to|of|in|from)\s+",
        r"(?=\s*[.,;:)]|\s+(?:and|or|to|in|for|on|before|are|is|with)\b)",
    ),
    *_slips(
        "your have|your can|your should|your must|your cannot",
        "your",
        "you",
        r"\b(?i:if|when|once|that|what|after|before|because|as)\s+",
        r"\s+(?:(?!been\b)[a-z]|\x00)",
    ),
    *_slips(
        " follow by ",
        "follow",
        "followed",
        r"[\w)\x00](?<!\bwe)(?<!\byou)(?<!\bthey)(?<!\bto)(?<!\bnot)(?<!\bwho)(?<!\bthat)(?<!\bwhich)(?<!s)",
        r"(?:a|an|the|one|two|three|another|optional)\b",
    ),
    *_slips(
        "current believe|common believe|our believe|popular believe", "believe", "belief", after=r"\s+(?:is|that|in)\b"
    ),
    *_slips("event though|Event though", "event", "even", r"(?<!\w)(?<!the )(?<!any )(?<!this )", r"\s+[a-z]"),
    *_slips("event if", "event", "even", r"(?:[.,;(]|\b(?:and|or|but|not|works?|sure))\s+", r"\s+[a-z]"),
    *_slips(" no be ", "no", "not", r"\b(?:may|will|can|should|must|could|would|might)", r"\w"),
    *_slips("to not that", "not", "note", r"\bimportant\s+"),
    *_slips("note be|note have", "note", "not", r"\b(?:will|would|can|could|should|must|may|might|shall)\s+"),
    *_slips(
        "|".join(f"maybe {each}" for each in _MAYBE.split()),
        "maybe",
        "may be",
        r"\b(?:it|this|that|they|these|those|which|there|you|users?|values?|files?|options?|parameters?|fields?)\s+",
    ),
    *_slips("bellow", "bellow", "below", r"\b(?:[Ss]ee|as|shown|listed|described|example|table|code|given|the)\s+"),
    *_slips("bellow", "bellow", "below", after=r"\)?\s+(?:is|are|shows?|we|you|for|the|command|example|code|will)\b"),
    *_slips(
        "loose",
        "loose",
        "lose",
        r"\b(?:don['’]t|not|to|will|may|can|could|would|might|you|we|they)\s+",
        r"\s+(?:the|your|any|all|its|data|access|information|track)\b",
    ),
    *_slips(
        "would of|should of|could of|must of|might of",
        "of",
        "have",
        after=r"\s+(?:been|had|done|gone|made|seen|thought|used)\b",
    ),
    *_slips("better of", "of", "off", after=r"\s+(?:using|with|if|by|not|just|without)\b"),
    *_slips("dependant", "dependant", "dependent", after=r"\s+(?:on|upon)\b"),
    *_slips(
        "dependant",
        "dependant",
        "dependent",
        rf"{_IS}\s+(?:(?!(?:an?|the|one|no|any|each|every|his|her|its|my|our|your|their)\b)[\w-]+\s+){{0,2}}",
    ),
    *_slips(
        "last weak|next weak|this weak|current weak|per weak|every weak|each weak",
        "weak",
        "week",
        after=r"(?=\s*(?:[.;:!?)(]|$))",
    ),
    *_slips(
        "server",
        "server",
        "serve",
        r"\b(?:can|will|must|should|could|would|might)\s+",
        r"\s+(?:the|an?|your|its|their|HTTPS?|requests?|traffic|files|pages|static|several|multiple|many)\b",
    ),
    *_slips("not forgot|don't forgot|don’t forgot|Don't forgot|Don’t forgot|to forgot", "forgot", "forget"),
    *_slips(" he ", "he", "the", r"\b(?:through|of|with|from|at|into|via)", r"(?:[a-z]|[A-Z][a-z])"),
    *_slips(
        " form ",
        "form",
        "from",
        r"\b(?:(?:download|import|load|return|receiv|access|remov|fetch|extract|install|deriv|clon|pull|delet|inherit|obtain)ed"
        r"|copied|copy|taken|available|different|far|away|coming|apart|read|reading)",
        r"(?:the|an?|your|this|that|its|here|each|another)\b",
    ),
    *_slips(
        "weather",
        "weather",
        "whether",
        r"\b(?i:checks?|decides?|determines?|see|know|tests?|sure|indicates?|specify|specifies|tells?|controls?|matter)\s+",
        r"\s+(?:the|an?|to|or|it|this|you|we|there|your|any|all|not)\b",
    ),
    *_slips(
        " were ",
        "were",
        "where",
        r"\b(?:the|a|this|that)\s+(?:folder|directory|place|path|location|file|page|section|line|machine)",
        r"(?:you|we|your|it|they)\b",
    ),
    *_slips("to much|to many", "to", "too", r"\b(?:is|are|takes?|took|way|far|uses?|consumes?)\s+"),
    *_slips(
        "trough",
        "trough",
        "through",
        rf"\b(?:{_WAY}|sent|only|possible|available)\s+",
        r"\s+(?:the|an?|your|this|these|all|its|each|it)\b",
    ),
    *_slips("though", "though", "through", rf"\b{_WAY}\s+", r"\s+(?:the|all|each|every|your|this|these)\b"),
    *_slips(
        "even thought|Even thought",
        "thought",
        "though",
        r"(?<![\w])(?<!t\s)(?<!never\s)",
        r"\s+(?:it|the|you|we|this|they|there|some|most|not|an?)\b",
    ),
    *_slips("chose", "chose", "choose", r"\b(?:can|to|may|must|should|could|will|might|[Pp]lease)\s+"),
    *_slips(
        "affect", "affect", "effect", r"\b(?:no|an|any|takes?|little|adverse)\s+", r"\s+(?:on|when|until|if|after)\b"
    ),
    *_slips(
        "effect",
        "effect",
        "affect",
        r"\b(?:not|will|may|can|could|might|would|n['’]t)\s+",
        r"\s+(?:the|your|any|other|how|performance)\b",
    ),
    *_slips("effected by", "effected", "affected", rf"{_IS}\s+"),
    *_slips("there own", "there", "their", after=r"\s+[a-z]"),
    *_slips("oder", "oder", "order", r"\bin\s+", r"\s+to\b"),
    *_slips("lest", "lest", "least", r"\b[Aa]t\s+"),
    *_slips(
        "quiet",
        "quiet",
        "quite",
        rf"{_IS}\s+",
        r"\s+(?:a|easy|simple|similar|different|large|small|often|useful|common|slow|fast|big|long|complex|good|well)\b",
    ),
    *_slips("sting", "sting", "string", r"\b(?:connection|query|empty|format|JSON|text|search|version|random)\s+"),
    *_slips("manger", "manger", "manager", r"\b(?:package|window|file|password|task|session|project)\s+"),
    *_slips("to asses", "asses", "assess", after=r"\s+[a-z]"),
    *_slips(" know ", "know", "known", rf"{_IS}(?:\s+also|\s+well)?", r"as\b"),
    *_slips(" use ", "use", "used", _IS, r"(?:to|for|as|in|by|with|when)\b"),
    *_slips("fro", "fro", "for", r"(?<!\band\s)(?<!\w)", r"\s+(?:the|an?|your|this|each|all|more|example)\b"),
    *_slips("int he|tot he|ont he|oft he|fort he", "he", "the", after=r"\s+[a-z]"),
    *_slips(
        "loosing", "loosing", "losing", after=r"\s+(?:the|your|any|data|access|connection|information|track|its)\b"
    ),
    *_slips("looses", "looses", "loses", after=r"\s+(?:the|its|any|data|access|connection|information|track)\b"),
    *_slips(
        " that ",
        "that",
        "than",
        r"\b(?:more|less|larger|greater|smaller|higher|lower|longer)",
        r"(?:one|two|three|just|\d+)\b",
    ),
    *_slips("everyday", "everyday", "every day", r"\b[a-z]+\s+", r"(?=\s*[.,;!?)]|\s*$)"),
    *_slips("on of the|on of these|on of your|on of its|on of them", "on", "one"),
    *_slips("whish", "whish", "wish"),
    *_slips("plane text", "plane", "plain"),
    *_slips(
        "your using|your having|your getting|your running|your writing|your planning",
        "your",
        "you're",
        r"\b(?:[Ii]f|[Ww]hen|[Oo]nce|because|[Ss]ince|sure)\s+",
        r"\s+(?:(?<=using )(?!of\b)[a-z]|(?:a|an|the|this|these|some|any|to)\b|\x00)",
    ),
    *_slips("dont", "dont", "don't", after=rf"\s+(?:\w+\s+)?{_BASE}"),
    *_slips("wont", "wont", "won't", after=rf"\s+(?:\w+\s+)?(?:be\b|{_BASE})"),
    *_slips(
        "sever", "sever", "server", r"\b(?:[Ww]eb|[Aa]pplication|[Mm]ail|[Ff]ile|[Pp]roxy|SQL|HTTP|the|a|this|your)\s+"
    ),
)
_FIRST_LOOK = {
    "its": lazy(rf"ts(?<=\b[Ii]ts)\s+(?:a|an|the|been|not|just|{'|'.join((*_ADJECTIVES, *_HOW))})\b"),
    "server": lazy(r"server(?:(?<=[nl]\sserver)|(?<=[dt]\sserver))\s"),
    "he": lazy(r"he(?<=\she)\s(?<=(?:gh|of|th|om|at|to|ia|nt|ot|ft|rt)\she\s)"),
    "form": lazy(r"form(?<=\sform)\s(?:the|an?|your|this|that|its|here|each|another)\b"),
    "were": lazy(r"were(?<=[a-z]\swere)\s(?:you|we|your|it|they)\b"),
    "use": lazy(r"use(?<=(?:is|re|be|as|en)\suse)\s(?:to|for|as|in|by|with|when)\b"),
    "know": lazy(r"know(?<=(?:is|re|as|be|en|so|ll)\sknow)\sas"),
    "on": lazy(r"on of "),
    "then": lazy(r"then(?<=(?:er|re|ss)\sthen)\s"),
    "you": lazy(
        r"you(?<=\byou)\s+(?:own|local|machine|computer|choice|project|browser|needs|account|credentials"
        r"|password|settings|configuration)\b"
    ),
    "your": lazy(
        r"your(?<=\byour)\s+(?:are|working|going|doing|looking|trying|talking|able|using|having|getting|running|writing"
        r"|planning|have|can|should|must|cannot)\b"
    ),
}
"""For words that are often right; each begins with letters that are found fast."""
_RARER = {
    "of": ("been", "had", "done", "gone", "better"),
    "no": ("no",),
    "not": ("important",),
    "you": ("you",),
    "to": ("much", "many"),
    "there": ("own",),
    "that": ("more", "less", "larger", "greater", "smaller", "higher", "lower", "longer"),
}
"""The rarest words near some that are everywhere."""
_BY_WORD: dict[str, list[_Slip]] = {}
for _slip in _SLIPS:
    for _key in _RARER.get(_slip.wrong, (_slip.wrong.lower(),)):
        _BY_WORD.setdefault(_key, []).append(_slip)
_BY_WORD["it’s"], _BY_WORD["you’re"] = _BY_WORD["it's"], _BY_WORD["you're"]
_BY_WORD["bellow)"] = _BY_WORD["bellow:"] = _BY_WORD["bellow."] = _BY_WORD["bellow"]
_BY_WORD["dependant,"] = _BY_WORD["dependant."] = _BY_WORD["dependant"]
_BY_WORD["everyday,"] = _BY_WORD["everyday."] = _BY_WORD["everyday"]
_BY_WORD["weak,"] = _BY_WORD["weak."] = _BY_WORD["weak)"] = _BY_WORD["weak"]
_KEYS = frozenset(_BY_WORD)
_CONDITION = lazy(r"\b[Ii]f\b[^.!?]*\Z")


def check(page: Page) -> Iterator[Finding]:
    if page.language[:2] != "en":
        return
    yield from _participles(page)
    keys = page.vocabulary & _KEYS
    vocabulary = page.vocabulary
    slips = [
        slip
        for key in keys
        if _may_be_wrong(page, key)
        for slip in _BY_WORD[key]
        if slip.first is None or slip.first in vocabulary
    ]
    if not slips:
        return
    prose = page.prose
    flat = prose.replace("\n", " ")
    seen: set[int] = set()
    for slip in slips:
        at = flat.find(slip.letters)
        while at >= 0:
            end = at + len(slip.letters)
            if slip.after.match(prose, end) and slip.before.search(prose, max(at - 24, 0), at):
                start = at + slip.shift
                if start not in seen and _is_meant(page, slip, start):
                    seen.add(start)
                    yield _finding(page, slip, start)
            at = flat.find(slip.letters, end)


_MODALS = (" can ", " will ", " should ", " must ", " may ", " could ", " might ")
_PARTICIPLE = lazy(
    r"(?:also[ ]|then[ ]|only[ ])?"
    r"([a-z]+[a-df-z]ed(?<!\bembed)(?<!\bshred)(?<!\bshed)|seen|done|written|given|taken|shown|known)(?![\w-])"
)
_PERSON = lazy(r"\b(?:[Yy]ou|[Ww]e|[Tt]hey|[Ii]t|[Uu]sers?|[Tt]his|which)\Z")


def _participles(page: Page) -> Iterator[Finding]:
    """`it can used`: what stands behind such a verb is no participle, or lacks its `be`."""
    prose = page.prose
    for modal in _MODALS:
        at = prose.find(modal)
        while at >= 0:
            end = at + len(modal)
            match = _PARTICIPLE.match(prose, end)
            if match and _PERSON.search(prose, max(at - 8, 0), at) and _is_text(page, at):
                word = Span(*match.span(1))
                message = f"`{match[1]}` does not go with `{modal.strip()}`"
                yield RULE.at(word, message, help="is `be` missing before it, or is it one ending too many?")
            at = prose.find(modal, end)


def _may_be_wrong(page: Page, key: str) -> bool:
    look = _FIRST_LOOK.get(key)
    return look is None or look.search(page.prose) is not None


def _is_meant(page: Page, slip: _Slip, offset: int) -> bool:
    if not _is_text(page, offset):
        return False
    # "If it is larger then take another" is right.
    return slip.meant != "than" or not _CONDITION.search(page.prose, max(offset - 120, 0), offset)


def _is_text(page: Page, offset: int) -> bool:
    leaf = page.leaf_by_line.get(page.source.line_of(offset))
    return leaf is not None and leaf.kind not in ("code", "maths")


def _finding(page: Page, slip: _Slip, start: int) -> Finding:
    span = Span(start, start + len(slip.wrong))
    word = page.source.text[span.start : span.end]
    help = f"did you mean `{slip.meant}`?" if slip.meant else "one article is enough"
    return RULE.at(span, f"`{word}` is not the word that belongs here", help=help)

"""What stands for text still to be written: tables of its forms, most of them English."""

from __future__ import annotations

import re
from typing import NamedTuple

from docscheck.patterns import lazy


class Form(NamedTuple):
    """A way to say that text, or a number, is missing."""

    cues: tuple[str, ...]
    """What such a line holds, one of these; one in small letters stands for capitals too."""
    pattern: re.Pattern[str]
    """Its group is reported, or the whole without the marks around it."""


_OPEN = r"^[ \t>*_(-]*"
"""What may stand before a text that has its line for itself."""
_CLOSE = r"[.!…)]*[*_ ]*"
_NO_LINK = r"\](?![(\[:])"
_FREE = r"(?<![/=\w\\])"
"""Where brackets belong to no address, no setting and no word."""
_FREER = r"(?<![/=.\w\\])"
"""Where they are no option of a command either."""


def _form(pattern: str, *cues: str) -> Form:
    return Form(cues, lazy(pattern, re.M))


FORMS = (
    _form(
        r"(?<![\w/#.-])(?:TODO|FIXME|TBD|TBA|XXX)(?=\s*[:：]|[.!]?\s*$|\s*\()",
        *("TODO", "FIXME", "TBD", "TBA", "XXX"),
    ),
    _form(r"(?<===)(?:TODO|FIXME|TBD|TBA)(?===)", "TODO", "FIXME", "TBD", "TBA"),
    _form(r"^[ \t>*+%/!-]*(?:TODO|FIXME|TBD)\b", "TODO", "FIXME", "TBD"),
    _form(r"(?<=[ (])XXX+(?=[ ,.)])", "XXX"),
    _form(
        r"(?<=[ (])(?<!like )(?<!form )(?<!format )(?<!pattern )(?<!shape )XXX[- ]XXX+(?:-X+)?(?=[ ,.)]|$)",
        "XXX",
    ),
    _form(
        r"^[ \t>*_]*(\[(?:IMAGE|SCREENSHOT|DIAGRAM|VIDEO|TABLE|CHART|PHOTO|PICTURE|FIGURE|GIF|LOGO)\])[*_ ]*$",
        *("[IMAGE]", "[SCREENSHOT]", "[DIAGRAM]", "[VIDEO]", "[TABLE]", "[CHART]", "[PHOTO]", "[PICTURE]", "[FIGURE]"),
        *("[GIF]", "[LOGO]"),
    ),
    _form(
        r"^[ \t>*_(\[]*(?:DRAFT|Draft)\b[^\w\n]{1,4}(?:do not|don't|not (?:yet )?for|not (?:yet )?ready)\b[^\n]{0,60}$",
        "draft",
    ),
    _form(
        r"(?<=\b[Oo]n )(?:DD([./-])MM\1YYYY|MM/DD/YYYY|YYYY-MM-DD)(?=[.,;)]|$)",
        *("DD.MM.YYYY", "DD/MM/YYYY", "DD-MM-YYYY", "MM/DD/YYYY", "YYYY-MM-DD"),
    ),
    _form(
        r"\[(?:(?<= is \[)|(?<= by \[)|(?<= at \[)|(?<= to \[)|(?<= from \[)|(?<= contact \[)|(?<= on \[))"
        rf"(?:Name|Date|Place|Time|Address|Company|Email|Phone|Number|Amount){_NO_LINK}(?=[.,;]|[ ][a-z]|$)",
        *(
            "[Name]",
            "[Date]",
            "[Place]",
            "[Time]",
            "[Address]",
            "[Company]",
            "[Email]",
            "[Phone]",
            "[Number]",
            "[Amount]",
        ),
    ),
    _form(r"(?<=[|])[ ]*(?:TODO|FIXME|TBD|tbd)(?=[ ]*[|])", "TODO", "FIXME", "tbd"),
    _form(r"(?<=[^\]\n]\()(?:TODO|FIXME|TBD|TBA)(?=\)|[ ][a-z])", "(TODO", "(FIXME", "(TBD", "(TBA"),
    _form(r"(?<=[ ]\()(?:todo|tbd)(?=\)|:[ ])", "(todo", "(tbd"),
    _form(
        r"(?<=[a-z,] )(?<!\b[Aa] )(?<!\b[Tt]he )(?:FIXME|TBD|TBA"
        r"|TODO(?:(?<=\b(?:is|by) TODO)|(?<=\b(?:are|has) TODO)|(?<=\b(?:than|paid|have) TODO)"
        r"|(?<=\b(?:about|after|takes|costs) TODO)))(?= [a-z]|[.,;])",
        *("TODO", "FIXME", "TBD", "TBA"),
    ),
    _form(r"(?<![\w.])T\.B\.[DA]\.(?=[ *_)]*(?:\||$))", "T.B.D.", "T.B.A."),
    _form(
        r"(?<=[.!?] )TODO(?= (?:add|write|fix|check|update|explain|describe|link|finish|remove|move|find|ask|document"
        r"|replace|clarify|insert|mention|discuss|verify|cite|complete|expand|rewrite)\b)",
        "TODO",
    ),
    _form(r"^[ \t>*_]*todo:(?= [a-z])", "todo:"),
    _form(r"^[ \t>*_]*[Nn]ote to self:", "note to self:"),
    _form(r"(?<![\w-])TKTK(?![\w-])", "TKTK"),
    _form(r"(?<![\w.-])XX(?=[ ]?%)", "XX"),
    _form(
        r"(?:(?<=[Ss]ee )|(?<=[Cc]f\. )|(?<=\b[Ii]n ))"
        r"(?:[Ss]ection|[Cc]hapter|[Ff]igure|[Ff]ig\.|[Tt]able) XX?(?=[ .,;:)]|$)",
        *(" section x", " chapter x", " figure x", " fig. x", " table x"),
    ),
    _form(r"\[\?{2,3}\](?![(\[:])", "[??"),
    _form(r"\[object Object\]", "[object Object]"),
    _form(r"(?<![\w@%])[@%](?:[A-Z]+_)?VERSION[@%](?![\w@%])", "VERSION@", "VERSION%"),
    _form(r"\b[Ll]orem ipsum dolor\b|^[ \t>*_-]*[Ll]orem ipsum\b", "lorem ipsum"),
    _form(r"\b[Dd]olor sit amet, consectetur\b", "dolor sit amet"),
    _form(r"^[ \t>]*(?:[Bb]la+h?[ ,]+){2,}bla+h?[.!…]*$", "bla", "blah"),
    _form(
        r"\b(?:[Ss]ed ut perspiciatis|[Dd]uis aute irure|[Ee]xcepteur sint)\b",
        *("sed ut perspiciatis", "duis aute irure", "excepteur sint"),
    ),
    _form(
        rf"{_FREE}(?<!-)(?<!\w [>→] )\[(?:insert|Insert(?=[^\]\n]* here\]|[ ][a-z ]{{3,20}}[ ](?:of|about|showing)[ ])"
        r"|INSERT(?=(?: (?!INTO|OR\b)[A-Z]+){1,4}\])"
        r"|add(?![^\]\n]*[\"%$(])|your|Your|YOUR|fill in|TODO|TBD|TBA|FIXME)\b(?!-)[^\]\n]{0,40}\](?![(\[:/\\])",
        *("[insert", "[add", "[your", "[fill in", "[TODO", "[TBD", "[TBA", "[FIXME"),
    ),
    _form(
        rf"{_FREER}\[(?:Briefly|Describe|Explain|Provide|Summari[sz]e)\b[^\]\n]{{3,80}}{_NO_LINK}",
        *("[Briefly", "[Describe", "[Explain", "[Provide", "[Summari"),
    ),
    _form(
        rf"{_FREER}\[(?:CITE|CITATION|REF|TRANSLATE|NUMBER|SCREENSHOT|TBC|CHECK|VERIFY|CONFIRM|cite"
        rf"|(?:Author|Company|Team)(?:'s)? Name|verify|fact[- ]check|who\?|when\?|ref\?){_NO_LINK}",
        *("[CIT", "[REF", "[TRANSLATE", "[NUMBER", "[SCREENSHOT", "[Author", "[Company", "[Team"),
        *("[TBC", "[CHECK", "[CONFIRM", "[cite", "[verify", "[fact", "[who?", "[when?", "[ref?"),
    ),
    _form(
        rf"\[(?:citation|clarification|source|reference) needed{_NO_LINK}",
        *("[citation needed", "[clarification needed", "[source needed", "[reference needed"),
    ),
    _form(
        rf"{_FREER}\[(?:image|screenshot|photo|picture|diagram|figure|chart|video|link|example|text)s?"
        rf"(?: (?:goes|to go))? here{_NO_LINK}",
        " here]",
        "e here]",
        "t here]",
        "o here]",
        "m here]",
        "k here]",
    ),
    _form(r"(?<=[a-z] )[\[(](?:tk|TK)(?:\](?![(\[:])|\))(?=[ .,;:)]|$)", "[tk]", "(tk)"),
    _form(r"\((?:citation|reference) needed\)", "citation needed)", "reference needed)"),
    _form(r"\((?:insert|add)\b[^()\n]{3,60}\bhere\)", "(insert", "(add"),
    _form(
        r"\(add (?:an? )?(?:link|source|reference|citation|image|example|number|figure|screenshot)s?\)",
        "(add",
    ),
    _form(
        r"^[ \t>]*(\[(?:Image|Screenshot|Photo|Picture|Diagram|Illustration|Image placeholder)"
        r"(?::| of| showing)[ ][^\[\]\n]{3,100}\])[ ]*$",
        *("[image", "[screenshot", "[photo", "[picture", "[diagram", "[illustration"),
    ),
    _form(
        r"^[ \t>]*[*_]*((?i:(?:this is )?(?:an? |some )?(?:placeholder|(?:placeholder|dummy|filler) text)))"
        r"[.…!]?[*_]*[ ]*$",
        *("placeholder", "dummy", "filler"),
    ),
    _form(r"^[ \t>]*asdf(?:[ ]asdf)*[.!]*$", "asdf"),
    _form(r"^[ \t>*_-]*@todo\b", "@todo"),
    _form(
        rf"{_OPEN}(?:[^\w\s#|`]+[ ])?(?i:coming soon|under construction|work in progress|tbd|write me"
        r"|to be (?:written|added|completed|announced|done|continued|confirmed|determined|decided|defined))"
        rf"{_CLOSE}(?:[^\w\s]+)?$",
        *("coming soon", "under construction", "work in progress", "tbd", "write me"),
        *("to be written", "to be added", "to be completed", "to be announced", "to be done", "to be continued"),
        *("to be confirmed", "to be determined", "to be decided", "to be defined"),
    ),
    _form(
        rf"{_OPEN}(?i:this (?:page|section|part|chapter|article|guide) is (?:coming soon|under construction"
        rf"|(?:a )?work in progress|a stub)){_CLOSE}$",
        *("is coming soon", "is under construction", "work in progress", "is a stub"),
    ),
    _form(
        rf"{_OPEN}(?i:this (?:page|section|part|chapter) will be (?:added|completed|filled in|updated|written)"
        rf" (?:later|soon|shortly)){_CLOSE}$",
        *(" later", " soon", " shortly"),
    ),
    _form(
        rf"{_OPEN}(?i:tbc|wip|fill in later|more to come"
        rf"|(?:more )?(?:details|information|content|text) to follow){_CLOSE}$",
        *("tbc", "wip", "fill in later", "more to come", "to follow"),
    ),
    _form(
        r"(?:\*\*:|:\*\*)(?<!Status\*\*:)(?<!Status:\*\*)(?<!State\*\*:)(?<!Stage\*\*:)[ ]+"
        r"((?i:coming soon|work in progress|under construction))[.!…]*[*_ ]*$",
        *("coming soon", "work in progress", "under construction"),
    ),
    _form(
        r"(?i:\b(?:section|chapter|figure|fig\.|table|equation|eq\.|appendix|page|step|about|roughly|costs|takes))"
        r"[ ](\?\?)(?!\?)",
        " ??",
    ),
    _form(r"(?<=[a-z] )(?<![Uu]se )(?<!type )(?<!write )\?\?\?(?= [a-z]|[.,])", " ???"),
    _form(r"^[ \t>]*(?:[-*+]|\d+[.)])[ ]+\?{3,}[ ]*$", " ???"),
)

_THING = (
    r"(?:text|content|description|summary|introduction|abstract|screenshot|image|picture|figure|diagram|explanation|table"
    r"|chart|video|photo)s?"
)


def _whole(*texts: str) -> re.Pattern[str]:
    """One of these texts, and nothing else on its line but the mark of a heading."""
    return lazy(rf"[ \t>]*(?:\#+[ ])?[*_(\[]*(?P<what>{'|'.join(texts)})[.…!:)\]*_]*[ ]*$", re.I)


FILL_IN = {
    "de": _whole(
        "(?:hier )?(?:bitte )?(?:noch )?(?:text|beschreibung|inhalt|bild|foto|grafik|abbildung|einleitung)(?: hier)?"
        " (?:einfügen|ergänzen|eintragen|nachtragen)",
        "(?:text|inhalt|beschreibung|bild|foto|weiteres|mehr|der rest) folgt(?: noch| bald| später| in kürze)?",
        "folgt|kommt noch|hier fehl(?:t|en) noch [^.,]{3,30}|beispieltext|blindtext|platzhalter(?:text)?",
        "folgt noch|(?:wird|werden) noch (?:ergänzt|geschrieben|erstellt)|noch zu (?:schreiben|ergänzen)",
    ),
    "en": _whole(
        "write (?:something|text) here",
        "(?:content|text|details|more) (?:to|will) be (?:added|written|provided)(?: here)?",
        "(?:remove|delete)(?: this)? before (?:publishing|publication)",
        rf"(?:(?:your|the|some|more|my) )?(?:\w+ )?{_THING} (?:goes|go|comes?|will (?:go|come|be)) here|{_THING} here",
        rf"(?:add|insert|put|write)(?: \w+){{0,2}} {_THING}(?: \w+){{0,2}} here",
        rf"(?:your|insert|add|page|section)(?: (?:a|an|the|your|page|section))? (?:title|heading|{_THING}) here",
    ),
    "es": _whole(
        "(?:por|pendiente de) (?:completar|escribir|redactar)|en construcción",
        r"(?:insertar|añadir|agregar|poner)(?: \w+){0,2} (?:texto|contenido|descripción|imagen|foto)(?: \w+){0,2} aquí",
    ),
    "fr": _whole(
        "(?:(?:texte|contenu|section|page|description|image|partie) )?à (?:compléter|rédiger|remplir|venir)",
        r"(?:insérer|ajouter|mettre)(?: \w+){0,2} (?:texte|contenu|description|image|photo)(?: \w+){0,2} ici",
        "(?:page |section )?en (?:construction|cours de rédaction)|à faire",
    ),
    "it": _whole(
        "da (?:completare|scrivere)|in costruzione",
        r"(?:inserire|aggiungere)(?: \w+){0,2} (?:testo|contenuto|descrizione|immagine|foto)(?: \w+){0,2} qui",
    ),
    "nl": _whole(
        "nog (?:te schrijven|in te vullen|aan te vullen)",
        "hier (?:komt )?(?:de )?(?:tekst|beschrijving)(?: invoegen)?",
        "(?:tekst|inhoud|beschrijving|foto|afbeelding|meer|de rest) volgt(?: nog| later| binnenkort)?",
    ),
    "pt": _whole(
        "em construção|por (?:escrever|preencher)",
        r"(?:inserir|adicionar|colocar)(?: \w+){0,2} (?:texto|conteúdo|descrição|imagem|foto)(?: \w+){0,2} aqui",
    ),
}
"""A paragraph that says no more than that text is to come."""
LAST_WORDS = {
    "de": "text beispieltext blindtext platzhalter platzhaltertext bild bilder einfügen ergänzen eintragen nachtragen"
    " folgt noch bald später kürze ergänzt geschrieben erstellt schreiben prüfen",
    "en": "here added written provided publishing publication",
    "es": "completar escribir redactar construcción aquí",
    "fr": "compléter rédiger remplir venir ici construction rédaction faire vérifier",
    "it": "completare scrivere costruzione qui",
    "nl": "aanvullen schrijven vullen tekst beschrijving invoegen volgt nog later binnenkort",
    "pt": "construção escrever preencher aqui",
}
"""With what such a paragraph ends."""
IN_BRACKETS = lazy(
    r"[(\[](?P<what>(?:text|inhalt|beschreibung|bild|foto|mehr) folgt(?: noch| bald| später| in kürze)?)[)\]]\.?$", re.I
)
"""The German of this behind a sentence; in other languages such brackets may speak of a thing, not of the text."""
LOUD = lazy(
    r"(?<=[a-zà-ÿ.!?] )(?P<what>[ÀA] (?:COMPL[ÉE]TER|R[ÉE]DIGER|FAIRE|V[ÉE]RIFIER)|(?:POR|A) COMPLETAR|POR ESCRIBIR"
    r"|(?:NOCH|BITTE) (?:ERGÄNZEN|EINFÜGEN|PRÜFEN)|FEHLT NOCH|DA (?:COMPLETARE|SCRIVERE)|NOG AANVULLEN)[.!…]*$"
)
"""The same in capitals behind a sentence."""
ABROAD = {
    "de": lazy(
        r"(?<![\w\]/])\[(?:(?:Ihr|Ihre|Dein|Deine|Ihren|Deinen)[ ][A-ZÄÖÜ][^\[\]\n]{2,30}"
        r"|[^\[\]\n]{3,40}[ ](?:einfügen|eintragen|ergänzen|einsetzen))\](?![(\[:])"
    ),
    "es": lazy(
        r"(?<![\w\]/])\[(?:(?:insertar|inserte|añadir|añada|completar|rellenar|escriba|su|tu)[ ][^\[\]\n]{3,40}"
        r"|(?<=[ ](?:es|de|ha)[ ]\[)(?:nombre|número|fecha|título|dirección)[ ][^\[\]\n]{3,40})\](?![(\[:])"
    ),
    "fr": lazy(
        r"(?<![\w\]/])\[(?:(?:insérer|insérez|ajouter|ajoutez|compléter|votre|vos)[ ][^\[\]\n]{3,40}"
        r"|(?<=[ ]est[ ]\[)(?:nom|numéro|date|titre|adresse)[ ][^\[\]\n]{3,40}|à compléter)\](?![(\[:])"
    ),
    "it": lazy(r"(?<![\w\]/])\[(?:inserire|aggiungere|il tuo|la tua)[ ][^\[\]\n]{3,40}\](?![(\[:])"),
    "pt": lazy(r"(?<![\w\]/])\[(?:inserir|insira|adicionar|seu|sua)[ ][^\[\]\n]{3,40}\](?![(\[:])"),
}
"""What is to be filled in, in brackets, in other languages."""
ENDINGS = ("", ".", "…", "...", "!", ":", ")", ").", "]", "*", "_")
_EAST_TEXT = "未完待续|敬请期待|待补充|待补(?!充)|待更新|待编辑"
_EAST_TEXT += "|待完善|待续|待填写|待添加|施工中|待補充|待續|準備中|執筆中|작성 중|작성 예정|준비 중|추후 작성"
EAST_SIGNS = "待期施準執작준추填插添补放"
EAST = lazy(
    rf"(?P<what>[（(【\[][^（()）【】\[\]\n]{{0,4}}(?:{_EAST_TEXT})[^（()）【】\[\]\n]{{0,2}}[)）】\]])(?![(\[])"
    rf"|(?:(?<=[。！？])|(?<=[은는이가] ))(?P<behind>(?:{_EAST_TEXT}))(?=[。！.]?$)"
    rf"|^[ \t>]*(?P<fill>(?:此处|在此处?|这里)(?:请)?(?:填写|插入|添加|补充|放置)(?:相关|具体|详细)?的?"
    r"(?:内容|文字|文本|正文|描述))[。.！]?$"
    rf"|^[ \t>*+-]*[*_]*(?:[^:：\n]{{1,30}}[:：][ ]*)?"
    rf"(?P<line>(?:[此本该]\w{{1,3}})?(?:\w{{0,2}}内容)?(?:{_EAST_TEXT}))[。.…！!*_ ]*$"
)
"""The same between brackets, or as a paragraph or an item."""

IS_TO_COME = lazy(
    r"[ \t>*_(-]*(?P<what>[Hh]ier (?:folgen|folgt|kommen|kommt|fehlen|fehlt) (?:noch|später|bald)"
    r" (?:[a-zäöü]+ ){0,2}(?:Text|Beschreibung|Bild|Foto|Abschnitt|Erklärung|Anleitung|Inhalt|Tabelle|Übersicht|Liste"
    r"|Detail|Information|Kapitel|Absatz|Satz)[a-z]*(?: [^.:;\n]{1,60})?)[.!…)*_]*[ ]*$"
)
"""The German of it with what the text is to be about."""

"""The forms of some hundred English verbs, by rule and with the irregular ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

VERBS = """
accept achieve add adjust allocate allow appear append apply ask assign assist assume attach avoid become behave belong
bring calculate carry choose collect combine communicate compare compile configure confirm connect consider consist
construct consume contain continue convert create customize decide declare define delete denote depend deploy describe
destroy detect determine develop disable discover discuss divide eliminate employ enable encrypt enter
evaluate execute exist expand expect explain explore expose extend extract fetch finish follow generate get give go
happen have identify ignore implement improve include indicate inform inherit initialize inject insert inspect install
integrate introduce invoke involve keep know learn lose maintain make manage modify navigate notify observe obtain occur
omit operate optimize override overwrite participate perform persist prefer prepare prevent proceed produce protect
provide publish reach receive recommend reduce refer reject relate rely remain remember remove replace represent require
resolve respond restore restrict retrieve seem send serve simplify solve specify submit subscribe suggest take teach
tell think throw transform translate treat try understand uninstall utilize validate verify wait want
"""
"""Words that are nothing but verbs."""
MORE_VERBS = """
access act activate affect attempt build call cancel capture cause change check click clone close compute control copy
correspond cover decrease differ display download drop edit encounter end exit fail fall fill filter find fix focus
forget guide handle help hold host import increase interact issue launch leave limit link list listen load look map
match mean measure meet merge monitor mount move need notice open pass pick place play point press print process pull
push put
query raise read rebuild record redirect register release reload rename render repeat report request reset restart
result return reuse review route run save say scale schedule see select set share show skip sort start stay stop store
supply support switch talk test track transfer trigger turn update upgrade upload use view visit walk watch work wrap
write
"""
"""Verbs that are other words as well."""
_DONE_OTHERWISE = """
become:became:become bring:brought:brought build:built:built choose:chose:chosen fall:fell:fallen find:found:found
forget:forgot:forgotten get:got:gotten give:gave:given go:went:gone have:had:had hold:held:held keep:kept:kept
know:knew:known leave:left:left lose:lost:lost make:made:made mean:meant:meant meet:met:met override:overrode:overridden
overwrite:overwrote:overwritten put:put:put read:read:read rebuild:rebuilt:rebuilt reset:reset:reset run:ran:run
say:said:said see:saw:seen send:sent:sent set:set:set show:showed:shown take:took:taken teach:taught:taught
tell:told:told think:thought:thought throw:threw:thrown understand:understood:understood write:wrote:written
"""
_DOUBLED_TEXT = "control drop forget get map occur omit prefer put refer reset run set skip stop submit transfer wrap"
_DOUBLED = frozenset(_DOUBLED_TEXT.split())
"""Those whose last letter is written twice before `-ed` and `-ing`."""


class Verb:
    """One verb."""

    def __init__(self, base: str, irregular: dict[str, list[str]]) -> None:
        self.do = base
        stem = base + base[-1] if base in _DOUBLED else base
        self.doing = (base[:-1] if base.endswith("e") and not base.endswith("ee") else stem) + "ing"
        if base.endswith("y") and base[-2] not in "aeou":
            self.does, regular = f"{base[:-1]}ies", f"{base[:-1]}ied"
        else:
            self.does = f"{base}es" if base.endswith(("s", "x", "ch", "sh", "o")) else f"{base}s"
            regular = f"{base}d" if base.endswith("e") else f"{stem}ed"
        if base == "have":
            self.does = "has"
        _, self.did, self.done = irregular.get(base, ("", regular, regular))


def verbs(words: str) -> Iterator[Verb]:
    """The verbs of a list."""
    irregular = {row.partition(":")[0]: row.split(":") for row in _DONE_OTHERWISE.split()}
    return (Verb(word, irregular) for word in words.split())


def forms(of: Iterable[Verb]) -> dict[str, frozenset[str]]:
    """Groups of words: `do`, `does`, `did`, `done`, `doing`, and `undone` for the base where it is no participle."""
    known = list(of)
    return {
        "do": frozenset(verb.do for verb in known),
        "does": frozenset(verb.does for verb in known),
        "did": frozenset(verb.did for verb in known if verb.did != verb.do),
        "done": frozenset(verb.done for verb in known),
        "doing": frozenset(verb.doing for verb in known),
        "undone": frozenset(verb.do for verb in known if verb.done != verb.do),
    }

"""What an editor is told of this site: citations, models, macros, figures and explorables (see `docscheck lsp`).

Data and code are read as text where that is enough: to complete a key, nothing is drawn and nothing is counted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from archdata import explorables, models, numbers
from archdata.bibliography import Bibliography, load
from archdata.citing import citations
from archdata.entries import Entry
from archdata.errors import DataError, nearest
from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule
from docscheck.lsp.bibliography import key_at
from docscheck.lsp.provider import Completion, Hover, Provider, Target
from docscheck.page import Page
from docscheck.source import Span
from docscheck.stamps import stamp

CITATION = Rule("KEY101", "unknown-citation")
MODEL = Rule("KEY102", "unknown-model")
FIGURE = Rule("KEY103", "unknown-figure")

_CITING = re.compile(r"\[(?:[^\[\]]*[;\s])?@([\w.:+-]*)$")
_BLOCK = re.compile(r"^[ \t>]*/{3,}[ \t]*(figure|explorable)[ \t]*\|[ \t]*(\S*)", re.M)
_EXPRESSION = re.compile(r"\[=(?:(?!=\])[\s\S])*?=\]")
_CALL = re.compile(r"(\w+)\(((?:[^()\"]|\"[^\"\n]*\")*)\"([^\"\n]*)$")
_MACRO = re.compile(r"(?:^|[^\w.\"])([A-Za-z_]\w*)$")
_TEXT = re.compile(r"\"([^\"\n]*)\"")
_FIGURE = re.compile(r"(?<![\w.])figure\(\s*\"([^\"]+)\"(?:,\s*title=\"([^\"]*)\")?")
_FIELD = re.compile(r"^  (\w+):[ \t]*(.*)$", re.M)
_OF_MODELS = frozenset({"layer_strip", "compare_models"})
"""Macros of which every text is the key of a model."""


class Macro(NamedTuple):
    """A macro as it is written in `hooks/macros.py`."""

    name: str
    arguments: str
    names: tuple[str, ...]
    about: str
    line: int
    """From 0."""


class Drawn(NamedTuple):
    """A figure and where its function stands."""

    key: str
    title: str
    file: Path
    line: int
    """From 0."""


def provider(config: Config) -> Provider | None:
    """The provider for a site that cites as this one does; None for others."""
    return ThisSite(config) if config.has("archmarkdown.citations") else None


class ThisSite(Provider):
    """Answers for citations, for what stands in `[= … =]`, and for blocks of figures and explorables."""

    def __init__(self, config: Config) -> None:
        self._docs = config.docs_dir
        self._bibliography = config.root / str(
            config.option("archmarkdown.citations", "bibliography", "docs/_data/references.bib")
        )
        module = str(config.plugins.get("macros", {}).get("module_name") or "")
        self._macros = config.root / f"{module}.py" if module else None

    # What is known.

    @property
    def bibliography(self) -> Bibliography:
        """The entries, as the file holds them now."""
        return load(self._bibliography)

    @property
    def macros(self) -> Mapping[str, Macro]:
        """The macros by name."""
        now = stamp(self._macros) if self._macros else None
        return _macros(self._macros, tuple(now)) if self._macros and now else {}

    @property
    def models(self) -> dict[str, Path]:
        """The files of the models by key."""
        folder = self._docs / models.FOLDER
        return _models(folder, tuple(stamp(folder) or ()))

    # What can be written.

    def completions(self, page: Page, offset: int) -> Iterable[Completion]:
        """Keys of papers behind `[@`, of models and fields in macros, of figures and explorables in their blocks."""
        start = page.source.text.rfind("\n", 0, offset) + 1
        before = page.source.text[start:offset]
        if typed := _CITING.search(before):
            return self._papers(Span(offset - len(typed[1]), offset))
        if (block := _BLOCK.match(before)) and block.end() == len(before):
            return self._drawn(block[1], Span(offset - len(block[2]), offset))
        expression = _open_expression(page.source.text, offset)
        return self._in_expression(expression, offset) if expression is not None else ()

    def _papers(self, span: Span) -> Iterator[Completion]:
        for entry in self.bibliography.values():
            yield Completion(entry.key, span, "reference", f"{entry.label} · {entry.title}", _about(entry))

    def _drawn(self, kind: str, span: Span) -> Iterator[Completion]:
        if kind == "figure":
            yield from (Completion(key, span, "value", found.title) for key, found in drawings().items())
        else:
            known = explorables.load(self._docs)
            yield from (Completion(key, span, "value", found.title) for key, found in known.items())

    def _in_expression(self, expression: str, offset: int) -> Iterator[Completion]:
        call = _CALL.search(expression)
        if call is None:
            if named := _MACRO.search(expression):
                yield from self._macro_names(Span(offset - len(named[1]), offset))
            return
        span = Span(offset - len(call[3]), offset)
        argument = self._argument(call[1], call[2])
        if argument == "model":
            for key, file in self.models.items():
                yield Completion(key, span, "value", _field(file, "name"))
        elif argument == "field" and (model := _TEXT.search(call[2])) and model[1] in self.models:
            for field, value in _FIELD.findall(_config_of(self.models[model[1]])):
                yield Completion(field, span, "value", value)

    def _macro_names(self, span: Span) -> Iterator[Completion]:
        for macro in self.macros.values():
            yield Completion(macro.name, span, "function", f"({macro.arguments})", macro.about)

    def _argument(self, macro: str, before: str) -> str:
        """What a text in a macro's call is: the name of the argument it is given for."""
        if macro in _OF_MODELS:
            return "model"
        names = self.macros[macro].names if macro in self.macros else ()
        place = _TEXT.sub("", before).count(",")
        return names[place] if place < len(names) else ""

    # What is to be said of a place, and where it is defined.

    def hover(self, page: Page, offset: int) -> Hover | None:
        """The entry of a citation, the figures of a model, what a macro takes, what a figure shows."""
        if (cited := key_at(page, offset)) and cited[1] in self.bibliography:
            return Hover(cited[0], _about(self.bibliography[cited[1]]))
        if named := self._model_at(page, offset):
            return Hover(named[0], self._about_model(named[1]))
        if macro := self._macro_at(page, offset):
            return Hover(macro[0], f"`{macro[1].name}({macro[1].arguments})`\n\n{macro[1].about}".strip())
        shown = _block_at(page, offset)
        if shown and shown[1] == "figure" and shown[2] in drawings():
            return Hover(shown[0], drawings()[shown[2]].title)
        return None

    def definition(self, page: Page, offset: int) -> Target | None:
        """The entry's line, the model's file, the macro's or the figure's function, the explorable's module."""
        if (cited := key_at(page, offset)) and cited[1] in self.bibliography:
            return Target(self._bibliography, self.bibliography[cited[1]].line - 1)
        if named := self._model_at(page, offset):
            return Target(self.models[named[1]])
        if (macro := self._macro_at(page, offset)) and self._macros:
            return Target(self._macros, macro[1].line)
        shown = _block_at(page, offset)
        if shown and shown[1] == "figure" and shown[2] in drawings():
            found = drawings()[shown[2]]
            return Target(found.file, found.line)
        if shown and shown[1] == "explorable":
            module = self._docs / explorables.MODULES / f"{shown[2]}.mjs"
            return Target(module) if module.is_file() else None
        return None

    def _model_at(self, page: Page, offset: int) -> tuple[Span, str] | None:
        for span, key in self._named_models(page):
            if span.start <= offset <= span.end and key in self.models:
                return span, key
        return None

    def _macro_at(self, page: Page, offset: int) -> tuple[Span, Macro] | None:
        text = page.source.text
        expression = _expression_at(page, offset)
        if expression is None:
            return None
        for word in re.finditer(r"[A-Za-z_]\w*", text[expression.start : expression.end]):
            span = Span(expression.start + word.start(), expression.start + word.end())
            if span.start <= offset <= span.end and word[0] in self.macros:
                return span, self.macros[word[0]]
        return None

    def _about_model(self, key: str) -> str:
        try:
            model = models.get(self._docs, key)
            counted = f"{numbers.count(model.parameters)} parameters"
        except (DataError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            return f"**{key}**: {error}"
        if model.active_parameters != model.parameters:
            counted += f", {numbers.count(model.active_parameters)} active"
        facts = (model.organisation, str(model.released), model.licence)
        return f"**{model.name}** · {counted}\n\n{' · '.join(facts)}"

    # What is wrong.

    def findings(self, page: Page) -> Iterator[Finding]:
        """Keys that name nothing."""
        known = self.bibliography
        for cited in citations(page.source.text):
            if cited.key not in known and cited.line > page.body:
                start = page.source.starts[cited.line - 1] + cited.column - 1
                yield _unknown(CITATION, Span(start, start + len(cited.key)), "citation key", cited.key, known)
        for span, key in self._named_models(page):
            if key not in self.models:
                yield _unknown(MODEL, span, "model", key, self.models)
        named = [match for match in _blocks(page) if match[1] == "figure"]
        drawn = drawings() if named else {}
        for match in named:
            if match[2] not in drawn:
                yield _unknown(FIGURE, Span(*match.span(2)), "figure", match[2], drawn)

    def _named_models(self, page: Page) -> Iterator[tuple[Span, str]]:
        """The keys of models in the expressions of a page."""
        for expression in _expressions(page):
            written = page.source.text[expression.start : expression.end]
            for text in _TEXT.finditer(written):
                call = _CALL.search(written, 0, text.start(1))
                if call and self._argument(call[1], call[2]) == "model":
                    yield Span(expression.start + text.start(1), expression.start + text.end(1)), text[1]


def drawings() -> Mapping[str, Drawn]:
    """The figures by key, found in the text of their modules."""
    found = find_spec("archfigures")
    folders = list(found.submodule_search_locations or ()) if found else []
    files = [file for folder in folders for file in sorted(Path(folder).rglob("*.py"))]
    return {drawn.key: drawn for file in files for drawn in _drawn_in(file, tuple(stamp(file) or ()))}


@lru_cache(maxsize=4)
def _models(folder: Path, _: tuple[int, ...]) -> dict[str, Path]:
    return dict(sorted((file.stem, file) for file in folder.glob("*.yml")))


@lru_cache(maxsize=2048)
def _drawn_in(file: Path, _: tuple[int, ...]) -> tuple[Drawn, ...]:
    text = _read(file)
    return tuple(
        Drawn(match[1], match[2] or "", file, text.count("\n", 0, match.start())) for match in _FIGURE.finditer(text)
    )


@lru_cache(maxsize=4)
def _macros(file: Path, _: tuple[int, ...]) -> Mapping[str, Macro]:
    try:
        tree = ast.parse(_read(file))
    except (SyntaxError, ValueError):
        return {}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        node.name: Macro(
            node.name,
            ast.unparse(node.args),
            tuple(argument.arg for argument in node.args.args),
            ast.get_docstring(node) or "",
            node.lineno - 1,
        )
        for node in functions
        if any(ast.unparse(decorator) == "env.macro" for decorator in node.decorator_list)
    }


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _config_of(file: Path) -> str:
    return _read(file).partition("\nconfig:\n")[2]


def _field(file: Path, name: str) -> str:
    found = re.search(rf"^{name}:[ \t]*(.+)$", _read(file), re.M)
    return found[1].strip("\"' ") if found else ""


def _about(entry: Entry) -> str:
    address = f"<{entry.url}>" if entry.url else ""
    title = f"**{entry.title}**" if entry.title else f"**{entry.key}**"
    who = ". ".join(part for part in (entry.author_list(6), entry.venue, entry.date) if part)
    return "\n\n".join(part for part in (title, who, entry.annotation, address) if part)


def _unknown(rule: Rule, span: Span, kind: str, key: str, known: Iterable[str]) -> Finding:
    near = nearest(key, known)
    help = f"did you mean `{near}`?" if near else f"no {kind} has a similar name"
    return rule.at(span, f"unknown {kind} `{key}`", help=help)


def _expressions(page: Page) -> Iterator[Span]:
    """The expressions of a page, those on pages without macros left out."""
    if page.macros is None or page.front_matter.data.get("render_macros") is False:
        return
    for match in _EXPRESSION.finditer(page.source.text):
        yield Span(*match.span())


def _expression_at(page: Page, offset: int) -> Span | None:
    return next((span for span in _expressions(page) if span.start <= offset <= span.end), None)


def _open_expression(text: str, offset: int) -> str | None:
    """What stands between the last `[=` and a place, if no expression has ended there."""
    start = text.rfind("[=", max(offset - 2000, 0), offset)
    return None if start < 0 or "=]" in text[start:offset] else text[start + 2 : offset]


def _blocks(page: Page) -> Iterator[re.Match[str]]:
    for match in _BLOCK.finditer(page.source.text):
        if match[2] and page.source.line_of(match.start()) not in page.fenced_lines:
            yield match


def _block_at(page: Page, offset: int) -> tuple[Span, str, str] | None:
    for match in _blocks(page):
        if match.start(2) <= offset <= match.end(2):
            return Span(*match.span(2)), match[1], match[2]
    return None

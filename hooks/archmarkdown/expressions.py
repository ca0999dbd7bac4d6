"""What a page may write between `[=` and `=]`: an expression over the site's own macros and filters, nothing else.

A page is text that anybody may send, and Jinja is a programming language. As an extension of Jinja this can be named in
`j2_extensions` of the macros plugin, under MkDocs and under Zensical alike:

- a template is parsed first, and only constants, arithmetic, comparisons, calls of macros that `Offering` has marked,
  and marked filters are let through: no statement, no loop, no inclusion, no name of the host (`config`, `files`,
  `environment`, `git`, `context()` …), no underscored attribute;
- it then runs in Jinja's sandbox, where attributes exist only on values made by `archdata`, and numbers stay small.

What is not let through is a `TemplateSyntaxError` that names the line, which both hosts report.
"""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from difflib import get_close_matches
from types import FrameType
from typing import Any, Literal, NoReturn, TypeVar

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateSyntaxError, UndefinedError
from jinja2.ext import Extension
from jinja2.sandbox import SandboxedEnvironment

_DEPTH = 60
"""Expressions within expressions."""
_OPERATIONS = 8
"""In one expression. A longer sum is a formula, and those stand in one place, in Python, with tests."""
_PARTS = 20_000
"""Parts of all expressions of one page."""
_BITS = 4096
"""Of a whole number that arithmetic may give."""
_DIGITS = 12
"""Places that `round` may be asked for."""
_CHARACTERS = 1_000_000
"""Of a page with what its expressions bring: as many as its file may have."""
_SECONDS = 60
"""For all expressions of a page, as for what comes after them."""

_ALLOWED = (
    nodes.Add,
    nodes.And,
    nodes.Call,
    nodes.Compare,
    nodes.CondExpr,
    nodes.Const,
    nodes.Div,
    nodes.Filter,
    nodes.FloorDiv,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Keyword,
    nodes.List,
    nodes.Mod,
    nodes.Mul,
    nodes.Name,
    nodes.Neg,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Pos,
    nodes.Pow,
    nodes.Sub,
    nodes.Template,
    nodes.TemplateData,
    nodes.Tuple,
)
_WORDS = {
    nodes.For: "a loop",
    nodes.Include: "an inclusion",
    nodes.Import: "an import",
    nodes.FromImport: "an import",
    nodes.Extends: "a template of its own",
    nodes.Assign: "an assignment",
    nodes.AssignBlock: "an assignment",
    nodes.Macro: "a macro of its own",
    nodes.If: "a statement",
}
_NUMERIC_FILTERS = frozenset({"abs", "float", "int", "round"})

_MARK = "may_stand_in_a_page"
_SCOPE = re.compile(r"\w+\.<locals>\.")
"""Where a macro is defined, which Python says before its name."""
_names: set[str] = set()
_filters: set[str] = set(_NUMERIC_FILTERS)

Function = TypeVar("Function", bound=Callable[..., Any])


class Offering:
    """The environment that `define_env` gets, marking what is registered as open to pages."""

    def __init__(self, env: Any) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)

    def macro(self, function: Function) -> Function:
        """Register a macro."""
        setattr(function, _MARK, True)
        _names.add(function.__name__)
        self._env.macro(function)
        return function

    def filter(self, function: Function, name: str) -> Function:
        """Register a filter."""
        _filters.add(name)
        self._env.filter(function, name)
        return function


class _Page(jinja2.Template):
    """A page as a template. Whatever a macro raises is said in a sentence, with the line that calls it."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        try:
            return super().render(*args, **kwargs)
        except TemplateSyntaxError:
            raise
        except Exception as error:
            raise TemplateSyntaxError(_in_words(error), _line(error), self.name, self.filename) from error


def _joined(parts: Iterable[str]) -> str:
    """The parts of a page one after another, as long as they are no longer than a page, and come in time."""
    ends, left = time.monotonic() + _SECONDS, _CHARACTERS
    found = []
    for part in parts:
        found.append(part)
        left -= len(part)
        if left < 0:
            _leave(parts, f"with what its expressions bring, the page has more than {_CHARACTERS} characters")
        if time.monotonic() > ends:
            _leave(parts, f"the expressions of the page take more than {_SECONDS} s")
    return "".join(found)


def _leave(parts: Iterable[str], reason: str) -> NoReturn:
    """End where the page is now, so that the error tells its line."""
    if isinstance(parts, Generator):
        parts.throw(SecurityError(reason))
    raise SecurityError(reason)


def _in_words(error: Exception) -> str:
    """An error as a page's author reads it."""
    if isinstance(error, SecurityError | UndefinedError) or type(error).__module__.startswith("archdata."):
        return str(error)
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return f"{type(error).__name__}: {_SCOPE.sub('', str(error))}"


def _line(error: Exception) -> int:
    """The line of the page on which an expression failed: Jinja puts it into the traceback."""
    lines = [number for frame, number in traceback.walk_tb(error.__traceback__) if _is_page(frame)]
    return lines[-1] if lines else 1


def _is_page(frame: FrameType) -> bool:
    return frame.f_code.co_filename == "<template>"


class Expressions(SandboxedEnvironment):
    """An environment in which a template is text with expressions."""

    template_class = _Page
    concat = staticmethod(_joined)
    intercepted_binops = frozenset({"+", "-", "*", "**", "/", "//", "%"})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
            _check(tree)
        except RecursionError:
            raise TemplateSyntaxError("nested too deeply", 1, name, filename) from None
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Values of the site's own classes have attributes, others have none."""
        return type(obj).__module__.startswith("archdata.") and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Formatting is no exception: no text has methods."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Offered macros can be called, and methods of the site's own values."""
        owner = getattr(obj, "__self__", None)
        return getattr(obj, _MARK, False) is True or type(owner).__module__.startswith("archdata.")

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic of numbers that stay small; text is not calculated with."""
        for value in (left, right):
            if isinstance(value, jinja2.Undefined):
                str(value)  # tells what is missing
            if not isinstance(value, int | float):
                raise SecurityError(f"`{operator}` takes numbers, not {type(value).__name__}")
        if isinstance(left, int) and isinstance(right, int):
            bits = {"*": left.bit_length() + right.bit_length(), "**": left.bit_length() * abs(right)}
            if bits.get(operator, 0) > _BITS:
                raise SecurityError(f"the result of `{operator}` is too large")
        try:
            return super().call_binop(context, operator, left, right)
        except (ArithmeticError, ValueError) as error:
            raise SecurityError(f"`{operator}`: {error}") from None


class OnlyExpressions(Extension):
    """Makes of the environment that loads it one of `Expressions`."""

    def __init__(self, environment: jinja2.Environment) -> None:
        super().__init__(environment)
        environment.__class__ = Expressions
        environment.loader = None
        environment.globals.clear()
        environment.filters = {name: environment.filters[name] for name in _NUMERIC_FILTERS} | {"round": _round}
        environment.tests.clear()
        environment.binop_table = Expressions.default_binop_table.copy()  # type: ignore[attr-defined]
        environment.unop_table = Expressions.default_unop_table.copy()  # type: ignore[attr-defined]


def _round(value: float, precision: int = 0, method: Literal["common", "ceil", "floor"] = "common") -> float:
    """Jinja's `round`, for a reasonable number of places."""
    if not isinstance(precision, int) or abs(precision) > _DIGITS:
        raise SecurityError(f"`round` takes at most {_DIGITS} places")
    rounding: Callable[..., Any] = jinja2.filters.do_round
    return float(rounding(value, precision, method))


def _check(tree: nodes.Template) -> None:
    """Let a parsed template through, or say what it may not do, and on which line."""
    for number, (node, depth) in enumerate(_walk(tree)):
        if not isinstance(node, _ALLOWED):
            kind = next((word for kind, word in _WORDS.items() if isinstance(node, kind)), type(node).__name__)
            _refuse(f"a page may contain only expressions, not {kind}", node)
        if depth > _DEPTH:
            _refuse("the expression is nested too deeply", node)
        if number > _PARTS:
            _refuse("the page has too many expressions", node)
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            _refuse(f"`{node.attr}` is not available to pages", node)
        if isinstance(node, nodes.Name) and (node.name not in _names or node.ctx != "load"):
            _refuse(f"there is no macro `{node.name}` for pages{_near(node.name, _names)}", node)
        if isinstance(node, nodes.Filter) and node.name not in _filters:
            _refuse(f"there is no filter `{node.name}` for pages{_near(node.name, _filters)}", node)
    for output in tree.find_all(nodes.Output):
        for expression in output.nodes:
            operations = sum(isinstance(node, nodes.BinExpr) for node, _ in _walk(expression))
            if operations > _OPERATIONS:
                _refuse(f"{operations} operations are a formula: put it into hooks/archdata/formulas", expression)


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """Yield every node with its depth, without recursion."""
    waiting = [(tree, -2)]  # the template, its outputs, and then an expression
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node.iter_child_nodes())


def _near(name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _refuse(message: str, node: nodes.Node) -> NoReturn:
    raise TemplateAssertionError(message, node.lineno)

"""Digests of values: equal digests stand for values that a page cannot tell apart.

A value of a kind that is not known to be wholly described by its parts has no digest; whatever depends on it is made
again in every build.
"""

from __future__ import annotations

import datetime
import enum
import functools
import os
import types
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

_PLAIN = (str, int, float, bool, bytes, type(None), datetime.date, datetime.time, complex)


class NoDigestError(TypeError):
    """A value that cannot be told from others by looking at its parts."""


def digest(*values: Any) -> str:
    """Return a digest of the values.

    Raises `NoDigestError` naming the first part that has none.
    """
    out: list[str] = []
    for value in values:
        _describe(value, out.append, 0)
    return text_digest("".join(out))


def text_digest(text: str) -> str:
    """Return a digest of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def file_digest(path: str | Path) -> str:
    """Return a digest of a file's content; an empty string where there is no readable file."""
    try:
        with open(path, "rb") as file:
            return blake2b(file.read(), digest_size=16).hexdigest()
    except (OSError, ValueError):  # no file has a name that holds a NUL
        return ""


def _describe(value: Any, say: Callable[[str], None], depth: int) -> None:
    kind = type(value)
    if kind in _PLAIN_TYPES:
        say(f"{value!r},")
    elif depth > 60:
        raise NoDigestError("a value that holds itself")
    elif kind is list or kind is tuple:
        say("[")
        for item in value:
            _describe(item, say, depth + 1)
        say("]")
    elif isinstance(value, Mapping):
        say(_name(kind) + "{")
        for key, item in value.items():
            _describe(key, say, depth + 1)
            say(":")
            _describe(item, say, depth + 1)
        say("}")
    elif kind in (set, frozenset):
        say(f"{{{sorted(map(digest, value))}}}")
    else:
        _describe_object(value, say, depth)


def _describe_object(value: Any, say: Callable[[str], None], depth: int) -> None:
    if isinstance(value, type):
        say(f"{_name(value)},")
    elif isinstance(value, enum.Enum):
        say(f"{_name(type(value))}.{value.name},")
    elif isinstance(value, functools.partial):
        say("partial(")
        _describe([value.func, value.args, value.keywords], say, depth + 1)
    elif isinstance(value, types.FunctionType):
        _describe_function(value, say, depth)
    elif isinstance(value, types.BuiltinFunctionType | types.MethodType):
        say(f"{_name(value)},")
        _describe(value.__self__ if not isinstance(value.__self__, types.ModuleType) else None, say, depth + 1)
    elif isinstance(value, types.ModuleType):
        say(f"module {value.__name__},")
    elif isinstance(value, os.PathLike):
        say(f"path {os.fspath(value)!r},")
    elif isinstance(value, _PLAIN):  # subclasses of plain types: their text is what a template shows
        say(f"{_name(type(value))}({value!s}),")
    elif hasattr(value, "regex") and hasattr(value, "include"):  # a pathspec pattern
        say(f"{_name(type(value))}({getattr(value.regex, 'pattern', None)!r}, {value.include!r}),")
    elif type(value).__module__.partition(".")[0] in _OPEN:
        say(f"{_name(type(value))}(")
        _describe(_parts(value), say, depth + 1)
        say(")")
    else:
        raise NoDigestError(f"{_name(type(value))}")


def _describe_function(value: types.FunctionType, say: Callable[[str], None], depth: int) -> None:
    """Describe a function by its name where that finds it; by its code where it was made inside another."""
    say(f"{_name(value)},")
    if "<" in value.__qualname__:
        say(f"{value.__code__.co_code!r}{value.__code__.co_consts!r}{value.__code__.co_names!r}")
        _describe([cell.cell_contents for cell in value.__closure__ or ()], say, depth + 1)
        _describe([value.__defaults__, value.__kwdefaults__], say, depth + 1)


def _parts(value: Any) -> dict[str, Any]:
    slots = {
        name: getattr(value, name)
        for kind in type(value).__mro__
        for name in _slots(kind)
        if hasattr(value, name) and not name.startswith("__")
    }
    return {**slots, **getattr(value, "__dict__", {})}


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _name(value: Any) -> str:
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value)}"


_PLAIN_TYPES = frozenset({*_PLAIN, datetime.datetime})
_OPEN = frozenset({"mkdocs", "pathspec", "material"})
"""Packages whose settings objects are described by their attributes."""

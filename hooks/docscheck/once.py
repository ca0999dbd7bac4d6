"""What is computed when it is first asked for, and then kept: as an attribute, or by a function of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property:  # noqa: N801 - used like the library's
        """The library's without its lock, which costs as much as a small rule: a page has fifty such attributes."""

        def __init__(self, function: Callable[[Any], Any]) -> None:
            self.func = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self._name] = self.func(instance)
            return value


__all__ = ["cached_property", "of_page"]
OnePage = TypeVar("OnePage")
Answer = TypeVar("Answer")


def of_page(function: Callable[[OnePage], Answer]) -> Callable[[OnePage], Answer]:
    """Keep what a function says of a page on the page itself, and no longer than that lives."""
    name = f"{function.__module__}.{function.__qualname__}"

    def kept(page: OnePage) -> Answer:
        known = page.__dict__
        if name not in known:
            known[name] = function(page)
        answer: Answer = known[name]
        return answer

    kept.__doc__ = function.__doc__
    kept.__name__ = function.__name__
    return kept

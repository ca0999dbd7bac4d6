"""What a site tells the checks themselves: which settings there are, where they may stand, and which are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docscheck.settings_file import ConfigError

LISTS = {
    "exclude": "patterns",
    "harmless": "names",
    "ignore": "codes",
    "reads": "signs",
    "select": "codes",
    "words": "words",
}
"""Settings that are lists, with what they list."""
STRINGS = ("baseline", "profile")
"""Settings that are a single string."""
_NAMES = tuple(sorted((*LISTS, *STRINGS)))
PROFILES = ("kb",)
"""The sets of house rules that a site can turn on."""


def own_settings(file: Path, extra: Any, plugin: Mapping[str, Any]) -> dict[str, Any]:
    """The settings from `[tool.docscheck]` of a pyproject.toml beside mkdocs.yml, from `extra` and from `plugins`.

    Lists add up, and otherwise the last that is given counts.
    Raises ConfigError where one is misspelt or of the wrong kind: left unread, it would be missed by nobody.
    """
    pyproject = file.parent / "pyproject.toml"
    places = (
        ("[tool.docscheck]", pyproject, _of_pyproject(pyproject)),
        ("extra.docscheck", file, extra),
        ("plugins.docscheck", file, {name: value for name, value in plugin.items() if name != "enabled"}),
    )
    found: dict[str, Any] = {name: [] for name in LISTS} | dict.fromkeys(STRINGS, "")
    for place, of, values in places:
        for name, value in _checked(place, of, {} if values is None else values).items():
            found[name] = [*found[name], *value] if name in LISTS else value
    return found


def _checked(place: str, file: Path, values: Any) -> dict[str, Any]:
    """The settings of one place, lists and strings that may be absent or empty there."""
    if not isinstance(values, dict):
        raise _refused(file, "docscheck", f"`{place}` has to be a table of settings: {', '.join(_NAMES)}")
    return {name: _value(place, file, name, value) for name, value in values.items()}


def _value(place: str, file: Path, name: Any, value: Any) -> Any:
    if name not in _NAMES:
        raise _refused(file, name, f"`{place}` has no setting `{name}`; {_meant(str(name))}")
    if name in LISTS:
        if isinstance(value, str):
            value = value.splitlines() if name == "exclude" else value.replace(",", " ").split()
        are_words = isinstance(value, list) and all(isinstance(part, str) and part.strip() for part in value)
        if value is not None and not are_words:
            raise _refused(file, name, f"`{name}` of `{place}` has to be a list of {LISTS[name]}")
        return value or []
    if value is not None and not isinstance(value, str):
        raise _refused(file, name, f"`{name}` of `{place}` has to be a string")
    if name == "profile" and value and value not in PROFILES:
        raise _refused(file, name, f"`{place}` names a profile `{value}`; there is only {' and '.join(PROFILES)}")
    return value or ""


def _meant(name: str) -> str:
    """Which setting was probably meant, and which there are."""
    from difflib import get_close_matches  # asked for only here

    near = get_close_matches(name, _NAMES, 1)
    return f"{f'did you mean `{near[0]}`? The' if near else 'the'} settings are {', '.join(_NAMES)}"


def _refused(file: Path, name: Any, message: str) -> ConfigError:
    """The error about a setting, with its line where only one line of the file can be meant."""
    try:
        lines = file.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        lines = []
    written = re.compile(rf"(?<![\w-]){re.escape(str(name))}['\"]?\s*[:=]")
    places = [(number, match.start()) for number, line in enumerate(lines) for match in written.finditer(line)]
    if len(places) != 1:
        return ConfigError(f"{file}: {message}")
    line, column = places[0]
    return ConfigError(f"{file}:{line + 1}:{column + 1}: {message}", line)


def _of_pyproject(file: Path) -> Any:
    if not file.is_file():
        return {}
    import tomllib  # only where there is a file to read: the import costs a run more than most rules

    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (ValueError, RecursionError) as error:  # no TOML, or no UTF-8
        from docscheck.settings_reading import unusable

        raise unusable(file, error) from error
    return tool.get("docscheck") if isinstance(tool, dict) else {}

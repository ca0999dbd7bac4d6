"""Python-Markdown as a site sets it up, as far as that needs no code but its own and PyMdown's."""

from __future__ import annotations

from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from docscheck.config import Config
from docscheck.parse.slugs import slug_function
from docscheck.plugins import owns_fences
from docscheck.settings_file import Inert

_NOT_RUN_TEXT = """
codehilite meta smarty pymdownx.emoji pymdownx.b64 pymdownx.pathconverter pymdownx.striphtml
"""
_NOT_RUN = frozenset(_NOT_RUN_TEXT.split())
"""Code is not coloured, icons are not looked up, quotes stay straight: none of it changes which text stands where."""
_CONVERTERS: WeakKeyDictionary[Config, Any] = WeakKeyDictionary()


def converter(config: Config) -> Any:
    """Python-Markdown with the site's extensions; one per configuration, for as long as that is in use."""
    if config not in _CONVERTERS:
        from docscheck.rendering.quick import QuickMarkdown

        names = [name for name in config.extensions if _is_ours_to_run(name) and not _comes_with_fences(name, config)]
        options = {name: _options(name, config) for name in names}
        made = _CONVERTERS[config] = QuickMarkdown(extensions=names, extension_configs=options)
        if config.has("smarty"):
            made.ESCAPED_CHARS.extend("\"'")  # which is all that it changes apart from the look of signs
    return _CONVERTERS[config]


def _is_ours_to_run(name: str) -> bool:
    """Whether an extension comes with Python-Markdown or PyMdown, and changes which text stands where."""
    return name not in _NOT_RUN and name in _runnable()


def _comes_with_fences(name: str, config: Config) -> bool:
    """Whether an extension is one that `superfences` brings along, without colours for code, but with its settings.

    A site that turns Pygments off keeps it: there a fence with a title or numbered lines is printed as it is written.
    """
    coloured = config.option(name, "use_pygments", True) is not False
    return name == "pymdownx.highlight" and "pymdownx.superfences" in config.extensions and coloured


@cache
def _runnable() -> frozenset[str]:
    """The extensions that are installed with Python-Markdown and PyMdown."""
    import pkgutil

    import markdown.extensions
    import pymdownx
    import pymdownx.blocks

    names = {module.name for module in pkgutil.iter_modules(markdown.extensions.__path__)}
    names |= {f"pymdownx.{module.name}" for module in pkgutil.iter_modules(pymdownx.__path__)}
    return frozenset(
        names | {f"pymdownx.blocks.{module.name}" for module in pkgutil.iter_modules(pymdownx.blocks.__path__)}
    )


def _options(name: str, config: Config) -> dict[str, Any]:
    """The extension's options without values that would need code we do not import."""
    options = {key: value for key, value in config.extensions[name].items() if not _has_inert(value)}
    if name == "pymdownx.highlight":
        return {"use_pygments": False}
    if name == "pymdownx.inlinehilite":
        return {}
    if name == "toc":
        options.pop("permalink", None)
        options.pop("anchorlink", None)
        slugify = slug_function(config.option("toc", "slugify"))
        if slugify is not None:
            options["slugify"] = slugify
    elif name == "pymdownx.superfences":
        options["custom_fences"] = _fences(config)
    elif name == "pymdownx.snippets":
        options |= _snippet_options(config)
    return options


def _fences(config: Config) -> list[dict[str, Any]]:
    """The languages of fences, none of which is coloured or drawn."""
    from pymdownx.superfences import highlight_validator

    names = sorted(config.custom_fences)
    validator = _any_option if owns_fences(config) else highlight_validator
    return [
        {"name": "*", "class": "highlight", "format": _plain_fence, "validator": validator},
        *({"name": name, "class": name, "format": _plain_fence, "validator": _any_option} for name in names),
    ]


def _snippet_options(config: Config) -> dict[str, Any]:
    """Files are looked for where the site looks for them; what is missing ends nothing, and nothing is downloaded."""
    folders = [str(folder) for folder in config.snippet_folders()]
    appended = config.appended_snippets
    return {"base_path": folders, "auto_append": appended, "check_paths": False, "url_download": False}


def _has_inert(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_inert(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_inert(item) for item in value)
    return isinstance(value, Inert)


def _plain_fence(source: str, language: str, css_class: str, options: Any, md: Any, **kwargs: Any) -> str:
    from html import escape

    return f'<pre class="{css_class}"><code>{escape(source)}</code></pre>'


def _any_option(language: str, inputs: Any, options: Any, attrs: Any, md: Any) -> bool:
    return True
